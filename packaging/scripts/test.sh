#!/usr/bin/env bash
# All tests, from a new clone on a fresh Debian 12 machine. Ends with the line `cell: N passed, N failed`.
# usage: test.sh [unit|integration]
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cd "$CELL_ROOT"

what=${1:-all}
case $what in all | unit | integration) ;; *) die "usage: test.sh [unit|integration]" ;; esac

mkdir -p build
exec 9>build/.test.lock
flock -n 9 || die "another 'make test' runs in this checkout" "" "wait for it to end"

# Lines of `passed failed`: several tests run at the same time.
results=$(mktemp)
queue=$(mktemp)
tally() { printf '%d %d\n' "$1" "$2" >>"$results"; }

# An engine that was running goes on; one that had to be started here is stopped, whatever happens.
engine_is_ours=no
finish() {
  # shellcheck disable=SC2046 # numbers
  kill $(jobs -p) 2>/dev/null || true
  wait || true
  rm -f "$results" "$queue" "$queue.lock"
  [ "$engine_is_ours" = no ] || packaging/scripts/engine.sh stop || true
}
trap finish EXIT

no_result() {
  printf '✗ %s left no result\n' "$1" >&2
  tally 0 1
}

# count NAME JUNIT_FILE: adds up what the file tells; a missing file and a skipped test are failures.
count() {
  local name=$1 file=$2 tests bad
  if [ ! -s "$file" ]; then
    no_result "$name"
    return
  fi
  tests=$(sed -n 's/.*<testsuites tests="\([0-9]*\)".*/\1/p' "$file")
  bad=$(sed -n 's/.*<testsuites .*failures="\([0-9]*\)".*/\1/p' "$file")
  bad=$((bad + $(grep -c '<skipped' "$file" || true)))
  tally $((tests - bad)) "$bad"
}

# run NAME COMMAND…: a test that ends with the line `N passed, N failed`. What it says is shown if something failed.
run() {
  local name=$1 last began=$SECONDS
  shift
  "$@" >"build/$name.log" 2>&1 9>&- || true
  last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "build/$name.log" | tail -1 || true)
  if [ -z "$last" ]; then
    tail -40 "build/$name.log" >&2
    no_result "$name"
    return
  fi
  tally "$(cut -d' ' -f1 <<<"$last")" "$(cut -d' ' -f3 <<<"$last")"
  if [[ $last == *", 0 failed" ]]; then
    printf '✓ %s: %s (%ss)\n' "$name" "$last" "$((SECONDS - began))"
  else
    tail -150 "build/$name.log" >&2
    printf '✗ %s: %s (%ss)\n' "$name" "$last" "$((SECONDS - began))" >&2
  fi
}

# check NAME COMMAND…: one test, that the command ends well.
check() {
  local name=$1
  shift
  if "$@"; then tally 1 0; else
    printf '✗ %s\n' "$name" >&2
    tally 0 1
  fi
}

build_all() {
  step "packages"
  packaging/scripts/packages.sh build test
  done_step "packages"
  step "build"
  cmake --preset ci >build/configure.log 2>&1 || { tail -20 build/configure.log >&2; die "cmake refused" "see above"; }
  cmake --build --preset ci || die "the build failed" "see the compiler's message above"
  done_step "build"
}

# Every C and C++ file stands as .clang-format says.
clang_format() {
  git ls-files -z '*.cpp' '*.hpp' '*.c' '*.h' | xargs -0 clang-format-14 --dry-run -Werror
}

go_tests() {
  local go
  go=$(packaging/scripts/go.sh) || return
  env -C packaging/images/files GOTOOLCHAIN=local GOFLAGS=-mod=readonly CGO_ENABLED=0 GOCACHE="${CELL_CACHE_DIR:-/var/cache/cell-images}/go-build" "$go" test ./...
}

