#include "reconcile/core_stack.hpp"

namespace cell::reconcile {

namespace {

// Far above what the parts need; a bound for what gets out of hand.
constexpr std::int64_t kPids = 512;

engine::Mount same_path(const std::filesystem::path& path, bool read_only) {
  return {path.string(), path.string(), false, read_only};
}

engine::ContainerSpec part(const CoreSettings& settings, const CoreNames& names, const std::string& name,
                           const char* image, const char* alias, const PartAddress& address) {
  engine::ContainerSpec spec;
  spec.name = name;
  spec.image = std::string("pic/") + image + ":" + settings.image_tag;
  spec.environment["TZ"] = settings.timezone.empty() ? "UTC" : settings.timezone;
  spec.drop_all_capabilities = true;
  spec.read_only_root = true;
  spec.network = names.network;
  spec.ipv4_address = address.ipv4;
  if (!settings.network_ipv6.empty()) spec.ipv6_address = address.ipv6;
  spec.aliases = {alias};
  spec.pids_limit = kPids;
  return spec;
}

// Both sockets are made in run/, so the folder is mounted, not the sockets: a mounted file would stay the old
// one.
engine::ContainerSpec caddy_part(const CoreSettings& settings, const CoreNames& names) {
  auto spec = part(settings, names, names.caddy, "caddy", "caddy", settings.caddy);
  spec.entrypoint = {"caddy"};
  spec.command = {"run", "--config", names.caddy_saved.string()};
  spec.environment["HOME"] = "/tmp";
  spec.environment["XDG_DATA_HOME"] = names.caddy_data.string();
  spec.environment["XDG_CONFIG_HOME"] = "/tmp";
  spec.tmpfs["/tmp"] = "size=16m,mode=1777";
  spec.capabilities = {"NET_BIND_SERVICE"};
  spec.ports = {{"", settings.http_port, 80, "tcp"}, {"", settings.https_port, 443, "tcp"}};
  spec.mounts = {same_path(names.celld_socket.parent_path(), false), same_path(names.caddy_config, true),
                 same_path(names.caddy_data, false)};
  return spec;
}

engine::ContainerSpec dns_part(const CoreSettings& settings, const CoreNames& names) {
  auto spec = part(settings, names, names.dns, "coredns", "dns", settings.dns);
  spec.entrypoint = {"coredns"};
  spec.command = {"-conf", names.corefile.string()};
  spec.capabilities = {"NET_BIND_SERVICE"};
  spec.ports = {{"", settings.dns_port, 53, "udp"}, {"", settings.dns_port, 53, "tcp"}};
  spec.mounts = {same_path(names.dns_config, true)};
  return spec;
}

// -x: the host's clock is served, never set, so the container needs no right to set it.
engine::ContainerSpec ntp_part(const CoreSettings& settings, const CoreNames& names) {
  auto spec = part(settings, names, names.ntp, "chrony", "ntp", settings.ntp);
  spec.entrypoint = {"chronyd"};
  spec.command = {"-d", "-x", "-u", "root", "-f", names.chrony_conf.string()};
  spec.capabilities = {"NET_BIND_SERVICE"};
  spec.tmpfs = {{"/run", "size=1m,mode=0755"}, {"/var/lib/chrony", "size=1m,mode=0750"}};
  spec.ports = {{"", settings.ntp_port, 123, "udp"}};
  spec.mounts = {same_path(names.ntp_config, true)};
  return spec;
}

engine::ContainerSpec wireguard_part(const CoreSettings& settings, const CoreNames& names) {
  auto spec = part(settings, names, names.wireguard, "wireguard", "wireguard", settings.wireguard);
  spec.entrypoint = {"cell-hubd"};
  spec.environment["CELL_DIR"] = settings.directory.string();
  spec.environment["CELL_INSTANCE"] = settings.instance;
  spec.capabilities = {"NET_ADMIN"};
  spec.devices = {"/dev/net/tun"};
  spec.sysctls = {{"net.ipv4.ip_forward", "1"}, {"net.ipv4.conf.all.src_valid_mark", "1"}};
  if (!settings.network_ipv6.empty()) {
    spec.sysctls["net.ipv6.conf.all.disable_ipv6"] = "0";
    spec.sysctls["net.ipv6.conf.all.forwarding"] = "1";
  }
  spec.tmpfs = {{"/run", "size=4m,mode=0755"}, {"/tmp", "size=4m,mode=1777"}};
  spec.ports = {{"", settings.wg_port, settings.wg_port, "udp"}};
  spec.mounts = {same_path(names.hub_socket.parent_path(), false), same_path(names.hub_config, false)};
  return spec;
}

}  // namespace

CoreNames core_names(const std::string& instance, const std::filesystem::path& directory) {
  CoreNames names;
  names.network = instance + "-network";
  names.caddy = instance + "-caddy";
  names.dns = instance + "-dns";
  names.ntp = instance + "-ntp";
  names.wireguard = instance + "-wireguard";
  names.caddy_admin_socket = directory / "run/caddy-admin.sock";
  names.celld_socket = directory / "run/celld.sock";
  names.hub_socket = directory / "run/hubd.sock";
  names.caddy_config = directory / "config/caddy";
  names.caddy_data = directory / "data/caddy";
  names.dns_config = directory / "config/dns";
  names.ntp_config = directory / "config/ntp";
  names.hub_config = directory / "config/hub";
  names.caddy_saved = names.caddy_config / "caddy.json";
  names.corefile = names.dns_config / "Corefile";
  names.chrony_conf = names.ntp_config / "chrony.conf";
  return names;
}

Desired core_stack(const CoreSettings& settings) {
  const CoreNames names = core_names(settings.instance, settings.directory);
  Desired desired;
  desired.instance = settings.instance;
  desired.networks.push_back({"core", {names.network, settings.network_ipv4, settings.network_ipv6, {}}});
  for (auto& spec : {caddy_part(settings, names), dns_part(settings, names), ntp_part(settings, names),
                     wireguard_part(settings, names)}) {
    desired.containers.push_back({"core", spec, false});
  }
  return desired;
}

}  // namespace cell::reconcile
