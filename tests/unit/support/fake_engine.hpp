#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/client.hpp"

namespace cell::test {

// An engine in memory that behaves like the real one as far as reconciling can tell. Thread: any.
class FakeEngine final : public engine::Engine {
 public:
  struct Held {
    engine::ContainerSpec spec;
    std::string id, state = "created", image_id;
    std::vector<std::string> networks, addresses, signals;
    int restarts = 0;
  };

  // --- what a test sets and looks at; take the lock by calling through `with`
  template <class F>
  auto with(F f) {
    const std::lock_guard lock(mutex_);
    return f(*this);
  }
  std::map<std::string, Held> containers_by_name;
  std::int64_t events_since_ns = 0;  // what events() was asked for last
  std::map<std::string, engine::NetworkSpec> networks_by_name;
  std::map<std::string, std::map<std::string, std::string>> volumes_by_name;
  std::map<std::string, std::string> images;    // reference → id
  std::map<std::string, std::string> registry;  // what pull() finds
  std::vector<std::string> writes;              // "create container cell-dns", in order
  std::map<std::string, Error> failures;        // write or "observe" → error, until removed
  std::map<std::string, Json> inspections;      // what inspect_container() answers; else only the name
  std::map<std::string, std::vector<engine::LogLine>> log_lines;
  std::map<std::string, int> measured;  // calls of stats() by container
  bool gone = false;
  int reads = 0;

  void emit(engine::Event event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    event_came_.notify_all();
  }

  Result<engine::EngineInfo> info() override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    return engine::EngineInfo{"20.10.24", "1.41", "test", 1, 1, "/var/lib/docker"};
  }

