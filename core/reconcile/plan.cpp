#include "reconcile/plan.hpp"

#include <algorithm>
#include <set>

namespace cell::reconcile {

namespace {

using engine::ContainerSummary;
using engine::NetworkSummary;

std::string label(const std::map<std::string, std::string>& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string() : found->second;
}

template <class T>
const T* find_named(const std::vector<T>& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& entry) { return entry.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// Carries all our tags. The container of celld itself is started by others and has no hash.
bool is_ours(const std::map<std::string, std::string>& labels, const std::string& instance) {
  return label(labels, kLabelInstance) == instance && !label(labels, kLabelHash).empty();
}

// Runs, and says that it is healthy where it has a check.
bool is_ready(const ContainerSummary& container) {
  return container.state == "running" && container.status.find("(unhealthy)") == std::string::npos &&
         container.status.find("(health: starting)") == std::string::npos;
}

// Compares what was wanted with what is there for one Desired.
class Differ {
 public:
  Differ(const Desired& desired, const Observed& observed) : desired_(desired), observed_(observed) {}

  Plan run() {
    choose_networks_to_replace();
    remove_containers();
    plan_networks();
    plan_volumes();
    plan_images();
    for (const Container& container : desired_.containers) plan_container(container);
    return std::move(plan_);
  }

 private:
  static bool has_subnets(const NetworkSummary& network, const engine::NetworkSpec& spec) {
    std::set<std::string> there(network.subnets.begin(), network.subnets.end());
    std::set<std::string> wanted{spec.ipv4_subnet};
    if (!spec.ipv6_subnet.empty()) wanted.insert(spec.ipv6_subnet);
    return there == wanted;
  }

  [[nodiscard]] const ContainerSummary* stranger_on(const std::string& network) const {
    for (const ContainerSummary& container : observed_.containers) {
      const bool on_it = std::find(container.networks.begin(), container.networks.end(), network) !=
                         container.networks.end();
      if (on_it && !is_ours(container.labels, desired_.instance)) return &container;
    }
    return nullptr;
  }

  void choose_networks_to_replace() {
    for (const Network& network : desired_.networks) {
      const NetworkSummary* there = find_named(observed_.networks, network.spec.name);
      if (there == nullptr || has_subnets(*there, network.spec)) continue;
      if (label(there->labels, kLabelInstance) == desired_.instance && stranger_on(there->name) == nullptr) {
        replaced_.insert(there->name);
      }
    }
  }

  [[nodiscard]] bool is_wanted(const std::string& name) const {
    return std::any_of(desired_.containers.begin(), desired_.containers.end(),
                       [&](const Container& container) { return container.spec.name == name; });
  }

  // The engine refuses to remove a network while someone is in it, even someone who is stopped.
  [[nodiscard]] bool must_leave_network(const ContainerSummary& container) const {
    return std::any_of(container.networks.begin(), container.networks.end(),
                       [&](const std::string& network) { return replaced_.contains(network); });
  }

  void remove_containers() {
    for (const ContainerSummary& container : observed_.containers) {
      if (!is_ours(container.labels, desired_.instance)) continue;
      const bool wanted = is_wanted(container.name) ||
                          desired_.untouched_owners.contains(label(container.labels, kLabelOwner));
      if (wanted && !must_leave_network(container)) continue;
      Resource resource{label(container.labels, kLabelOwner),
                        "container",
                        container.name,
                        {},
                        label(container.labels, kLabelHash)};
      plan_.steps.push_back({Action::remove,
                             std::move(resource),
                             wanted ? "its network is replaced" : "nothing wants it any more",
                             {}});
      removed_.insert(container.name);
    }
  }

  void plan_networks() {
    for (const NetworkSummary& network : observed_.networks) {
      const bool wanted = std::any_of(desired_.networks.begin(), desired_.networks.end(),
                                      [&](const Network& entry) { return entry.spec.name == network.name; });
      if (wanted || !is_ours(network.labels, desired_.instance) || stranger_on(network.name) != nullptr)
        continue;
      plan_.steps.push_back({Action::remove,
                             {label(network.labels, kLabelOwner), "network", network.name, {}, {}},
                             "nothing wants it any more",
                             {}});
    }
    for (const Network& network : desired_.networks) plan_network(network);
  }

  void plan_network(const Network& network) {
    const Resource resource = resource_of(network);
    plan_.wanted.push_back(resource);
    const NetworkSummary* there = find_named(observed_.networks, network.spec.name);
    if (there == nullptr) {
      plan_.steps.push_back({Action::create, resource, "it is missing", {}, &network});
    } else if (label(there->labels, kLabelInstance) != desired_.instance) {
      plan_.problems.push_back(
          {resource,
           {Code::conflict, "network '" + there->name + "' is there already and does not belong to this cell",
            "remove it with 'docker network rm " + there->name + "' or choose another CELL_INSTANCE"}});
    } else if (replaced_.contains(there->name)) {
      plan_.steps.push_back({Action::recreate, resource, "its subnet changed", {}, &network});
    } else if (!has_subnets(*there, network.spec)) {
      const std::string stranger = stranger_on(there->name)->name;
      plan_.problems.push_back(
          {resource,
           {Code::conflict,
            "network '" + there->name + "' has another subnet, and container '" + stranger + "' uses it",
            "remove container '" + stranger + "' from the network, it is made anew then"}});
    }
  }

  void plan_volumes() {
    for (const Volume& volume : desired_.volumes) {
      const Resource resource = resource_of(volume);
      plan_.wanted.push_back(resource);
      if (find_named(observed_.volumes, volume.name) != nullptr) continue;
      plan_.steps.push_back({Action::create, resource, "it is missing", {}});
    }
  }

  void plan_images() {
    std::set<std::string> seen;
    for (const Container& container : desired_.containers) {
      const std::string& reference = container.spec.image;
      if (!seen.insert(reference).second) continue;
      const Resource resource = image_resource(reference);
      plan_.wanted.push_back(resource);
      const auto found = observed_.images.find(reference);
      if (found != observed_.images.end() && found->second) continue;
      plan_.steps.push_back({Action::pull, resource, "it is missing", {}});
    }
  }

  static std::vector<std::string> needs_of(const Container& container) {
    std::vector<std::string> needs{"image/" + container.spec.image};
    if (!container.spec.network.empty()) needs.push_back("network/" + container.spec.network);
    for (const engine::Mount& mount : container.spec.mounts) {
      if (mount.is_volume) needs.push_back("volume/" + mount.source);
    }
    for (const std::string& name : container.after) needs.push_back("container/" + name);
    return needs;
  }

  // Why the container that is there can't stay; empty: it can.
  [[nodiscard]] std::string reason_to_recreate(const Container& wanted, const Resource& resource,
                                               const ContainerSummary& there) const {
    if (label(there.labels, kLabelHash) != resource.hash) return "its settings changed";
    const auto image = observed_.images.find(wanted.spec.image);
    if (image != observed_.images.end() && image->second && *image->second != there.image_id)
      return "its image changed";
    const auto& network = wanted.spec.network;
    if (!network.empty() &&
        std::find(there.networks.begin(), there.networks.end(), network) == there.networks.end()) {
      return "it was taken out of its network";
    }
    if (there.state == "dead") return "it is dead";
    if (there.state != "running") return {};
    for (const std::string& address : {wanted.spec.ipv4_address, wanted.spec.ipv6_address}) {
      if (!address.empty() &&
          std::find(there.addresses.begin(), there.addresses.end(), address) == there.addresses.end()) {
        return "its address changed";
      }
    }
    return {};
  }

  // The first of those it starts after that is not up yet; one that its owner stopped is not waited for.
  [[nodiscard]] std::string not_ready_before(const Container& container) const {
    for (const std::string& name : container.after) {
      const bool awaited =
          std::any_of(desired_.containers.begin(), desired_.containers.end(),
                      [&](const Container& entry) { return entry.spec.name == name && !entry.stopped; });
      const ContainerSummary* there = find_named(observed_.containers, name);
      if (awaited && (there == nullptr || !is_ready(*there))) return name;
    }
    return {};
  }

  void plan_container(const Container& container) {
    const Resource resource = resource_of(container);
    plan_.wanted.push_back(resource);
    const ContainerSummary* there = find_named(observed_.containers, container.spec.name);
    const auto add = [&](Action action, std::string reason) {
      if (const auto before = container.stopped ? std::string() : not_ready_before(container);
          !before.empty()) {
        plan_.waits.push_back(
            {resource, {Code::unavailable, "waits for container '" + before + "' to be healthy"}});
        return;
      }
      plan_.steps.push_back({action, resource, std::move(reason), needs_of(container), nullptr, &container});
    };
    if (there == nullptr || removed_.contains(there->name)) return add(Action::create, "it is missing");
    if (!is_ours(there->labels, desired_.instance)) {
      plan_.problems.push_back(
          {resource,
           {Code::conflict,
            "the name '" + there->name + "' is used by a container that does not belong to this cell",
            "remove it with 'docker rm -f " + there->name + "' or choose another CELL_INSTANCE"}});
      return;
    }
    if (auto reason = reason_to_recreate(container, resource, *there); !reason.empty())
      return add(Action::recreate, std::move(reason));
    if (there->state == "restarting") {
      plan_.problems.push_back(
          {resource,
           {Code::unavailable, "container '" + there->name + "' starts and ends again and again",
            "its log says why: make logs, or Containers → " + there->name}});
    } else if (there->state != "running" && !container.stopped) {
      add(Action::start, "it does not run");
    }
  }

  const Desired& desired_;
  const Observed& observed_;
  Plan plan_;
  std::set<std::string> replaced_;  // networks to be made anew
  std::set<std::string> removed_;   // containers
};

}  // namespace

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::create:
      return "create";
    case Action::recreate:
      return "recreate";
    case Action::start:
      return "start";
    case Action::remove:
      return "remove";
    case Action::pull:
      return "pull";
  }
  return "none";
}

Plan diff(const Desired& desired, const Observed& observed) { return Differ(desired, observed).run(); }

}  // namespace cell::reconcile
