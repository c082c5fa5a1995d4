#include "domain/containers/containers.hpp"

#include "domain/containers/view.hpp"
#include "domain/settings/document.hpp"

namespace cell::containers {

namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr int kAskAtOnce = 2;  // the HTTP server has four workers on a small machine
constexpr std::chrono::milliseconds kAskWait{1'000};

std::string_view phase_of(Act act) {
  switch (act) {
    case Act::start:
      return "Starting";
    case Act::stop:
      return "Stopping";
    case Act::restart:
      return "Restarting";
  }
  return "Starting";
}

std::string title_of(Act act, const std::string& name) {
  switch (act) {
    case Act::start:
      return "Start " + name;
    case Act::stop:
      return "Stop " + name;
    case Act::restart:
      return "Restart " + name;
  }
  return name;
}

// The state after an event, as GET /api/containers would tell it; empty: the event changes none.
std::string state_after(const std::string& action) {
  static const std::map<std::string, std::string, std::less<>> kStates{
      {"create", "created"},  {"start", "running"},   {"die", "exited"},      {"pause", "paused"},
      {"unpause", "running"}, {"destroy", "removed"}, {"restart", "running"}, {"rename", "renamed"}};
  if (action.starts_with("health_status")) return "running";
  const auto found = kStates.find(action);
  return found == kStates.end() ? std::string{} : found->second;
}

}  // namespace

std::string_view to_string(Act act) noexcept {
  switch (act) {
    case Act::start:
      return "start";
    case Act::stop:
      return "stop";
    case Act::restart:
      return "restart";
  }
  return "start";
}

Containers::Containers(Parts parts)
    : parts_(std::move(parts)),
      asking_(kAskAtOnce, kAskWait),
      sampler_(parts_.engine, parts_.sampling),
      start_times_(parts_.engine) {}

Result<Json> Containers::list() {
  const auto place = CELL_TRY(asking_.enter());
  auto found = CELL_TRY(parts_.engine.containers());
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    return std::pair(!is_own(a, parts_.instance), a.name) < std::pair(!is_own(b, parts_.instance), b.name);
  });
  Json items = Json::array();
  bool answers = true;  // an engine that hangs is not asked about each container
  for (const auto& container : found) {
    items.push_back(to_json(container, parts_.instance));
    const auto started = answers ? start_times_.of(container) : Result<std::string>(std::string());
    answers = answers && started.ok();
    items.back()["started_at"] = started && !started->empty() ? Json(*started) : Json(nullptr);
  }
  return items;
}

Result<engine::ContainerSummary> Containers::find(const std::string& name) const {
  for (auto& container : CELL_TRY(parts_.engine.containers())) {
    if (container.name == name) return std::move(container);
  }
  return Error{Code::not_found, "there is no container '" + name.substr(0, 128) + "'",
               "see GET /api/containers"};
}

Result<Json> Containers::inspect(const std::string& name) const {
  const auto place = CELL_TRY(asking_.enter());
  const auto container = CELL_TRY(find(name));
  Json item = to_json(container, parts_.instance);
  item.update(
      details_of(CELL_TRY(parts_.engine.inspect_container(name)), is_own(container, parts_.instance)));
  item["stopped_by_owner"] = settings::stopped_containers_of(parts_.config.snapshot()->root).contains(name);
  return item;
}

Result<Json> Containers::logs(const std::string& name, std::size_t tail, const std::string& since) const {
  const auto place = CELL_TRY(asking_.enter());
  CELL_TRY(find(name));
  Json items = Json::array();
  for (const auto& line : CELL_TRY(parts_.engine.logs(name, tail, since))) {
    items.push_back({{"t", line.time}, {"stream", line.stream}, {"line", line.line}});
  }
  return items;
}

Result<Json> Containers::stats() {
  Json items = Json::array();
  for (const auto& stats : CELL_TRY(sampler_.latest())) items.push_back(to_json(stats));
  return items;
}