  Result<std::vector<engine::ContainerSummary>> containers(
      const std::map<std::string, std::string>& labels) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    std::vector<engine::ContainerSummary> out;
    for (const auto& [name, held] : containers_by_name) {
      const bool matching = std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
        const auto found = held.spec.labels.find(wanted.first);
        return found != held.spec.labels.end() && found->second == wanted.second;
      });
      if (!matching) continue;
      out.push_back({held.id, name, held.spec.image, held.image_id, held.state, held.state, held.spec.labels,
                     held.spec.ports, held.state == "running" ? held.addresses : std::vector<std::string>{},
                     held.networks});
    }
    return out;
  }

  Result<Json> inspect_container(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    if (!containers_by_name.contains(name)) return missing("container", name);
    if (const auto found = inspections.find(name); found != inspections.end()) return found->second;
    return Json{{"Name", "/" + name}};
  }

  Result<std::string> create_container(const engine::ContainerSpec& spec) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("create container " + spec.name)) return *error;
    if (containers_by_name.contains(spec.name)) return Error{Code::conflict, "the name is in use"};
    if (!images.contains(spec.image)) return missing("image", spec.image);
    if (!spec.network.empty() && spec.network != engine::kHostNetwork && spec.network != "none" &&
        !networks_by_name.contains(spec.network))
      return missing("network", spec.network);
    for (const auto& [name, other] : containers_by_name) {
      if (other.state == "running" && std::find(other.addresses.begin(), other.addresses.end(),
                                                spec.ipv4_address) != other.addresses.end()) {
        return Error{Code::conflict, "address already in use"};
      }
    }
    Held held{spec, "id" + std::to_string(++last_id_), "created", images[spec.image], {}, {}, {}};
    if (!spec.network.empty()) held.networks = {spec.network};
    for (const auto& address : {spec.ipv4_address, spec.ipv6_address}) {
      if (!address.empty()) held.addresses.push_back(address);
    }
    const std::string id = held.id;
    containers_by_name[spec.name] = std::move(held);
    return id;
  }

  Result<void> start_container(const std::string& name) override {
    return change(name, "start", [](Held& held) { held.state = "running"; });
  }
  Result<void> stop_container(const std::string& name, std::chrono::seconds) override {
    return change(name, "stop", [](Held& held) { held.state = "exited"; });
  }
  Result<void> restart_container(const std::string& name, std::chrono::seconds) override {
    return change(name, "restart", [](Held& held) {
      held.state = "running";
      ++held.restarts;
    });
  }
  Result<void> signal_container(const std::string& name, const std::string& signal) override {
    return change(name, "signal", [&](Held& held) { held.signals.push_back(signal); });
  }
  Result<void> remove_container(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("remove container " + name)) return *error;
    containers_by_name.erase(name);
    return {};
  }

  Result<engine::ExecResult> exec(const std::string&, const std::vector<std::string>&,
                                  std::chrono::milliseconds) override {
    return Error{Code::unsupported, "the fake engine runs nothing"};
  }
  Result<std::vector<engine::LogLine>> logs(const std::string& name, std::size_t tail,
                                            const std::string&) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    if (!containers_by_name.contains(name)) return missing("container", name);
    std::vector<engine::LogLine> lines = log_lines[name];
    if (lines.size() > tail) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(tail));
    return lines;
  }
  Result<engine::ContainerStats> stats(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    ++measured[name];
    return engine::ContainerStats{name, 12.5, 1'000, 2'000, 3, 4, 5};
  }

  Result<std::vector<engine::NetworkSummary>> networks() override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    std::vector<engine::NetworkSummary> out;
    for (const auto& [name, spec] : networks_by_name) {
      std::vector<std::string> subnets{spec.ipv4_subnet};
      if (!spec.ipv6_subnet.empty()) subnets.push_back(spec.ipv6_subnet);
      out.push_back({"id-" + name, name, subnets, spec.labels, members(name)});
    }
    return out;
  }
  Result<std::string> create_network(const engine::NetworkSpec& spec) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("create network " + spec.name)) return *error;
    networks_by_name[spec.name] = spec;
    return "id-" + spec.name;
  }
  Result<void> remove_network(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("remove network " + name)) return *error;
    if (members(name) > 0) return Error{Code::conflict, "the network has active endpoints"};
    networks_by_name.erase(name);
    return {};
  }

  Result<std::vector<engine::VolumeSummary>> volumes(const std::map<std::string, std::string>&) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    std::vector<engine::VolumeSummary> out;
    for (const auto& [name, labels] : volumes_by_name) out.push_back({name, labels});
    return out;
  }
  Result<void> create_volume(const std::string& name,
                             const std::map<std::string, std::string>& labels) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("create volume " + name)) return *error;
    volumes_by_name[name] = labels;
    return {};
  }
  Result<void> remove_volume(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("remove volume " + name)) return *error;
    volumes_by_name.erase(name);
    return {};
  }

  Result<std::vector<engine::ImageSummary>> list_images() override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    std::vector<engine::ImageSummary> out;
    for (const auto& [reference, id] : images) out.push_back({id, {reference}, 1'000'000, 1'800'000'000, {}});
    return out;
  }
  Result<std::optional<std::string>> image_id(const std::string& reference) override {
    const std::lock_guard lock(mutex_);
    if (auto error = down()) return *error;
    const auto found = images.find(reference);
    return found == images.end() ? std::optional<std::string>{} : std::optional(found->second);
  }
  Result<void> pull(const std::string& reference,
                    const std::function<void(const engine::PullProgress&)>& on_progress) override {
    const std::lock_guard lock(mutex_);
    if (auto error = write("pull " + reference)) return *error;
    const auto found = registry.find(reference);
    if (found == registry.end()) return missing("image", reference);
    if (on_progress) on_progress({"Downloading", 5, 10});
    images[reference] = found->second;
    return {};
  }

  Result<void> events(const std::function<bool(const engine::Event&)>& on_event,
                      std::chrono::milliseconds idle, std::int64_t since_ns) override {
    with([&](auto& engine) { engine.events_since_ns = since_ns; });
    for (;;) {
      engine::Event event;
      {
        std::unique_lock lock(mutex_);
        if (auto error = down()) return *error;
        if (!event_came_.wait_for(lock, idle, [this] { return !events_.empty() || gone; }))
          return Error{Code::timeout, "no event"};
        if (auto error = down()) return *error;
        event = std::move(events_.front());
        events_.erase(events_.begin());
      }
      if (!on_event(event)) return {};
    }
  }

 private:
  static Error missing(const std::string& kind, const std::string& name) {
    return Error{Code::not_found, "no such " + kind + ": " + name};
  }
  std::optional<Error> down() {
    ++reads;
    if (gone) return Error{Code::unavailable, "the engine is not there"};
    if (const auto found = failures.find("observe"); found != failures.end()) return found->second;
    return std::nullopt;
  }
  std::optional<Error> write(const std::string& what) {
    if (gone) return Error{Code::unavailable, "the engine is not there"};
    writes.push_back(what);
    const auto found = failures.find(what);
    return found == failures.end() ? std::nullopt : std::optional(found->second);
  }
  std::size_t members(const std::string& network) const {
    return static_cast<std::size_t>(
        std::count_if(containers_by_name.begin(), containers_by_name.end(), [&](const auto& entry) {
          const auto& list = entry.second.networks;
          return std::find(list.begin(), list.end(), network) != list.end();
        }));
  }
  template <class F>
  Result<void> change(const std::string& name, const std::string& verb, F f) {
    const std::lock_guard lock(mutex_);
    if (auto error = write(verb + " container " + name)) return *error;
    const auto found = containers_by_name.find(name);
    if (found == containers_by_name.end()) return missing("container", name);
    f(found->second);
    return {};
  }

  std::mutex mutex_;
  std::condition_variable event_came_;
  std::vector<engine::Event> events_;
  int last_id_ = 0;
};

}  // namespace cell::test
