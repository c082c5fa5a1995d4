#include "plugin/registry.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kMaxLogName = 64;

bool is_fault(const Error& error) {
  return error.reason == "plugin_crashed" || error.reason == "plugin_timeout" ||
         error.reason == "plugin_broke_contract" || error.code == Code::internal;
}

Error refused(const std::string& id, const char* why, const char* hint, const char* reason) {
  Error error{Code::unavailable, "the plugin '" + id + "' " + why, hint};
  error.reason = reason;
  return error;
}

Error in_quarantine(const std::string& id) {
  return refused(id, "is in quarantine", "look at what it did, then release or update it",
                 "plugin_quarantined");
}

}  // namespace

std::string_view to_string(PluginState state) {
  constexpr std::array<std::string_view, 4> kWords{"ok", "failing", "quarantined", "stopped"};
  return kWords.at(static_cast<std::size_t>(state));
}

Registry::Registry(Parts parts) : parts_(std::move(parts)) {}

Registry::~Registry() {
  // What goes wrong while they are closed is noted here, so everything else must still be there.
  std::map<std::string, Entry> all;
  const std::lock_guard lock(mutex_);
  all.swap(entries_);
}

OpenOptions Registry::options_for(const UnpackedPackage& package) {
  OpenOptions options = parts_.defaults;
  const std::string id = package.manifest.id;
  options.library = package.library();
  options.host_program = parts_.host_program;
  options.log = parts_.logs->logger(("plugin-" + id).substr(0, kMaxLogName));
  if (parts_.host) options.host = parts_.host(package.manifest);
  options.on_fault = [this, id, version = package.manifest.version](const std::string& call,
                                                                    const std::string& message) {
    Error error{Code::unavailable, message};
    error.reason = call == "run" ? "plugin_crashed" : "plugin_timeout";
    note(id, version, call, error, call != "run");
  };
  return options;
}

Result<std::unique_ptr<Instance>> Registry::open(const UnpackedPackage& package, bool isolated) {
  const Manifest& manifest = package.manifest;
  if (manifest.kind == Kind::declarative) return open_declarative(manifest);
  if (const auto confined = parts_.quarantine->find(manifest.id)) {
    if (confined->version == manifest.version) return in_quarantine(manifest.id);
    CELL_TRY(parts_.quarantine->release(manifest.id));
  }
  if (isolated) return open_isolated(manifest, options_for(package));
  const auto mark = CELL_TRY(parts_.quarantine->mark(manifest.id, manifest.version, "open"));
  return open_in_process(manifest, options_for(package));
}

Result<void> Registry::load(const UnpackedPackage& package, bool isolated) {
  auto opened = open(package, isolated);
  if (opened) return put(package.manifest, std::move(*opened));
  note_not_opened(package.manifest, isolated, opened.error());
  note(package.manifest.id, package.manifest.version, "open", opened.error(), !isolated);
  return std::move(opened).error();
}

void Registry::note_not_opened(const Manifest& manifest, bool isolated, const Error& error) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[manifest.id];
  if (entry.instance) return;
  entry.manifest = manifest;
  entry.mode = isolated ? "isolated" : "in_process";
  entry.last_failure = Failure{format_time(parts_.clock->now()), "open", error.message};
}

Result<void> Registry::put(const Manifest& manifest, std::unique_ptr<Instance> instance) {
  std::shared_ptr<Instance> old;
  const bool in_process = instance->mode() == "in_process";
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[manifest.id];
  // Closed outside the lock, unless a call is still in it: then when that ends.
  old = std::exchange(entry.instance, std::shared_ptr<Instance>(std::move(instance)));
  entry.manifest = manifest;
  entry.mode = entry.instance->mode();
  entry.in_process = in_process;
  entry.failures = 0;
  entry.recent.clear();
  entry.last_failure.reset();
  return {};
}

void Registry::unload(const std::string& id) {
  std::shared_ptr<Instance> old;
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  old = std::move(found->second.instance);
  entries_.erase(found);
}

bool Registry::is_failing(const Entry& entry) const {
  const auto now = parts_.clock->steady();
  const auto in_window = std::count_if(entry.recent.begin(), entry.recent.end(),
                                       [&](SteadyPoint at) { return now - at < kBudgetWindow; });
  return static_cast<std::size_t>(in_window) >= kBudget;
}

