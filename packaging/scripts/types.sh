#!/usr/bin/env bash
# Makes webui/openapi.json of what celld serves, and of that the web UI's types. Commit both.
# usage: types.sh      CELL_BIN_DIR=build/ci/bin takes the celld that is there, else it is built
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cd "$CELL_ROOT"

bin=${CELL_BIN_DIR:-}
if [ -z "$bin" ]; then
  packaging/scripts/build.sh api
  bin=build/release/bin
fi
[ -x "$bin/celld" ] || die "there is no celld in $bin" "CELL_BIN_DIR names a folder without one" "build it, or leave CELL_BIN_DIR away"
packaging/scripts/build.sh packages-of-webui

step "types of the web UI"
mkdir -p build
python3 tests/support/openapi.py "$bin/celld" >build/openapi.json
mv build/openapi.json webui/openapi.json
(cd webui && npm run --silent types)
done_step "webui/openapi.json and webui/src/api/schema.d.ts"
