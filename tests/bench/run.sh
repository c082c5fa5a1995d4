#!/usr/bin/env bash
# Measures celld and its hub beside others, in one run. Speaks to loopback and to containers and network namespaces of its own.
# usage: run.sh [http|events|start|peers|network|plugins|all]…      default: all; needs root
#   BENCH_ROUNDS=3 BENCH_SECONDS=4    rounds (medians are over them) and seconds of one HTTP load
#   BENCH_BUILD=DIR                   programs that are built already; nothing is built then
# Ends with a table; exit status 0 when everything could be measured, whether targets are met or not.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
# shellcheck source=../../packaging/scripts/common.sh
. "$here/../../packaging/scripts/common.sh"
cd "$CELL_ROOT"

parts=()
for part in "${@:-all}"; do
  case $part in
    all) parts+=(http events start peers network plugins) ;;
    http | events | start | peers | network | plugins) parts+=("$part") ;;
    *) die "there is no measurement '$part'" "" "choose among: http events start peers network plugins all" ;;
  esac
done

work=$(mktemp -d)
# INT and TERM reach the running part through its process group's foreground or from us; its own clean-up then runs.
running=
clean_up() {
  local waited=0
  if [ -n "$running" ] && kill -INT "$running" 2>/dev/null; then
    while kill -0 "$running" 2>/dev/null && [ "$waited" -lt 60 ]; do sleep 0.5; waited=$((waited + 1)); done
    kill -KILL "$running" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

need_root
step "packages"
packaging/scripts/packages.sh build bench

if [ -z "${BENCH_BUILD:-}" ]; then
  export BENCH_BUILD="$CELL_ROOT/build/release"
  step "build (release, into build/release)"
  cmake --preset release -DCELL_BENCH=ON >"$work/configure.log" 2>&1 || { tail -20 "$work/configure.log" >&2; die "cmake refused" "see above"; }
  cmake --build --preset release --target bench >"$work/build.log" 2>&1 || { tail -30 "$work/build.log" >&2; die "the build failed" "see above"; }
fi
[ -x "$BENCH_BUILD/bin/celld" ] || die "there is no celld in $BENCH_BUILD/bin" "" "unset BENCH_BUILD to have it built"
done_step "build"

export BENCH_RESULTS="$work/results" PYTHONDONTWRITEBYTECODE=1
# The soft limit is 1,024 on many machines; celld raises its own, the others inherit this one.
ulimit -n "$(ulimit -Hn)"
echo "machine: $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
awk -v cores="$(nproc)" '{ if ($1 > cores / 4) print "  the machine is busy with something else: absolute figures will be too low" }' /proc/loadavg

# The slowest part, on a slow machine, takes a quarter of this.
limit_s=3600
failed=()
for part in "${parts[@]}"; do
  step "$part"
  setsid timeout --signal=INT --kill-after=60 "$limit_s" python3 "$here/${part}_bench.py" </dev/null &
  running=$!
  wait "$running" || failed+=("$part")
  running=
done

python3 "$here/measure.py" "$BENCH_RESULTS"
[ ${#failed[@]} -eq 0 ] || die "not everything could be measured: ${failed[*]}" "see the messages above" "run it again with these names alone"
