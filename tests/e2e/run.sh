#!/usr/bin/env bash
# Runs end-to-end test files one after another and closes with `N passed, N failed`.
# usage: run.sh FILE…
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
timeout 1500 node --test --test-concurrency=1 --test-reporter=spec "${@/#/$here/}" 2>&1 | tee "$log"
passed=$(sed -n 's/^ℹ pass \([0-9]*\).*/\1/p' "$log" | tail -1)
failed=$(sed -n 's/^ℹ fail \([0-9]*\).*/\1/p' "$log" | tail -1)
cancelled=$(sed -n 's/^ℹ cancelled \([0-9]*\).*/\1/p' "$log" | tail -1)
[ -n "$passed" ] || exit 1
echo "$passed passed, $((failed + cancelled)) failed"
[ "$failed" = 0 ] && [ "$cancelled" = 0 ]
