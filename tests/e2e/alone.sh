#!/usr/bin/env bash
# Runs a command in a network namespace of its own. To Chromium a container that comes or goes on the same machine is another
# network, and it drops what it was loading; here nothing changes. A second interface, because with loopback alone it says that it is offline.
# usage: alone.sh COMMAND…
set -euo pipefail
exec unshare --net sh -ec 'ip link set lo up
  ip link add here type veth peer name there
  ip address add 192.0.2.1/24 dev here
  ip link set here up; ip link set there up
  exec "$@"' alone "$@"
