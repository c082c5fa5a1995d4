#!/usr/bin/env bash
# The hello example, built five ways that no C++ interface would survive being mixed, and loaded by one host in C: all answer the
# same, and as golden/hello.txt says. Ends with the line `N passed, N failed`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

printf '#include "%s"\n' "$root"/sdk/src/*.cpp "$root/sdk/examples/hello/hello.cpp" >"$work/all.cpp"
shared=(-std=c++20 -O1 -fPIC -shared -fvisibility=hidden -fvisibility-inlines-hidden -I "$root/sdk/include" -I "$root/sdk/src"
  "-Wl,-z,defs" "-Wl,--version-script=$root/sdk/cmake/cell_plugin.map")

gcc -std=c11 -Wall -Wextra -Werror -I "$root/sdk/include" "$here/loader.c" -ldl -o "$work/loader"

# build NAME COMPILER FLAG…
build() {
  local name=$1
  shift
  if "$@" "${shared[@]}" "$work/all.cpp" -o "$work/$name.so" && "$work/loader" "$work/$name.so" >"$work/$name.txt" &&
    diff -u "$here/golden/hello.txt" "$work/$name.txt"; then
    printf '✓ %s\n' "$name"
    passed=$((passed + 1))
  else
    printf '✗ %s\n' "$name" >&2
    failed=$((failed + 1))
  fi
}

build g++ g++ -fno-gnu-unique
build clang++ clang++-14
build libc++ clang++-14 -stdlib=libc++
build debug-containers g++ -fno-gnu-unique -D_GLIBCXX_DEBUG
build old-strings g++ -fno-gnu-unique -D_GLIBCXX_USE_CXX11_ABI=0
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
