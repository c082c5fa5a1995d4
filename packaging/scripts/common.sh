# Sourced by the other scripts: where things are, and how progress and failures are told.
# shellcheck shell=bash

CELL_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
CELL_STARTED=$SECONDS
export CELL_ROOT CELL_STARTED

step() { printf '→ %s\n' "$*"; }
done_step() { printf '✓ %s (%ss)\n' "$*" "$((SECONDS - CELL_STARTED))"; }

# die WHAT CAUSE FIX
die() {
  printf '✗ %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '  cause: %s\n' "$2" >&2
  [ -z "${3:-}" ] || printf '  fix:   %s\n' "$3" >&2
  exit 1
}

need_root() {
  [ "$(id -u)" = 0 ] || die "this needs root" "packages, the container engine and port 53 belong to root" "run it again with sudo"
}
