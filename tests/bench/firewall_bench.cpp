// Firewall and WireGuard changes of the hub, in the network namespace it is started in, beside the usual
// ways.
//   firewall_bench rebuild PEERS      milliseconds: refill ours, one peer ours, refill iptables, one peer
//   iptables firewall_bench fill PEERS HUB_IF  leaves a ruleset of PEERS in force (for the forwarding rate)
//   firewall_bench wireguard PEERS IF microseconds: all peers ours, one peer ours, all by `wg set`, one by
//   `wg set` firewall_bench agent PEERS SOCKET microseconds: a whole apply, median of single changes, through
//   a running agent
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hub/client.hpp"
#include "hubd/device.hpp"
#include "hubd/nft.hpp"
#include "hubd/ruleset_socket.hpp"
#include "netfilter/render.hpp"

extern char** environ;

namespace {

using namespace cell;

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}
void must(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

// The cheapest way to start a program, so that the comparison is not with a shell's loop.
void run_program(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0 ||
      waitpid(child, &status, 0) < 0 || status != 0) {
    std::fprintf(stderr, "%s failed\n", argv[0]);
    std::exit(1);
  }
}

std::string address_of(int index) {
  return "10.13." + std::to_string(index / 250) + "." + std::to_string(2 + index % 250);
}

std::string key_of(int index) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string key(43, 'A');
  for (std::size_t at = 0; at < 6; ++at)
    key[at * 7] = kDigits[static_cast<std::size_t>(index >> (at * 3) & 7)];
  for (std::size_t at = 1; at < 42; at += 7)
    key[at] = kDigits[static_cast<std::size_t>(index * 31 + static_cast<int>(at)) & 63];
  return key + "=";
}

netfilter::Access usual(int index) { return {true, index % 2 == 0, index % 4 == 0, true}; }

netfilter::Ruleset ruleset_of(int peers, const std::string& interface) {
  netfilter::Ruleset ruleset;
  ruleset.frame = {interface,
                   51820,
                   {"10.13.0.1", "10.13.0.0/16", {"172.20.0.0/16"}},
                   {"fd00::1", "fd00::/64", {}},
                   {{53, false, "172.20.0.3", "", 53, true}, {443, true, "172.20.0.2", "", 443, false}}};
  for (int index = 0; index < peers; ++index) {
    ruleset.members.push_back({address_of(index), netfilter::Family::ipv4, usual(index)});
  }
  return ruleset;
}

void append_rule(int index) {
  run_program({"iptables", "-A", "FORWARD", "-s", address_of(index), "-j", "ACCEPT"});
}

void load_rules(int count) {
  std::string text = "*filter\n:FORWARD DROP [0:0]\n";
  for (int index = 0; index < count; ++index)
    text += "-A FORWARD -s " + address_of(index) + "/32 -j ACCEPT\n";
  FILE* pipe = popen("iptables-restore", "w");
  const auto all = text + "COMMIT\n";
  std::fwrite(all.data(), 1, all.size(), pipe);
  pclose(pipe);
}

// Above this number of peers a process for each rule is measured in samples and multiplied.
constexpr int kMeasuredWhole = 1'000;
constexpr int kSamples = 40;

double mean_append(int at) {
  load_rules(at);
  return milliseconds([&] {
           for (int index = 0; index < kSamples; ++index) append_rule(at + index);
         }) /
         kSamples;
}

double iptables_rebuild(int peers) {
  load_rules(0);
  if (peers <= kMeasuredWhole) {
    return milliseconds([&] {
      for (int index = 0; index < peers; ++index) append_rule(index);
    });
  }
  return (mean_append(0) + mean_append(peers / 2) + mean_append(peers)) / 3 * peers;
}

