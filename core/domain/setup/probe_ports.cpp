#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "domain/setup/probes.hpp"
#include "domain/setup/proc_net.hpp"

namespace cell::setup {

namespace {

std::vector<Listening> listening_sockets(const std::filesystem::path& proc) {
  std::vector<Listening> sockets;
  for (const char* name : {"tcp", "tcp6", "udp", "udp6"}) {
    std::ifstream file(proc / "net" / name);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto found = parse_proc_net(text, name[0] == 'u');
    sockets.insert(sockets.end(), found.begin(), found.end());
  }
  return sockets;
}

struct Conflict {
  std::string text;     // "53/udp (DNS) by 'systemd-resolve'"
  std::string program;  // or container; empty when it can't be seen
  std::uint16_t port = 0;
};

// From inside a container other programs can't be seen, but only one listens on 127.0.0.53 and .54.
std::string program_by_address(const Listening& socket) {
  const bool is_stub = socket.port == 53 && (socket.address == "3500007F" || socket.address == "3600007F");
  return is_stub ? "systemd-resolved" : "";
}

std::string port_text(const PortNeed& need) {
  return std::to_string(need.port) + (need.udp ? "/udp" : "/tcp") + " (" + need.purpose + ")";
}

std::optional<Conflict> find_conflict(const PortNeed& need, const std::vector<PublishedPort>& published,
                                      const std::vector<Listening>& sockets,
                                      const std::filesystem::path& proc) {
  const auto same_port = [&](const PublishedPort& port) {
    return port.port == need.port && port.udp == need.udp;
  };
  if (const auto by = std::find_if(published.begin(), published.end(), same_port); by != published.end()) {
    // The engine's own proxy process listens for a container; what counts is whose container it is.
    if (by->is_own) return std::nullopt;
    return Conflict{port_text(need) + " by container '" + by->container + "'", by->container, need.port};
  }
  for (const Listening& socket : sockets) {
    if (socket.port != need.port || socket.udp != need.udp) continue;
    const Owner owner = owner_of_socket(proc, socket.inode);
    if (owner.pid == getpid()) continue;
    if (!owner.program.empty()) {
      return Conflict{
          port_text(need) + " by '" + owner.program + "' (process " + std::to_string(owner.pid) + ")",
          owner.program, need.port};
    }
    const std::string program = program_by_address(socket);
    return Conflict{port_text(need) + " by " + (program.empty() ? "another program" : "'" + program + "'"),
                    program, need.port};
  }
  return std::nullopt;
}

std::string fix_for(const std::vector<Conflict>& conflicts) {
  const bool resolved = std::any_of(conflicts.begin(), conflicts.end(), [](const Conflict& conflict) {
    return conflict.program.starts_with("systemd-resolve");
  });
  if (resolved) {
    return "set DNSStubListener=no in /etc/systemd/resolved.conf, then 'systemctl restart systemd-resolved'; "
           "or choose "
           "another DNS_PORT in .env";
  }
  const std::string other_port = "or choose another port in .env, then 'make restart'";
  const auto unseen = std::find_if(conflicts.begin(), conflicts.end(),
                                   [](const Conflict& conflict) { return conflict.program.empty(); });
  if (unseen == conflicts.end()) return "stop the program that has the port, " + other_port;
  return "see which program it is with \"ss -lntup 'sport = :" + std::to_string(unseen->port) +
         "'\" and stop it, " + other_port;
}

}  // namespace

Probe ports_probe(std::vector<PortNeed> needs, std::function<std::vector<PublishedPort>()> published,
                  std::filesystem::path proc) {
  return {"ports", "Network ports",
          [needs = std::move(needs), published = std::move(published), proc = std::move(proc)] {
            const auto of_containers = published();
            const auto sockets = listening_sockets(proc);
            std::vector<Conflict> conflicts;
            for (const PortNeed& need : needs) {
              if (auto conflict = find_conflict(need, of_containers, sockets, proc))
                conflicts.push_back(*conflict);
            }
            if (conflicts.empty())
              return Finding{State::ok, "all " + std::to_string(needs.size()) + " ports are free"};
            std::string list;
            for (const Conflict& conflict : conflicts) list += (list.empty() ? "" : ", ") + conflict.text;
            return Finding{State::problem, "in use: " + list, "only one program can listen on a port",
                           fix_for(conflicts)};
          }};
}

}  // namespace cell::setup