Result<Registry::Current> Registry::current(const std::string& id, bool is_request) const {
  if (parts_.quarantine->find(id)) return in_quarantine(id);
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Error{Code::not_found, "there is no plugin '" + id + "'"};
  if (is_request && is_failing(found->second)) {
    Error error = refused(id, "fails too often", "it is tried again within a minute", "plugin_failing");
    error.retry_after_s = static_cast<int>(kBudgetWindow.count());
    return error;
  }
  if (!found->second.instance)
    return refused(id, "is stopped", "look at its last failure, then install it again", "plugin_stopped");
  return Current{found->second.instance, found->second.manifest.version, found->second.in_process};
}

void Registry::note(const std::string& id, const std::string& version, const std::string& call,
                    const Error& error, bool in_process) {
  if (!is_fault(error)) return;
  const log::Logger log = parts_.logs->logger("plugins");
  log.warn("a call of a plugin failed",
           {{"plugin", id}, {"call", call}, {"reason", error.reason}, {"error", error.message}});
  // What hangs in this process keeps a thread; it must not get another.
  if (in_process && error.reason == "plugin_timeout") {
    if (auto put = parts_.quarantine->put(id, version, call, error.message); !put)
      log.error("quarantine cannot be kept over a restart",
                {{"plugin", id}, {"reason", put.error().message}});
  }
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.manifest.version != version) return;
  Entry& entry = found->second;
  ++entry.failures;
  entry.last_failure = Failure{format_time(parts_.clock->now()), call, error.message};
  if (call != "handle") return;
  entry.recent.push_back(parts_.clock->steady());
  if (entry.recent.size() > kBudget) entry.recent.pop_front();
}

Result<Json> Registry::plan(const std::string& id, const Json& config) {
  const Current at = CELL_TRY(current(id, false));
  std::optional<Quarantine::Mark> mark;
  if (at.in_process) mark.emplace(CELL_TRY(parts_.quarantine->mark(id, at.version, "plan")));
  auto document = at.instance->plan(config);
  if (!document) note(id, at.version, "plan", document.error(), at.in_process);
  return document;
}

Result<PluginResponse> Registry::handle(const std::string& id, const PluginRequest& request) {
  const Current at = CELL_TRY(current(id, true));
  auto response = at.instance->handle(request);
  if (!response) note(id, at.version, "handle", response.error(), at.in_process);
  return response;
}

Result<void> Registry::notify(const std::string& id, const Json& event) {
  const Current at = CELL_TRY(current(id, false));
  auto heard = at.instance->notify(event);
  if (!heard) note(id, at.version, "notify", heard.error(), at.in_process);
  return heard;
}

PluginStatus Registry::status_of(const std::string& id, const Entry& entry) const {
  PluginStatus status{id, entry.manifest.version, entry.mode};
  if (entry.manifest.kind == Kind::native)
    status.abi = std::to_string(entry.manifest.abi_major) + "." + std::to_string(entry.manifest.abi_minor);
  status.failures = entry.failures;
  status.last_failure = entry.last_failure;
  if (entry.instance)
    status.memory_bytes = entry.instance->memory_bytes();
  else
    status.state = PluginState::stopped;
  if (is_failing(entry)) status.state = PluginState::failing;
  if (const auto confined = parts_.quarantine->find(id)) {
    status.state = PluginState::quarantined;
    status.quarantined_since = confined->since;
    if (!entry.instance || !status.last_failure)
      status.last_failure = Failure{confined->since, confined->call, confined->message};
  }
  return status;
}

std::vector<PluginStatus> Registry::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<PluginStatus> all;
  for (const auto& [id, entry] : entries_) all.push_back(status_of(id, entry));
  return all;
}

std::optional<PluginStatus> Registry::status(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return {};
  return status_of(id, found->second);
}

Result<void> Registry::release(const std::string& id) {
  CELL_TRY(parts_.quarantine->release(id));
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found != entries_.end()) {
    found->second.failures = 0;
    found->second.recent.clear();
  }
  return {};
}

}  // namespace cell::plugin
