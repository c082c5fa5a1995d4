#!/usr/bin/env bash
# Removes the cell's containers, networks and images; PURGE=1 also its data. Asks first, unless YES=1.
# The engine is stopped only if 'make start' of this cell started it and nobody else uses it.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"
engine_owner=/run/cell-dockerd.owner

ask() {
  local answer
  [ "${YES:-}" != 1 ] || return 0
  [ -t 0 ] || die "nothing was removed" "there is no terminal to ask on" "say YES=1 to go on without being asked"
  echo "This removes the containers, networks and images of the cell '$instance'."
  if [ "${PURGE:-}" = 1 ]; then echo "It also DELETES ITS DATA in $directory, for good."; else echo "Its data in $directory stays (PURGE=1 would delete it)."; fi
  read -rp "Type the cell's name, $instance, to go on: " answer
  [ "$answer" = "$instance" ] || die "nothing was removed" "the answer was '$answer'"
}

remove_containers() {
  local containers refused
  mapfile -t containers < <(cell_containers)
  [ ${#containers[@]} -gt 0 ] || return 0
  step "removing ${containers[*]}"
  # The engine may still be at what celld asked of it before it ended, and refuses to remove a container that is going.
  for _ in {1..10}; do
    ! refused=$(docker rm -f "${containers[@]}" 2>&1 >/dev/null) || return 0
    sleep 1
    mapfile -t containers < <(cell_containers)
    [ ${#containers[@]} -gt 0 ] || return 0
  done
  die "a container was not removed" "$refused" "run it again"
}

remove_networks() {
  docker network ls -q --filter "label=cell.instance=$instance" | xargs -r docker network rm >/dev/null ||
    die "a network was not removed" "somebody else's container is in it, see the engine's message above" "take it out with 'docker network disconnect', then run it again"
}

# A cell wants its images by name, also where the name has meanwhile gone to a newer one than its containers were made of;
# and one that is not set up yet will want those that it has no container of.
others_with_these_images() {
  docker ps -aq --filter label=cell.instance |
    xargs -r docker inspect -f '{{.Config.Image}} {{index .Config.Labels "cell.instance"}}' |
    awk -v tag=":$image_tag" 'substr($1, length($1) - length(tag) + 1) == tag { print $2 }' | sort -u
}

remove_images() {
  local name others
  others=$(others_with_these_images)
  if [ -n "$others" ]; then
    echo "  the images stay: used by the cell $(paste -sd, <<<"$others" | sed 's/,/, /g')"
    return
  fi
  # Those that were made for services; one that a container still uses stays.
  docker image ls --filter 'reference=pic/svc-*' --format '{{.Repository}}:{{.Tag}}' | xargs -r -n 1 docker image rm >/dev/null 2>&1 || true
  for name in celld wireguard chrony caddy coredns files celld-packages wireguard-packages chrony-packages base; do
    docker image rm "pic/$name:$image_tag" >/dev/null 2>&1 || true
  done
}

# Only what looks like a cell's directory is deleted.
purge() {
  docker volume ls -q --filter "label=cell.instance=$instance" | xargs -r docker volume rm >/dev/null
  [ -d "$directory" ] || return 0
  [ -d "$directory/config/api" ] || [ -z "$(ls -A "$directory")" ] ||
    die "the data was not deleted" "$directory does not look like a cell's directory (no config/api)" "look at CELL_DIR, and delete it by hand"
  rm -rf --one-file-system "$directory"
}

stop_engine() {
  [ "$(cat "$engine_owner" 2>/dev/null)" = "$instance" ] || return 0
  [ -z "$(docker ps -q)" ] || return 0
  step "stopping the container engine"
  "$CELL_ROOT/packaging/scripts/engine.sh" stop
  rm -f "$engine_owner"
}

need_root
need_engine
ask
remove_containers
remove_networks
remove_images
[ "${PURGE:-}" != 1 ] || purge
stop_engine
done_step "the cell '$instance' is uninstalled$([ "${PURGE:-}" = 1 ] || [ ! -d "$directory" ] || echo "; its data is still in $directory")"
