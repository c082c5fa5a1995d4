"""How figures are told and kept: one line each, all of them once more in a table at the end."""

import json
import os
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BENCH_BUILD", ROOT / "build/release"))
ROUNDS = max(1, int(os.environ.get("BENCH_ROUNDS", "3")))
SECONDS = max(1, int(os.environ.get("BENCH_SECONDS", "4")))
# The core of what is measured, and the core of what loads it; the same one on a machine with a single core.
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
# Servers and load run before everything else on the machine (round-robin real time), all alike: what happens to run
# beside a measurement would otherwise decide it.
PRIORITY = "10"
ALONE = ["chrt", "-r", PRIORITY]

sys.path.insert(0, str(ROOT / "tests"))


def program(name):
    return str(BUILD / "bin" / name)


def median(values):
    return statistics.median(values)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def short(number):
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def say(text):
    print(f"  {text}", flush=True)


def _keep(entry):
    path = os.environ.get("BENCH_RESULTS")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    print(line(entry), flush=True)


def line(entry):
    if "value" not in entry:
        return f"{entry['name']}: not measured | {entry['beside']}"
    value = f"{entry['name']}: {short(entry['value'])}{entry['unit']}"
    if entry["target"] is None:
        return f"{value} | {entry['beside']}"
    sign = "≥" if entry["at_least"] else "≤"
    met = "met" if is_met(entry) else "MISSED"
    return f"{value} (target {sign} {short(entry['target'])}{entry['unit']}, {met}) | {entry['beside']}"


def is_met(entry):
    return entry["value"] >= entry["target"] if entry["at_least"] else entry["value"] <= entry["target"]


def at_least(name, value, target, beside, unit=""):
    _keep({"name": name, "value": value, "target": target, "at_least": True, "unit": unit, "beside": beside})


def at_most(name, value, target, beside, unit=""):
    _keep({"name": name, "value": value, "target": target, "at_least": False, "unit": unit, "beside": beside})


def figure(name, value, beside, unit=""):
    """A figure without a target."""
    _keep({"name": name, "value": value, "target": None, "at_least": True, "unit": unit, "beside": beside})


def not_measured(name, reason):
    _keep({"name": name, "beside": reason})


def summary(path):
    entries = [json.loads(text) for text in open(path, encoding="utf-8")] if os.path.exists(path) else []
    print("\nsummary\n")
    print(f"{'figure':44} {'measured':>12} {'target':>12}  {'':6}  beside")
    for entry in entries:
        measured = short(entry["value"]) + entry["unit"] if "value" in entry else "-"
        target, met = "", ""
        if entry.get("target") is not None:
            target = ("≥ " if entry["at_least"] else "≤ ") + short(entry["target"]) + entry["unit"]
            met = "met" if is_met(entry) else "MISSED"
        print(f"{entry['name']:44} {measured:>12} {target:>12}  {met:6}  {entry['beside']}")
    judged = [entry for entry in entries if entry.get("target") is not None]
    missing = sum("value" not in entry for entry in entries)
    print(f"\n{sum(map(is_met, judged))} of {len(judged)} targets met, {missing} not measured")


if __name__ == "__main__":
    summary(sys.argv[1])