void rebuild(int peers) {
  const auto nft = must(hubd::Nft::open());
  const auto ruleset = ruleset_of(peers, "wg0");
  std::vector<double> refills;
  for (int round = 0; round < 9; ++round) {
    refills.push_back(milliseconds([&] { must(nft->run(netfilter::render_full(ruleset))); }));
  }
  const auto socket = must(hubd::RulesetSocket::open());
  const netfilter::Access other = usual(1);
  std::vector<double> changes;
  for (int round = 0; round < 200; ++round) {
    const auto before = round % 2 == 0 ? usual(0) : other;
    const auto after = round % 2 == 0 ? other : usual(0);
    changes.push_back(milliseconds([&] {
      must(socket->change({{address_of(0), netfilter::Family::ipv4, before, after}}));
    }));
  }
  must(nft->run("delete table ip cell\ndelete table ip6 cell\n"));
  const double peer_rebuild = iptables_rebuild(peers);
  std::printf("%.3f %.3f %.1f %.3f\n", median(refills), median(changes), peer_rebuild, mean_append(peers));
  run_program({"iptables", "-F", "FORWARD"});
  run_program({"iptables", "-P", "FORWARD", "ACCEPT"});
}

void fill(int peers, const std::string& interface) {
  must(must(hubd::Nft::open())->run(netfilter::render_full(ruleset_of(peers, interface))));
}

wireguard::PeerConfig peer_of(int index) { return {key_of(index), "", {address_of(index) + "/32"}}; }

void wireguard_sync(int peers, const std::string& interface) {
  const auto device = hubd::make_userspace_device(interface, "");
  must(device->ensure());
  wireguard::DeviceConfig desired{key_of(1 << 17), 51899, {}};
  for (int index = 0; index < peers; ++index) desired.peers.push_back(peer_of(index));
  const double all =
      milliseconds([&] { must(device->change(wireguard::diff(must(device->read()), desired))); });
  std::vector<double> singles;
  for (int index = 0; index < 100; ++index) {
    wireguard::DeviceChange change;
    change.upsert = {peer_of(peers + index)};
    singles.push_back(milliseconds([&] { must(device->change(change)); }));
  }
  must(device->change(wireguard::diff(must(device->read()), {key_of(1 << 17), 51899, {}})));
  const double tool = milliseconds([&] {
    for (int index = 0; index < peers; ++index) {
      run_program({"wg", "set", interface, "peer", key_of(index), "allowed-ips", address_of(index) + "/32"});
    }
  });
  const double tool_single = milliseconds([&] {
    for (int index = 0; index < 20; ++index) {
      run_program({"wg", "set", interface, "peer", key_of(peers + index), "allowed-ips",
                   address_of(peers + index) + "/32"});
    }
  });
  std::printf("%.0f %.0f %.0f %.0f\n", all * 1e3, median(singles) * 1e3, tool * 1e3, tool_single * 1e3 / 20);
}

hub::Peer hub_peer(int index) {
  const auto access = usual(index);
  return {
      key_of(index), "", {address_of(index)}, {access.internet, access.lan, access.peers, access.services}};
}

void agent(int peers, const std::string& socket) {
  const auto hub = hub::connect_hub(socket, std::chrono::seconds{60});
  hub::Document document{.private_key = key_of(1 << 17),
                         .listen_port = 51898,
                         .mtu = 1420,
                         .ipv4_address = "10.13.255.254",
                         .ipv4_pool = "10.13.0.0/16",
                         .ipv6_address = "",
                         .ipv6_pool = "",
                         .cell_subnets = {"172.20.0.0/16"},
                         .forwards = {{53, "udp", "172.20.0.3", "", 53, true}},
                         .peers = {}};
  for (int index = 0; index < peers; ++index) document.peers.push_back(hub_peer(index));
  std::string hash;
  const double whole = milliseconds([&] { hash = must(hub->apply(document)).document_hash; });
  std::vector<double> singles;
  for (int index = 0; index < 100; ++index) {
    singles.push_back(milliseconds(
        [&] { hash = must(hub->change_peers(hash, {hub_peer(peers + index)}, {})).document_hash; }));
  }
  std::printf("%.0f %.0f\n", whole * 1e3, median(singles) * 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string mode = argv[1];
  const int peers = std::atoi(argv[2]);
  const std::string target = argc > 3 ? argv[3] : "";
  if (mode == "rebuild") rebuild(peers);
  if (mode == "fill") fill(peers, target);
  if (mode == "wireguard") wireguard_sync(peers, target);
  if (mode == "agent") agent(peers, target);
  return 0;
}
