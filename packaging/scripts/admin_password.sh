#!/usr/bin/env bash
# Asks celld for the administrator's password, or to make a new one.
# usage: admin_password.sh show|reset [ARGUMENT…]
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"

need_engine
[ "$(docker inspect -f '{{.State.Running}}' "$api_container" 2>/dev/null)" = true ] ||
  die "$api_container does not run" "the password is in celld's keeping" "run 'make start'"
case ${1:-} in
  show | reset) exec docker exec "$api_container" celld "$1-admin-password" "${@:2}" ;;
  *) die "usage: admin_password.sh show|reset" ;;
esac
