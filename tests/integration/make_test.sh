#!/usr/bin/env bash
# The verbs behind `make`, on the real engine: two cells beside each other, from start to uninstall.
# Usage: make_test.sh [folder of celld and cell-hubd]. Needs root and the engine. The last line is "N passed, N failed".
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
id=$$
work=$(mktemp -d)
export CELL_BIN_DIR=${1:-$root/build/ci/bin} CELL_IMAGE_TAG=t-make-$id CELL_ENV_FILE=$work/env
passed=0 failed=0

pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1"; }
check() { local name=$1; shift; if "$@" >"$work/out" 2>&1; then pass "$name"; else fail "$name"; sed 's/^/     /' "$work/out" | tail -8; fi; }
check_not() { local name=$1; shift; if "$@" >"$work/out" 2>&1; then fail "$name"; else pass "$name"; fi; }

# cell NUMBER VERB…: `make VERB` for one of the two cells, each with its own name, folder, ports and network.
# Below the ports that the system gives to clients: another test's connections could take one of those at any moment.
base=$((22000 + id % 480 * 20))
port() { echo $((base + $1 * 8 + $2)); }
cell() {
  local n=$1
  shift
  CELL_INSTANCE=t-make-$id-$n CELL_DIR=$work/cell-$n CELL_NETWORK=172.28.$((id % 120 * 2 + n)).0/24 \
    DNS_PORT=${dns_port:-$(port "$n" 0)} NTP_PORT=$(port "$n" 1) WG_PORT=$(port "$n" 2) HTTP_PORT=$(port "$n" 3) HTTPS_PORT=$(port "$n" 4) \
    API_PORT=$(port "$n" 5) WEBUI_PORT=$(port "$n" 6) YES=1 timeout 180 make --no-print-directory -C "$root" "$@"
}
# Of everything tagged as that cell's: who it is and since when it runs.
containers() { docker ps -a --filter "label=cell.instance=t-make-$id-$1" --format '{{.Names}}' | sort; }
identities() { containers "$1" | xargs -r docker inspect -f '{{.Name}} {{.Id}} {{.State.StartedAt}}'; }
ids() { containers "$1" | xargs -r docker inspect -f '{{.Name}} {{.Id}}'; }
running() { docker ps --filter "label=cell.instance=t-make-$id-$1" --format '{{.Names}}' | sort; }
api() { echo "t-make-$id-$1-api"; }
get() { curl -fsS -m 5 "http://127.0.0.1:$(port "$1" 5)$2"; }
healthy() { get "$1" /health | jq -e --arg name "t-make-$id-$1" '.instance == $name'; }
has() { grep -qF -- "$1" "$work/said"; }
inspect() { [ "$(docker inspect -f "$2" "$(api "$1")")" = "$3" ]; }

clean_up() {
  local n
  kill "${listener:-}" 2>/dev/null
  for n in 1 2; do docker ps -aq --filter "label=cell.instance=t-make-$id-$n" | xargs -r docker rm -f >/dev/null 2>&1; done
  for n in 1 2; do docker network ls -q --filter "label=cell.instance=t-make-$id-$n" | xargs -r docker network rm >/dev/null 2>&1; done
  docker image ls --format '{{.Repository}}:{{.Tag}}' | grep ":$CELL_IMAGE_TAG$" | xargs -r docker image rm >/dev/null 2>&1
  rm -rf "$work"
}
trap clean_up EXIT

listen_on() {
  python3 -m http.server "$1" --bind 127.0.0.1 >/dev/null 2>&1 &
  listener=$!
  for _ in $(seq 100); do curl -s -m 1 -o /dev/null "http://127.0.0.1:$1/" && return; sleep 0.1; done
}
stop_listening() { kill "$listener"; wait "$listener" 2>/dev/null; }

