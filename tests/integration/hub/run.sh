#!/usr/bin/env bash
# The hub's agent on real parts: cell-hubd with wireguard-go and nftables in network namespaces of this run's own, two
# clients that connect with wg, a namespace that plays container network, LAN and internet, and one that plays an exit.
# Usage: run.sh [path of cell-hubd]. Needs root. The last line is "N passed, N failed".
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
hubd=${1:-$root/build/dev/bin/cell-hubd}
id="ch$$"
hub=$id-hub world=$id-world way=$id-exit a=$id-a b=$id-b
wg_hub=${id}h wg_a=${id}a wg_b=${id}b
dir=$(mktemp -d)
socket=$dir/run/hubd.sock
passed=0 failed=0

in_ns() { ip netns exec "$@"; }
pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1"; }
check() { local name=$1; shift; if "$@" >"$dir/out" 2>&1; then pass "$name"; else fail "$name"; sed 's/^/     /' "$dir/out" | tail -5; fi; }
check_not() { local name=$1; shift; if "$@" >"$dir/out" 2>&1; then fail "$name"; else pass "$name"; fi; }

clean_up() {
  local ns pid
  for ns in "$hub" "$world" "$way" "$a" "$b"; do
    for pid in $(ip netns pids "$ns" 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
    ip netns del "$ns" 2>/dev/null
  done
  rm -f "/var/run/wireguard/$wg_hub.sock" "/var/run/wireguard/$wg_a.sock" "/var/run/wireguard/$wg_b.sock"
  rm -rf "$dir"
}
trap clean_up EXIT

connect_ns() { # ns1 address1 ns2 address2 link-name
  ip link add "$id-$5" type veth peer name "$id-$5p"
  ip link set "$id-$5" netns "$1"; ip link set "$id-$5p" netns "$3"
  ip -n "$1" addr add "$2" dev "$id-$5"; ip -n "$1" link set "$id-$5" up
  ip -n "$3" addr add "$4" dev "$id-$5p"; ip -n "$3" link set "$id-$5p" up
}

# The exit, 172.31.0.17 and fd99::17 to the hub, seen in the world as 198.51.100.17 and fd97::17.
make_exit() {
  ip netns add "$way"; ip -n "$way" link set lo up
  connect_ns "$hub" 172.31.0.8/32 "$way" 172.31.0.17/32 ex
  connect_ns "$way" 198.51.100.17/24 "$world" 198.51.100.1/24 ew
  ip -n "$hub" addr add fd99::8/128 dev "$id-ex" nodad; ip -n "$way" addr add fd99::17/128 dev "$id-exp" nodad
  ip -n "$way" addr add fd97::17/64 dev "$id-ew" nodad; ip -n "$world" addr add fd97::1/64 dev "$id-ewp" nodad
  ip -n "$hub" route add 172.31.0.17/32 dev "$id-ex"; ip -n "$hub" -6 route add fd99::17/128 dev "$id-ex"
  ip -n "$way" route add 172.31.0.8/32 dev "$id-exp"; ip -n "$way" -6 route add fd99::8/128 dev "$id-exp"
  ip -n "$way" route add default via 198.51.100.1; ip -n "$way" -6 route add default via fd97::1
  in_ns "$way" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  in_ns "$way" nft "add table inet exit; add chain inet exit out { type nat hook postrouting priority srcnat; };
    add rule inet exit out oifname $id-ew masquerade"
  # Who asks for port 5201: the hub by its own way, or the exit.
  in_ns "$world" nft -f - <<NFT
table inet seen {
  counter direct {}
  counter through {}
  chain input { type filter hook input priority -300; policy accept;
    tcp dport 5201 ip saddr 172.31.0.9 counter name direct
    tcp dport 5201 ip6 saddr fd99::9 counter name direct
    tcp dport 5201 ip saddr 198.51.100.17 counter name through
    tcp dport 5201 ip6 saddr fd97::17 counter name through
  }
}
NFT
}

make_networks() {
  local ns
  for ns in "$hub" "$world" "$a" "$b"; do ip netns add "$ns"; ip -n "$ns" link set lo up; done
  connect_ns "$hub" 172.31.0.9/24 "$world" 172.31.0.1/24 br
  connect_ns "$hub" 198.18.1.1/24 "$a" 198.18.1.2/24 ua
  connect_ns "$hub" 198.18.2.1/24 "$b" 198.18.2.2/24 ub
  ip -n "$hub" addr add fd99::9/64 dev "$id-br" nodad; ip -n "$world" addr add fd99::1/64 dev "$id-brp" nodad
  # 172.31.0.2 Caddy, .3 DNS; 192.168.77.10 the LAN; 203.0.113.x and 2001:db8::10 the internet.
  local address
  for address in 172.31.0.2/24 172.31.0.3/24 192.168.77.10/32 203.0.113.10/32 203.0.113.66/32; do
    ip -n "$world" addr add "$address" dev "$id-brp"
  done
  ip -n "$world" addr add 2001:db8::10/128 dev "$id-brp" nodad; ip -n "$world" addr add fd99::2/64 dev "$id-brp" nodad
  ip -n "$hub" route add default via 172.31.0.1; ip -n "$hub" -6 route add default via fd99::1
  in_ns "$hub" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  in_ns "$world" nft -f - <<NFT
table inet count {
  counter blocked {}
  counter allowed {}
  counter spoofed {}
  chain input { type filter hook input priority -300; policy accept;
    udp dport 6666 counter name blocked
    udp dport 7777 counter name allowed
    udp dport 8888 counter name spoofed
  }
}
NFT
  in_ns "$world" iperf3 -s -D -p 5300 -B 172.31.0.3 >/dev/null
  for address in 172.31.0.2 fd99::2; do in_ns "$world" iperf3 -s -D -p 5443 -B "$address" >/dev/null; done
  # The plain listener that reaches() asks for, on every address of the world and of the clients.
  for ns in "$world" "$a" "$b"; do in_ns "$ns" iperf3 -s -D -p 5201 >/dev/null; done
}

seen() { in_ns "$world" nft -j list counter inet seen "$1" | jq '[.nftables[].counter? | select(.) | .packets] | add'; }
# The world was asked by this way, and by no other: nothing before the call, reaches() within.
goes() { # way that it goes, reaches() arguments
  local asked=$1; shift
  in_ns "$world" nft reset counters table inet seen >/dev/null
  reaches "$@" || return 1
  case $asked in
    through) [ "$(seen through)" -gt 0 ] && [ "$(seen direct)" = 0 ] ;;
    direct) [ "$(seen direct)" -gt 0 ] && [ "$(seen through)" = 0 ] ;;
  esac
}
goes_nowhere() {
  in_ns "$world" nft reset counters table inet seen >/dev/null
  ! reaches "$@" && [ "$(seen direct)" = 0 ] && [ "$(seen through)" = 0 ]
}

