#include "engine/client.hpp"

namespace cell::engine {

namespace {

std::int64_t nanoseconds(std::chrono::seconds time) { return std::chrono::nanoseconds(time).count(); }

std::string port_key(const PortMapping& port) {
  return std::to_string(port.container_port) + "/" + port.protocol;
}

Json environment_of(const ContainerSpec& spec) {
  Json list = Json::array();
  for (const auto& [name, value] : spec.environment) list.push_back(name + "=" + value);
  return list;
}

Json mounts_of(const ContainerSpec& spec) {
  Json list = Json::array();
  for (const Mount& mount : spec.mounts) {
    list.push_back({{"Type", mount.is_volume ? "volume" : "bind"},
                    {"Source", mount.source},
                    {"Target", mount.target},
                    {"ReadOnly", mount.read_only}});
  }
  return list;
}

Json host_config(const ContainerSpec& spec) {
  Json host = {{"NetworkMode", spec.network},
               {"RestartPolicy", {{"Name", spec.restart}}},
               {"ReadonlyRootfs", spec.read_only_root},
               {"Privileged", false},
               {"LogConfig", {{"Type", "json-file"}, {"Config", {{"max-size", "5m"}, {"max-file", "5"}}}}},
               {"Mounts", mounts_of(spec)}};
  Json ports = Json::object();
  for (const PortMapping& port : spec.ports) {
    ports[port_key(port)].push_back({{"HostIp", port.host_ip}, {"HostPort", std::to_string(port.host_port)}});
  }
  host["PortBindings"] = std::move(ports);
  if (!spec.capabilities.empty()) host["CapAdd"] = spec.capabilities;
  if (spec.drop_all_capabilities) host["CapDrop"] = {"ALL"};
  if (spec.no_new_privileges) host["SecurityOpt"] = {"no-new-privileges:true"};
  for (const std::string& device : spec.devices) {
    host["Devices"].push_back(
        {{"PathOnHost", device}, {"PathInContainer", device}, {"CgroupPermissions", "rwm"}});
  }
  if (!spec.sysctls.empty()) host["Sysctls"] = spec.sysctls;
  if (!spec.tmpfs.empty()) host["Tmpfs"] = spec.tmpfs;
  if (spec.memory_bytes > 0) host["Memory"] = spec.memory_bytes;
  if (spec.pids_limit > 0) host["PidsLimit"] = spec.pids_limit;
  return host;
}

Json endpoints(const ContainerSpec& spec) {
  Json endpoint = Json::object();
  if (!spec.ipv4_address.empty()) endpoint["IPAMConfig"]["IPv4Address"] = spec.ipv4_address;
  if (!spec.ipv6_address.empty()) endpoint["IPAMConfig"]["IPv6Address"] = spec.ipv6_address;
  if (!spec.aliases.empty()) endpoint["Aliases"] = spec.aliases;
  return {{"EndpointsConfig", {{spec.network, std::move(endpoint)}}}};
}

Json health_of(const HealthCheck& check) {
  Json test = Json::array({"CMD"});
  for (const std::string& word : check.command) test.push_back(word);
  return {{"Test", std::move(test)},
          {"Interval", nanoseconds(check.interval)},
          {"Timeout", nanoseconds(check.timeout)},
          {"StartPeriod", nanoseconds(check.start_period)},
          {"Retries", check.retries}};
}

}  // namespace

Json to_create_body(const ContainerSpec& spec) {
  Json body = {{"Image", spec.image},
               {"Labels", spec.labels},
               {"Env", environment_of(spec)},
               {"HostConfig", host_config(spec)}};
  if (!spec.command.empty()) body["Cmd"] = spec.command;
  if (!spec.entrypoint.empty()) body["Entrypoint"] = spec.entrypoint;
  if (!spec.user.empty()) body["User"] = spec.user;
  if (!spec.ports.empty()) {
    body["ExposedPorts"] = Json::object();
    for (const PortMapping& port : spec.ports) body["ExposedPorts"][port_key(port)] = Json::object();
  }
  if (!spec.network.empty() && spec.network != kHostNetwork && spec.network != kNoNetwork)
    body["NetworkingConfig"] = endpoints(spec);
  if (spec.health) body["Healthcheck"] = health_of(*spec.health);
  if (spec.stop_timeout_s) body["StopTimeout"] = *spec.stop_timeout_s;
  return body;
}

}  // namespace cell::engine
