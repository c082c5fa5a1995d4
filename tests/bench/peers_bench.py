#!/usr/bin/env python3
"""From `POST /api/peers` to a ping that is answered through the new device's tunnel. See README.md."""

import contextlib
import json
import os
import subprocess
import sys
import time

import measure
from measure import median, percentile, program
from support.cell import eventually
from support.stack import StackCell, World, run

PRESENT = [int(number) for number in os.environ.get("BENCH_PEERS", "10,1000").split(",")]
SAMPLES = int(os.environ.get("BENCH_PEER_SAMPLES", "50"))
ALL = {"internet": True, "lan": True, "peers": True, "services": True}
INTERFACE = "cell"
USABLE_S = 10


class Client:
    """The far end: a WireGuard interface in a device's container, given one device's keys after the other. Its programs are
    started in the container's namespaces directly, because an exec by the engine costs about 70 ms."""

    def __init__(self, device, hub):
        self.hub = hub
        pid = run("docker", "inspect", "-f", "{{.State.Pid}}", device.container).stdout.strip()
        self.enter = ["nsenter", "-t", pid, "-n", "-m", "-p", "--"]
        # An interface of its own, not wg-quick's: that one comes with routing rules which a new key would cut off.
        if self.call("ip", "link", "add", INTERFACE, "type", "wireguard", check=False).returncode != 0:
            run("docker", "exec", "-d", "-e", "LOG_LEVEL=silent", device.container, "wireguard-go", INTERFACE)
        assert eventually(lambda: self.call("wg", "show", INTERFACE, check=False).returncode == 0, seconds=10), "no WireGuard interface"

    def call(self, *command, text=None, seconds=10, check=True):
        return run(*self.enter, *command, text=text, seconds=seconds, check=check)

    def become(self, config):
        """The device of this configuration: keys, address and the way to the hub."""
        interface, peer = sections(config)
        # Only one family: the other's address would cost a process more and tell nothing more.
        address = next(a for a in interface["Address"].replace(" ", "").split(",") if ":" not in a)
        psk = f"PresharedKey = {peer['PresharedKey']}\n" if "PresharedKey" in peer else ""
        self.call("wg", "setconf", INTERFACE, "/dev/stdin", text=(
            f"[Interface]\nPrivateKey = {interface['PrivateKey']}\n[Peer]\nPublicKey = {peer['PublicKey']}\n{psk}"
            f"Endpoint = {peer['Endpoint']}\nAllowedIPs = 0.0.0.0/0\n"))
        self.call("ip", "-batch", "-", text=f"address flush dev {INTERFACE} scope global\naddress add {address} dev {INTERFACE}\n"
                                             f"link set {INTERFACE} up\nroute replace {self.hub}/32 dev {INTERFACE}\n")

    def ping(self, seconds):
        """True as soon as the hub answers. ping's own wait for an answer is the measure of time, not a pause of ours."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.call("ping", "-c1", "-W1", "-n", "-q", self.hub, check=False).returncode == 0:
                return True
        return False


def sections(config):
    found, current = {}, {}
    for text in config.splitlines():
        if text.startswith("["):
            current = found.setdefault(text.strip("[] "), {})
        elif "=" in text and not text.startswith("#"):
            name, _, value = text.partition("=")
            current[name.strip()] = value.strip()
    return found["Interface"], found["Peer"]


def fill(cell, count):
    """The cell has `count` devices afterwards."""
    have, cursor = 0, ""
    while True:
        page = cell.expect(200, "GET", "/api/peers?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        have, cursor = have + len(page["items"]), page.get("next_cursor")
        if not cursor:
            break
    for number in range(have, count):
        cell.add_peer(f"resident {number}", policy=ALL)


def widen_pool(cell):
    """The default pool has room for 253 devices; a cell gets another one before it is set up."""
    cell.stop()
    path = cell.directory / "config/api/cell_config.json"
    document = json.loads(path.read_text())
    document["network"]["ipv4_pool"] = "10.13.0.0/16"
    path.write_text(json.dumps(document))
    cell.start()


def one(cell, client, number):
    begun = time.monotonic()
    peer = cell.add_peer(f"sample {number}", policy=ALL)
    answered = time.monotonic()
    client.become(peer["config"])
    ready = time.monotonic()
    if not client.ping(USABLE_S):
        raise AssertionError(f"device {number} got no answer through its tunnel in {USABLE_S} s")
    usable = time.monotonic()
    known = run("docker", "exec", cell.container("wireguard"), "wg", "show", "wg0", "allowed-ips").stdout
    assert peer["public_key"] in known, "the hub does not know the device"
    cell.expect(204, "DELETE", f"/api/peers/{peer['id']}")
    return (answered - begun) * 1e3, (usable - begun) * 1e3, (ready - answered) * 1e3


def measure_at(cell, client, present):
    begun = time.monotonic()
    fill(cell, present)
    measure.say(f"{present} devices are there after {time.monotonic() - begun:.0f} s")
    samples = [one(cell, client, number) for number in range(SAMPLES)]
    answered, usable, client_ms = zip(*samples)
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        measure.figure(f"peer_usable_at_{present}_{name}", percentile(usable, share),
                       f"POST to an answered ping through the tunnel, {SAMPLES} devices; of it the client's own set-up "
                       f"{median(client_ms):.0f} ms; the POST alone {percentile(answered, share):.0f} ms", " ms")


def main():
    print("peers: a new device on a real cell with its containers, its tunnel in a container of its own")
    with contextlib.ExitStack() as stack:
        try:
            world = World("t-bench-peers")
            stack.callback(world.close)
            cell = StackCell(program("celld"), "t-bench-peers", world)
            stack.callback(cell.close)
            widen_pool(cell)
            cell.bring_up()
            hub = next(a.split("/")[0] for a in cell.expect(200, "GET", "/api/wireguard")["hub_addresses"] if ":" not in a)
            client = Client(world.device("laptop"), hub)
            one(cell, client, 0)  # the first one finds cold caches at both ends
            for present in PRESENT:
                measure_at(cell, client, present)
        except (AssertionError, subprocess.SubprocessError) as reason:
            measure.say(str(reason)[:4000])
            measure.not_measured("peer_usable", "see the message above")
            sys.exit(1)


if __name__ == "__main__":
    main()
