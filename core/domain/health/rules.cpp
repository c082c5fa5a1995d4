#include "domain/health/rules.hpp"

namespace cell::health {

namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr std::uint64_t kVeryLittleDisk = kGiB;  // the next log or image may not fit
constexpr std::uint64_t kLittleDisk = 3 * kGiB;
constexpr std::uint64_t kVeryLittleMemory = 64 * kMiB;
constexpr std::uint64_t kLittleMemory = 192 * kMiB;
constexpr std::chrono::hours kCertificateSoon{
    14 * 24};  // it should have been renewed by a third of its life before
constexpr std::chrono::hours kCertificateNow{3 * 24};
constexpr int kAttemptsToTell = 2;  // a single failure is mended by the next run
constexpr std::size_t kMaxDevices = 5;
constexpr std::size_t kMaxJobs = 5;

using Items = std::vector<Item>;

std::string size_text(std::uint64_t bytes) {
  return bytes < 10 * kGiB ? std::to_string(bytes / kMiB) + " MiB" : std::to_string(bytes / kGiB) + " GiB";
}

void add_engine(const Facts& facts, Items& items) {
  if (!facts.engine_problem) return;
  items.push_back({"engine", Severity::problem, "The container engine does not answer", *facts.engine_problem,
                   "Start it on the machine: systemctl start docker",
                   Action{"Open the logs", "/logs?service=reconcile"}});
}

void add_configuration(const Facts& facts, Items& items) {
  if (!facts.config_problem) return;
  items.push_back({"configuration", Severity::problem,
                   "The configuration was damaged, an earlier one is in force", *facts.config_problem,
                   "Look whether something is missing; the damaged file was kept beside it",
                   Action{"Show the revisions", "/settings/history"}});
}

std::string what_is(const reconcile::State& state) {
  if (state.kind == "container") return "Container " + state.name;
  if (state.kind == "image") return "Image " + state.name;
  if (state.kind == "network") return "Network " + state.name;
  if (state.kind == "volume") return "Volume " + state.name;
  if (state.kind == "coredns") return "The names (DNS)";
  if (state.kind == "chrony") return "The time server";
  if (state.kind == "caddy") return "The proxy";
  if (state.kind == "hub") return "The VPN";
  if (state.kind == "hub_log_level") return "The VPN's log level";
  return state.kind + " " + state.name;
}

Action action_for(const reconcile::State& state) {
  if (state.kind == "image" || state.kind == "network" || state.kind == "volume") {
    return {"Open the logs", "/logs?service=reconcile"};
  }
  return {"Open its log", "/containers?logs=" + state.name};
}

void add_resources(const Facts& facts, Items& items) {
  // While the engine is down nothing can be right; one item says so.
  if (facts.engine_problem) return;
  const auto& stopped = facts.stopped_containers;
  for (const reconcile::State& state : facts.resources) {
    // Documents go by the name of their container: none can be put into force in one that its owner stopped.
    if (std::find(stopped.begin(), stopped.end(), state.name) != stopped.end()) continue;
    if (state.status != reconcile::Status::failed || !state.error || state.attempt < kAttemptsToTell)
      continue;
    items.push_back(
        {"resource-" + state.kind + "-" + state.name, Severity::problem,
         what_is(state) + " is not as it should be", state.error->message,
         state.error->hint.empty() ? "The cell tries again by itself; its log says more" : state.error->hint,
         action_for(state)});
  }
}

void add_hub(const Facts& facts, Items& items) {
  if (!facts.hub || facts.engine_problem) return;
  const Action action{"Open WireGuard", "/wireguard"};
  if (!facts.hub->answers) {
    items.push_back({"hub", Severity::problem, "The VPN is down", facts.hub->problem,
                     "Start its container again; its log says why it stopped", action});
    return;
  }
  if (!facts.hub->problem.empty()) {
    items.push_back(
        {"hub", Severity::problem, "The VPN has a problem", facts.hub->problem, "Its log says more", action});
  }
  if (!facts.hub->userspace_reason.empty()) {
    items.push_back({"userspace", Severity::info, "WireGuard runs in user space",
                     "The tunnel is slower than it could be: " + facts.hub->userspace_reason,
                     "Nothing has to be done; a kernel with the module would be faster", action});
  }
}

void add_certificate(const Facts& facts, Items& items) {
  if (!facts.certificate) return;
  const auto left = facts.certificate->not_after - facts.now;
  const bool is_failing = !facts.certificate->error.empty();
  if (left > kCertificateSoon && !is_failing) return;
  const Severity severity = left < kCertificateNow ? Severity::problem : Severity::attention;
  const std::string until = format_time(facts.certificate->not_after);
  const std::string title = left.count() <= 0          ? "The certificate has expired"
                            : left <= kCertificateSoon ? "The certificate expires soon"
                                                       : "The certificate could not be renewed";
  items.push_back(
      {"certificate", severity, title,
       is_failing ? facts.certificate->error : "It is valid until " + until + " and was not renewed in time",
       "The proxy's log says why it was not renewed", Action{"Show the certificates", "/settings/trust"}});
}

void add_machine(const Facts& facts, Items& items) {
  if (!facts.machine) return;
  const std::uint64_t disk = facts.machine->disk_total_bytes - facts.machine->disk_used_bytes;
  if (facts.machine->disk_total_bytes > 0 && disk < kLittleDisk) {
    items.push_back({"disk", disk < kVeryLittleDisk ? Severity::problem : Severity::attention,
                     "The disk is nearly full", size_text(disk) + " are free where the cell keeps its things",
                     "Remove what is not needed, or move the cell to a larger disk", std::nullopt});
  }
  const std::uint64_t memory = facts.machine->memory_total_bytes - facts.machine->memory_bytes;
  if (facts.machine->memory_total_bytes > 0 && memory < kLittleMemory) {
    items.push_back({"memory", memory < kVeryLittleMemory ? Severity::problem : Severity::attention,
                     "The memory is nearly used up", size_text(memory) + " are left for programs",
                     "Stop what is not needed, or add memory or swap",
                     Action{"Show the containers", "/containers"}});
  }
}

void add_clock(const Facts& facts, Items& items) {
  if (facts.clock_synchronised.value_or(true)) return;
  items.push_back(
      {"clock", Severity::attention, "The clock is not synchronised",
       "Nothing keeps this machine's clock right, so it may drift; certificates and log-ins depend on it",
       "Turn it on on the machine: timedatectl set-ntp true", std::nullopt});
}

void add_stopped(const Facts& facts, Items& items) {
  for (const std::string& name : facts.stopped_containers) {
    items.push_back({"stopped-" + name, Severity::attention, "Container " + name + " is stopped",
                     "It was stopped by an administrator", "Start it again if it is needed",
                     Action{"Show the containers", "/containers"}});
  }
}

void add_devices(const Facts& facts, Items& items) {
  for (std::size_t i = 0; i < std::min(facts.keyless_devices.size(), kMaxDevices); ++i) {
    const Device& device = facts.keyless_devices[i];
    items.push_back({"device-key-" + device.id, Severity::attention, "“" + device.name + "” needs a new key",
                     "The cell went back to a key of this device whose secrets are not kept any more, so it "
                     "can't connect",
                     "Give it a new key, and import its new configuration at the device",
                     Action{"Show the devices", "/peers"}});
  }
}

void add_services(const Facts& facts, Items& items) {
  if (facts.engine_problem) return;
  for (const ServiceTrouble& service : facts.services) {
    items.push_back({"service-" + service.id, Severity::problem, service.name + " does not work",
                     service.cause, "Restart it; if that does not help, its log says why",
                     Action{"Open the service", "/services/" + service.id}});
  }
}

void add_jobs(const Facts& facts, Items& items) {
  for (std::size_t i = 0; i < std::min(facts.failed_jobs.size(), kMaxJobs); ++i) {
    const FailedJob& job = facts.failed_jobs[i];
    items.push_back({job.id, Severity::attention, "“" + job.title + "” did not finish", job.cause,
                     job.fix.empty() ? "Try again, or dismiss the job" : job.fix,
                     Action{"Open the logs", "/logs?q=" + job.id}});
  }
}

}  // namespace

std::vector<Item> items_of(const Facts& facts) {
  Items items;
  for (const auto add : {add_engine, add_configuration, add_hub, add_resources, add_certificate, add_machine,
                         add_clock, add_stopped, add_devices, add_services, add_jobs}) {
    add(facts, items);
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.severity < b.severity; });
  return items;
}

}  // namespace cell::health
