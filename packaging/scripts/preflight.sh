#!/usr/bin/env bash
# Is this machine fit for a cell? Every problem is told with cause and fix, then it ends with 1.
# usage: preflight.sh machine|ports     (ports: after the engine is up, so that containers can be named)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"

least_kernel=5.10
problems=0

problem() {
  problems=$((problems + 1))
  (die "$@") || true
}

at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -1)" = "$1" ]; }

check_system() {
  local kernel
  kernel=$(uname -r)
  at_least "$least_kernel" "$kernel" || problem "the kernel is too old" "it is $kernel, the firewall needs $least_kernel" "upgrade to Debian 12"
  command -v apt-get >/dev/null || problem "this is not Debian" "there is no apt-get" "install on Debian 12"
  # shellcheck disable=SC1091 # the system's own file
  grep -qsE '^VERSION_CODENAME=bookworm' /etc/os-release || warn "this is not Debian 12 (bookworm), on which the cell is tested; going on"
}

# The disks of the cell's data and of the checkout, which may be the same.
check_disk() {
  local path=$directory free
  while [ ! -d "$path" ]; do path=$(dirname "$path"); done
  for path in "$path" "$CELL_ROOT"; do
    free=$(df -Pk "$path" | awk 'NR == 2 {print int($4 / 1024)}')
    if [ "$free" -lt 1024 ]; then
      problem "the disk of $path is nearly full" "$free MiB are free, a cell needs 1 GiB" "free some space, or set CELL_DIR to a larger disk"
    elif [ "$free" -lt 5120 ]; then
      warn "$free MiB are free for $path; building takes about 4 GiB once"
    fi
  done
}

check_memory() {
  local available
  available=$(awk '$1 == "MemAvailable:" {print int($2 / 1024)}' /proc/meminfo)
  if [ "$available" -lt 128 ]; then
    problem "there is too little memory" "$available MiB are available, a cell at rest needs 128 MiB" "stop other programs, or add memory or swap"
  elif [ "$available" -lt 1536 ] && [ ! -x "$CELL_ROOT/build/release/bin/celld" ]; then
    warn "$available MiB of memory are available; compiling may want 1.5 GiB"
  fi
}

check_tun() {
  [ -c /dev/net/tun ] || modprobe -q tun 2>/dev/null || true
  [ -c /dev/net/tun ] ||
    problem "there is no /dev/net/tun" "the module 'tun' is not loaded, or this container was not given the device" "'modprobe tun'; in a container or virtual server ask its host for the device"
}

# What listens, one line each: PROTOCOL ADDRESS PORT PID PROGRAM ("-" where the kernel itself does).
listeners() {
  ss -Hlntup | awk '{
    at = match($5, /:[0-9]+$/)
    address = substr($5, 1, at - 1); sub(/%.*/, "", address); gsub(/[][]/, "", address)
    pid = "-"; program = "-"
    if (match($0, /users:\(\("[^"]*",pid=[0-9]+/)) {
      owner = substr($0, RSTART + 9, RLENGTH - 9)
      program = substr(owner, 1, index(owner, "\"") - 1); gsub(/ /, "_", program)
      pid = owner; sub(/.*pid=/, "", pid)
    }
    print $1, address, substr($5, at + 1), pid, program
  }'
}

# Ports of containers that run or are about to: PROTOCOL PORT INSTANCE CONTAINER; INSTANCE is "-" for one that is not a cell's.
# From their settings: while a container is between two starts its port may be held already and not be shown yet.
published_ports() {
  # shellcheck disable=SC2016 # the engine's template
  docker ps -q 2>/dev/null | xargs -r docker inspect -f '{{$c := .}}{{range $port, $hosts := .HostConfig.PortBindings}}{{range $hosts}}{{$port}} {{.HostPort}} {{or (index $c.Config.Labels "cell.instance") "-"}} {{slice $c.Name 1}}
{{end}}{{end}}' 2>/dev/null | awk 'NF == 4 {sub(/.*\//, "", $1); print}'
}

fix_for() {
  case $1 in
    systemd-resolve*)
      printf '%s' "mkdir -p /etc/systemd/resolved.conf.d && printf '[Resolve]\nDNSStubListener=no\n' >/etc/systemd/resolved.conf.d/cell.conf" \
        " && ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf && systemctl restart systemd-resolved"
      ;;
    dnsmasq | named | unbound | nginx | apache2 | lighttpd | caddy | chronyd | ntpd) echo "if nothing needs it: systemctl disable --now $(service_of "$1")" ;;
    *) echo "stop '$1'" ;;
  esac
}