counter() { in_ns "$world" nft -j list counter inet count "$1" | jq '[.nftables[].counter? | select(.) | .packets] | add'; }

start_hubd() {
  # ip and env replace themselves by what they start: $! is the agent.
  CELL_DIR="$dir" ip netns exec "$hub" "$hubd" --interface "$wg_hub" --state-dir "$dir/state" --wireguard userspace \
    2>>"$dir/hubd.log" &
  hubd_pid=$!
  for _ in $(seq 100); do call '{"op":"hello"}' >/dev/null 2>&1 && return; sleep 0.05; done
  echo "the agent did not start"; tail -5 "$dir/hubd.log"; exit 1
}

call() { printf '%s' "$1" | "$hubd" --call --socket "$socket"; }
hub_hash() { call '{"op":"status"}' | jq -r .result.document_hash; }
status() { call '{"op":"status"}' | jq -e "$1"; }

hub_key=$(wg genkey) a_key=$(wg genkey) b_key=$(wg genkey) a_psk=$(wg genpsk)
a_public=$(wg pubkey <<<"$a_key") b_public=$(wg pubkey <<<"$b_key") hub_public=$(wg pubkey <<<"$hub_key")

peer() { # public key, preshared key, host part, internet lan peers services
  jq -nc --arg key "$1" --arg psk "$2" --arg four "10.99.0.$3" --arg six "fd98::$3" \
    --argjson i "$4" --argjson l "$5" --argjson p "$6" --argjson s "$7" \
    '{public_key:$key, preshared_key:$psk, addresses:[$four,$six], policy:{internet:$i,lan:$l,peers:$p,services:$s}}'
}
peer_a() { peer "$a_public" "$a_psk" 2 "$@"; }
peer_b() { peer "$b_public" "" 3 "$@"; }