test_first_start() {
  cell 1 start >"$work/said" 2>&1
  check "start ends well" [ $? = 0 ]
  sed 's/^/     /' "$work/said"
  check "the cell answers" healthy 1
  check "start prints the address of the wizard" has ":$(port 1 6)/setup"
  check "start prints the setup code" has "$(cat "$work/cell-1/run/setup-code")"
  check "the web UI's port serves the API too" curl -fsS -m 5 "http://127.0.0.1:$(port 1 6)/health"
  check "celld's root is read-only" inspect 1 '{{.HostConfig.ReadonlyRootfs}}' true
  check "celld is not privileged" inspect 1 '{{.HostConfig.Privileged}}' false
  # NET_BIND_SERVICE, and KILL, SETGID, SETUID: a plugin's process is given to nobody, and must be killable.
  check "its capabilities are few" docker exec "$(api 1)" grep -P '^CapBnd:\t0{13}4e0$' /proc/1/status
  check "celld comes back after a reboot" inspect 1 '{{.HostConfig.RestartPolicy.Name}}' unless-stopped
  check "celld does not take its own container for one that it made" inspect 1 '{{index .Config.Labels "cell.hash"}}' ''
}

# Who asks from this machine needs no code; who asks over the network does, also from this machine.
test_who_is_local() {
  local lan
  lan=$(ip -4 route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p')
  check "no code is asked for on loopback" sh -c "curl -fsS http://127.0.0.1:$(port 1 6)/api/setup | jq -e '.code_required == false'"
  check "the code is asked for on the network" sh -c "curl -fsS http://${lan:-missing}:$(port 1 6)/api/setup | jq -e '.code_required'"
  check "a container on the bridge is asked for the code" sh -c "docker run --rm --entrypoint bash pic/base:$CELL_IMAGE_TAG -c \
    'exec 3<>/dev/tcp/${lan:-missing}/$(port 1 6); printf \"GET /api/setup HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n\" >&3; cat <&3' | grep '\"code_required\":true'"
}

# preflight CHECK JQ…: of the wizard's own checks
preflight() { curl -fsS -X POST -H 'Content-Type: application/json' -d '{}' "http://127.0.0.1:$(port 1 5)/api/setup/preflight" | jq -e ".checks[] | select(.id == \"$1\") | $2"; }

test_wizard_sees_the_machine() {
  local check
  for check in engine disk memory clock address ports; do
    check "the wizard's check '$check' is content" preflight $check '.state == "ok"'
  done
  check "the wizard sees the tunnel device" preflight tun '.state == "ok"'
  check "the wizard sees the machine's memory" preflight memory \
    "(.detail | capture(\"(?<n>[0-9]+) (?<unit>[MG])iB\") | (.n | tonumber) * (if .unit == \"G\" then 1024 else 1 end)) <= $(awk '$1 == "MemTotal:" {print int($2 / 1024)}' /proc/meminfo)"
  listen_on "$(port 1 3)"
  check "the wizard sees that another program has a port" preflight ports ".state == \"problem\" and (.detail | contains(\"$(port 1 3)/tcp (HTTP)\"))"
  stop_listening
}

test_second_start_disturbs_nothing() {
  local before started=$SECONDS
  before=$(identities 1)
  check "a second start ends well" cell 1 start
  check "it takes less than 10 s (it took $((SECONDS - started)) s)" [ $((SECONDS - started)) -lt 10 ]
  check "it changed and restarted nothing" [ "$(identities 1)" = "$before" ]
}

test_second_cell() {
  local before
  before=$(identities 1)
  check "a second cell starts beside it" cell 2 start
  check "the second answers" healthy 2
  check "the first was not disturbed" [ "$(identities 1)" = "$before" ]
  check "status names the second's address" sh -c "$(declare -f cell port); base=$base id=$id work=$work root=$root; cell 2 status | grep ':$(port 2 6)/setup'"
}

test_stop_and_start() {
  local before
  before=$(ids 2)
  check "stop ends well" cell 2 stop
  check "nothing of it runs" [ -z "$(running 2)" ]
  check_not "status says so" cell 2 status
  check "the first goes on" healthy 1
  check "stop again has nothing to do" cell 2 stop
  check "start brings it back" cell 2 start
  check "the same containers, not new ones" [ "$(ids 2)" = "$before" ]
  check "it answers again" healthy 2
}

# The job that set-up began: its containers are what the tests after this one look at.
parts_are_up() {
  local job state=""
  job=$(jq -r .job_id "$work/setup")
  for _ in $(seq 120); do
    state=$(curl -fsS -b "$work/cookies" "http://127.0.0.1:$(port 1 5)/api/jobs/$job" | jq -r .state)
    case $state in done) return 0 ;; failed | cancelled) break ;; esac
    sleep 0.5
  done
  echo "the job is '$state'"
  curl -fsS -b "$work/cookies" "http://127.0.0.1:$(port 1 5)/api/jobs/$job"
  return 1
}
all_are_well() { get 1 /health | jq -e '.status == "ok" and ([.components[].name] | contains(["dns", "ntp", "proxy", "vpn"]))'; }
all_run() { [ "$(running 1 | wc -l)" = 5 ]; }
eventually() { for _ in $(seq 60); do "$@" && return 0; sleep 0.5; done; return 1; }