service_of() { case $1 in chronyd) echo chrony ;; ntpd) echo ntpsec ;; *) echo "$1" ;; esac; }

# A listener elsewhere does not disturb: only the same address, or one of the two being all addresses.
is_in_the_way() { [[ $1 == "$2" || " 0.0.0.0 :: * " == *" $1 "* || " 0.0.0.0 :: " == *" $2 "* ]]; }

# check_port_free SETTING PROTOCOL PORT PURPOSE ADDRESS
check_port_free() {
  local protocol=$2 port=$3 wanted=$5 owner="" container="" address pid program
  read -r owner container < <(awk -v p="$protocol" -v n="$port" '$1 == p && $2 == n {print $3, $4; exit}' <<<"$published") || true
  if [ -n "$container" ] && [ "$owner" != "$instance" ]; then
    in_use "$1" "$2" "$3" "$4" "container '$container'" "docker stop $container"
    return
  fi
  while read -r _ address _ pid program; do
    [ "$pid" = - ] || [ "$pid" != "$own_pid" ] || continue
    [ -z "$container" ] || [ "$program" != docker-proxy ] || continue
    is_in_the_way "$address" "$wanted" || continue
    if [ "$pid" != - ]; then
      in_use "$1" "$2" "$3" "$4" "'$program' (process $pid)" "$(fix_for "$program")"
    else
      in_use "$1" "$2" "$3" "$4" "the kernel or a program that can not be seen" "find it with: ss -lntup 'sport = :$port'"
    fi
    return
  done < <(awk -v p="$protocol" -v n="$port" '$1 == p && $3 == n' <<<"$listening")
}

# in_use SETTING PROTOCOL PORT PURPOSE WHO FIX
in_use() { problem "port $3/$2 ($4) is in use by $5" "only one program can listen on a port" "$6, or choose another $1 in .env"; }

check_ports() {
  published=$(published_ports)
  listening=$(listeners)
  own_pid=$(docker inspect -f '{{.State.Pid}}' "$api_container" 2>/dev/null || true)
  check_port_free API_PORT tcp "$api_port" "API" 127.0.0.1
  check_port_free WEBUI_PORT tcp "$webui_port" "web UI" "$webui_address"
  check_port_free DNS_PORT udp "$dns_port" "DNS" 0.0.0.0
  check_port_free DNS_PORT tcp "$dns_port" "DNS" 0.0.0.0
  check_port_free NTP_PORT udp "$ntp_port" "time" 0.0.0.0
  check_port_free WG_PORT udp "$wg_port" "WireGuard" 0.0.0.0
  check_port_free HTTP_PORT tcp "$http_port" "HTTP" 0.0.0.0
  check_port_free HTTPS_PORT tcp "$https_port" "HTTPS" 0.0.0.0
}

# The containers' network may not lie over one that this machine reaches already.
check_network() {
  local bridge route
  bridge=$(docker network inspect -f '{{slice .Id 0 12}}' "$instance-network" 2>/dev/null || true)
  route=$({ ip -4 route show root "$network" && ip -4 route show match "$network"; } 2>/dev/null |
    grep -v '^default' | grep -v -- " br-${bridge:-none} " | head -1 || true)
  [ -z "$route" ] || problem "the network $network is in use" "this machine has the route '${route%% }'" "choose another CELL_NETWORK in .env, for example 172.28.0.0/16"
}

case ${1:-} in
  machine)
    need_root
    check_system
    check_disk
    check_memory
    check_tun
    ;;
  ports)
    check_ports
    check_network
    ;;
  *) die "usage: preflight.sh machine|ports" ;;
esac
[ "$problems" = 0 ]