through() { jq -c --argjson number "$1" '. + {exit: $number}'; }

document() { # peers…; $extra_port: one more forward; $exits: list
  local peers
  peers=$(printf '%s\n' "$@" | jq -sc .)
  jq -nc --arg key "$hub_key" --argjson peers "$peers" --argjson extra "${extra_port:-8443}" \
    --argjson exits "${exits:-[]}" '{private_key:$key,
    listen_port:51820, mtu:1420, ipv4_address:"10.99.0.1", ipv4_pool:"10.99.0.0/24", ipv6_address:"fd98::1",
    ipv6_pool:"fd98::/64", cell_subnets:["172.31.0.0/24","fd99::/64"], peers:$peers, exits:$exits, forwards:[
    {port:53,protocol:"tcp",target_ipv4:"172.31.0.3",target_ipv6:"",target_port:5300,always:true},
    {port:443,protocol:"tcp",target_ipv4:"172.31.0.2",target_ipv6:"fd99::2",target_port:5443,always:false},
    {port:$extra,protocol:"tcp",target_ipv4:"172.31.0.2",target_ipv6:"",target_port:5443,always:false}]}'
}
apply() { call "{\"op\":\"apply\",\"document\":$(document "$@")}"; }
change() { # upsert JSON array, remove JSON array
  call "{\"op\":\"change_peers\",\"base_hash\":\"$(hub_hash)\",\"upsert\":$1,\"remove\":$2}"
}

# What switching the tunnel off and on in an app does: without it a client keeps its old session for 15 s.
reconnect() { # ns, interface
  in_ns "$1" wg set "$2" peer "$hub_public" remove 2>/dev/null
  in_ns "$1" wg setconf "$2" <(wg-quick strip "$dir/$2.conf")
}

start_client() { # ns, interface, host part, key, psk, hub's outer address
  in_ns "$1" env LOG_LEVEL=error wireguard-go "$2" >/dev/null 2>&1
  local psk_line=""
  [ -n "$5" ] && psk_line="PresharedKey = $5"
  printf '# test\n[Interface]\nPrivateKey = %s\nAddress = 10.99.0.%s/32, fd98::%s/128\nMTU = 1420\n\n[Peer]\nPublicKey = %s\n%s\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = %s:51820\nPersistentKeepalive = 1\n' \
    "$4" "$3" "$3" "$hub_public" "$psk_line" "$6" >"$dir/$2.conf"
  reconnect "$1" "$2"
  ip -n "$1" addr add "10.99.0.$3/32" dev "$2"; ip -n "$1" addr add "fd98::$3/128" dev "$2" nodad
  ip -n "$1" link set "$2" mtu 1420 up
  ip -n "$1" route add default dev "$2"; ip -n "$1" -6 route add default dev "$2"
}

opens() { in_ns "$1" timeout "${4:-2}" bash -c "exec 3<>/dev/tcp/$2/$3"; }
reaches() { opens "$1" "$2" 5201 "${3:-2}"; }
# A client notices after about 15 s that the hub has forgotten its session (WireGuard's own timers).
has_handshake() { for _ in $(seq 250); do status ".result.peers[] | select(.public_key==\"$1\") | .last_handshake > 0" >/dev/null 2>&1 && return 0; sleep 0.1; done; return 1; }

test_start_and_connect() {
  start_hubd
  check "agent says hello with its version" call '{"op":"hello"}'
  check "nothing is in force before the first document" status '.result.document_hash == "" and .result.up == false'
  check "the firewall drops before the first document" \
    bash -c "ip netns exec $hub nft list chain ip cell forward | grep -q 'policy drop'"
  check "first document is applied" apply "$(peer_a true false false true)" "$(peer_b false false false false)"
  start_client "$a" "$wg_a" 2 "$a_key" "$a_psk" 198.18.1.1
  start_client "$b" "$wg_b" 3 "$b_key" "" 198.18.2.1
  check "client A has a handshake" has_handshake "$a_public"
  check "client B has a handshake" has_handshake "$b_public"
  check "status names backend and endpoint" status \
    ".result.up and .result.backend==\"userspace\" and (.result.peers[]|select(.public_key==\"$a_public\")|.endpoint|startswith(\"198.18.1.2:\"))"
  check "status reports no problem" status '.result.problem == ""'
}

