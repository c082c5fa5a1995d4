#include "app/machine_probes.hpp"

#include "domain/setup/local_address.hpp"

namespace cell::app {

namespace {

std::vector<setup::PortNeed> needs_of(const settings::Environment& environment) {
  return {{environment.dns_port, true, "DNS"},    {environment.dns_port, false, "DNS"},
          {environment.ntp_port, true, "time"},   {environment.wg_port, true, "WireGuard"},
          {environment.http_port, false, "HTTP"}, {environment.https_port, false, "HTTPS"}};
}

std::vector<setup::PublishedPort> published_ports(engine::Engine& engine, const std::string& instance) {
  std::vector<setup::PublishedPort> ports;
  const auto containers = engine.containers();
  if (!containers) return ports;  // the engine's own probe tells of it
  for (const engine::ContainerSummary& container : *containers) {
    const auto label = container.labels.find(reconcile::kLabelInstance);
    const bool is_own = label != container.labels.end() && label->second == instance;
    for (const engine::PortMapping& port : container.ports) {
      ports.push_back({container.name, is_own, port.host_port, port.protocol == "udp"});
    }
  }
  return ports;
}

}  // namespace

std::vector<setup::Probe> machine_probes(Foundation& foundation, Stack& stack) {
  const settings::Environment& environment = foundation.environment;
  const setup::HubBackend backend = [&stack]() -> std::optional<std::string> {
    const auto status = stack.hub().status();
    if (!status) return std::nullopt;
    return status->backend;
  };
  const auto published = [&engine = *foundation.engine, instance = environment.instance] {
    return published_ports(engine, instance);
  };
  return {setup::engine_probe(*foundation.engine),  setup::ports_probe(needs_of(environment), published),
          setup::wireguard_probe(backend),          setup::tun_probe(backend),
          setup::disk_probe(environment.directory), setup::memory_probe(),
          setup::clock_probe(foundation.clock),     setup::address_probe(setup::local_address)};
}

}  // namespace cell::app