check_tree() {
  step "the tree"
  check "layers" python3 tests/tools/check_layers.py
  check "layout" clang_format
  check "the file server" go_tests
  check "reference of the SDK" sdk/docs/make_reference.py --check
  check "scripts" shellcheck -x -P packaging/scripts packaging/scripts/*.sh tests/integration/*.sh tests/e2e/*.sh tests/support/*.sh tests/sdk/*.sh tests/docs/*.sh
}

unit_tests() {
  local program
  step "unit tests"
  rm -f build/ci/tests/*.xml
  ctest --test-dir build/ci -LE integration -j2 --output-on-failure || true
  for program in build/ci/tests/unit_*; do
    case "$program" in *.xml) continue ;; esac
    count "$(basename "$program")" "$program.xml"
  done
  done_step "unit tests"
}

webui_tests() {
  local result=$CELL_ROOT/build/webui-tests.json
  [ -f webui/package.json ] || return 0
  step "web UI tests"
  rm -f "$result"
  packaging/scripts/build.sh packages-of-webui
  (cd webui && npm run --silent test -- --reporter=default --reporter=json --outputFile.json="$result") || true
  if [ ! -s "$result" ]; then
    no_result "web UI tests"
    return
  fi
  # A file that does not load has no tests that could fail: it counts as one.
  tally "$(jq .numPassedTests "$result")" \
    "$(jq '.numFailedTests + ([.testResults[] | select(.status == "failed" and (.assertionResults | length) == 0)] | length)' "$result")"
  done_step "web UI tests"
}

# The images hold the binaries that were just built. Their tag is not the one of a cell that may run on this machine.
bring_engine_and_images() {
  export CELL_BIN_DIR=$CELL_ROOT/build/ci/bin CELL_IMAGE_TAG=test
  step "container engine and images"
  if ! packaging/scripts/engine.sh status >/dev/null; then
    engine_is_ours=yes
    packaging/scripts/engine.sh start 9>&-
  fi
  packaging/scripts/build.sh webui
  packaging/scripts/images.sh base coredns caddy chrony wireguard celld client files
  done_step "container engine and images"
}

reconcile_test() {
  local result=build/ci/tests/integration_reconcile.xml
  rm -f "$result"
  build/ci/tests/integration_reconcile --gtest_brief=1 "--gtest_output=xml:$result" 9>&- || true
  count integration_reconcile "$result"
  done_step "reconcile"
}

# What runs beside each other, longest first: each has an instance, a subnet and ports of its own.
line_up_integration() {
  cat >>"$queue" <<'END'
run e2e-pages tests/e2e/alone.sh tests/e2e/run.sh mock_cell_test.mjs
run e2e tests/e2e/run.sh cell_test.mjs
run e2e-services tests/e2e/run.sh services_cell_test.mjs
run services tests/integration/services_test.py build/ci/bin/celld
run mail tests/integration/mail_test.py build/ci/plugins
run mail_cell tests/integration/mail_cell_test.py build/ci/bin/celld build/ci/store
run resilience tests/integration/resilience_test.py build/ci/bin/celld
run hub tests/integration/hub/run.sh build/ci/bin/cell-hubd
run make tests/integration/make_test.sh build/ci/bin
run exits tests/integration/exits_test.py build/ci/bin/celld
run device tests/integration/device_test.py build/ci/bin/celld
run declarative tests/integration/declarative_test.py build/ci/tests/plan_declarative
run hostile tests/integration/hostile_test.py build/ci/bin/celld
run names tests/integration/names_test.py build/ci/bin/celld
run files tests/integration/files_test.py build/ci/plugins
reconcile_test
run calendar tests/integration/calendar_test.py build/ci/plugins
run system tests/integration/system_test.py build/ci/bin/celld
run celld tests/integration/celld_test.py build/ci/bin/celld
run openapi tests/integration/openapi_test.py build/ci/bin/celld
END
}

# What a plugin's author has: headers, compilers, the tool, the tutorial.
line_up_sdk() {
  cat >>"$queue" <<'END'
run sdk-five-ways tests/sdk/five_ways.sh
run sdk-tutorial tests/docs/tutorial_test.sh build/ci
run sdk-tool tests/sdk/tool_test.py build/ci
run sdk-headers tests/sdk/headers.sh
END
}

# The first line of the queue, which is nobody else's then.
take() {
  (
    flock 8
    head -n 1 "$queue"
    sed -i 1d "$queue"
  ) 8>"$queue.lock"
}

worker() {
  local line
  while line=$(take) && [ -n "$line" ]; do
    # shellcheck disable=SC2086 # words of our own, without spaces in them
    $line </dev/null
  done
}

# One worker more than processors, because much of it is waiting.
work_through() {
  local at
  step "tests of real parts, the web UI and the SDK"
  for ((at = 0; at <= $(nproc); at++)); do worker & done
  wait
  done_step "tests of real parts, the web UI and the SDK"
}

build_all
if [ "$what" != integration ]; then
  check_tree
  unit_tests
fi
if [ "$what" != unit ]; then
  bring_engine_and_images
  line_up_integration
fi
if [ "$what" != integration ]; then
  line_up_sdk
  echo webui_tests >>"$queue"
fi
work_through

read -r passed failed < <(awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$results")
printf 'cell: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