test_policies() {
  check "A reaches the internet" reaches "$a" 203.0.113.10
  check "A reaches the internet over IPv6" reaches "$a" 2001:db8::10
  check "A opens the name service on the hub's address" opens "$a" 10.99.0.1 53
  check "A opens a page on the hub's address" opens "$a" 10.99.0.1 443
  check "A opens a page on the hub's address over IPv6" opens "$a" fd98::1 443
  check "A opens the port that is forwarded, asked for by the container's address" opens "$a" 172.31.0.2 5443
  check_not "A does not open another port of that container" reaches "$a" 172.31.0.2
  check_not "A does not open another port of that container over IPv6" reaches "$a" fd99::2
  check_not "A does not reach the LAN" reaches "$a" 192.168.77.10
  check_not "A does not reach the machine itself" reaches "$a" 172.31.0.1
  check_not "A does not reach B" reaches "$a" 10.99.0.3
  check "B (nothing allowed) opens the name service" opens "$b" 10.99.0.1 53
  check_not "B does not open a page" opens "$b" 10.99.0.1 443
  check_not "B does not reach the internet" reaches "$b" 203.0.113.10
  check_not "B does not reach the internet over IPv6" reaches "$b" 2001:db8::10
  check_not "B does not open a page by the container's address" opens "$b" 172.31.0.2 5443
  check_not "B does not open another port of a container" reaches "$b" 172.31.0.2
  check "A is given the LAN and other peers" change "[$(peer_a true true true true)]" '[]'
  check "A reaches the LAN" reaches "$a" 192.168.77.10
  check_not "A with every right does not reach the machine as a bridge" reaches "$a" 172.31.0.1
  check_not "A with every right does not open another port of a container" reaches "$a" 172.31.0.2
  check "A with every right opens a page" opens "$a" 10.99.0.1 443
  check "A reaches B, and B may answer" reaches "$a" 10.99.0.3
  check "A reaches B over IPv6" reaches "$a" fd98::3
  check_not "B still does not reach A by itself" reaches "$b" 10.99.0.2
  ip -n "$a" addr add 10.99.0.77/32 dev "$wg_a"
  in_ns "$a" "$flood" 203.0.113.10 8888 0.2 64 10.99.0.77 >/dev/null; sleep 0.3
  check "packets with a foreign source address get nowhere" [ "$(counter spoofed)" = 0 ]
  in_ns "$a" "$flood" 203.0.113.10 8888 0.2 64 10.99.0.2 >/dev/null; sleep 0.3
  check "packets with A's own address do" [ "$(counter spoofed)" -gt 0 ]
  ip -n "$world" route add 10.99.0.0/24 via 172.31.0.9
  check_not "the world does not reach a peer by itself" reaches "$world" 10.99.0.2
  check_not "the hub's container has no open port" opens "$world" 172.31.0.9 5999
  ip -n "$world" route del 10.99.0.0/24
}

test_bad_input() {
  local before
  before=$(hub_hash)
  check_not "garbage is refused" call 'not json'
  check_not "an unknown operation is refused" call '{"op":"reboot"}'
  check_not "an unknown field is refused" call '{"op":"apply","document":{"colour":"red"}}'
  check_not "an address outside the pool is refused" change "[$(peer_b true true true true | sed 's/10.99.0.3/10.98.0.3/')]" '[]'
  check_not "another peer's address is refused" change "[$(peer "$b_public" "" 2 true true true true)]" '[]'
  check_not "a stale base hash is a conflict" call '{"op":"change_peers","base_hash":"0000000000000000","upsert":[],"remove":[]}'
  check "nothing has changed by it" [ "$before" = "$(hub_hash)" ]
  check "the agent still answers" call '{"op":"hello"}'
}

