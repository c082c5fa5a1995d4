#!/usr/bin/env bash
# Firewall, forwarding and WireGuard of the hub beside the usual ways, in network namespaces of this run's own.
# Usage: network.sh BUILD_DIRECTORY [rebuild|forwarding|wireguard|agent]…   (target `bench` is built there). Needs root.
# Lines: `name ours peer ratio`; for times the ratio is peer/ours, for rates ours/peer: above 1 ours is better, always.
set -eu
build=${1:?usage: network.sh BUILD_DIRECTORY [rebuild|forwarding|wireguard|agent]…}
shift
[ $# -gt 0 ] || set -- rebuild forwarding wireguard agent
id="nb$$"
dir=$(mktemp -d)
spaces=("$id-fw" "$id-wg" "$id-src" "$id-hub" "$id-dst")

clean_up() {
  local ns pid
  for ns in "${spaces[@]}"; do
    for pid in $(ip netns pids "$ns" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns del "$ns" 2>/dev/null || true
  done
  rm -rf "$dir" "/var/run/wireguard/${id}w.sock" "/var/run/wireguard/${id}x.sock"
}
trap clean_up EXIT
trap "exit 130" INT
trap "exit 143" TERM HUP

ratio_of_times() { awk -v n="$1" -v o="$2" -v p="$3" 'BEGIN { printf "%-34s %12s %12s %10.2f\n", n, o, p, p / o }'; }
ratio_of_rates() { awk -v n="$1" -v o="$2" -v p="$3" 'BEGIN { printf "%-34s %12s %12s %10.2f\n", n, o, p, o / p }'; }

bench_rebuild() {
  ip netns add "$id-fw"
  local peers refill change theirs theirs_one
  for peers in 100 1000 10000; do
    read -r refill change theirs theirs_one < <(ip netns exec "$id-fw" "$build/bin/bench_firewall_bench" rebuild "$peers")
    ratio_of_times "firewall_rebuild_${peers}_ms" "$refill" "$theirs"
    ratio_of_times "firewall_one_peer_${peers}_ms" "$change" "$theirs_one"
  done
  echo "# iptables at 10000: mean of 120 processes at 0, 5000 and 10000 rules, times 10000"
}

link() { # ns1 if1 address1 ns2 if2 address2
  ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
  ip -n "$1" addr add "$3" dev "$2"; ip -n "$1" link set "$2" up
  ip -n "$4" addr add "$6" dev "$5"; ip -n "$4" link set "$5" up
}

# Packets a second that come out at the far end; the first half second is warm-up.
rate() {
  local counter=/sys/class/net/far/statistics/rx_packets before after
  ip netns exec "$id-src" taskset -c 0 "$build/bin/bench_forwarding_flood" 198.51.100.9 9 2.7 18 "$1" >/dev/null &
  sleep 0.5
  before=$(ip netns exec "$id-dst" cat "$counter"); sleep 2; after=$(ip netns exec "$id-dst" cat "$counter")
  wait
  echo $(((after - before) / 2))
}

# A plain veth stands for wg0: the tunnel's own cost would hide the rules'.
bench_forwarding() {
  local ns peers last bare ours
  for ns in src hub dst; do ip netns add "$id-$ns"; ip -n "$id-$ns" link set lo up; done
  link "$id-src" near 10.13.0.200/16 "$id-hub" wg0 10.13.0.1/16
  link "$id-hub" out 198.51.100.1/24 "$id-dst" far 198.51.100.9/24
  ip -n "$id-src" route add default via 10.13.0.1
  ip -n "$id-dst" route add default via 198.51.100.1
  ip netns exec "$id-hub" sysctl -qw net.ipv4.ip_forward=1
  # Only what arrives counts, not the answers that the port is closed.
  ip netns exec "$id-dst" nft 'add table ip t; add chain ip t i { type filter hook input priority 0; policy drop; }'
  for peers in 10 1000 10000; do
    last=10.13.$(((peers - 1) / 250)).$((2 + (peers - 1) % 250))
    ip -n "$id-src" addr replace "$last/16" dev near
    for _ in 1 2 3 4 5; do
      ip netns exec "$id-hub" nft flush ruleset
      bare=$(rate "$last")
      ip netns exec "$id-hub" "$build/bin/bench_firewall_bench" fill "$peers" wg0
      ours=$(rate "$last")
      ratio_of_rates "forwarding_${peers}_packets_s" "$ours" "$bare"
    done
  done
}

bench_wireguard() {
  ip netns add "$id-wg"
  local all one theirs theirs_one
  read -r all one theirs theirs_one < <(ip netns exec "$id-wg" "$build/bin/bench_firewall_bench" wireguard 1000 "${id}w" 2>/dev/null)
  ratio_of_times wireguard_1000_peers_us "$all" "$theirs"
  ratio_of_times wireguard_one_peer_us "$one" "$theirs_one"
}

# The whole way: socket, WireGuard, firewall and a durable journal line. No peer to compare with: one peer against
# the whole document.
bench_agent() {
  local peers whole one waited
  ip netns add "$id-wg" 2>/dev/null || true  # there already after bench_wireguard
  for peers in 10 1000 10000; do
    rm -rf "$dir/state"
    ip netns exec "$id-wg" "$build/bin/cell-hubd" --socket "$dir/hubd.sock" --state-dir "$dir/state" \
      --interface "${id}x" --wireguard userspace 2>"$dir/hubd.log" &
    local agent=$!
    for ((waited = 0; waited < 200; waited++)); do
      [ ! -S "$dir/hubd.sock" ] || break
      sleep 0.05
    done
    read -r whole one < <("$build/bin/bench_firewall_bench" agent "$peers" "$dir/hubd.sock")
    ratio_of_times "agent_one_peer_of_${peers}_us" "$one" "$whole"
    kill -TERM "$agent"; wait "$agent"
    ip -n "$id-wg" link del "${id}x" 2>/dev/null || true
    sleep 0.5
  done
}

echo "# name ours peer ratio"
for section in "$@"; do "bench_$section"; done
