#!/usr/bin/env python3
"""Reads the includes of core/ and fails on any that points up or sideways in the picture of core/README.md."""

import pathlib
import re
import sys

ADAPTERS = "config engine netfilter wireguard hub caddy coredns chrony http crypto database".split()
# The layers from the bottom; a folder may include itself and lower layers.
LAYERS = [["base"], ADAPTERS, ["plugin"], ["reconcile"], ["domain"], ["api"], ["app"]]
# Programs beside celld; each names what it may use.
PROGRAMS = {"hubd": {"base", "netfilter", "wireguard", "hub"}, "cli": {"base"}, "plugin_host": {"base", "plugin"}}
# Domain nouns that all other nouns may include.
SHARED_NOUNS = {"settings", "jobs"}
# The border between host and plugins; depends on nothing.
SDK = {"cell": {"plugin", "plugin_host"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def allowed(folder):
    """Folders that files in `folder` may include, or None for an unknown folder."""
    if folder in PROGRAMS:
        return PROGRAMS[folder] | {folder}
    below = set()
    for layer in LAYERS:
        if folder in layer:
            return below | {folder}
        below |= set(layer)
    return None


def problems(core):
    for path in sorted(core.rglob("*.[ch]pp")):
        parts = path.relative_to(core).parts
        may = allowed(parts[0])
        if may is None:
            yield f"{path}: folder '{parts[0]}' is in no layer"
            continue
        for target in INCLUDE.findall(path.read_text(encoding="utf-8")):
            to = target.split("/")
            if to[0] in SDK and parts[0] in SDK[to[0]]:
                continue
            if to[0] not in may:
                yield f"{path}: includes \"{target}\", but {parts[0]} may use only {', '.join(sorted(may))}"
            elif parts[0] == to[0] == "domain" and to[1] != parts[1] and to[1] not in SHARED_NOUNS:
                yield f"{path}: noun '{parts[1]}' includes \"{target}\" of another noun"


def main():
    core = pathlib.Path(__file__).resolve().parents[2] / "core"
    found = list(problems(core))
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"layers: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
