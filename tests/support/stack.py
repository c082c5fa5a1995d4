"""A celld with its real containers, and the devices that connect to it."""

import fcntl
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zlib

from support.cell import Cell, eventually, free_port

HERE = pathlib.Path(__file__).resolve().parent
UP_SECONDS = 90


def run(*command, seconds=30, check=True, text=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds, check=False, input=text)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


CLAIMED = []  # open files: a claim ends with its process


def claim_number(tag):
    """A byte of addresses that no other run on this machine has (172.30.N.0/24 and the like), until this process ends."""
    folder = pathlib.Path(tempfile.gettempdir()) / "cell-test-networks"
    folder.mkdir(exist_ok=True)
    first = zlib.crc32(f"{tag}{os.getpid()}".encode())
    for number in ((first + step) % 250 + 1 for step in range(250)):
        file = open(folder / str(number), "w")  # noqa: SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        CLAIMED.append(file)
        return number
    raise AssertionError(f"all networks are taken, see {folder}")


class World:
    """See world.sh. `number` is a byte that no other run on this machine uses."""

    def __init__(self, tag):
        self.tag, self.number = tag, claim_number(tag)
        self.address = f"10.98.{self.number}.1"
        self.lan_host, self.internet_host = f"10.97.{self.number}.2", f"198.18.{self.number}.2"
        self.script("up")

    def script(self, *verb):
        return run(HERE / "world.sh", self.tag, self.number, *verb, seconds=60).stdout.strip()

    def device(self, name):
        return Device(self.script("device", name))

    def close(self):
        self.script("down")


class Device:
    """A Linux laptop in a container: WireGuard's own tools, and clients of the cell's services."""

    def __init__(self, container):
        self.container = container

    def run(self, *command, seconds=30, check=True, text=None):
        return run("docker", "exec", "-i", self.container, *command, seconds=seconds, check=check, text=text)

    def write(self, path, text):
        self.run("sh", "-c", f"umask 077; mkdir -p $(dirname {path}); cat >{path}", text=text)

    def connect(self, config):
        self.write("/etc/wireguard/cell.conf", config)
        self.run("wg-quick", "up", "cell")

    def disconnect(self):
        self.run("wg-quick", "down", "cell", check=False)

    def keep_talking(self):
        """A look-up through the tunnel begins a handshake; True once the hub answers."""
        return self.look_up("home.cell") != []

    def look_up(self, name, kind="A"):
        answer = self.run("dig", "+short", "+time=2", "+tries=2", name, kind, check=False).stdout.splitlines()
        return [line for line in answer if not line.startswith(";")]

    def fetch(self, url, *options, seconds=8):
        """Body of the answer; None when there is none in time."""
        done = self.run("curl", "-sS", "--max-time", seconds, *options, url, check=False, seconds=seconds + 10)
        if done.returncode != 0 and os.environ.get("CELL_TEST_VERBOSE"):
            print(done.stderr, file=sys.stderr)
        return done.stdout if done.returncode == 0 else None


class StackCell(Cell):
    """`close()` also removes the containers and the network."""

    def __init__(self, binary, instance, world, engine_socket="/var/run/docker.sock"):
        self.world, self.engine_socket = world, engine_socket
        number = world.number
        self.network = f"172.30.{number}.0/24"
        self.dns_address, self.hub_address = f"172.30.{number}.3", f"172.30.{number}.9"
        self.ports = {name: free_port(kind) for name, kind in
                      [("DNS_PORT", socket.SOCK_DGRAM), ("NTP_PORT", socket.SOCK_DGRAM), ("WG_PORT", socket.SOCK_DGRAM),
                       ("HTTP_PORT", socket.SOCK_STREAM), ("HTTPS_PORT", socket.SOCK_STREAM)]}
        super().__init__(binary, instance)

    def environment(self):
        return {**super().environment(), "CELL_NETWORK": self.network, "DOCKER_HOST": f"unix://{self.engine_socket}",
                **{name: str(port) for name, port in self.ports.items()}}

    def bring_up(self, **changes):
        """Set-up until its job is done."""
        self.session = self.set_up(endpoint=self.world.address, **changes)
        job = eventually(lambda: next((j for j in self.expect(200, "GET", "/api/jobs")["items"]
                                       if j["kind"] == "setup" and j["state"] not in ("queued", "running")), None), UP_SECONDS)
        assert job and job["state"] == "done", job or self.expect(200, "GET", "/api/jobs")

    def container(self, part):
        return f"{self.instance}-{part}"

    def containers(self):
        """{name: (id, state, started)} of the cell's containers."""
        lines = run("docker", "ps", "-a", "--no-trunc", "--filter", f"label=cell.instance={self.instance}",
                    "--format", "{{.Names}} {{.ID}} {{.State}}").stdout.splitlines()
        return {name: (identity, state) for name, identity, state in (line.split() for line in lines)}

    def add_peer(self, name, **changes):
        return self.expect(201, "POST", "/api/peers", {"name": name, **changes})

    def root(self):
        path = self.directory / "root.pem"
        path.write_text(self.call("GET", "/pki/root.pem").text)
        return path

    def close(self):
        kept = os.environ.get("CELL_TEST_KEEP_LOGS")
        if kept:
            shutil.copytree(self.directory / "logs", pathlib.Path(kept) / self.instance, dirs_exist_ok=True)
        super().close()
        for name in self.containers():
            run("docker", "rm", "-f", name, check=False)
        run("docker", "network", "rm", f"{self.instance}-network", check=False)


def timed(action):
    begun = time.monotonic()
    answer = action()
    return answer, time.monotonic() - begun
