#!/usr/bin/env bash
# Builds what the images are made of. Inputs that are as they were, by content, are not built again.
# usage: build.sh api|webui|packages-of-webui
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# is_built STAMP HASH
is_built() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

build_api() {
  local out="$CELL_ROOT/build/release" hash
  "$CELL_ROOT/packaging/scripts/packages.sh" build
  hash=$(cd "$CELL_ROOT" && hash_of core sdk plugins manifests cmake CMakeLists.txt CMakePresets.json)
  if [ -x "$out/bin/celld" ] && [ -x "$out/bin/cell-hubd" ] && [ -x "$out/bin/cell-plugin-host" ] && [ -s "$out/store/index.json" ] && is_built "$out/.inputs" "$hash"; then return; fi
  step "building celld, cell-hubd and the services"
  mkdir -p "$out"
  rm -f "$out/.inputs"
  cd "$CELL_ROOT"
  cmake --preset release >"$out/configure.log" 2>&1 || {
    tail -20 "$out/configure.log" >&2
    die "cmake refused" "see its message above" "if a package is missing: packaging/scripts/packages.sh build"
  }
  cmake --build --preset release || die "the build failed" "see the compiler's message above" "out of memory? try 'cmake --build --preset release -j1', then 'make start' again"
  echo "$hash" >"$out/.inputs"
  done_step "celld, cell-hubd and the services"
}

# Debian's npm, unless there is one that came another way (it would conflict with Debian's).
need_npm() {
  command -v npm >/dev/null || "$CELL_ROOT/packaging/scripts/packages.sh" webui
}

install_webui_packages() {
  local hash
  hash=$(cd "$CELL_ROOT/webui" && hash_of package-lock.json "$(node --version)")
  if is_built node_modules/.cell-inputs "$hash"; then return; fi
  step "fetching the web UI's packages"
  npm ci --no-audit --no-fund --loglevel=error || die "the web UI's packages could not be fetched" "see npm's message above" "check the network and npm's registry setting, then run it again"
  echo "$hash" >node_modules/.cell-inputs
}

build_webui() {
  local hash inputs
  mapfile -t inputs < <(find . -mindepth 1 -maxdepth 1 ! -name node_modules ! -name dist ! -name 'README*' | sort)
  hash=$(hash_of "${inputs[@]}")
  if [ -s dist/index.html ] && is_built "$CELL_ROOT/build/.webui-inputs" "$hash"; then return; fi
  install_webui_packages
  step "building the web UI"
  mkdir -p "$CELL_ROOT/build"
  npm run --silent build >"$CELL_ROOT/build/webui.log" 2>&1 || {
    tail -30 "$CELL_ROOT/build/webui.log" >&2
    die "the web UI was not built" "see the message above" "correct it, then run it again"
  }
  echo "$hash" >"$CELL_ROOT/build/.webui-inputs"
  done_step "web UI"
}

case ${1:-} in
  api) build_api ;;
  webui | packages-of-webui)
    # A tree without a web UI still makes a cell with its API.
    [ -f "$CELL_ROOT/webui/package.json" ] || exit 0
    need_npm
    cd "$CELL_ROOT/webui"
    if [ "$1" = webui ]; then build_webui; else install_webui_packages; fi
    ;;
  *) die "usage: build.sh api|webui|packages-of-webui" ;;
esac