test_setup_is_kept() {
  local before answers='{"cell_name":"home","domain":{"mode":"local"},"timezone":"UTC","admin":{"name":"ann","password":"a good long phrase"}}'
  check "the cell is set up" curl -fsS -X POST -c "$work/cookies" -H 'Content-Type: application/json' -d "$answers" \
    -o "$work/setup" "http://127.0.0.1:$(port 1 5)/api/setup/complete"
  check "its parts come up" parts_are_up
  check "celld and four parts run" all_run
  before=$(ids 1)
  check "restart ends well" cell 1 restart
  check "start has waited until every part is well" all_are_well
  check "all run again" all_run
  check "the same containers" [ "$(ids 1)" = "$before" ]
  cell 1 start >"$work/said" 2>&1
  check "start prints the cell's address" has ":$(port 1 6)"
  check_not "and no wizard any more" has /setup
  check "it is still set up" sh -c "curl -fsS http://127.0.0.1:$(port 1 5)/health | jq -e .setup_complete"
  check "logs of all parts are shown" cell 1 logs
  check "logs of one part are shown" cell 1 logs-api
  check_not "a part that is not there is named" cell 1 logs-nothing
  check "a shell opens in celld's container" sh -c "echo 'test -x /usr/bin/celld' | docker exec -i $(api 1) sh"
}

# Somebody else's container has the name of a part.
test_part_that_does_not_come_up() {
  local ntp=t-make-$id-1-ntp
  cell 1 stop >/dev/null 2>&1
  docker rm -f "$ntp" >/dev/null
  docker create --name "$ntp" --entrypoint sleep "pic/base:$CELL_IMAGE_TAG" 600 >/dev/null
  CELL_WAIT_S=4 cell 1 start >"$work/said" 2>&1
  check_not "start does not say that all is well" [ $? = 0 ]
  check "it names the part and the reason" grep -E "cause: .*ntp is down: .*name" "$work/said"
  check "it says where the cell is all the same" has ":$(port 1 6)"
  docker rm -f "$ntp" >/dev/null
  check "with the name free again start ends well" cell 1 start
  check "and every part is well" all_are_well
}

# An image with other contents under the same tag and with the same inputs, so that it is not built again.
test_new_image() {
  local others before
  others=$(identities 1 | grep -v -- '-api ')
  before=$(docker inspect -f '{{.Id}}' "$(api 1)")
  printf 'FROM pic/celld:%s\nLABEL test=%s\n' "$CELL_IMAGE_TAG" "$id" | DOCKER_BUILDKIT=0 docker build -q -t "pic/celld:$CELL_IMAGE_TAG" - >/dev/null 2>&1
  check "start with a newer celld ends well" cell 1 start
  check_not "celld was replaced" [ "$(docker inspect -f '{{.Id}}' "$(api 1)")" = "$before" ]
  check "and nothing else" [ "$(identities 1 | grep -v -- '-api ')" = "$others" ]
  check "it answers" healthy 1
}

