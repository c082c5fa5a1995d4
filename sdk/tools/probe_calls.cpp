#include <mutex>
#include <set>
#include <thread>

#include "border.hpp"
#include "plugin/messages.hpp"
#include "probes.hpp"

namespace cell::tool {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 25;

// "/notes/{id}" → "/notes/1"; the parameters with what stands for them.
std::pair<std::string, std::map<std::string, std::string>> filled(const std::string& pattern) {
  std::string path;
  std::map<std::string, std::string> params;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
    if (end == std::string::npos) {
      path += pattern[at++];
      continue;
    }
    std::string name = pattern.substr(at + 1, end - at - 1);
    if (name.ends_with('*')) name.pop_back();
    params[name] = "1";
    path += '1';
    at = end + 1;
  }
  return {path, params};
}

struct Call {
  std::string name;
  std::string request;
  std::string body;
};

std::string request_of(const std::string& method, const std::string& path,
                       const std::map<std::string, std::string>& params,
                       const std::optional<plugin::Asker>& asker) {
  return dump_json(plugin::request_document(
      {method, path, params, {}, {{"content-type", "application/json"}}, asker, "check"}));
}

std::vector<Call> calls_of(const Json& contributions) {
  const plugin::Asker ada{"person-1", "Ada", true}, bob{"person-2", "Bob", false};
  std::vector<Call> calls{{"a path that is no route", request_of("GET", "/no/such/route", {}, ada), ""}};
  for (const Json& route : json_member(contributions, "api")) {
    const auto [path, params] = filled(json_string(route, "path"));
    const std::string method = json_string(route, "method"), name = method + " " + path;
    const std::string request = request_of(method, path, params, ada);
    calls.push_back({name, request, ""});
    calls.push_back({name + " with {}", request, "{}"});
    calls.push_back({name + " with a text of all bytes", request, [] {
                       std::string bytes;
                       for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
                       return bytes;
                     }()});
    calls.push_back({name + " with 64 KiB", request, std::string(64UL * 1024, '[')});
    calls.push_back({name + " by somebody else", request_of(method, path, params, bob), "{}"});
    calls.push_back({name + " by nobody", request_of(method, path, params, {}), "{}"});
  }
  return calls;
}

// Collects from several threads, each text once.
class Problems {
 public:
  void add(const std::string& text) {
    const std::lock_guard lock(mutex_);
    texts_.insert(text);
  }
  [[nodiscard]] Json json() const { return {{"problems", texts_}}; }

 private:
  std::mutex mutex_;
  std::set<std::string> texts_;
};

void make(const Border& border, const Call& call, Problems& problems) {
  const auto response = as_response(border.handle(call.request, call.body));
  if (!response && is_broken(response.error())) problems.add(call.name + ": " + response.error().message);
}

}  // namespace

Json probe_handle(const Subject& subject, const Json& contributions) {
  Problems problems;
  const auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
  if (!border) return {{"problems", {border.error().message}}};
  const std::vector<Call> calls = calls_of(contributions);
  for (const Call& call : calls) make(**border, call, problems);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        for (const Call& call : calls) make(**border, call, problems);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return problems.json();
}

Json probe_notify(const Subject& subject, const Json& contributions) {
  Problems problems;
  const auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
  if (!border) return {{"problems", {border.error().message}}};
  namespace event = plugin::event;
  const std::string& version = subject.manifest.version;
  std::vector<Json> events{event::installed(version),
                           event::started(),
                           event::updated("0.0.1", version),
                           event::options_changed(),
                           event::accounts_changed(),
                           event::stopped(),
                           event::removing(false),
                           event::removing(true),
                           {{"type", "an-event-of-the-future"}, {"more", Json::object()}}};
  for (const Json& schedule : json_member(contributions, "schedules"))
    events.push_back(event::schedule(json_string(schedule, "name")));
  for (const Json& event : events) {
    const auto outcome = as_outcome((*border)->notify(dump_json(event)), "notify");
    if (!outcome && is_broken(outcome.error()))
      problems.add(json_string(event, "type") + ": " + outcome.error().message);
  }
  return problems.json();
}

}  // namespace cell::tool
