#!/usr/bin/env bash
# What runs, how it is, and where. Ends with 1 when the cell does not run.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=settings.sh
. "$(dirname "$0")/settings.sh"

need_engine
list=$(docker ps -a --filter "label=cell.instance=$instance" --format '{{.Names}}\t{{.Status}}\t{{.Ports}}' | sort)
if [ -z "$list" ]; then
  echo "the cell '$instance' is not started; 'make start' starts it"
  exit 1
fi
printf '%s\n' "$list" | awk -F'\t' '{printf "%-24s %-28s %s\n", $1, $2, $3}'
if ! health=$(curl -fsS -m 5 "http://127.0.0.1:$api_port/health" 2>/dev/null) || [ "$(jq -r .instance <<<"$health")" != "$instance" ]; then
  echo "celld does not answer on 127.0.0.1:$api_port; 'make logs-api' says why, 'make start' starts it"
  exit 1
fi
echo
jq -r '"health: \(.status), celld \(.version), up \(.uptime_s) s", (.components[] | "  \(.name): \(.state)\(if .detail then ", " + .detail else "" end)")' <<<"$health"
path=$([ "$(jq -r .setup_complete <<<"$health")" = true ] || echo /setup)
echo "web UI: $(webui_url)$path   API: http://127.0.0.1:$api_port   data: $directory"
