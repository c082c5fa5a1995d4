#!/usr/bin/env bash
# Installs the packages of the given lists that are missing. With nothing missing it costs a fraction of a second.
# usage: packages.sh LIST…   (names of files in packaging/packages without .txt)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

wanted=()
for list in "$@"; do
  file="$CELL_ROOT/packaging/packages/$list.txt"
  [ -r "$file" ] || die "no package list '$list'" "$file is not there"
  mapfile -t -O "${#wanted[@]}" wanted < <(grep -v '^#' "$file")
done

missing=()
while read -r package; do missing+=("$package"); done < <(
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' 2>/dev/null | awk '$2 ~ /^.i/ {print $1}' | sort -u))
[ ${#missing[@]} -gt 0 ] || exit 0

need_root
step "installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || {
  tail -15 "$log" >&2
  die "packages could not be installed" "see apt's message above" "check the package sources and the network, then run it again"
}
