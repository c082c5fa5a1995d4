# Sourced by the other scripts: where things are, and how progress and failures are told.
# shellcheck shell=bash

CELL_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
CELL_STARTED=$SECONDS
export CELL_ROOT CELL_STARTED

step() { printf '→ %s\n' "$*"; }
done_step() { printf '✓ %s (%ss)\n' "$*" "$((SECONDS - CELL_STARTED))"; }
warn() { printf '! %s\n' "$*" >&2; }

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

need_engine() {
  docker version -f '{{.Server.Version}}' >/dev/null 2>&1 ||
    die "no container engine answers" "docker is not installed, not running, or its socket is not ours to use" "run 'make start' as root, which starts it"
}

# An image that has no tag any more.
is_nameless() { [ "$(docker image inspect -f '{{len .RepoTags}}' "${1:-none}" 2>/dev/null)" = 0 ]; }

# hash_of WORD… : over the words and the contents of those that are files or folders.
hash_of() {
  local word
  for word in "$@"; do
    if [ -e "$word" ]; then (cd "$(dirname "$word")" && find "$(basename "$word")" -type f -print0 | sort -z | xargs -0 -r sha256sum); else printf '%s\n' "$word"; fi
  done | sha256sum | cut -d' ' -f1
}