test_cut() {
  in_ns "$a" iperf3 -c 203.0.113.10 -p 5201 -t 20 -R >/dev/null 2>&1 &
  local flow=$! before after
  sleep 1.5
  before=$(in_ns "$a" cat "/sys/class/net/$wg_a/statistics/rx_bytes")
  check "a stream is running" [ "$before" -gt 1000000 ]
  check "A loses the internet" change "[$(peer_a false true true true)]" '[]'
  sleep 1.5
  before=$(in_ns "$a" cat "/sys/class/net/$wg_a/statistics/rx_bytes"); sleep 0.5
  after=$(in_ns "$a" cat "/sys/class/net/$wg_a/statistics/rx_bytes")
  check "the running stream is cut within 2 s" [ $((after - before)) -lt 20000 ]
  kill "$flow" 2>/dev/null; wait "$flow" 2>/dev/null
  check "A gets everything back" change "[$(peer_a true true true true)]" '[]'
  check "A reaches the internet again" reaches "$a" 203.0.113.10
  check "A is removed" change '[]' "[\"$a_public\"]"
  check_not "a removed peer reaches nothing" reaches "$a" 203.0.113.10
  check_not "a removed peer does not even reach the hub" reaches "$a" 10.99.0.1
  check "A is added again" change "[$(peer_a true true true true)]" '[]'
  reconnect "$a" "$wg_a"
  check "A reaches the internet after being added" reaches "$a" 203.0.113.10 5
}

test_restart() {
  local hash
  hash=$(hub_hash)
  kill -9 "$hubd_pid"
  wait "$hubd_pid" 2>/dev/null
  check "the tunnel goes on without the agent" reaches "$a" 203.0.113.10
  check_not "the firewall goes on without the agent" reaches "$b" 203.0.113.10
  start_hubd
  check "the restarted agent has the last document" [ "$(hub_hash)" = "$hash" ]
  check "the restarted agent is up" status '.result.up and .result.problem == ""'
  check "A is still connected" reaches "$a" 203.0.113.10
  in_ns "$hub" nft delete table ip cell
  sleep 2.5
  check "a deleted firewall comes back by itself" reaches "$a" 203.0.113.10
  check_not "and blocks what it did" reaches "$b" 203.0.113.10
  ip -n "$hub" link del "$wg_hub"
  sleep 3
  check "a lost interface comes back by itself" has_handshake "$a_public"
  check "A reaches the internet after that" reaches "$a" 203.0.113.10 5
  kill -TERM "$hubd_pid"
  wait "$hubd_pid"; check "SIGTERM ends the agent with 0" [ $? = 0 ]
  check "the tunnel stays after SIGTERM" ip -n "$hub" link show "$wg_hub"
  start_hubd
}

test_exits() {
  local exits='[{"number":17,"ipv4":"172.31.0.17","ipv6":""}]' straight bent peer_b_free
  straight=$(peer_a true true true true) peer_b_free=$(peer_b true true true true)
  bent=$(through 17 <<<"$straight")
  check_not "an exit that is not there is refused" change "[$bent]" '[]'
  check "an exit is made, nobody uses it yet" apply "$straight" "$peer_b_free"
  check "status reports no problem with an exit" status '.result.problem == ""'
  check "A goes directly" goes direct "$a" 203.0.113.10
  check "A is sent through the exit" change "[$bent]" '[]'
  check "A is seen from the exit's address" goes through "$a" 203.0.113.10
  check "B is not" goes direct "$b" 203.0.113.10
  check "A's IPv6 is dropped: the exit carries none" goes_nowhere "$a" 2001:db8::10
  check "B's IPv6 is not" goes direct "$b" 2001:db8::10
  check "A still opens the name service on the hub's address" opens "$a" 10.99.0.1 53
  check "A still opens a page" opens "$a" 10.99.0.1 443
  check "A still opens a page over IPv6" opens "$a" fd98::1 443
  check "A still reaches the LAN, directly" goes direct "$a" 192.168.77.10
  check "A still reaches B" reaches "$a" 10.99.0.3
  check "without the right to the internet an exit leads nowhere" change "[$(peer_a false true true true | through 17)]" '[]'
  check "so it does" goes_nowhere "$a" 203.0.113.10
  check "and back" change "[$bent]" '[]'
  test_exit_lost
  test_exit_again
  check "A goes its own way again" change "[$straight]" '[]'
  check "A goes directly again" goes direct "$a" 203.0.113.10
  exits='[]' check "the exit is removed" apply "$straight" "$(peer_b false false false false)"
  check_not "its rule is gone" bash -c "ip -n $hub rule show | grep -q 10017"
  check_not "its table is empty" bash -c "ip -n $hub route show table 10017 | grep -q ."
  check_not "and that of IPv6" bash -c "ip -n $hub -6 rule show | grep -q 10017"
}

