#!/usr/bin/env bash
# Every header of the SDK by itself, in the languages and with the compilers that it is meant for, without a warning.
# Ends with the line `N passed, N failed`.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
headers=$root/sdk/include/cell
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# try COMPILER LANGUAGE STANDARD HEADER
try() {
  if printf '#include <cell/%s>\n' "$4" |
    "$1" -x "$2" -std="$3" -Wall -Wextra -pedantic -Werror -fsyntax-only -I "$headers/.." -; then
    echo passed >>"$results"
  else
    printf '✗ cell/%s with %s, %s\n' "$4" "$1" "$3" >&2
    echo failed >>"$results"
  fi
}
export -f try
export headers results

# What is to be tried, a line each.
cases() {
  local compiler header
  for compiler in gcc clang-14; do printf '%s c %s abi.h\n' "$compiler" c11 "$compiler" c17; done
  for compiler in g++ clang++-14; do
    printf '%s c++ c++17 abi.h\n' "$compiler"
    for header in "$headers"/*.h*; do printf '%s c++ c++20 %s\n' "$compiler" "${header##*/}"; done
  done
  printf 'g++ c++ c++23 plugin.hpp\n'
}

# shellcheck disable=SC2016 # expanded by the shells that xargs starts
cases | xargs -P "$(nproc)" -L 1 bash -c 'try "$@"' try
passed=$(grep -c passed "$results" || true) failed=$(grep -c failed "$results" || true)
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" = "$(cases | wc -l)" ]
