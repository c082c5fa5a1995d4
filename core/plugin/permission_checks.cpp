#include "plugin/contributions_read.hpp"
#include "plugin/permissions.hpp"

namespace cell::plugin {

namespace {

// Ports of the machine that the cell or its owner's way in uses.
const std::set<std::pair<std::uint16_t, bool>> kReservedPorts{
    {22, true}, {53, true}, {53, false}, {80, true}, {123, false}, {443, true}, {443, false}};

std::string port_words(const PortWish& port) {
  return std::to_string(port.port) + "/" + (port.is_tcp ? "tcp" : "udp");
}

class PermissionChecker {
 public:
  PermissionChecker(const Manifest& manifest, std::vector<FieldError>& problems)
      : manifest_(manifest), problems_(problems) {}

  void check(const Contributions& all) {
    if (!all.containers.empty()) need("/containers", "containers");
    if (!all.dns.empty()) need("/dns", "dns");
    if (!all.exits.empty()) need("/exits", "exits");
    for (std::size_t i = 0; i < all.containers.size(); ++i)
      check_container(all.containers[i], "/containers/" + std::to_string(i));
    for (std::size_t i = 0; i < all.routes.size(); ++i) {
      const std::string& host = all.routes[i].host;
      // The host that is called as the service itself is its own.
      if (host != manifest_.label && !lists(manifest_, "hosts", host))
        note("/routes/" + std::to_string(i) + "/host",
             "the manifest does not ask for the host '" + host + "'");
    }
  }

 private:
  void note(std::string pointer, std::string detail) {
    problems_.push_back({std::move(pointer), std::move(detail)});
  }
  void need(const std::string& pointer, const char* capability) {
    if (manifest_.permission(capability) == nullptr)
      note(pointer, std::string("the manifest does not ask for '") + capability + "'");
  }

  void check_container(const ContainerWish& container, const std::string& pointer) {
    for (std::size_t i = 0; i < container.ports.size(); ++i)
      check_port(container.ports[i], pointer + "/ports/" + std::to_string(i));
    check_listed(container.capabilities, "capabilities", pointer);
    check_listed(container.devices, "devices", pointer);
    const std::string user = container.user.substr(0, container.user.find(':'));
    if (user.empty() && manifest_.permission("root") == nullptr)
      note(pointer, "says no 'user', so it may run as root, which the manifest does not ask for");
    if (user == "root" || user.find_first_not_of('0') == std::string::npos) {
      if (!user.empty()) need(pointer + "/user", "root");
    }
  }

  void check_listed(const std::vector<std::string>& used, const char* capability,
                    const std::string& pointer) {
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (lists(manifest_, capability, used[i])) continue;
      note(pointer + "/" + capability + "/" + std::to_string(i),
           "the manifest does not ask for '" + used[i] + "'");
    }
  }

  void check_port(const PortWish& port, const std::string& pointer) {
    if (port.expose == Expose::none) return;
    if (kReservedPorts.contains({port.port, port.is_tcp}))
      note(pointer, "port " + port_words(port) + " belongs to the cell or the machine itself");
    const std::optional<Expose> allowed = allowed_exposure(manifest_, port.port, port.is_tcp);
    if (!allowed)
      note(pointer, "the manifest does not ask for port " + port_words(port));
    else if (*allowed < port.expose)
      note(pointer + "/expose", "the manifest asks for port " + port_words(port) + " only towards '" +
                                    std::string(to_string(*allowed)) + "'");
  }

  const Manifest& manifest_;
  std::vector<FieldError>& problems_;
};

}  // namespace

std::string_view to_string(Expose expose) {
  constexpr std::array<std::string_view, 4> kWords{"none", "vpn", "lan", "public"};
  return kWords.at(static_cast<std::size_t>(expose));
}

bool lists(const Manifest& manifest, const char* capability, const std::string& item) {
  const Permission* permission = manifest.permission(capability);
  if (permission == nullptr) return false;
  const Json& items = json_member(permission->details, capability);
  return std::find(items.begin(), items.end(), Json(item)) != items.end();
}

std::optional<Expose> allowed_exposure(const Manifest& manifest, std::uint16_t port, bool is_tcp) {
  const Permission* permission = manifest.permission("ports");
  if (permission == nullptr) return {};
  std::optional<Expose> widest;
  for (const Json& item : json_member(permission->details, "ports")) {
    if (json_int(item, "port") != port || (json_string(item, "protocol") == "tcp") != is_tcp) continue;
    for (const Expose expose : {Expose::none, Expose::vpn, Expose::lan, Expose::open}) {
      if (to_string(expose) == json_string(item, "expose"))
        widest = std::max(widest.value_or(expose), expose);
    }
  }
  return widest;
}

void check_permitted(const Contributions& contributions, const Manifest& manifest,
                     std::vector<FieldError>& problems) {
  PermissionChecker(manifest, problems).check(contributions);
}

}  // namespace cell::plugin
