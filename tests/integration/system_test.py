#!/usr/bin/env python3
"""The cell's view of itself, and celld's verbs, with the real celld and no engine.

usage: system_test.py PATH_OF_CELLD      ends with `N passed, N failed`; listens on loopback only
"""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import PASSWORD, Cell, eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
ANSWERS = "cell_name: home\ntimezone: Europe/Vienna\nadmin:\n  name: ann\n"


class CelldCase(unittest.TestCase):
    def setUp(self):
        self.cell = Cell(CELLD)
        self.addCleanup(self.cell.close)

    def verb(self, *words, text=None):
        return subprocess.run([CELLD, *words], env={**os.environ, **self.cell.environment()}, capture_output=True, text=True,
                              timeout=60, check=False, input=text)

    def log_in(self, password, name="ann"):
        return self.cell.call("POST", "/api/auth/login", {"name": name, "password": password})


class VerbsTest(CelldCase):
    def generated(self):
        done = self.verb("setup", "--answers", "-", text=ANSWERS)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split("Password: ")[1].split("\n")[0]

    def test_the_setup_code_is_printed_until_the_cell_is_set_up(self):
        code = self.verb("setup-code")
        self.assertRegex(code.stdout, r"^([A-Z2-9]{4}-){3}[A-Z2-9]{4}\n$")

        self.cell.set_up()
        self.assertEqual(self.verb("setup-code").returncode, 1)

    def test_a_running_cell_is_set_up_from_answers(self):
        password = self.generated()

        self.assertEqual(self.log_in(password).status, 200)
        self.assertEqual(self.verb("show-admin-password").stdout, password + "\n")
        again = self.verb("setup", "--answers", "-", text=ANSWERS)
        self.assertEqual(again.returncode, 1)
        self.assertIn("set up already", again.stderr)

    def test_wrong_answers_are_named_and_change_nothing(self):
        done = self.verb("setup", "--answers", "-", text=ANSWERS.replace("home", "Not A Name") + "colour: red\n")

        self.assertEqual(done.returncode, 1)
        self.assertIn("/colour", done.stderr)
        self.assertFalse(self.cell.call("GET", "/health").json["setup_complete"])

    def test_a_cell_that_does_not_run_is_set_up_from_answers(self):
        self.cell.stop()
        password = self.generated()
        self.cell.start()

        self.assertEqual(self.log_in(password).status, 200)

    def test_a_password_is_reset_while_celld_runs_and_ends_the_sessions(self):
        session = self.cell.set_up()
        shown = self.verb("show-admin-password")
        self.assertEqual(shown.returncode, 1)
        self.assertIn("reset-admin-password", shown.stderr)

        password = self.verb("reset-admin-password", "ann").stdout.strip()

        self.assertEqual(self.cell.call("GET", "/api/auth/session", headers=session).status, 401)
        self.assertEqual(self.log_in(PASSWORD).status, 401)
        self.assertEqual(self.log_in(password).status, 200)
        self.assertEqual(self.verb("show-admin-password").stdout, password + "\n")
        self.assertEqual(self.verb("reset-admin-password", "nobody").returncode, 1)

    def test_a_password_is_reset_while_celld_does_not_run(self):
        self.cell.set_up()
        self.cell.stop()
        password = self.verb("reset-admin-password").stdout.strip()
        self.cell.start()

        self.assertEqual(self.log_in(password).status, 200)

    def test_only_the_owner_of_the_files_reaches_the_control_socket(self):
        socket = self.cell.directory / "config/api/control.sock"
        self.assertEqual(socket.stat().st_mode & 0o777, 0o600)
        self.assertEqual(socket.parent.stat().st_mode & 0o777, 0o700)

    def test_health_is_told_by_the_exit_code(self):
        self.assertEqual(self.verb("health").returncode, 0)
        self.cell.stop()
        self.assertEqual(self.verb("health").returncode, 1)


