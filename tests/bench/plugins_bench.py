#!/usr/bin/env python3
"""What a request to a plugin costs beside a plain function in the core, and what fifty plugins cost at start. See README.md."""

import subprocess

import measure
from measure import BUILD, ROUNDS, median, program


def one_round():
    library = next(BUILD.glob("**/bad_plugins/keeps_contract.so"))
    text = subprocess.run([program("bench_plugin_bench"), str(library), program("cell-plugin-host")], capture_output=True, text=True, timeout=300, check=True).stdout
    return {name: float(value) for name, value, _ in (line.split() for line in text.splitlines())}


def main():
    print(f"plugins: 20,000 requests each, fifty opened one after the other; {ROUNDS} rounds")
    rounds = [one_round() for _ in range(ROUNDS)]

    def of(name):
        return median([figures[name] for figures in rounds])

    plain = of("plain")
    beside = f"a plain function takes {plain:.2f} µs"
    measure.at_most("plugin_in_process_us", of("in_process") - plain, 10, beside, " µs")
    measure.at_most("plugin_isolated_us", of("isolated") - plain, 150, beside, " µs")
    measure.at_most("plugin_child_mb", of("child_kilobytes") / 1024, 3, "proportional share of one of fifty", " MB")
    measure.at_most("plugins_50_isolated_ms", of("load_isolated"), 500, "a process each", " ms")
    measure.at_most("plugins_50_in_process_ms", of("load_in_process"), 500, "in celld", " ms")


if __name__ == "__main__":
    main()
