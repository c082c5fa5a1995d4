#!/usr/bin/env python3
"""The real celld as a process: first run, log-in, bad input, kill -9, a damaged configuration.

usage: celld_test.py PATH_OF_CELLD      ends with `N passed, N failed`; listens on loopback only
"""

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

CELLD = ""
PASSWORD = "a good long phrase"


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    def __init__(self, reply):
        self.status = reply.status
        self.headers = dict(reply.getheaders())
        self.text = reply.read().decode()

    @property
    def json(self):
        return json.loads(self.text)


class Daemon:
    """One celld with a directory and ports of its own."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="celld-test-"))
        self.api_port, self.ui_port = free_port(), free_port()
        self.process = None
        self.start()

    def start(self):
        environment = dict(os.environ, CELL_DIR=str(self.directory), CELL_INSTANCE="t-celld", API_PORT=str(self.api_port),
                           WEBUI_PORT=str(self.ui_port), WEBUI_ADDRESS="127.0.0.1",
                           CELL_WEBUI_DIR=str(self.directory / "no-webui"),
                           DOCKER_HOST=f"unix://{self.directory}/no-engine.sock")
        self.process = subprocess.Popen([CELLD], env=environment, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.call("GET", "/health")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("celld did not start: " + self.process.communicate()[1])

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.stop(signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=20)
        sent = dict(headers or {})
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, sent)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def answers(self, **changes):
        return {"cell_name": "home", "domain": {"mode": "local"}, "timezone": "Europe/Vienna",
                "admin": {"name": "ann", "password": PASSWORD}, **changes}

    def set_up(self):
        """Completes the set-up; headers of the session that came with it."""
        answer = self.call("POST", "/api/setup/complete", self.answers())
        assert answer.status == 202, answer.text
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        return {"Cookie": cookie, "X-CSRF-Token": answer.json["session"]["csrf_token"]}


class CelldTest(unittest.TestCase):
    def setUp(self):
        self.cell = Daemon()
        self.addCleanup(self.cell.close)

    def test_answers_428_until_it_is_set_up_and_409_to_set_up_afterwards(self):
        before = self.cell.call("GET", "/api/people")
        self.assertEqual((before.status, before.json["setup"]), (428, "/setup"))
        self.assertEqual(self.cell.call("GET", "/health").json["setup_complete"], False)

        session = self.cell.set_up()

        self.assertEqual(self.cell.call("GET", "/api/people", headers=session).json["items"][0]["name"], "ann")
        self.assertEqual(self.cell.call("GET", "/api/setup").status, 409)
        self.assertFalse((self.cell.directory / "run/setup-code").exists())

    def test_exactly_one_of_fifty_wins_the_cell(self):
        def claim(i):
            admin = {"name": f"person{i}", "password": PASSWORD}
            return self.cell.call("POST", "/api/setup/complete", self.cell.answers(admin=admin)).status

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            statuses = list(pool.map(claim, range(50)))

        self.assertEqual(statuses.count(202), 1)
        self.assertTrue(set(statuses) <= {202, 409, 429}, statuses)

    def test_a_wrong_answer_names_its_field_and_changes_nothing(self):
        config = self.cell.directory / "config/api/cell_config.json"
        before = config.read_text()
        for changes, pointer in [({"cell_name": "My Cell!"}, "/cell_name"), ({"timezone": "Mars/Base"}, "/timezone"),
                                 ({"admin": {"name": "ann", "password": "short"}}, "/admin/password"),
                                 ({"colour": "red"}, "/colour")]:
            answer = self.cell.call("POST", "/api/setup/complete", self.cell.answers(**changes))
            self.assertIn(answer.status, (400, 422), answer.text)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.assertIn(pointer, [error["pointer"] for error in answer.json["errors"]])
        self.assertEqual(config.read_text(), before)

    def test_refuses_json_that_two_readers_would_read_differently(self):
        for body in ['{"name":"a","name":"b"}', '{"name":1e999}', "[" * 100_000, '{"a":"\\ud800"}', "", "\x00", '{"a":1}x']:
            self.assertEqual(self.cell.call("POST", "/api/setup/complete", body).status // 100, 4, body[:30])
        self.assertEqual(self.cell.call("GET", "/health").status, 200)

    def test_a_session_lives_until_log_out_and_survives_a_kill(self):
        session = self.cell.set_up()

        self.cell.stop(signal.SIGKILL)
        self.cell.start()

        self.assertEqual(self.cell.call("GET", "/api/auth/session", headers=session).json["user"]["name"], "ann")
        self.assertEqual(self.cell.call("POST", "/api/auth/logout", headers=session).status, 204)
        self.assertEqual(self.cell.call("GET", "/api/auth/session", headers=session).status, 401)

    def test_changes_need_the_sessions_csrf_token(self):
        session = self.cell.set_up()
        person = {"name": "bob", "role": "peer", "password": "another long phrase"}

        without = self.cell.call("POST", "/api/people", person, {"Cookie": session["Cookie"]})
        wrong = self.cell.call("POST", "/api/people", person, {**session, "X-CSRF-Token": "x"})
        foreign = self.cell.call("POST", "/api/people", person, {**session, "Origin": "http://evil.example"})
        right = self.cell.call("POST", "/api/people", person, session)

        self.assertEqual([without.status, wrong.status, foreign.status, right.status], [403, 403, 403, 201])

    def test_a_peer_is_no_administrator(self):
        session = self.cell.set_up()
        self.cell.call("POST", "/api/people", {"name": "bob", "role": "peer", "password": "another long phrase"}, session)
        login = self.cell.call("POST", "/api/auth/login", {"name": "bob", "password": "another long phrase"})
        self.assertEqual(login.status, 200)
        bob = {"Cookie": login.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": login.json["csrf_token"]}

        for path in ("/api/people", "/api/audit", "/api/logs", "/api/jobs"):
            self.assertEqual(self.cell.call("GET", path, headers=bob).status, 403, path)
        self.assertEqual(self.cell.call("GET", "/api/auth/session", headers=bob).json["user"]["role"], "peer")

    def test_guessing_passwords_is_slowed_down(self):
        self.cell.set_up()

        statuses = [self.cell.call("POST", "/api/auth/login", {"name": "ann", "password": f"guess number {i}"}).status
                    for i in range(8)]

        self.assertEqual(statuses[:5], [401] * 5)
        self.assertIn(429, statuses[5:])

    def test_a_torn_configuration_falls_back_and_is_kept(self):
        self.cell.set_up()
        self.cell.stop()
        config = self.cell.directory / "config/api/cell_config.json"
        torn = config.read_text()[:100]
        config.write_text(torn)

        self.cell.start()

        health = self.cell.call("GET", "/health").json
        self.assertTrue(health["setup_complete"])
        self.assertEqual([c["state"] for c in health["components"] if c["name"] == "configuration"], ["degraded"])
        self.assertEqual([f.read_text() for f in config.parent.glob("cell_config.json.bad-*")], [torn])

    def test_a_second_celld_leaves_the_first_alone(self):
        environment = dict(os.environ, CELL_DIR=str(self.cell.directory), API_PORT=str(free_port()), WEBUI_PORT=str(free_port()))

        second = subprocess.run([CELLD], env=environment, capture_output=True, text=True, timeout=20, check=False)

        self.assertEqual(second.returncode, 1)
        self.assertIn("another celld uses", second.stderr)
        self.assertEqual(self.cell.call("GET", "/health").status, 200)

    def test_events_reach_a_client_and_end_with_its_session(self):
        session = self.cell.set_up()
        stream = http.client.HTTPConnection("127.0.0.1", self.cell.api_port, timeout=20)
        stream.request("GET", "/api/events", headers={"Cookie": session["Cookie"]})
        reply = stream.getresponse()
        self.assertEqual(reply.getheader("Content-Type"), "text/event-stream")
        self.assertEqual(reply.readline(), b"event: hello\n")

        self.cell.call("POST", "/api/people", {"name": "bob", "role": "peer", "password": "another long phrase"}, session)
        lines = [reply.readline() for _ in range(6)]
        self.assertIn(b"event: config.changed\n", lines)

        self.cell.call("POST", "/api/auth/logout", headers=session)
        self.assertIsInstance(reply.read(), bytes)  # ends: the server closed the stream
        stream.close()

    def test_secrets_are_in_no_file_in_clear(self):
        session = self.cell.set_up()
        cookie = session["Cookie"].split("=", 1)[1]
        self.cell.stop()

        for path in self.cell.directory.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                self.assertNotIn(PASSWORD.encode(), content, path)
                self.assertNotIn(cookie.encode(), content, path)

    def test_stops_cleanly_when_told(self):
        self.assertEqual(self.cell.stop(), 0)
        self.assertFalse((self.cell.directory / "run/celld.sock").exists())


def main():
    global CELLD
    CELLD = str(pathlib.Path(sys.argv[1]).resolve())
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(CelldTest)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
