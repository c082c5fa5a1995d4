#!/usr/bin/env python3
"""The real celld as a process: first run, log-in, bad input, kill -9, a damaged configuration.

usage: celld_test.py PATH_OF_CELLD      ends with `N passed, N failed`; listens on loopback only
"""

import concurrent.futures
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import PASSWORD, Cell, free_port  # noqa: E402
from support.run import run_and_exit  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())


class CelldTest(unittest.TestCase):
    def setUp(self):
        self.cell = Cell(CELLD)
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
        # Measurements of the machine come in between.
        self.assertIn(b"event: config.changed\n", (reply.readline() for _ in range(100)))

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


if __name__ == "__main__":
    run_and_exit(CelldTest)
