#!/usr/bin/env python3
"""From the start of the process to the first 200 of /health, and celld's memory at rest. See README.md."""

import contextlib
import http.client
import os
import subprocess
import time

import measure
from measure import ROUNDS, median, program
from support.cell import Cell
from support.stack import StackCell, World

PEERS = int(os.environ.get("BENCH_START_PEERS", "100"))
STARTS = 5 * ROUNDS
START_MS, RESIDENT_MB = 300, 40
REST_S = 10


def healthy(port):
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        finally:
            connection.close()
    return False


def timed_start(cell):
    """Milliseconds from starting the process to the first 200; asked once a millisecond."""
    begun = time.monotonic()
    cell.process = subprocess.Popen([cell.binary], env={**os.environ, **cell.environment()}, stderr=subprocess.PIPE, text=True)
    while not healthy(cell.api_port):
        if cell.process.poll() is not None or time.monotonic() - begun > 20:
            raise AssertionError("celld did not start: " + cell.process.communicate()[1])
        time.sleep(0.001)
    return (time.monotonic() - begun) * 1e3


def starts(cell, count):
    times = []
    for _ in range(count):
        cell.stop()
        times.append(timed_start(cell))
    return times


def memory_mb(pid):
    fields = {}
    for path in (f"/proc/{pid}/status", f"/proc/{pid}/smaps_rollup"):
        for line in open(path, encoding="utf-8"):
            name, _, rest = line.partition(":")
            if rest.strip().endswith("kB"):
                fields[name] = int(rest.split()[0]) / 1024
    return fields["VmRSS"], fields["Pss"]


def tell_start(name, times):
    measure.at_most(name, median(times), START_MS, f"median of {len(times)} starts, longest {max(times):.0f} ms", " ms")


def without_peers():
    cell = Cell(program("celld"), instance="t-bench")
    try:
        cell.session = cell.set_up()
        tell_start("start_without_peers", starts(cell, STARTS))
    finally:
        cell.close()


def with_peers(stack):
    world = World("t-bench-start")
    stack.callback(world.close)
    cell = StackCell(program("celld"), "t-bench-start", world)
    stack.callback(cell.close)
    cell.bring_up()
    for number in range(PEERS):
        cell.add_peer(f"device {number}")
    tell_start(f"start_with_{PEERS}_peers", starts(cell, STARTS))
    time.sleep(REST_S)
    resident, proportional = memory_mb(cell.process.pid)
    measure.at_most(f"resident_with_{PEERS}_peers", resident, RESIDENT_MB,
                    f"VmRSS {REST_S} s after a start with all containers there; PSS {proportional:.1f} MB", " MB")


def main():
    print("start: the process to the first 200 of /health; the cell is set up")
    without_peers()
    with contextlib.ExitStack() as stack:
        try:
            with_peers(stack)
        except AssertionError as reason:
            measure.say(str(reason)[:4000])
            measure.not_measured(f"start_with_{PEERS}_peers", "no cell with its containers and devices, see the message above")
            measure.not_measured(f"resident_with_{PEERS}_peers", "no cell with its containers and devices")


if __name__ == "__main__":
    main()
