"""The servers that are measured side by side. Each answers GET with the same small JSON body, on loopback, on one core."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

from measure import ALONE, PRIORITY, SERVER_CORE, program
from support.cell import Cell, free_port

FLASK_APP = '''
import pathlib
from flask import Flask, Response, request
body = pathlib.Path({body!r}).read_bytes()
app = Flask("bench")

@app.get("/resource")
def resource():
    if request.cookies.get("cell_session") is None:
        return Response(status=401)
    return Response(body, mimetype="application/json")

if __name__ == "__main__":
    import logging
    logging.getLogger("werkzeug").disabled = True
    app.run("127.0.0.1", {port}, threaded=True)
'''


def answers(port, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            time.sleep(0.05)
    return False


def resident_mb(pid):
    """VmRSS of a process and its children, in MB."""
    pids = [pid] + [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    total = 0
    for one in pids:
        for entry in pathlib.Path(f"/proc/{one}/status").read_text().splitlines():
            if entry.startswith("VmRSS:"):
                total += int(entry.split()[1])
    return total / 1024


class Server:
    """A program on the servers' core. `path` and `cookie` are what a client asks for."""

    def __init__(self, name, port, command, path="/resource", cookie="cell_session=bench", environment=None):
        self.name, self.port, self.path, self.cookie = name, port, path, cookie
        self.process = subprocess.Popen([*ALONE, "taskset", "-c", str(SERVER_CORE), *command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, **(environment or {})}, start_new_session=True)
        if not answers(port):
            self.close()
            raise RuntimeError(f"{name} did not start: {' '.join(command)}")

    @property
    def pid(self):
        return self.process.pid

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class CelldServer:
    """The real celld, set up and logged in."""

    def __init__(self):
        self.name, self.path = "celld", "/api/auth/session"
        self.cell = Cell(program("celld"), instance="t-bench")
        try:
            self.cell.session = self.cell.set_up()
            subprocess.run(["taskset", "-a", "-c", "-p", str(SERVER_CORE), str(self.pid)], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["chrt", "-a", "-r", "-p", PRIORITY, str(self.pid)], check=True)
            self.body = self.cell.call("GET", self.path)
            assert self.body.status == 200, self.body.text
        except BaseException:
            self.cell.close()
            raise
        self.port, self.cookie = self.cell.api_port, self.cell.session["Cookie"]

    @property
    def pid(self):
        return self.cell.process.pid

    def close(self):
        self.cell.close()


def caddy_binary(directory):
    """Caddy out of the cell's own image; None with the reason when there is none."""
    image = f"pic/caddy:{os.environ.get('CELL_IMAGE_TAG', '1')}"
    path = directory / "caddy"
    made = subprocess.run(["docker", "create", image], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return shutil.which("caddy")
    container = made.stdout.strip()
    try:
        for source in ("/usr/bin/caddy", "/caddy", "/bin/caddy", "/usr/local/bin/caddy"):
            copied = subprocess.run(["docker", "cp", f"{container}:{source}", path], capture_output=True, check=False)
            if copied.returncode == 0 and path.is_file():
                return str(path)
    finally:
        subprocess.run(["docker", "rm", "-f", container], capture_output=True, check=False)
    return None


def start_caddy(directory, body):
    binary = caddy_binary(directory)
    if binary is None:
        return None
    port = free_port()
    config = directory / "caddy.json"
    config.write_text(json.dumps({
        "admin": {"disabled": True, "config": {"persist": False}},
        "logging": {"logs": {"default": {"level": "ERROR"}}},
        "apps": {"http": {"servers": {"bench": {
            "listen": [f"127.0.0.1:{port}"], "automatic_https": {"disable": True}, "protocols": ["h1"],
            "routes": [{"handle": [{"handler": "static_response", "status_code": 200, "body": body,
                                    "headers": {"Content-Type": ["application/json"]}}]}]}}}}}))
    return Server("Caddy respond", port, [binary, "run", "--config", str(config)],
                  environment={"HOME": str(directory), "XDG_DATA_HOME": str(directory), "XDG_CONFIG_HOME": str(directory), "GOMAXPROCS": "1"})


def start_all(directory, stack):
    """celld first; each is closed by `stack`. Also the names of those that could not be had."""
    celld = CelldServer()
    stack.callback(celld.close)
    body_file = directory / "body.json"
    body_file.write_text(celld.body.text)
    missing = []
    servers = [celld]

    def add(make):
        server = make()
        if server is not None:
            servers.append(server)
            stack.callback(server.close)
        return server is not None

    adapter, poco, flask, gunicorn = (free_port() for _ in range(4))
    for name, port in (("flask", flask), ("gunicorn", gunicorn)):
        (directory / f"{name}_app.py").write_text(FLASK_APP.format(body=str(body_file), port=port))
    add(lambda: Server("celld's HTTP adapter", adapter, [program("bench_http_server"), str(adapter)]))
    add(lambda: Server("Poco HTTPServer", poco, [program("bench_poco_server"), str(poco), "16", str(body_file)]))
    if not add(lambda: start_caddy(directory, celld.body.text)):
        missing.append("Caddy (neither the image pic/caddy nor a caddy program is there)")
    add(lambda: Server("Flask threaded", flask, ["/usr/bin/python3", str(directory / "flask_app.py")]))
    add(lambda: Server("Flask in gunicorn", gunicorn,
                       ["/usr/bin/gunicorn", "--chdir", str(directory), "--bind", f"127.0.0.1:{gunicorn}", "--workers", "1", "--worker-class", "gthread",
                        "--threads", "8", "--keep-alive", "75", "--worker-connections", "2000", "--log-level", "error", "gunicorn_app:app"]))
    return servers, missing
