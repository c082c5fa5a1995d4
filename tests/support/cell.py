"""A celld of a test's own: a process with a directory, ports and an instance that nothing else uses."""

import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PASSWORD = "a good long phrase"
DEFAULT_START_SECONDS = 20


def free_port(kind=socket.SOCK_STREAM):
    """A port below those that the system gives to clients, which another test's connections could take at any moment."""
    for _ in range(200):
        port = random.randrange(22_000, 32_000)
        with contextlib.closing(socket.socket(type=kind)) as probe, contextlib.suppress(OSError):
            probe.bind(("0.0.0.0", port))
            return port
    raise AssertionError("no free port")


def eventually(condition, seconds=20, pause=0.05):
    """The condition's first true answer; the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(pause)


class Answer:
    def __init__(self, reply):
        self.status = reply.status
        self.headers = dict(reply.getheaders())
        self.text = reply.read().decode()

    @property
    def json(self):
        return json.loads(self.text)


class Cell:
    """celld without an engine, unless a subclass gives it one. close() ends it and removes what it kept."""

    def __init__(self, binary, instance="t-celld"):
        self.binary, self.instance = binary, instance
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="celld-test-"))
        self.api_port, self.ui_port = free_port(), free_port()
        self.process = None
        self.session = {}
        self.start()

    def environment(self):
        return {"CELL_DIR": str(self.directory), "CELL_INSTANCE": self.instance, "API_PORT": str(self.api_port),
                "WEBUI_PORT": str(self.ui_port), "WEBUI_ADDRESS": "127.0.0.1",
                "CELL_WEBUI_DIR": str(self.directory / "no-webui"),
                "DOCKER_HOST": f"unix://{self.directory}/no-engine.sock"}

    def start(self):
        # A file: a pipe that nobody empties would stop celld once it is full.
        self.said = self.directory / "said"
        with self.said.open("w") as said:
            self.process = subprocess.Popen([self.binary], env={**os.environ, **self.environment()}, stderr=said)
        deadline = time.monotonic() + DEFAULT_START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.call("GET", "/health")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop(signal.SIGKILL)
        raise AssertionError("celld did not start: " + self.said.read_text())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=20)
        return self.process.returncode

    def close(self):
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=20)
        sent = {**self.session, **(headers or {})}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, sent)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def expect(self, status, method, path, body=None, headers=None):
        """call(), and the answer's JSON where its status is the expected one."""
        answer = self.call(method, path, body, headers)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json if answer.text else None

    def answers(self, **changes):
        return {"cell_name": "home", "domain": {"mode": "local"}, "timezone": "Europe/Vienna",
                "admin": {"name": "ann", "password": PASSWORD}, **changes}

    def set_up(self, **changes):
        """Completes the set-up; headers of the session that came with it."""
        answer = self.call("POST", "/api/setup/complete", self.answers(**changes))
        assert answer.status == 202, answer.text
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        return {"Cookie": cookie, "X-CSRF-Token": answer.json["session"]["csrf_token"]}
