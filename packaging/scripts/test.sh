#!/usr/bin/env bash
# All tests, from a new clone on a fresh Debian 12 machine. Ends with the line `cell: N passed, N failed`.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cd "$CELL_ROOT"

mkdir -p build
exec 9>build/.test.lock
flock -n 9 || die "another 'make test' runs in this checkout" "" "wait for it to end"

passed=0
failed=0

# count NAME JUNIT_FILE…: adds up what the files tell; a missing file is a failure.
count() {
  local name=$1 file tests bad
  shift
  for file in "$@"; do
    if [ ! -s "$file" ]; then
      printf '✗ %s left no result\n' "$name" >&2
      failed=$((failed + 1))
      continue
    fi
    tests=$(sed -n 's/.*<testsuites tests="\([0-9]*\)".*/\1/p' "$file")
    bad=$(sed -n 's/.*<testsuites .*failures="\([0-9]*\)".*/\1/p' "$file")
    passed=$((passed + tests - bad))
    failed=$((failed + bad))
  done
}

step "packages"
packaging/scripts/packages.sh build test
done_step "packages"

step "build"
cmake --preset ci >build/configure.log 2>&1 || { tail -20 build/configure.log >&2; die "cmake refused" "see above"; }
cmake --build --preset ci || die "the build failed" "see the compiler's message above"
done_step "build"

step "layers"
if python3 tests/tools/check_layers.py; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

step "unit tests"
rm -f build/ci/tests/*.xml
ctest --test-dir build/ci -j2 --output-on-failure || true
for program in build/ci/tests/unit_*; do
  case "$program" in *.xml) continue ;; esac
  count "$(basename "$program")" "$program.xml"
done
done_step "unit tests"

# run NAME COMMAND…: an integration test that ends with the line `N passed, N failed`.
run() {
  local name=$1 last
  shift
  step "$name"
  "$@" 2>&1 | tee "build/$name.log" || true
  last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "build/$name.log" | tail -1 || true)
  if [ -z "$last" ]; then
    printf '✗ %s left no result\n' "$name" >&2
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + $(cut -d' ' -f1 <<<"$last")))
  failed=$((failed + $(cut -d' ' -f3 <<<"$last")))
  done_step "$name"
}

run celld tests/integration/celld_test.py build/ci/bin/celld

printf 'cell: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
