#include "check_native.hpp"

#include <algorithm>
#include <regex>

#include "child.hpp"
#include "library_file.hpp"
#include "plugin/contributions.hpp"

namespace cell::tool {
namespace {

using namespace std::chrono_literals;

constexpr auto kProbeLimit = 60'000ms;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 5; ++i) text += (i == 0 ? "'" : ", '") + names[i] + "'";
  return names.size() > 5 ? text + " and " + std::to_string(names.size() - 5) + " more" : text;
}

// What the library itself says; false when it is not fit to be loaded here.
bool check_file(const Subject& subject, Report& report) {
  const auto library = read_library(subject.library);
  if (!library) {
    report.bad("library", library.error());
    return false;
  }
  std::vector<std::string> reasons;
  if (library->exports != std::vector<std::string>{"cell_plugin_open"})
    reasons.push_back("it must export cell_plugin_open and nothing else, it exports " +
                      (library->exports.empty() ? "nothing" : listed(library->exports)));
  if (library->has_unique_symbols) reasons.push_back("it has unique symbols: build with -fno-gnu-unique");
  if (library->wants_executable_stack) reasons.push_back("it wants an executable stack");
  report.add("exports: cell_plugin_open only", reasons);

  static const std::regex kFine(R"((libc|libm|libgcc_s|libstdc\+\+|ld-linux[a-z0-9_-]*)\.so(\.[0-9]+)?)");
  std::vector<std::string> others;
  for (const std::string& need : library->needs) {
    if (!std::regex_match(need, kFine))
      others.push_back("it needs '" + need + "', which the cell may not have, or in another version");
  }
  report.add("needs: the C and C++ run-time only", others);

  const auto& architectures = subject.manifest.architectures;
  if (std::find(architectures.begin(), architectures.end(), library->architecture) == architectures.end()) {
    report.bad("architecture",
               {"the library is for " + library->architecture + ", the manifest says otherwise"});
    return false;
  }
  report.good("architecture: " + library->architecture);
  return std::binary_search(library->exports.begin(), library->exports.end(), "cell_plugin_open");
}

// Runs a probe, reports what it found, and answers all that it said; null after a crash.
Json run(const std::string& what, const std::function<Json()>& probe, Report& report) {
  const auto answer = run_in_child(probe, kProbeLimit);
  if (!answer) {
    report.bad(what, {"the plugin " + answer.error().message});
    return {};
  }
  report.add(what, json_member(*answer, "problems").get<std::vector<std::string>>());
  return *answer;
}

// Whether a variation may be refused is the plugin's business; the defaults must work.
void check_document(const Sample& sample, const Json& plan, const Json& refused, const Subject& subject,
                    Report& report) {
  const std::string what = "contributions, " + sample.name;
  if (plan.is_null()) {
    const std::string why = refused.is_string() ? refused.get<std::string>() : std::string();
    if (sample.name == "defaults") return report.bad(what, {"plan() refuses them: " + why});
    return report.good(what + ": refused (" + why + ")");
  }
  const auto document = parse_json(plan.get<std::string>());
  const auto contributions = plugin::parse_contributions(document ? *document : Json(), subject.manifest);
  if (!contributions) return report.bad(what, contributions.error());
  report.good(what);
}

// The contributions of the defaults; null where there are none.
Json check_plan(const Subject& subject, Report& report) {
  const Json here = run(
      "plan answers, twice the same", [&] { return probe_plan(subject, 0); }, report);
  const Json there = run(
      "plan answers at another time, in another place", [&] { return probe_plan(subject, 1); }, report);
  const Json& plans = json_member(here, "plans");
  if (plans.size() != subject.samples.size()) return {};
  std::vector<std::string> differing;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const Json& other = json_member(there, "plans");
    if (other.size() == plans.size() && other[i] != plans[i]) differing.push_back(subject.samples[i].name);
  }
  report.add("plan is a function of its input alone", differing);
  for (std::size_t i = 0; i < plans.size(); ++i)
    check_document(subject.samples[i], plans[i], json_member(here, "refused")[i], subject, report);
  run(
      "text of options adds no line to a file", [&] { return probe_injection(subject); }, report);
  return plans[0].is_string() ? parse_json(plans[0].get<std::string>()).value_or(Json()) : Json();
}

}  // namespace

void check_native(const Subject& subject, Report& report) {
  if (!check_file(subject, report)) return;
  const int failed = report.failed();
  const Json opened = run(
      "opens, closes, opens again", [&] { return probe_open(subject); }, report);
  if (report.failed() != failed) return;
  const Json contributions = check_plan(subject, report);
  run(
      "bad input to plan", [&] { return probe_bad_input(subject, "plan"); }, report);
  const bool has_handle = json_bool(opened, "has_handle"), has_notify = json_bool(opened, "has_notify");
  if (!has_handle && !json_member(contributions, "api").empty())
    report.bad("routes", {"the contributions have routes under 'api', the library has no handle()"});
  if (!has_notify && !json_member(contributions, "schedules").empty())
    report.bad("schedules", {"the contributions have schedules, the library has no notify()"});
  if (has_handle) {
    run(
        "requests to its routes, from several threads", [&] { return probe_handle(subject, contributions); },
        report);
    run(
        "bad input to handle", [&] { return probe_bad_input(subject, "handle"); }, report);
  }
  if (has_notify) {
    run(
        "events", [&] { return probe_notify(subject, contributions); }, report);
    run(
        "bad input to notify", [&] { return probe_bad_input(subject, "notify"); }, report);
  }
}

}  // namespace cell::tool