class SystemTest(CelldCase):
    def setUp(self):
        super().setUp()
        self.cell.session = self.cell.set_up()

    def test_the_dashboard_tells_that_the_engine_is_down(self):
        def engine_item():
            items = self.cell.expect(200, "GET", "/api/dashboard")["health"]["items"]
            return next((i for i in items if i["id"] == "engine"), None)
        item = eventually(engine_item)
        self.assertEqual(item["severity"], "problem")
        self.assertTrue(item["cause"] and item["fix"])

        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        answer = self.cell.expect(200, "POST", "/api/dashboard/items/engine/ignore", {"until": until})
        self.assertEqual([i["ignore_until"] for i in answer["items"] if i["id"] == "engine"], [until])
        self.cell.stop()
        self.cell.start()
        self.assertEqual(eventually(engine_item)["ignore_until"], until)

    def test_the_dashboard_measures_the_machine(self):
        stats = self.cell.expect(200, "GET", "/api/dashboard")["stats"]
        self.assertGreater(stats["memory_total_bytes"], stats["memory_bytes"])
        self.assertGreater(stats["disk_total_bytes"], 0)

    def test_new_lines_are_followed_and_end_with_the_session(self):
        stream = http.client.HTTPConnection("127.0.0.1", self.cell.api_port, timeout=20)
        stream.request("GET", "/api/logs/follow?service=jobs&level=info", headers={"Cookie": self.cell.session["Cookie"]})
        reply = stream.getresponse()
        self.assertEqual(reply.getheader("Content-Type"), "text/event-stream")

        revision = self.cell.expect(200, "GET", "/api/settings")["revision"]
        done = self.cell.expect(202, "POST", f"/api/config/revisions/{revision}/restore")
        line = b""
        while not line.startswith(b"data: "):
            line = reply.readline()
        self.assertEqual(json.loads(line[6:])["fields"]["job"], done["job_id"])

        self.cell.call("POST", "/api/auth/logout")
        self.assertIsInstance(reply.read(), bytes)  # ends: the server closed the stream
        stream.close()

    def test_log_levels_reach_every_service_at_once(self):
        self.cell.expect(200, "PUT", "/api/logs/verbosity", {"core": {"root": "warn", "services": {"api": "debug"}}})
        self.cell.expect(200, "GET", "/api/settings")

        found = eventually(lambda: self.cell.expect(200, "GET", "/api/logs?service=api&level=debug&q=%2Fapi%2Fsettings")["items"])
        self.assertEqual(found[0]["message"], "request")

    def test_old_log_levels_are_taken_over_once(self):
        self.cell.stop()
        old = self.cell.directory / "config/api/log_levels.json"
        old.write_text('{"root": "WARNING"}')
        self.cell.start()

        self.assertEqual(self.cell.expect(200, "GET", "/api/logs/verbosity")["core"]["root"], "warn")
        self.assertFalse(old.exists())

    def test_settings_go_there_and_back(self):
        before = self.cell.expect(200, "GET", "/api/settings")
        self.cell.expect(200, "PATCH", "/api/settings", {"timezone": "Europe/Berlin"}, {"If-Match": f'"{before["revision"]}"'})
        self.cell.expect(412, "PATCH", "/api/settings", {"timezone": "UTC"}, {"If-Match": f'"{before["revision"]}"'})
        self.cell.expect(409, "PATCH", "/api/settings", {"cell_name": "other"})

        self.cell.expect(202, "POST", f"/api/config/revisions/{before['revision']}/restore")
        back = eventually(lambda: self.cell.expect(200, "GET", "/api/settings")["timezone"] == "Europe/Vienna")
        self.assertTrue(back)

    def test_metrics_need_no_login_on_this_machine_only(self):
        self.cell.session = {}
        metrics = self.cell.call("GET", "/metrics")
        self.assertEqual(metrics.status, 200)
        self.assertRegex(metrics.text, r"(?m)^cell_http_requests_total [1-9]")
        self.assertEqual(self.cell.call("GET", "/metrics", headers={"Host": "rebound.example"}).status, 401)

    def test_containers_without_an_engine_are_503_at_once(self):
        for path in ("/api/containers", "/api/containers/stats", "/api/images", "/api/volumes"):
            self.assertEqual(self.cell.call("GET", path).status, 503, path)


if __name__ == "__main__":
    run_and_exit(VerbsTest, SystemTest)