# What goes wrong while nobody looks: the agent stands still.
test_exit_lost() {
  ip -n "$way" link set "$id-exp" down
  check "A gets nothing while the exit is down" goes_nowhere "$a" 203.0.113.10
  check "B goes on meanwhile" goes direct "$b" 203.0.113.10
  ip -n "$way" link set "$id-exp" up
  ip -n "$way" route replace 172.31.0.8/32 dev "$id-exp"
  ip -n "$way" addr add fd99::17/128 dev "$id-exp" nodad 2>/dev/null; ip -n "$way" -6 route replace fd99::8/128 dev "$id-exp"
  check "A goes through the exit when it is back" eventually goes through "$a" 203.0.113.10
  kill -STOP "$hubd_pid"
  ip -n "$hub" route del default table 10017 metric 100
  check "A gets nothing when the exit's route is gone" goes_nowhere "$a" 203.0.113.10
  ip -n "$hub" rule del pref 10017
  check "A gets nothing when the rule is gone too" goes_nowhere "$a" 203.0.113.10
  ip -n "$hub" -6 rule del pref 10017
  check "nor over IPv6" goes_nowhere "$a" 2001:db8::10
  check "B goes on" goes direct "$b" 203.0.113.10
  kill -CONT "$hubd_pid"
  check "the agent makes route and rule again by itself" eventually goes through "$a" 203.0.113.10
  ip -n "$hub" route add default via 172.31.0.1 table 10017 metric 5
  check "another way out of the exit's table does not last" eventually bash -c "! ip -n $hub route show table 10017 | grep -q 'metric 5'"
  check "A goes through the exit after that" goes through "$a" 203.0.113.10
}

test_exit_again() {
  kill -9 "$hubd_pid"; wait "$hubd_pid" 2>/dev/null
  ip -n "$hub" rule del pref 10017; ip -n "$hub" route flush table 10017
  check "without agent and routes A gets nothing" goes_nowhere "$a" 203.0.113.10
  start_hubd
  check "the restarted agent makes them from what it has stored" goes through "$a" 203.0.113.10
  exits='[{"number":17,"ipv4":"172.31.0.17","ipv6":"fd99::17"}]' \
    check "the exit is said to carry IPv6" apply "$bent" "$peer_b_free"
  check "A's IPv6 goes through it" goes through "$a" 2001:db8::10
  exits='[{"number":17,"ipv4":"172.31.0.200","ipv6":""}]' \
    check "the exit is given an address where nobody is" apply "$bent" "$peer_b_free"
  check "A gets nothing then" goes_nowhere "$a" 203.0.113.10
  check "and its IPv6 neither" goes_nowhere "$a" 2001:db8::10
}

eventually() { for _ in $(seq 40); do "$@" && return 0; sleep 0.25; done; return 1; }

test_leaks() {
  local rebuilds=${HUB_REBUILDS:-300} before_allowed
  before_allowed=$(counter allowed)
  in_ns "$b" "$flood" 203.0.113.66 6666 3600 64 >/dev/null & local blocked_flood=$!
  in_ns "$a" "$flood" 203.0.113.10 7777 3600 64 >/dev/null & local allowed_flood=$!
  local count=0 i
  for i in 1 2; do extra_port=$((9000 + i)) document "$(peer_a true true true true)" "$(peer_b false false false false)" >"$dir/doc$i"; done
  for i in $(seq "$rebuilds"); do
    printf '{"op":"apply","document":%s}' "$(<"$dir/doc$((i % 2 + 1))")" | "$hubd" --call --socket "$socket" |
      grep -q '"firewall_changed":true' && count=$((count + 1))
  done
  kill "$blocked_flood" "$allowed_flood" 2>/dev/null; wait "$blocked_flood" "$allowed_flood" 2>/dev/null
  check "$rebuilds rebuilds were made under traffic" [ "$count" = "$rebuilds" ]
  check "the allowed peer's packets passed meanwhile" [ "$(($(counter allowed) - before_allowed))" -gt 1000 ]
  echo "     allowed $(($(counter allowed) - before_allowed)), blocked that leaked $(counter blocked)"
  check "0 packets of the blocked peer leaked" [ "$(counter blocked)" = 0 ]
}

flood=$dir/flood
c++ -std=c++20 -O2 -o "$flood" "$root/tests/bench/forwarding_flood.cpp" || exit 1
make_networks
make_exit
test_start_and_connect
test_policies
test_bad_input
test_cut
test_restart
test_exits
test_leaks
[ "$failed" = 0 ] || grep -v '"message":"document applied"' "$dir/hubd.log" | tail -20
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
