#!/usr/bin/env python3
"""HTTP requests a second and the longest request, celld beside others, in one run. See README.md."""

import contextlib
import pathlib
import subprocess
import tempfile
from typing import NamedTuple

import measure
from measure import LOAD_CORE, ROUNDS, SECONDS, median, program, short
from servers import resident_mb, start_all

HERE = pathlib.Path(__file__).resolve().parent
LONGEST_REQUEST_S = 1.0


class Load(NamedTuple):
    name: str
    connections: int
    crowd: tuple = ()  # kind and number of clients that are in the way


ALONE = Load("64", 64)
LOADS = [Load("1", 1), ALONE, Load("64_beside_500_idle", 64, ("idle", 500)), Load("64_beside_1000_idle", 64, ("idle", 1000)),
         Load("64_beside_500_slow", 64, ("slow", 500))]


class Sample(NamedTuple):
    rate: float
    longest_s: float
    p99_s: float
    failures: int
    crowd: int  # clients of the crowd that were there at the end


@contextlib.contextmanager
def crowd_of(server, load):
    """The crowd's clients, until the block ends; yields what tells how many are there."""
    told = {"ready": 0, "held": 0}
    if not load.crowd:
        yield told
        return
    kind, count = load.crowd
    crowd = subprocess.Popen([*measure.ALONE, "taskset", "-c", str(LOAD_CORE), program("bench_http_crowd"), kind, str(server.port), str(count), str(SECONDS + 60),
                              server.path, server.cookie], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        told["ready"] = int(crowd.stdout.readline().split()[1])
        yield told
    finally:
        try:
            out, _ = crowd.communicate(timeout=20)  # closes its standard input, which ends it
            told["held"] = int(out.split()[1])
        except subprocess.TimeoutExpired:
            crowd.kill()
            crowd.wait()


def wrk(server, connections):
    done = subprocess.run([*measure.ALONE, "taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--timeout", "8s",
                           "-s", str(HERE / "wrk_report.lua"), "-H", f"Cookie: {server.cookie}", f"http://127.0.0.1:{server.port}{server.path}"],
                          capture_output=True, text=True, timeout=SECONDS + 60, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("bench "):
            requests, seconds, longest, p99, failures = (float(word) for word in line.split()[1:])
            return requests / seconds, longest / 1e6, p99 / 1e6, int(failures)
    raise RuntimeError(f"wrk against {server.name}: {done.stdout}{done.stderr}")


def sample(server, load):
    with crowd_of(server, load) as told:
        figures = wrk(server, load.connections)
    return Sample(*figures, told["held"])


def measure_all(servers):
    """{(server, load): samples}, servers alternating within a load, loads within a round."""
    samples = {}
    for number in range(1, ROUNDS + 1):
        for load in LOADS:
            for server in servers:
                if load.crowd and server.name == "celld":
                    # Its own rate alone just before, so that the pair knows the same machine.
                    samples.setdefault((server.name, f"before_{load.name}"), []).append(sample(server, ALONE))
                one = sample(server, load)
                samples.setdefault((server.name, load.name), []).append(one)
                beside = f", {one.crowd} of {load.crowd[1]} {load.crowd[0]} clients still there" if load.crowd else ""
                measure.say(f"round {number}/{ROUNDS} {load.name} {server.name}: {short(one.rate)}/s, longest {one.longest_s * 1e3:.1f} ms, "
                            f"p99 {one.p99_s * 1e3:.1f} ms, {one.failures} failures{beside}")
    return samples


def rate_of(samples, server, load):
    return median([one.rate for one in samples[server, load]])


def ratio(samples, ours, theirs):
    """Median of the rounds' own ratios."""
    pairs = [(a.rate / b.rate) for a, b in zip(samples[ours], samples[theirs]) if b.rate > 0]
    return median(pairs) if pairs else float("inf")


def table(servers, samples):
    print(f"\n  requests a second, median of {ROUNDS}: " + " · ".join(load.name for load in LOADS))
    for server in servers:
        rates = " ".join(f"{short(rate_of(samples, server.name, load.name)):>10}" for load in LOADS)
        print(f"  {server.name:24}{rates}   resident {resident_mb(server.pid):.0f} MB")
    print()


def judge(servers, samples):
    names = [server.name for server in servers]
    for other, target in [("Flask in gunicorn", 10), ("Caddy respond", 1.0), ("Poco HTTPServer", None), ("Flask threaded", None)]:
        label = f"http_64_celld_by_{other.lower().replace(' ', '_')}"
        if other not in names:
            measure.not_measured(label, f"{other} is not there")
            continue
        beside = f"celld {short(rate_of(samples, 'celld', '64'))}/s, {other} {short(rate_of(samples, other, '64'))}/s"
        value = ratio(samples, ("celld", "64"), (other, "64"))
        if target is None:
            measure.figure(label, value, beside, " ×")
        else:
            measure.at_least(label, value, target, beside, " ×")
        measure.figure(label.replace("64", "1", 1), ratio(samples, ("celld", "1"), (other, "1")),
                       f"celld {short(rate_of(samples, 'celld', '1'))}/s, {other} {short(rate_of(samples, other, '1'))}/s", " ×")
    for load, target in [("64_beside_500_idle", None), ("64_beside_1000_idle", 0.9), ("64_beside_500_slow", 0.9)]:
        beside = f"{short(rate_of(samples, 'celld', load))}/s, alone just before {short(rate_of(samples, 'celld', f'before_{load}'))}/s"
        value = ratio(samples, ("celld", load), ("celld", f"before_{load}"))
        if target is None:
            measure.figure(f"http_{load}_by_alone", value, beside, " ×")
        else:
            measure.at_least(f"http_{load}_by_alone", value, target, beside, " ×")
    ours = [one for (server, _), list_ in samples.items() if server == "celld" for one in list_]
    measure.at_most("http_longest_request", max(one.longest_s for one in ours), LONGEST_REQUEST_S, "over all runs against celld", " s")
    measure.at_most("http_failed_requests", sum(one.failures for one in ours), 0, "status above 399, time-outs, broken connections of celld")


def main():
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory(prefix="cell-bench-") as text:
        directory = pathlib.Path(text)
        servers, missing = start_all(directory, stack)
        print(f"http: GET {servers[0].path} of the real celld ({len(servers[0].body.text)} bytes of JSON, session cookie) beside servers that answer "
              f"the same bytes; {ROUNDS} rounds of {SECONDS} s; servers on core {measure.SERVER_CORE}, load on core {measure.LOAD_CORE}")
        for reason in missing:
            print(f"  without {reason}")
        samples = measure_all(servers)
        table(servers, samples)
        judge(servers, samples)


if __name__ == "__main__":
    main()
