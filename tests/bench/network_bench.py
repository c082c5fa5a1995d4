#!/usr/bin/env python3
"""The hub's firewall, forwarding and WireGuard beside the usual ways, and the packets that leak during rebuilds. See README.md."""

import os
import pathlib
import re
import signal
import subprocess
import sys

import measure
from measure import BUILD, ROOT, ROUNDS, median, short

HERE = pathlib.Path(__file__).resolve().parent
# name of network.sh's line: name of ours, target, what it stands beside
JUDGED = {
    "firewall_rebuild_1000_ms": (100, "a process for each rule of 1,000 (iptables -A)"),
    "firewall_one_peer_1000_ms": (10, "one iptables -A at 1,000 rules"),
    "forwarding_10000_packets_s": (0.75, "no rules at all"),
    "wireguard_1000_peers_us": (20, "wg set for each of 1,000 peers"),
}
BESIDE = {"firewall": "iptables, a process for each rule", "forwarding": "no rules at all", "wireguard": "wg set, a process for each peer",
          "agent": "the whole document through the agent"}


def run(*command, seconds=900, can_fail=False):
    """Its standard output. Ends with the whole process group when we are told to end."""
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, problems = child.communicate(timeout=seconds)
    except BaseException:
        # Its own clean-up runs on TERM; KILL would leave its namespaces.
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=30)
        raise
    if child.returncode != 0 and not can_fail:
        raise RuntimeError(f"{command[0]}: {child.returncode}\n{out[-500:]}{problems[-500:]}")
    return out


def collect(section, rounds, pairs):
    for number in range(1, rounds + 1):
        for line in run(HERE / "network.sh", BUILD, section).splitlines():
            words = line.split()
            if line.startswith("#") or len(words) != 4:
                continue
            name, ours, theirs, ratio = words[0], *map(float, words[1:])
            pairs.setdefault(name, []).append((ours, theirs, ratio))
            measure.say(f"{section} {number}/{rounds} {name}: ours {short(ours)}, beside {short(theirs)}")


def judge(pairs):
    for name, samples in pairs.items():
        value = median([ratio for _, _, ratio in samples])
        target, beside = JUDGED.get(name, (None, BESIDE[name.split("_")[0]]))
        text = f"ours {short(median([s[0] for s in samples]))}, {beside} {short(median([s[1] for s in samples]))}"
        if target is None:
            measure.figure(name, value, text, " ×")
        else:
            measure.at_least(name, value, target, text, " ×")


def leaks():
    """The hub's integration test replaces the ruleset 300 times under load and counts what gets through."""
    text = run(ROOT / "tests/integration/hub/run.sh", pathlib.Path(BUILD) / "bin/cell-hubd", can_fail=True)
    found = re.search(r"allowed (\d+), blocked that leaked (\d+)", text)
    result = re.search(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    if found is None or result is None:
        return measure.not_measured("packets_leaked_in_300_rebuilds", "tests/integration/hub/run.sh told no number of leaked packets")
    measure.at_most("packets_leaked_in_300_rebuilds", int(found[2]), 0, f"while {int(found[1]):,} packets of an allowed device passed")
    measure.at_most("hub_checks_failed", int(result[2]), 0, f"tests/integration/hub/run.sh: {result[0]}")


def main():
    print(f"network: in network namespaces of this run's own; {ROUNDS} rounds, ratio above 1: ours is better")
    pairs = {}
    failed = False
    # forwarding alternates within one call, three rounds for each number of peers
    for section, rounds in (("rebuild", ROUNDS), ("forwarding", 1), ("wireguard", ROUNDS), ("agent", 1)):
        try:
            collect(section, rounds, pairs)
        except (RuntimeError, subprocess.TimeoutExpired) as reason:
            failed = True
            measure.not_measured(f"network_{section}", str(reason)[:300].replace("\n", " "))
    judge(pairs)
    leaks()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