test_refusals() {
  local before
  before=$(identities 1)
  listen_on "$(port 2 7)"
  dns_port=$(port 2 7) cell 2 start >"$work/said" 2>&1
  check_not "start is refused while another program has a port" [ $? = 0 ]
  stop_listening
  check "it names the port and the program" has "port $(port 2 7)/tcp (DNS) is in use by 'python3' (process $listener)"
  check "it tells the cause" has "cause: only one program can listen on a port"
  check "and the fix" has "fix:   stop 'python3', or choose another DNS_PORT in .env"
  dns_port=$(port 1 6) cell 2 start >"$work/said" 2>&1
  check "a port of the first cell is refused to the second" has "port $(port 1 6)/tcp (DNS) is in use by"
  dns_port=70000 cell 2 start >"$work/said" 2>&1
  check "a port that is none is refused by name" has "DNS_PORT is '70000'"
  CELL_INSTANCE="Not a name" make --no-print-directory -C "$root" start >"$work/said" 2>&1
  check "a name that is none is refused by name" has "CELL_INSTANCE is 'Not a name'"
  echo 'nonsense' >"$CELL_ENV_FILE"
  cell 2 start >"$work/said" 2>&1
  check "a bad line of .env is refused by its number" has ".env, line 1: this is not NAME=VALUE"
  printf '# remark\nCELL_LOG_LEVEL="loud"\n' >"$CELL_ENV_FILE"
  cell 2 start >"$work/said" 2>&1
  check "what celld refuses is told" has "CELL_LOG_LEVEL: 'loud' is not a level"
  rm -f "$CELL_ENV_FILE"
  check "nothing of that touched the first" [ "$(identities 1)" = "$before" ]
  check "the second starts with what is right" cell 2 start
}

core_images() { for name in celld wireguard chrony caddy coredns; do echo "pic/$name:$CELL_IMAGE_TAG"; done; }
all_images_are_there() { core_images | xargs docker image inspect; }
# As after an update: the names belong to newer images than those that run.
renew_images() {
  local image
  core_images | while read -r image; do
    printf 'FROM %s\nLABEL test=%s-newer\n' "$image" "$id" | DOCKER_BUILDKIT=0 docker build -q -t "$image" - >/dev/null 2>&1
  done
}

test_uninstall() {
  renew_images
  YES='' check_not "uninstall does not go on unasked" env YES= CELL_INSTANCE="t-make-$id-2" make --no-print-directory -C "$root" uninstall
  cell 2 uninstall >"$work/said" 2>&1
  check "uninstall ends well" [ $? = 0 ]
  check "it says whose images they are" has "the images stay: used by the cell t-make-$id-1"
  check "the images that the first wants are there" all_images_are_there
  check "no container is left" [ -z "$(containers 2)" ]
  check "the data is" [ -d "$work/cell-2/config/api" ]
  check "the first goes on" healthy 1
  check "uninstall with the data ends well" cell 1 uninstall PURGE=1
  check "no container, network or volume is left" \
    [ -z "$(containers 1)$(docker network ls -q --filter "label=cell.instance=t-make-$id-1")$(docker volume ls -q --filter "label=cell.instance=t-make-$id-1")" ]
  check "no image of that tag is left" [ -z "$(docker image ls -q --filter "reference=pic/*:$CELL_IMAGE_TAG")" ]
  check "the data is gone" [ ! -e "$work/cell-1" ]
  check "the engine still runs" docker version
}

test_first_start
test_who_is_local
test_wizard_sees_the_machine
test_second_start_disturbs_nothing
test_second_cell
test_stop_and_start
test_setup_is_kept
test_part_that_does_not_come_up
test_second_start_disturbs_nothing
test_new_image
test_refusals
test_uninstall
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
