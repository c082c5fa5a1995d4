#include <functional>
#include <utility>

#include "border.hpp"
#include "plugin/messages.hpp"
#include "probes.hpp"

namespace cell::tool {
namespace {

struct Bytes {
  std::string name;
  std::string text;
};

// What no entry may take for a document, and what none may fall over.
std::vector<Bytes> bad_bytes() {
  return {{"nothing", ""},
          {"a blank", " "},
          {"half a document", R"({"service": {"id": ")"},
          {"no JSON", "<xml/>"},
          {"bytes that are not UTF-8", "{\"service\": \"\xC3\x28\xFF\xFE\"}"},
          {"NUL bytes", std::string(64, '\0')},
          {"two documents", "{} {}"},
          {"a list", "[]"},
          {"a text", "\"text\""},
          {"a number", "1e308"},
          {"null", "null"},
          {"100,000 brackets", std::string(100'000, '[')},
          {"100,000 objects in one another",
           [] {
             std::string text;
             for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
             return text;
           }()},
          {"members of other types",
           R"({"service": 1, "cell": [], "options": "x", "accounts": {}, "secrets": null, "method": {},
               "path": 5, "params": [], "query": 1, "headers": "x", "principal": 3, "type": []})"},
          {"an empty object", "{}"}};
}

// The entry's own document with a text of 8 MiB in it: refused or answered, but no crash.
std::string with_long_text(Json document, const char* member) {
  document[member]["long"] = std::string(8UL * 1024 * 1024, 'x');
  return dump_json(document);
}

struct Entry {
  std::function<Answer(std::string_view)> call;
  std::function<cell_status(const cell_sink*)> call_with_sink;  // with a good document
  Json good;
  const char* member;
};

cell_status refuse(void*, const std::uint8_t*, std::uint64_t) { return CELL_BAD_SINK; }

cell_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Entry plan_entry(const Border& border, const Subject& subject) {
  Entry entry{
      [&](std::string_view bytes) { return border.plan(bytes); }, {}, subject.samples[0].config, "options"};
  entry.call_with_sink = [&border, text = dump_json(entry.good)](const cell_sink* sink) {
    return border.raw().plan(border.raw().instance, bytes_of(text), sink);
  };
  return entry;
}

Entry handle_entry(const Border& border) {
  Entry entry{[&](std::string_view bytes) { return border.handle(bytes, ""); },
              {},
              plugin::request_document({"GET", "/", {}, {}, {}, {}, "check"}),
              "query"};
  entry.call_with_sink = [&border, text = dump_json(entry.good)](const cell_sink* sink) {
    return border.raw().handle(border.raw().instance, bytes_of(text), {nullptr, 0}, sink, sink);
  };
  return entry;
}

Entry notify_entry(const Border& border) {
  return {[&](std::string_view bytes) { return border.notify(bytes); },
          {},
          {{"type", "updated"}, {"more", Json::object()}},
          "more"};
}

}  // namespace

Json probe_bad_input(const Subject& subject, const std::string& name) {
  Json problems = Json::array();
  const auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
  if (!border) return {{"problems", {border.error().message}}};
  const Entry entry = name == "plan"     ? plan_entry(**border, subject)
                      : name == "handle" ? handle_entry(**border)
                                         : notify_entry(**border);
  for (const Bytes& bytes : bad_bytes()) {
    const auto outcome = as_outcome(entry.call(bytes.text), name.c_str());
    if (outcome) problems.push_back(bytes.name + ": taken for a good document");
    if (!outcome && is_broken(outcome.error()))
      problems.push_back(bytes.name + ": " + outcome.error().message);
  }
  const auto outcome = as_outcome(entry.call(with_long_text(entry.good, entry.member)), name.c_str());
  if (!outcome && is_broken(outcome.error())) problems.push_back("8 MiB of text: " + outcome.error().message);
  const cell_sink full{sizeof(cell_sink), 0, nullptr, &refuse};
  if (entry.call_with_sink && entry.call_with_sink(&full) != CELL_BAD_SINK)
    problems.push_back("a sink that is full: the call must answer CELL_BAD_SINK");
  return {{"problems", problems}};
}

}  // namespace cell::tool
