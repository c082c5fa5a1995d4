# Sourced after common.sh: what the owner sets, from the environment, then .env, then the defaults that celld has too.
# shellcheck shell=bash

# Names of the owner's settings that do not begin with CELL_.
CELL_OTHER_SETTINGS=(CADDY_IP DNS_IP NTP_IP WG_IP CADDY_IP6 DNS_IP6 NTP_IP6 WG_IP6 DNS_PORT NTP_PORT WG_PORT API_PORT
  WEBUI_PORT HTTP_PORT HTTPS_PORT WEBUI_ADDRESS PUID PGID PIC_LOG_LEVEL DOCKER_HOST)
# What only these scripts read: it would restart celld for nothing.
CELL_OF_SCRIPTS=" CELL_ROOT CELL_STARTED CELL_BIN_DIR CELL_CACHE_DIR CELL_WEBUI_DIR CELL_OTHER_SETTINGS CELL_OF_SCRIPTS CELL_ENV_FILE CELL_WAIT_S "

is_setting() {
  case $1 in CELL_*) [[ $CELL_OF_SCRIPTS != *" $1 "* ]] ;; *) [[ " ${CELL_OTHER_SETTINGS[*]} " == *" $1 "* ]] ;; esac
}

bad_env_line() { die ".env, line $1: $2" "" "write NAME=VALUE, with '#' before remarks"; }

# The same lines as celld's own reader takes; a name that is set already, in the environment, stays as it is.
read_env_file() {
  local file=$1 line number=0 name value
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(#.*)?$ ]] && continue
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=[[:space:]]*(.*[^[:space:]])?[[:space:]]*$ ]] ||
      bad_env_line "$number" "this is not NAME=VALUE"
    name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]}
    if [[ $value =~ ^\"([^\"]*)\"[[:space:]]*(#.*)?$ || $value =~ ^\'([^\']*)\'[[:space:]]*(#.*)?$ ]]; then
      value=${BASH_REMATCH[1]}
    elif [[ $value == [\"\']* ]]; then
      bad_env_line "$number" "a quote is not closed, or text follows it"
    else
      value=${value%%[[:space:]]#*}
    fi
    if ! is_setting "$name"; then
      warn ".env, line $number: the cell has no setting $name; it is ignored"
      continue
    fi
    [ -n "${!name:-}" ] || export "$name=$value"
  done <"$file"
}

# check_port NAME
check_port() {
  [[ ${!1} =~ ^[1-9][0-9]{0,4}$ && ${!1} -le 65535 ]] ||
    die "${1^^} is '${!1}'" "that is not a port" "give a number from 1 to 65535"
}

env_file=${CELL_ENV_FILE:-$CELL_ROOT/.env}
[ ! -r "$env_file" ] || read_env_file "$env_file"

instance=${CELL_INSTANCE:-cell}
[[ $instance =~ ^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$ ]] ||
  die "CELL_INSTANCE is '$instance'" "it becomes part of container names" "1 to 31 lower-case letters, digits and hyphens, a letter first"
if [ "$instance" = cell ]; then directory=${CELL_DIR:-/var/lib/cell}; else directory=${CELL_DIR:-/var/lib/cell-$instance}; fi
[[ $directory == /*[!/]* && $directory != *..* && $directory != *[:,]* && $directory != *$'\n'* ]] ||
  die "CELL_DIR is '$directory'" "it must be an absolute path without '..', ':' and ','" "for example /var/lib/cell"

# Plain names for the scripts; what the owner left out is not exported, celld has the same defaults.
# shellcheck disable=SC2034 # used by those who source this
{
  api_container="$instance-api"
  image_tag=${CELL_IMAGE_TAG:-1}
  network=${CELL_NETWORK:-172.20.0.0/16}
  dns_port=${DNS_PORT:-53} ntp_port=${NTP_PORT:-123} wg_port=${WG_PORT:-51820}
  api_port=${API_PORT:-3000} webui_port=${WEBUI_PORT:-8081} http_port=${HTTP_PORT:-80} https_port=${HTTPS_PORT:-443}
  webui_address=${WEBUI_ADDRESS:-0.0.0.0}
  engine_socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
  engine_socket=${engine_socket#unix://}
}
for setting in dns_port ntp_port wg_port api_port webui_port http_port https_port; do check_port "$setting"; done
[[ $engine_socket == /* ]] || die "DOCKER_HOST is '$DOCKER_HOST'" "the cell speaks to the engine over a unix socket" "for example unix:///var/run/docker.sock"

# The owner's settings that celld is given, NAME=VALUE, sorted.
settings_for_celld() {
  local name
  while read -r name; do
    if is_setting "$name" && [ -n "${!name:-}" ]; then printf '%s=%s\n' "$name" "${!name}"; fi
  done < <(compgen -e | sort)
}

# Containers of this cell, running or not, that of celld first (so that nobody mends what is being taken down).
cell_containers() {
  docker ps -a --filter "label=cell.instance=$instance" --format '{{.Names}}' | grep -xF "$api_container" || true
  docker ps -a --filter "label=cell.instance=$instance" --format '{{.Names}}' | grep -vxF "$api_container" | sort || true
}

# Where a browser finds the web UI: the address given, else the one this machine has in its network; loopback without a network.
webui_url() {
  local address=$webui_address
  case $address in 0.0.0.0 | ::) address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p' | head -1) ;; esac
  [[ $address != *:* ]] || address="[$address]"
  echo "http://${address:-127.0.0.1}:$webui_port"
}
