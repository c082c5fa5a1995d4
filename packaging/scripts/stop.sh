#!/usr/bin/env bash
# Stops the cell's containers; data and containers stay, `make start` brings the same ones back.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"

docker version >/dev/null 2>&1 || { echo "✓ nothing runs: no container engine answers"; exit 0; }
mapfile -t containers < <(cell_containers)
if [ ${#containers[@]} = 0 ]; then
  echo "✓ nothing runs: the cell '$instance' has no containers"
  exit 0
fi
step "stopping ${containers[*]}"
# celld first and alone: it would start again what it sees stop.
if [ "${containers[0]}" = "$api_container" ]; then docker stop "$api_container" >/dev/null; fi
printf '%s\n' "${containers[@]}" | xargs -r -P 8 -n 1 docker stop >/dev/null ||
  die "not every container stopped" "see the engine's message above" "run 'make stop' again"
done_step "the cell '$instance' is stopped, its data is in $directory"
