#!/usr/bin/env bash
# Brings the cell up from whatever state the machine is in; with nothing to do it says so in seconds and disturbs nothing.
# With CELL_BIN_DIR set, the celld and cell-hubd that lie there are used and nothing is compiled.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"
scripts="$CELL_ROOT/packaging/scripts"
engine_owner=/run/cell-dockerd.owner
wait_s=${CELL_WAIT_S:-60}

start_engine() {
  local was_running=yes
  "$scripts/engine.sh" status >/dev/null || was_running=no
  "$scripts/engine.sh" start
  # `make uninstall` stops the engine only where this says that it was started for this cell.
  [ "$was_running" = yes ] || echo "$instance" >"$engine_owner"
}

# How celld is run; decisions/0005 says why like this. No line of it changes from one start to the next.
set_launch() {
  local image=$1 setting zone
  zone=$(readlink /etc/localtime 2>/dev/null || true)
  zone=${zone##*zoneinfo/}
  launch=(--network host --restart unless-stopped --read-only --tmpfs "/tmp:size=64m,mode=1777" --pids-limit 512
    --cap-drop ALL --cap-add NET_BIND_SERVICE --cap-add SETUID --cap-add SETGID --cap-add KILL --security-opt no-new-privileges
    --log-opt max-size=5m --log-opt max-file=5
    --label "cell.instance=$instance" --label cell.owner=core --label "cell.name=$api_container"
    -v "$directory:$directory" -v "$engine_socket:$engine_socket" --device /dev/net/tun
    -e "TZ=${zone:-UTC}")
  [ ! -d /lib/modules ] || launch+=(-v "/lib/modules:/lib/modules:ro")
  while read -r setting; do launch+=(-e "$setting"); done < <(settings_for_celld)
  launch_hash=$(printf '%s\n' "$image" "${launch[@]}" | sha256sum | cut -c1-16)
}

start_celld() {
  local image there state previous
  image=$(docker image inspect -f '{{.Id}}' "pic/celld:$image_tag") || die "there is no image pic/celld:$image_tag" "" "run 'make build-images'"
  set_launch "$image"
  there=$(docker inspect -f '{{index .Config.Labels "cell.launch"}} {{.State.Status}} {{.Image}} {{index .Config.Labels "cell.instance"}}' "$api_container" 2>/dev/null || true)
  read -r _ state previous owner <<<"$there" || true
  if [ "${there%% *}" = "$launch_hash" ]; then
    [ "$state" = running ] || { step "starting $api_container" && docker start "$api_container" >/dev/null; }
    return
  fi
  if [ -n "$there" ]; then
    [ "${owner:-}" = "$instance" ] ||
      die "the name '$api_container' is used by a container that does not belong to this cell" "" "remove it with 'docker rm -f $api_container', or choose another CELL_INSTANCE"
    step "replacing $api_container, the other containers go on"
    docker rm -f "$api_container" >/dev/null
  else
    step "starting $api_container"
  fi
  mkdir -p "$directory"
  docker run -d --name "$api_container" --label "cell.launch=$launch_hash" "${launch[@]}" "pic/celld:$image_tag" >/dev/null ||
    die "$api_container did not start" "see the engine's message above" "correct that and run 'make start' again"
  if is_nameless "${previous:-}"; then docker image rm "$previous" >/dev/null 2>&1 || true; fi
}

# What it said that is not a line of its log; else the end of that.
last_words() {
  local said
  said=$(docker logs --tail 40 "$api_container" 2>&1)
  { grep -v '^{' <<<"$said" || echo "$said"; } | awk '!seen[$0]++' | tail -4
}

# celld answers within a second or two; one that ends again and again is stopped, so that it does not go on for ever.
wait_for_health() {
  local deadline=$((SECONDS + wait_s))
  until health=$(curl -fsS -m 5 "http://127.0.0.1:$api_port/health" 2>/dev/null) && [ "$(jq -r .instance <<<"$health")" = "$instance" ]; do
    if [ "$SECONDS" -ge "$deadline" ] || [ "$(docker inspect -f '{{.RestartCount}}' "$api_container")" -ge 3 ]; then
      docker stop "$api_container" >/dev/null 2>&1 || true
      die "celld does not answer" "$(last_words)" "correct that and run 'make start' again; all it says: make logs-api"
    fi
    sleep 0.2
  done
}

# What is not well of a cell that is set up, a line each; a part that its owner stopped is as it should be.
unwell() {
  jq -r 'select(.setup_complete) | .components[] | select(.name != "configuration" and .state != "ok" and .detail != "stopped by an administrator") |
    "\(.name) is \(.state)\(if .detail then ": " + .detail else "" end)"' <<<"$health"
}

# A celld that was replaced looks at its parts anew, and a machine that has just booted needs them all made.
wait_for_parts() {
  local deadline=$((SECONDS + wait_s)) told=""
  while [ -n "$(unwell)" ] && [ "$SECONDS" -lt "$deadline" ]; do
    [ -n "$told" ] || { step "waiting for the cell's parts" && told=yes; }
    sleep 0.2
    health=$(curl -fsS -m 5 "http://127.0.0.1:$api_port/health" 2>/dev/null || printf '%s' "$health")
  done
}

say_addresses() {
  local name
  if [ "$(jq -r .setup_complete <<<"$health")" = true ]; then
    name=$(jq -r '.identity.domain.name // empty' "$directory/config/api/cell_config.json" 2>/dev/null || true)
    echo "  the cell:    $(webui_url)"
    [ -z "$name" ] || echo "               https://$name$([ "$https_port" = 443 ] || echo ":$https_port"), for devices that use the cell's DNS"
    return
  fi
  echo "  set it up:   $(webui_url)/setup"
  case $webui_address in 0.0.0.0 | ::) echo "               http://127.0.0.1:$webui_port/setup on this machine, where no code is asked for" ;; esac
  echo "  setup code:  $(cat "$directory/run/setup-code")"
}

"$scripts/preflight.sh" machine || die "the cell was not started" "this machine is not fit for it yet" "see the fixes above, then run 'make start' again"
[ -n "${CELL_BIN_DIR:-}" ] || "$scripts/packages.sh" build
start_engine
"$scripts/preflight.sh" ports || die "the cell was not started" "something it needs is in use" "see the fixes above, then run 'make start' again"
if [ -z "${CELL_BIN_DIR:-}" ]; then
  "$scripts/build.sh" api
  "$scripts/build.sh" webui
fi
"$scripts/images.sh"
start_celld
wait_for_health
wait_for_parts
problems=$(unwell)
if [ -n "$problems" ]; then
  say_addresses
  die "the cell '$instance' runs, but not all of it is well after $wait_s s" "$(paste -sd';' <<<"$problems" | sed 's/;/; /g')" \
    "celld goes on trying; see 'make status', 'make logs', or Home in the web UI"
fi
done_step "the cell '$instance' runs"
say_addresses
