#!/usr/bin/env bash
# Prints the path of a go that is new enough for packaging/images; gets one through Debian and the Go module proxy if need be.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

cache=${CELL_CACHE_DIR:-/var/cache/cell-images}
wanted=$(sed -n 's/^go //p' "$CELL_ROOT"/packaging/images/*/go.mod | sort -V | tail -1)

is_new_enough() {
  local version
  version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$wanted" "${version#go}" | sort -V | head -1)" = "$wanted" ]
}

for candidate in "$(command -v go || true)" /usr/local/go/bin/go "$cache/go-$wanted/bin/go"; do
  if [ -x "$candidate" ] && is_new_enough "$candidate"; then
    printf '%s\n' "$candidate"
    exit 0
  fi
done

step "getting Go $wanted" >&2
older=$(command -v go || true)
if [ -z "$older" ]; then
  "$CELL_ROOT/packaging/scripts/packages.sh" go >&2
  older=$(command -v go) || die "no go command" "golang-go was installed but is not in PATH" "check PATH"
fi
# The toolchain is an ordinary module, so the checksum database vouches for it.
answer=$("$older" mod download -json "golang.org/toolchain@v0.0.1-go$wanted.linux-$("$older" env GOARCH)") ||
  die "Go $wanted could not be fetched" "$(jq -r '.Error // empty' <<<"$answer" | head -1)" "install Go $wanted or newer and put it in PATH"
rm -rf "$cache/go-$wanted"
mkdir -p "$cache"
cp -r "$(jq -r .Dir <<<"$answer")" "$cache/go-$wanted.new"
# Modules carry no executable bits.
chmod -R u+w "$cache/go-$wanted.new"
chmod +x "$cache/go-$wanted.new"/bin/* "$cache/go-$wanted.new"/pkg/tool/*/*
mv "$cache/go-$wanted.new" "$cache/go-$wanted"
is_new_enough "$cache/go-$wanted/bin/go" || die "the fetched Go $wanted does not run" "" "install Go $wanted or newer and put it in PATH"
printf '%s\n' "$cache/go-$wanted/bin/go"
