#!/usr/bin/env bash
# The container engine: uses the one that answers, else installs and starts one. `stop` ends only what `start` started.
# usage: engine.sh start|stop|status
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

pid_file=/run/cell-dockerd.pid
log_file=/var/log/cell-dockerd.log
least_api=1.41

api_version() { docker version -f '{{.Server.APIVersion}}' 2>/dev/null; }

check_version() {
  local version=$1
  [ "$(printf '%s\n' "$least_api" "$version" | sort -V | head -1)" = "$least_api" ] ||
    die "the container engine is too old" "it speaks API $version, the cell needs $least_api" "upgrade it (Debian 12's docker.io is new enough)"
}

start_engine() {
  need_root
  if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null; then "$CELL_ROOT/packaging/scripts/packages.sh" engine; fi
  # Installing it may have started it.
  if version=$(api_version); then check_version "$version" && return; fi
  step "starting the container engine"
  if [ "$(ps -p 1 -o comm=)" = systemd ]; then
    systemctl start docker || die "docker did not start" "systemd refused" "look at: journalctl -u docker"
  else
    setsid dockerd --pidfile "$pid_file" >"$log_file" 2>&1 </dev/null &
  fi
  for _ in $(seq 120); do
    version=$(api_version) && break
    sleep 0.5
  done
  [ -n "${version:-}" ] || die "the container engine does not answer" "$(tail -3 "$log_file" 2>/dev/null || echo 'no log')" "look at $log_file or journalctl -u docker"
  check_version "$version"
  done_step "container engine, API $version"
}

case ${1:-status} in
  start) if version=$(api_version); then check_version "$version"; else start_engine; fi ;;
  stop)
    [ -r "$pid_file" ] || exit 0
    pid=$(<"$pid_file")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || exit 0
    kill "$pid"
    for _ in $(seq 60); do
      [ -d "/proc/$pid" ] || exit 0
      sleep 0.5
    done
    die "the container engine did not stop" "pid $pid is still there after 30 s" "look at $log_file"
    ;;
  status) if version=$(api_version); then echo "running, API $version"; else echo "not running"; exit 1; fi ;;
  *) die "usage: engine.sh start|stop|status" ;;
esac
