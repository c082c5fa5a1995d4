#include "engine/client.hpp"

#include <map>
#include <set>

#include "engine/log_stream.hpp"
#include "engine/parse.hpp"
#include "engine/session.hpp"
#include "engine/stats.hpp"

namespace cell::engine {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kWriteLimit{60'000};  // create and start touch the disk and the firewall
constexpr milliseconds kPullHeadLimit{60'000};
constexpr milliseconds kPullIdle{120'000};  // a layer that is being unpacked says nothing
constexpr std::size_t kMaxTail = 100'000;
constexpr std::size_t kMaxLogBytes = 32 * 1024 * 1024;
constexpr std::size_t kMaxExecOutput = 16 * 1024 * 1024;
constexpr std::size_t kMaxEventLine = 1024 * 1024;
constexpr std::size_t kMaxSamples = 1024;

std::string container_path(const std::string& name, std::string_view rest) {
  return "/containers/" + url_encode(name) + std::string(rest);
}

// Seconds with nanoseconds behind the point, as the engine takes a time.
std::string unix_time(std::int64_t ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::string rest = std::to_string(ns % kSecond);
  return std::to_string(ns / kSecond) + "." + std::string(9 - rest.size(), '0') + rest;
}

// Folds the progress of single layers, as a pull reports it, into one.
class PullState {
 public:
  Result<void> take(std::string_view line, const std::function<void(const PullProgress&)>& on_progress) {
    const auto json = CELL_TRY_DOING(parse_json(line), "the engine's progress");
    if (auto failure = json_string(json, "error"); !failure.empty()) {
      const bool missing = failure.find("not found") != std::string::npos ||
                           failure.find("manifest unknown") != std::string::npos;
      return Error{
          missing ? Code::not_found : Code::unavailable, std::move(failure),
          missing ? "check the name and tag of the image" : "check the network connection of this machine"};
    }
    const std::string layer = json_string(json, "id");
    const Json& detail = json_member(json, "progressDetail");
    if (const auto total = json_int(detail, "total"); !layer.empty() && total > 0) {
      layers_[layer] = {static_cast<std::uint64_t>(std::max<std::int64_t>(json_int(detail, "current"), 0)),
                        static_cast<std::uint64_t>(total)};
    }
    PullProgress progress{json_string(json, "status")};
    for (const auto& [id, bytes] : layers_) {
      progress.done_bytes += bytes.first;
      progress.total_bytes += bytes.second;
    }
    if (on_progress) on_progress(progress);
    return {};
  }

 private:
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> layers_;
};

class Client final : public Engine {
 public:
  explicit Client(const std::filesystem::path& socket) : session_(socket) {}

  Result<EngineInfo> info() override {
    const auto json =
        CELL_TRY(session_.get_json({.path = "/info", .doing = "cannot ask the engine about itself"}));
    return parse_info(json, CELL_TRY(session_.version()));
  }

  Result<std::vector<ContainerSummary>> containers(
      const std::map<std::string, std::string>& labels) override {
    std::string path = "/containers/json?all=1";
    if (!labels.empty()) path += "&filters=" + label_filter(labels);
    const auto json = CELL_TRY(session_.get_json({.path = path, .doing = "cannot list the containers"}));
    return list_of<ContainerSummary>(json, parse_container);
  }

  Result<Json> inspect_container(const std::string& name) override {
    return session_.get_json(
        {.path = container_path(name, "/json"), .doing = "cannot look at container '" + name + "'"});
  }

  Result<std::string> create_container(const ContainerSpec& spec) override {
    const std::string doing = "cannot create container '" + spec.name + "'";
    const auto json = CELL_TRY(session_.get_json({.method = "POST",
                                                  .path = "/containers/create?name=" + url_encode(spec.name),
                                                  .doing = doing,
                                                  .body = to_create_body(spec),
                                                  .limit = kWriteLimit}));
    return json_string(json, "Id");
  }

  Result<void> start_container(const std::string& name) override {
    return post(container_path(name, "/start"), "cannot start container '" + name + "'", kWriteLimit);
  }

  Result<void> stop_container(const std::string& name, seconds grace) override {
    return post(container_path(name, "/stop?t=" + std::to_string(grace.count())),
                "cannot stop container '" + name + "'", kWriteLimit + grace);
  }

  Result<void> restart_container(const std::string& name, seconds grace) override {
    return post(container_path(name, "/restart?t=" + std::to_string(grace.count())),
                "cannot restart container '" + name + "'", kWriteLimit + grace);
  }

  Result<void> remove_container(const std::string& name) override {
    const std::string doing = "cannot remove container '" + name + "'";
    auto reply = session_.send({.method = "DELETE",
                                .path = container_path(name, "?force=1&v=1"),
                                .doing = doing,
                                .limit = kWriteLimit});
    return fine_when_gone(std::move(reply));
  }

  Result<void> signal_container(const std::string& name, const std::string& signal) override {
    return post(container_path(name, "/kill?signal=" + url_encode(signal)),
                "cannot signal container '" + name + "'", milliseconds{10'000});
  }

  Result<ExecResult> exec(const std::string& name, const std::vector<std::string>& command,
                          milliseconds limit) override;
  Result<std::vector<LogLine>> logs(const std::string& name, std::size_t tail,
                                    const std::string& since) override;
  Result<ContainerStats> stats(const std::string& name) override;

  Result<std::vector<NetworkSummary>> networks() override {
    const auto json = CELL_TRY(session_.get_json({.path = "/networks", .doing = "cannot list the networks"}));
    auto list = CELL_TRY(list_of<NetworkSummary>(json, parse_network));
    // The list leaves out who is in a network, and each network's own answer knows running containers only.
    std::map<std::string, std::size_t> members;
    for (const auto& container : CELL_TRY(containers({}))) {
      for (const auto& network : container.networks) ++members[network];
    }
    for (auto& network : list) network.containers = members[network.name];
    return list;
  }

  Result<std::string> create_network(const NetworkSpec& spec) override {
    Json ranges = Json::array({{{"Subnet", spec.ipv4_subnet}}});
    if (!spec.ipv6_subnet.empty()) ranges.push_back({{"Subnet", spec.ipv6_subnet}});
    const std::string doing = "cannot create network '" + spec.name + "'";
    const auto json =
        CELL_TRY(session_.get_json({.method = "POST",
                                    .path = "/networks/create",
                                    .doing = doing,
                                    .body = {{"Name", spec.name},
                                             {"CheckDuplicate", true},
                                             {"Driver", "bridge"},
                                             {"EnableIPv6", !spec.ipv6_subnet.empty()},
                                             {"IPAM", {{"Driver", "default"}, {"Config", std::move(ranges)}}},
                                             {"Labels", spec.labels}},
                                    .limit = kWriteLimit}));
    return json_string(json, "Id");
  }

  Result<void> remove_network(const std::string& name) override {
    const std::string doing = "cannot remove network '" + name + "'";
    return fine_when_gone(session_.send(
        {.method = "DELETE", .path = "/networks/" + url_encode(name), .doing = doing, .limit = kWriteLimit}));
  }

  Result<std::vector<VolumeSummary>> volumes(const std::map<std::string, std::string>& labels) override {
    std::string path = "/volumes";
    if (!labels.empty()) path += "?filters=" + label_filter(labels);
    const auto json = CELL_TRY(session_.get_json({.path = path, .doing = "cannot list the volumes"}));
    const Json& list = json_member(json, "Volumes");
    if (!list.is_array()) return std::vector<VolumeSummary>{};
    return list_of<VolumeSummary>(list, parse_volume);
  }

  Result<void> create_volume(const std::string& name,
                             const std::map<std::string, std::string>& labels) override {
    const std::string doing = "cannot create volume '" + name + "'";
    auto reply = session_.send({.method = "POST",
                                .path = "/volumes/create",
                                .doing = doing,
                                .body = {{"Name", name}, {"Labels", labels}},
                                .limit = kWriteLimit});
    if (!reply) return std::move(reply).error();
    return {};
  }

  Result<void> remove_volume(const std::string& name) override {
    const std::string doing = "cannot remove volume '" + name + "'";
    return fine_when_gone(session_.send(
        {.method = "DELETE", .path = "/volumes/" + url_encode(name), .doing = doing, .limit = kWriteLimit}));
  }

  Result<std::vector<ImageSummary>> list_images() override {
    const auto json =
        CELL_TRY(session_.get_json({.path = "/images/json", .doing = "cannot list the images"}));
    return list_of<ImageSummary>(json, parse_image);
  }

  Result<std::optional<std::string>> image_id(const std::string& reference) override {
    const std::string doing = "cannot look for image '" + reference + "'";
    auto json = session_.get_json({.path = "/images/" + url_encode(reference) + "/json", .doing = doing});
    if (!json && json.error().code == Code::not_found) return std::optional<std::string>{};
    if (!json) return std::move(json).error();
    return std::optional<std::string>{json_string(*json, "Id")};
  }

  Result<void> pull(const std::string& reference,
                    const std::function<void(const PullProgress&)>& on_progress) override;
  Result<void> events(const std::function<bool(const Event&)>& on_event, milliseconds idle,
                      std::int64_t since_ns) override;

 private:
  template <class T>
  static Result<std::vector<T>> list_of(const Json& json, T (*parse)(const Json&)) {
    if (!json.is_array()) return Error{Code::internal, "the engine answered something that is not a list"};
    std::vector<T> list;
    for (const Json& entry : json) list.push_back(parse(entry));
    return list;
  }

  // 304 (it is so already) is no failure.
  Result<void> post(const std::string& path, const std::string& doing, milliseconds limit) {
    auto reply = session_.send({.method = "POST", .path = path, .doing = doing, .limit = limit});
    if (!reply) return std::move(reply).error();
    return {};
  }

  static Result<void> fine_when_gone(Result<UnixHttpReply> reply) {
    if (!reply && reply.error().code != Code::not_found) return std::move(reply).error();
    return {};
  }

  Result<bool> has_terminal(const std::string& name) {
    const auto json = CELL_TRY(inspect_container(name));
    return json_bool(json_member(json, "Config"), "Tty");
  }

  Session session_;
  std::mutex samples_mutex_;
  std::map<std::string, CpuSample> samples_;  // last of each container
};

Result<ExecResult> Client::exec(const std::string& name, const std::vector<std::string>& command,
                                milliseconds limit) {
  const std::string doing =
      "cannot run '" + (command.empty() ? std::string() : command.front()) + "' in container '" + name + "'";
  const auto made = CELL_TRY(
      session_.get_json({.method = "POST",
                         .path = container_path(name, "/exec"),
                         .doing = doing,
                         .body = {{"Cmd", command}, {"AttachStdout", true}, {"AttachStderr", true}}}));
  const std::string path = "/exec/" + url_encode(json_string(made, "Id"));
  const auto end = std::chrono::steady_clock::now() + limit;
  Demultiplexer output;
  Result<void> broken;
  bool too_late = false;
  CELL_TRY(session_.stream({.method = "POST",
                            .path = path + "/start",
                            .doing = doing,
                            .body = {{"Detach", false}, {"Tty", false}},
                            .limit = limit},
                           limit, [&](std::string_view bytes) {
                             broken = output.feed(bytes);
                             too_late = std::chrono::steady_clock::now() > end;
                             return broken.ok() && !too_late &&
                                    output.out().size() + output.err().size() < kMaxExecOutput;
                           }));
  if (!broken) return broken.error();
  if (too_late) return Error{Code::timeout, doing + ": it did not end in time"};
  const auto state = CELL_TRY(session_.get_json({.path = path + "/json", .doing = doing}));
  return ExecResult{static_cast<int>(json_int(state, "ExitCode")), output.out(), output.err()};
}

Result<std::vector<LogLine>> Client::logs(const std::string& name, std::size_t tail,
                                          const std::string& since) {
  const bool terminal = CELL_TRY(has_terminal(name));
  std::string path = "/logs?stdout=1&stderr=1&timestamps=1&tail=" + std::to_string(std::min(tail, kMaxTail));
  if (!since.empty()) path += "&since=" + CELL_TRY(to_engine_time(since));
  const std::string doing = "cannot read the log of container '" + name + "'";
  std::string raw;
  Demultiplexer frames;
  Result<void> broken;
  CELL_TRY(session_.stream({.path = container_path(name, path), .doing = doing}, milliseconds{10'000},
                           [&](std::string_view bytes) {
                             if (terminal) {
                               raw.append(bytes);
                               return raw.size() < kMaxLogBytes;
                             }
                             broken = frames.feed(bytes);
                             return broken.ok() && frames.out().size() + frames.err().size() < kMaxLogBytes;
                           }));
  if (!broken) return broken.error();
  if (terminal) return parse_log_lines(raw, "stdout");
  return merge_lines(parse_log_lines(frames.out(), "stdout"), parse_log_lines(frames.err(), "stderr"));
}

Result<ContainerStats> Client::stats(const std::string& name) {
  const std::string doing = "cannot measure container '" + name + "'";
  const auto json = CELL_TRY(
      session_.get_json({.path = container_path(name, "/stats?stream=false&one-shot=true"), .doing = doing}));
  auto stats = parse_stats(name, json);
  const CpuSample now = cpu_sample(json);
  const std::lock_guard lock(samples_mutex_);
  if (samples_.size() > kMaxSamples) samples_.clear();
  if (const auto before = samples_.find(name); before != samples_.end())
    stats.cpu_percent = cpu_percent(before->second, now);
  samples_[name] = now;
  return stats;
}

Result<void> Client::pull(const std::string& reference,
                          const std::function<void(const PullProgress&)>& on_progress) {
  const auto [image, tag] = split_reference(reference);
  std::string path = "/images/create?fromImage=" + url_encode(image);
  if (!tag.empty()) path += "&tag=" + url_encode(tag);
  const std::string doing = "cannot pull image '" + reference + "'";
  PullState state;
  LineSplitter lines;
  Result<void> outcome;
  CELL_TRY(session_.stream({.method = "POST", .path = path, .doing = doing, .limit = kPullHeadLimit},
                           kPullIdle, [&](std::string_view bytes) {
                             return lines.feed(bytes, [&](std::string_view line) {
                               outcome = state.take(line, on_progress);
                               return outcome.ok();
                             });
                           }));
  if (!outcome) return std::move(outcome).error().within(doing);
  return {};
}

Result<void> Client::events(const std::function<bool(const Event&)>& on_event, milliseconds idle,
                            std::int64_t since_ns) {
  LineSplitter lines;
  Result<void> outcome;
  CELL_TRY(session_.stream(
      {.path = "/events?since=" + unix_time(since_ns), .doing = "cannot follow the engine's events"}, idle,
      [&](std::string_view bytes) {
        const bool wanted = lines.feed(bytes, [&](std::string_view line) {
          const auto json = parse_json(line);
          if (!json)
            outcome = Error{Code::internal, "the engine's event is not JSON: " + json.error().message};
          return json && on_event(parse_event(*json));
        });
        if (lines.waiting() > kMaxEventLine)
          outcome = Error{Code::internal, "an event of the engine has no end"};
        return wanted && outcome.ok();
      }));
  return outcome;
}

}  // namespace

std::unique_ptr<Engine> connect(const std::filesystem::path& socket) {
  return std::make_unique<Client>(socket);
}

}  // namespace cell::engine
