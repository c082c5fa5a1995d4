#!/usr/bin/env bash
# Runs every fuzz target for a bounded time with AddressSanitizer and UndefinedBehaviorSanitizer.
# usage: run.sh [SECONDS_EACH] [TARGET]…      default: 60 s, all targets; ends with `fuzz: N targets clean, N failed`
# An input that breaks a promise is left in build/fuzz/found/TARGET-…; run the target with that file to see it again.
set -euo pipefail
# shellcheck source=../../packaging/scripts/common.sh
. "$(cd "$(dirname "$0")" && pwd)/../../packaging/scripts/common.sh"
cd "$CELL_ROOT"
seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "'$seconds' is no number of seconds" "" "run.sh 60"
[ $# -eq 0 ] || shift

packaging/scripts/packages.sh build fuzz
step "build (clang, sanitizers, into build/fuzz)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --preset fuzz >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; die "cmake refused" "see above"; }
cmake --build build/fuzz --target fuzz >"$work/log" 2>&1 || { tail -40 "$work/log" >&2; die "the build failed" "see above"; }
done_step "build"

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in tests/fuzz/*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
clean=0 failed=0
mkdir -p build/fuzz/found
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1
for target in "${targets[@]}"; do
  # New inputs go into a directory of this run; the committed ones are read only.
  mkdir -p "$work/$target"
  if timeout --kill-after=10 $((seconds + 60)) "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=4096 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$target-" "$work/$target" "tests/fuzz/corpus/$target" \
    >"$work/$target.log" 2>&1; then
    clean=$((clean + 1))
    printf '✓ %-14s %s runs\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log")"
  else
    failed=$((failed + 1))
    printf '✗ %s\n' "$target" >&2
    grep -vE '^#[0-9]+\s+(NEW|REDUCE|pulse|INITED|RELOAD)' "$work/$target.log" | tail -40 >&2
  fi
done
printf 'fuzz: %d targets clean, %d failed\n' "$clean" "$failed"
[ "$failed" = 0 ]
