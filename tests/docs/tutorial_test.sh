#!/usr/bin/env bash
# Runs the commands of sdk/docs/tutorial.md as they stand there, against an SDK that is installed for it.
# usage: tutorial_test.sh BUILD_FOLDER (one with cell-plugin built). Ends with the line `N passed, N failed`.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
tutorial=$here/../../sdk/docs/tutorial.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component sdk --prefix "$work/sdk" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
export PATH=$work/sdk/bin:$PATH CMAKE_PREFIX_PATH=$work/sdk CMAKE_GENERATOR=Ninja

# Each block of ```sh, as one script that stops where something fails; blocks of ```sh no-test need a cell.
awk -v folder="$work" '
  /^```sh$/ { block++; file = sprintf("%s/block-%02d.sh", folder, block); next }
  /^```/ { file = ""; next }
  file != "" { print > file }' "$tutorial"

mkdir "$work/home"
cd "$work/home"
passed=0 failed=0
for block in "$work"/block-*.sh; do
  set +e
  # In one shell each, but with the folder that the block before left.
  bash -euo pipefail -c ". '$block'; pwd >'$work/folder'" >"$block.log" 2>&1
  status=$?
  set -e
  if [ $status != 0 ]; then
    printf '✗ this block ends with %d:\n' $status
    cat "$block" "$block.log"
    failed=$((failed + 1))
    break
  fi
  passed=$((passed + 1))
  cd "$(cat "$work/folder")"
done

# What the text promises of them.
check() {
  if "${@:2}" >/dev/null 2>&1; then passed=$((passed + 1)); else
    printf '✗ %s\n' "$1"
    failed=$((failed + 1))
  fi
}
if [ $failed = 0 ]; then
  check "there are blocks" test "$passed" -ge 7
  check "check ends with 0 failed" grep -qx '[0-9]* passed, 0 failed' "$work/block-04.sh.log"
  check "the index has both packages" jq -e '[.packages[].id] == ["org.example.greeter", "org.example.page"]' "$work/home/greeter/store/index.json"
  check "the index is the second" jq -e '.version == 2' "$work/home/greeter/store/index.json"
  check "the change of step 3 is in the plugin" grep -q 'The greeting' "$work/home/greeter/build/plugins/org.example.greeter/greeter.so"
  check "the private key is for its owner only" test "$(stat -c %a "$work/home/greeter/publisher.key")" = 600
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ $failed = 0 ]
