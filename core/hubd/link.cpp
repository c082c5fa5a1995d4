#include "hubd/link.hpp"

#include <algorithm>
#include <chrono>

#include "base/atomic_file.hpp"
#include "base/process.hpp"

namespace cell::hubd {
namespace {

constexpr std::chrono::seconds kLimit{10};

bool is_up(const Json& link) {
  const auto& flags = json_member(link, "flags");
  return std::find(flags.begin(), flags.end(), Json("UP")) != flags.end();
}

std::vector<std::string> addresses_of(const Json& link) {
  std::vector<std::string> addresses;
  for (const auto& entry : json_member(link, "addr_info")) {
    // The kernel's own link-local address is none of ours.
    if (json_string(entry, "scope") == "link") continue;
    addresses.push_back(json_string(entry, "local") + "/" + std::to_string(json_int(entry, "prefixlen")));
  }
  return addresses;
}

bool holds(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_switched_on(const std::string& path) {
  const auto text = read_file(path, 16);
  return text && !text->empty() && text->front() == '1';
}

}  // namespace

Result<std::string> link_batch(const LinkSpec& spec, const Json& facts) {
  if (!facts.is_array() || facts.empty())
    return Error{Code::internal, "the answer of 'ip address' is not understood"};
  const auto& link = facts.front();
  const auto present = addresses_of(link);
  std::string batch;
  for (const auto& address : spec.addresses) {
    // nodad: nobody else is on this link, and without it the address is not usable for a second.
    const std::string option = address.find(':') == std::string::npos ? "" : " nodad";
    if (!holds(present, address))
      batch += "address add " + address + " dev " + spec.interface + option + "\n";
  }
  if (json_int(link, "mtu") != spec.mtu || !is_up(link)) {
    batch += "link set dev " + spec.interface + " mtu " + std::to_string(spec.mtu) + " up\n";
  }
  for (const auto& address : present) {
    if (!holds(spec.addresses, address)) batch += "address del " + address + " dev " + spec.interface + "\n";
  }
  return batch;
}

Result<bool> ensure_link(const LinkSpec& spec) {
  const auto text = CELL_TRY(run_checked({"ip", "-j", "address", "show", "dev", spec.interface}, kLimit));
  const auto facts = CELL_TRY(parse_json(text));
  const auto batch = CELL_TRY(link_batch(spec, facts));
  if (batch.empty()) return false;
  CELL_TRY_DOING(run_checked({"ip", "-batch", "-"}, kLimit, batch), "cannot set the addresses of the tunnel");
  return true;
}

std::string forwarding_problem(bool needs_ipv6) {
  if (!is_switched_on("/proc/sys/net/ipv4/ip_forward")) {
    return "IPv4 forwarding is off in the hub's container (net.ipv4.ip_forward=1)";
  }
  if (needs_ipv6 && !is_switched_on("/proc/sys/net/ipv6/conf/all/forwarding")) {
    return "IPv6 forwarding is off in the hub's container (net.ipv6.conf.all.forwarding=1)";
  }
  return {};
}

bool has_ipv6(const std::string& interface) {
  const auto text = read_file("/proc/sys/net/ipv6/conf/" + interface + "/disable_ipv6", 16);
  return text && !text->empty() && text->front() == '0';
}

}  // namespace cell::hubd
