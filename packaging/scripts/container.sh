#!/usr/bin/env bash
# Looks into the cell's containers. PART: api caddy dns ntp wireguard, or what follows "<instance>-" in a container's name.
# usage: container.sh logs [PART]   LINES=100, FOLLOW=1 goes on until Ctrl-C
#        container.sh shell PART
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"

name_of() {
  local name="$instance-$1" parts
  if ! docker inspect "$name" >/dev/null 2>&1; then
    parts=$(cell_containers | sed "s/^$instance-//" | paste -sd' ')
    die "there is no container '$name'" "the cell '$instance' has: ${parts:-none}" "$([ -n "$parts" ] && echo "name one of these" || echo "run 'make start'")"
  fi
  echo "$name"
}

show_logs() {
  local options=(--tail "${LINES:-100}") name pids=()
  [ "${FOLLOW:-}" != 1 ] || options+=(-f)
  if [ $# -gt 0 ]; then
    name=$(name_of "$1")
    exec docker logs "${options[@]}" "$name"
  fi
  for name in $(cell_containers); do
    docker logs "${options[@]}" "$name" 2>&1 | sed -u "s/^/$name | /" &
    pids+=($!)
    [ "${FOLLOW:-}" = 1 ] || wait "${pids[-1]}"
  done
  wait
}

# Images without a shell are entered from the base image, in the same network and process view.
open_shell() {
  local name tty=()
  name=$(name_of "$1")
  [ ! -t 0 ] || tty=(-t)
  if docker exec "$name" sh -c : >/dev/null 2>&1; then exec docker exec -i "${tty[@]}" "$name" sh; fi
  echo "its image has no shell: this is pic/base beside it, with its network, processes and files (/proc/1/root)" >&2
  exec docker run --rm -i "${tty[@]}" --network "container:$name" --pid "container:$name" --cap-add SYS_PTRACE "pic/base:$image_tag" sh
}

need_engine
case ${1:-} in
  logs) show_logs "${@:2}" ;;
  shell) open_shell "${2:?which part?}" ;;
  *) die "usage: container.sh logs [PART] | shell PART" ;;
esac