Result<Json> Containers::images() const {
  const auto place = CELL_TRY(asking_.enter());
  Json items = Json::array();
  for (const auto& image : CELL_TRY(parts_.engine.list_images())) items.push_back(to_json(image));
  return items;
}

Result<Json> Containers::volumes() const {
  const auto place = CELL_TRY(asking_.enter());
  Json items = Json::array();
  for (const auto& volume : CELL_TRY(parts_.engine.volumes()))
    items.push_back(to_json(volume, parts_.instance));
  return items;
}

Result<Containers::Count> Containers::count() const {
  Count count;
  for (const auto& container : CELL_TRY(parts_.engine.containers())) {
    if (!is_own(container, parts_.instance)) continue;
    ++count.total;
    if (container.state == "running") ++count.running;
  }
  return count;
}

std::optional<TimePoint> Containers::started_at(const std::string& name) const {
  const auto place = asking_.enter();
  if (!place) return std::nullopt;
  const auto inspection = parts_.engine.inspect_container(name);
  if (!inspection) return std::nullopt;
  const Json& state = json_member(*inspection, "State");
  if (!json_bool(state, "Running")) return std::nullopt;
  const auto time = parse_time(json_string(state, "StartedAt"));
  return time ? std::optional(*time) : std::nullopt;
}

Result<std::string> Containers::begin(Act act, const std::string& name, const std::string& actor) {
  const auto place = CELL_TRY(asking_.enter());
  const auto container = CELL_TRY(find(name));
  if (!is_own(container, parts_.instance)) {
    return Error{Code::forbidden,
                 "container '" + name + "' is not part of this cell",
                 "the cell only shows it; whoever started it can stop it",
                 {},
                 "read_only"};
  }
  if (name == parts_.instance + "-api" && act != Act::start) {
    return Error{Code::conflict,
                 "container '" + name + "' runs this API, so it can't end itself",
                 "on the machine: 'make restart' or 'make stop'",
                 {},
                 "own_container"};
  }
  jobs::Request request;
  request.kind = "container." + std::string(to_string(act));
  request.title = title_of(act, name);
  request.actor = actor;
  request.target = name;
  request.phases = {std::string(phase_of(act))};
  request.run = [this, act, name, actor](jobs::Progress& progress) -> Result<void> {
    progress.phase(std::string(phase_of(act)));
    return run(act, name, actor);
  };
  return parts_.jobs.start(std::move(request));
}

Result<void> Containers::run(Act act, const std::string& name, const std::string& actor) {
  // Before the act: the reconciler would start a stopped one again at once, and must not leave a started one
  // alone.
  const bool changed = CELL_TRY(remember_stopped(name, act == Act::stop, actor));
  Result<void> done;
  switch (act) {
    case Act::start:
      done = parts_.engine.start_container(name);
      break;
    case Act::stop:
      done = parts_.engine.stop_container(name, kGrace);
      break;
    case Act::restart:
      done = parts_.engine.restart_container(name, kGrace);
      break;
  }
  if (!done && changed) CELL_TRY(remember_stopped(name, act != Act::stop, actor));
  return done;
}

// True: it was not so before.
Result<bool> Containers::remember_stopped(const std::string& name, bool stopped, const std::string& actor) {
  bool changed = false;
  const config::Edit edit = [&](Json& root) -> Result<void> {
    changed = settings::set_container_stopped(root, name, stopped);
    return {};
  };
  CELL_TRY(
      parts_.config.commit({actor, "container '" + name + "' " + (stopped ? "stopped" : "started")}, edit));
  return changed;
}

bool Containers::on_event(const engine::Event& event) {
  const std::string state = event.type == "container" ? state_after(event.action) : std::string{};
  if (state.empty()) return false;
  start_times_.forget(event.name);
  parts_.events.publish("container.changed", {{"name", event.name}, {"state", state}});
  return true;
}

}  // namespace cell::containers
