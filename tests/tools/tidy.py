#!/usr/bin/env python3
"""clang-tidy over core/, each file once for each content of it, of its headers and of the configuration.

usage: tidy.py [PATH…]     files or folders, default core; clean results are kept in build/tidy/clean
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/tidy"
CLEAN = BUILD / "clean"
INCLUDE = re.compile(rb'^\s*#include "([^"]+)"', re.M)


def configure():
    subprocess.run(["cmake", "--preset", "tidy"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    return sorted({pathlib.Path(entry["file"]) for entry in commands})


def closure(file, seen):
    """The file and what it includes of ours, at any depth."""
    if file in seen or not file.is_file():
        return seen
    seen.add(file)
    for name in INCLUDE.findall(file.read_bytes()):
        closure(ROOT / "core" / name.decode(), seen)
    return seen


def key_of(file):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for part in sorted(closure(file, set()) | {ROOT / "core/base/precompiled.hpp"}):
        digest.update(str(part.relative_to(ROOT)).encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()


def check(file):
    marker = CLEAN / key_of(file)
    if marker.exists():
        return ""
    done = subprocess.run(["clang-tidy-14", "-p", str(BUILD), "--quiet", "--extra-arg=-include", f"--extra-arg={ROOT}/core/base/precompiled.hpp",
                           str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        marker.touch()
        return ""
    return done.stdout.strip() or done.stderr.strip()


def main():
    wanted = [(ROOT / path).resolve() for path in sys.argv[1:] or ["core"]]
    files = [file for file in configure() if any(file == path or path in file.parents for path in wanted)]
    CLEAN.mkdir(parents=True, exist_ok=True)
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for report in pool.map(check, files):
            if report:
                bad += 1
                print(report, flush=True)
    print(f"clang-tidy: {len(files)} files, {bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
