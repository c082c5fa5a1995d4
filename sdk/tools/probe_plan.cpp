#include <chrono>
#include <cstdlib>
#include <thread>

#include <unistd.h>

#include "border.hpp"
#include "probes.hpp"
#include "report.hpp"

namespace cell::tool {
namespace {

using namespace std::chrono_literals;

constexpr auto kPlanLimit = 2'000ms;  // what celld gives a plugin

// Another time, folder and environment: nothing of that is plan()'s business.
void move_elsewhere() {
  std::this_thread::sleep_for(1'100ms);
  ::setenv("TZ", "Asia/Kolkata", 1);
  ::setenv("LC_ALL", "C", 1);
  ::setenv("HOME", "/nonexistent", 1);
  if (::chdir("/") != 0) ::_exit(1);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::string first_difference(const std::string& one, const std::string& other) {
  const auto length = std::min(one.size(), other.size());
  std::size_t at = 0;
  while (at < length && one[at] == other[at]) ++at;
  const auto near = [&](const std::string& text) { return text.substr(at < 30 ? 0 : at - 30, 60); };
  return "at byte " + std::to_string(at) + ": …" + near(one) + "… and …" + near(other) + "…";
}

// Files, not environment or commands: only there a line break begins something new.
std::vector<std::string> files_with_second_line(const Json& contributions) {
  std::vector<std::string> paths;
  for (const Json& container : json_member(contributions, "containers")) {
    for (const Json& file : json_member(container, "files")) {
      if (json_string(file, "content").find(std::string("\n") + kSecondLine) != std::string::npos)
        paths.push_back(json_string(file, "path"));
    }
  }
  return paths;
}

}  // namespace

Json probe_open(const Subject& subject) {
  Json answer = {{"problems", Json::array()}};
  Json& problems = answer["problems"];
  for (const char* when : {"", " again after close()"}) {
    const auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
    if (!border) problems.push_back("open" + std::string(when) + ": " + joined(lines_of(border.error())));
    if (border) answer["has_handle"] = (*border)->has_handle();
    if (border) answer["has_notify"] = (*border)->has_notify();
  }
  return answer;
}

Json probe_plan(const Subject& subject, int variant) {
  if (variant > 0) move_elsewhere();
  Json problems = Json::array(), plans = Json::array(), refused = Json::array();
  auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
  if (!border) return {{"problems", {joined(lines_of(border.error()))}}};
  for (const Sample& sample : subject.samples) {
    const std::string config = dump_json(sample.config);
    const auto began = std::chrono::steady_clock::now();
    const Answer answer = (*border)->plan(config);
    if (std::chrono::steady_clock::now() - began > kPlanLimit)
      problems.push_back(sample.name + ": took longer than 2 s");
    if (const Answer again = (*border)->plan(config); again.head != answer.head)
      problems.push_back(sample.name + ": the second call answered something else, " +
                         first_difference(answer.head, again.head));
    const auto document = as_plan(answer);
    plans.push_back(document ? Json(answer.head) : Json());
    refused.push_back(document ? Json() : Json(joined(lines_of(document.error()))));
    if (!document && is_broken(document.error()))
      problems.push_back(sample.name + ": " + document.error().message);
  }
  return {{"problems", problems}, {"plans", plans}, {"refused", refused}};
}

Json probe_injection(const Subject& subject) {
  Json problems = Json::array();
  auto border = Border::open(subject.library, subject.manifest, subject.samples[0].config["options"]);
  if (!border) return {{"problems", {joined(lines_of(border.error()))}}};
  for (const HostileSample& sample : hostile_samples_of(subject.manifest, subject.samples[0].config)) {
    const auto document = as_plan((*border)->plan(dump_json(sample.config)));
    if (!document) continue;
    for (const std::string& path : files_with_second_line(*document))
      problems.push_back("a line break in '" + sample.option + "' adds a line to " + path);
  }
  return {{"problems", problems}};
}

}  // namespace cell::tool
