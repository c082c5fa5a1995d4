#!/usr/bin/env bash
# The world around a cell under test: devices (a container each, with nothing but a cable to this machine) and one far host
# (a network namespace) that answers on an address of the LAN and on one of the internet. Everything is named after TAG and
# removed by `down`; addresses: 10.98.N.0/24 the devices' cable, 10.97.N.2 the LAN host, 198.18.N.2 the internet host
# (RFC 2544 range: no such host can be anywhere else).
#
# usage: world.sh TAG N up|down
#        world.sh TAG N device NAME            makes a device, prints its container's name
#        world.sh TAG N remove NAME
set -euo pipefail

tag=$1 n=$2 verb=$3
bridge="cw-$n" far="cf-$n"
space="far-$tag"
image=pic/client:${CELL_IMAGE_TAG:-1}

up() {
  ip link add "$bridge" type bridge
  ip address add "10.98.$n.1/24" dev "$bridge"
  ip address add "fd98:0:0:$n::1/64" dev "$bridge" nodad
  ip link set "$bridge" up
  ip netns add "$space"
  ip link add "$far" type veth peer name eth0 netns "$space"
  ip address add "10.97.$n.1/24" dev "$far"
  ip address add "198.18.$n.1/24" dev "$far"
  ip link set "$far" up
  ip -n "$space" address add "10.97.$n.2/24" dev eth0
  ip -n "$space" address add "198.18.$n.2/24" dev eth0
  ip -n "$space" link set lo up
  ip -n "$space" link set eth0 up
  ip -n "$space" route add default via "10.97.$n.1"
  # A browser of the tests in there finds the cell's ports at 127.0.0.1, as one on this machine does.
  ip netns exec "$space" sysctl -qw net.ipv4.conf.all.route_localnet=1
  ip netns exec "$space" nft "table ip here {
    chain out { type nat hook output priority -100; ip daddr 127.0.0.1 tcp dport >= 1024 dnat to 10.97.$n.1; }
    chain back { type nat hook postrouting priority 100; oifname eth0 masquerade; }
  }"
  # Bounded by itself, so that a run that was killed leaves no server for long.
  ip netns exec "$space" timeout 3600 python3 -c '
import http.server, socketserver
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ("far host, you are " + self.client_address[0]).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("", 80), Hello).serve_forever()' >/dev/null 2>&1 </dev/null &
  echo $! >"/run/cell-world-$tag.pid"
}

down() {
  local name
  [ ! -r "/run/cell-world-$tag.pid" ] || kill "$(<"/run/cell-world-$tag.pid")" 2>/dev/null || true
  rm -f "/run/cell-world-$tag.pid"
  docker ps -aq --filter "label=cell.world=$tag" | while read -r name; do docker rm -f "$name" >/dev/null; done
  ip link delete "$bridge" 2>/dev/null || true
  ip link delete "$far" 2>/dev/null || true
  ip netns delete "$space" 2>/dev/null || true
}

device() {
  local name=$1 container="$tag-$1" number pid end
  number=$(($(docker ps -aq --filter "label=cell.world=$tag" | wc -l) + 2))
  end="cd-$n-$number"
  docker run -d --name "$container" --label "cell.world=$tag" --hostname "$name" --network none --cap-add NET_ADMIN \
    --device /dev/net/tun --sysctl net.ipv4.conf.all.src_valid_mark=1 --sysctl net.ipv6.conf.all.disable_ipv6=0 \
    --init "$image" sleep 3600 >/dev/null
  pid=$(docker inspect -f '{{.State.Pid}}' "$container")
  ip link add "$end" type veth peer name eth0 netns "$pid"
  ip link set "$end" master "$bridge" up
  nsenter -t "$pid" -n sh -ec "ip address add 10.98.$n.$number/24 dev eth0; ip address add fd98:0:0:$n::$number/64 dev eth0 nodad
    ip link set eth0 up; ip route add default via 10.98.$n.1; ip -6 route add default via fd98:0:0:$n::1"
  printf '%s\n' "$container"
}

case $verb in
  up) down; up ;;
  down) down ;;
  device) device "$4" ;;
  remove) docker rm -f "$tag-$4" >/dev/null ;;
  *) echo "usage: world.sh TAG N up|down|device NAME|remove NAME" >&2; exit 2 ;;
esac
