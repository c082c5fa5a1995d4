#!/usr/bin/env python3
"""Ten thousand clients of celld's event stream: how soon all have an event, and what it costs. See README.md."""

import contextlib
import os
import resource
import select
import subprocess
import time

import measure
from measure import LOAD_CORE, SERVER_CORE, median, program
from servers import resident_mb
from support.cell import Cell

WANTED = int(os.environ.get("BENCH_STREAMS", "10000"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "25"))
PAUSE_S = 2.0
EVENT = "config.changed"
ALL_HAVE_IT_S, CORE_SHARE = 1.0, 0.25
READY_S = 90


class Clients:
    def __init__(self, cell, count, seconds):
        self.process = subprocess.Popen(["taskset", "-c", str(LOAD_CORE), program("bench_event_clients"), str(cell.api_port), str(count), str(seconds),
                                         "/api/events", cell.session["Cookie"], EVENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.rest = b""

    def line(self, seconds):
        """The next line's words; None when there is none in time."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                return None
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode().split()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def processor_seconds(pid):
    # utime and stime, the 14th and 15th field of proc(5)'s stat; the name before them may hold blanks.
    fields = open(f"/proc/{pid}/stat", encoding="utf-8").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def change_something(cell, person, turn):
    """Any saved change of the configuration is an event; a person's name is the smallest there is."""
    cell.expect(200, "PATCH", f"/api/people/{person}", {"name": ("ann", "anna")[turn % 2]})


def run(cell, clients, count):
    ready = clients.line(READY_S)
    opened = int(ready[1]) if ready else 0
    measure.say(f"{opened} of {count} streams are open")
    if opened < count:
        return measure.not_measured("events_all_clients_have_it", f"only {opened} of {count} streams could be opened")
    person = cell.expect(200, "GET", "/api/people")["items"][0]["id"]
    change_something(cell, person, 1)  # the first one touches memory that the later ones have
    clients.line(20)
    last, since_saved = [], []
    before, begun = processor_seconds(cell.process.pid), time.monotonic()
    for turn in range(EVENTS):
        sent = time.monotonic_ns() // 1000
        change_something(cell, person, turn)
        told = clients.line(20)
        if told is None or told[0] != "event":
            return measure.not_measured("events_all_clients_have_it", f"event {turn + 1} did not reach all clients in 20 s")
        last.append((int(told[3]) - sent) / 1e6)
        since_saved.append((int(told[3]) - int(told[2])) / 1e6)
        time.sleep(max(0.0, PAUSE_S - (time.monotonic() - begun) % PAUSE_S))
    passed = time.monotonic() - begun
    share = (processor_seconds(cell.process.pid) - before) / passed
    measure.at_most("events_all_clients_have_it", max(last), ALL_HAVE_IT_S,
                    f"worst of {EVENTS} events, from the request that causes it to the last of {count} clients; median {median(last):.3f} s, "
                    f"first to last client {median(since_saved):.3f} s", " s")
    measure.at_most("events_core_share", share, CORE_SHARE, f"celld's share of one core during {passed:.0f} s with an event every {PAUSE_S:.0f} s")
    measure.figure("events_resident", resident_mb(cell.process.pid), f"celld's memory with {count} streams", " MB")


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    # celld and the clients each need one descriptor a stream, and some more.
    count = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard - 500)
    print(f"events: {count} streams of one session, each 1,000 from an address of their own; celld on core {SERVER_CORE}, clients on core {LOAD_CORE}")
    if count < WANTED:
        measure.say(f"the machine allows {hard} descriptors a process, so {WANTED} do not fit")
    with contextlib.ExitStack() as stack:
        cell = Cell(program("celld"), instance="t-bench")
        stack.callback(cell.close)
        cell.session = cell.set_up()
        subprocess.run(["taskset", "-a", "-c", "-p", str(SERVER_CORE), str(cell.process.pid)], check=True, stdout=subprocess.DEVNULL)
        clients = Clients(cell, count, READY_S + int(EVENTS * PAUSE_S) + 60)
        stack.callback(clients.close)
        run(cell, clients, count)


if __name__ == "__main__":
    main()
