#!/usr/bin/env python3
"""The declarative services of the default store in real containers, each used by a program of its own kind.

usage: declarative_test.py PLAN_DECLARATIVE      ends with `N passed, N failed`
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.service import ROOT, Service, image_of, manifest_of  # noqa: E402
from support.stack import run  # noqa: E402

PLANNER = pathlib.Path(sys.argv[1]).resolve()
HOSTILE = ['a"b', "a'; DROP TABLE user; --", "$(reboot)", "`id`", "a\\", "#a", "日本語", "{{secrets.path}}", "x y"]


class Refused(Exception):
    pass


def planner(folder, secrets=None):
    manifest = manifest_of(folder)

    def plan(accounts=(), options=None):
        defaults = {name: schema["default"] for name, schema in manifest["options"]["properties"].items() if "default" in schema}
        config = {"service": {"id": manifest["id"], "version": manifest["version"]}, "options": {**defaults, **(options or {})}, "accounts": list(accounts),
                  "cell": {"name": "home", "domain": "home.cell", "timezone": "Europe/Vienna", "language": "en"}, "secrets": secrets or {}}
        done = subprocess.run([PLANNER, folder / "manifest.yaml"], input=json.dumps(config), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused(done.stderr)
        return json.loads(done.stdout)
    return plan


class Declarative(unittest.TestCase):
    ident, secrets, options = "", {}, {}

    @classmethod
    def setUpClass(cls):
        folder = ROOT / "manifests/declarative" / cls.ident
        cls.plan = staticmethod(planner(folder, cls.secrets))
        cls.service = Service(folder, cls.plan, f"t-{cls.ident}")
        cls.addClassCleanup(cls.service.close)
        cls.service.up(options=cls.options)

    def assert_no_rights(self, container, user):
        process = run("docker", "inspect", "-f", "{{.State.Pid}}", self.service.name(container)).stdout.strip()
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        self.assertRegex(status, rf"Uid:\t{user}\t{user}\t{user}\t{user}")
        self.assertRegex(status, r"CapEff:\t0000000000000000")

    def file_of(self, plan, path):
        return next(f["content"] for c in plan["containers"] for f in c["files"] if f["path"] == path)


class MqttTest(Declarative):
    ident, options = "mqtt", {"user": "things", "password": "a good, long #phrase"}

    def client(self, program, *words, password=None, seconds=10):
        """mosquitto_pub and mosquitto_sub, beside the broker on its network."""
        image = image_of("test", "mqtt", {"packages": ["mosquitto-clients"]})
        return run("docker", "run", "--rm", "--network", self.service.network, "--entrypoint", program, image, "-h", "broker.mqtt", "-u", "things",
                   "-P", password or self.options["password"], *words, check=False, seconds=seconds + 20)

    def test_what_one_publishes_another_hears(self):
        self.assertEqual(self.client("mosquitto_pub", "-t", "house/lamp", "-r", "-m", "on").returncode, 0)
        self.assertEqual(self.client("mosquitto_sub", "-t", "house/+", "-C", "1", "-W", "5").stdout.strip(), "on")

    def test_a_wrong_password_is_refused(self):
        done = self.client("mosquitto_pub", "-t", "house/lamp", "-m", "off", password="wrong")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("not authori", done.stderr.lower())

    def test_what_should_be_kept_is_there_after_a_restart(self):
        self.client("mosquitto_pub", "-t", "house/heating", "-r", "-m", "21")
        run("docker", "restart", "-t", "5", self.service.name("broker"))
        self.service.wait_healthy("broker")
        self.assertEqual(self.client("mosquitto_sub", "-t", "house/heating", "-C", "1", "-W", "5").stdout.strip(), "21")

    def test_a_password_is_one_line_whatever_is_in_it(self):
        for text in HOSTILE:
            self.assertEqual(self.file_of(self.plan(options={**self.options, "password": text}), "/etc/cell-mosquitto/passwords"), f"things:{text}\n")
        for text in ("a\nother:b", "a:b"):
            with self.assertRaises(Refused):
                self.plan(options={**self.options, "password": text})

    def test_the_container_has_no_rights(self):
        self.assert_no_rights("broker", 2110)


class DownloadsTest(Declarative):
    ident, options = "downloads", {"password": 'a "good" long \\ phrase'}

    def rpc(self, method, arguments=None):
        """Transmission's RPC over the proxy, as apps speak it."""
        who = ["-u", f"home:{self.options['password']}"]
        token = re.search(r"(?i)X-Transmission-Session-Id: (\S+)", self.service.curl("/transmission/rpc", *who)[1])
        if token is None:
            return None
        status, text = self.service.curl("/transmission/rpc", *who, "-H", f"X-Transmission-Session-Id: {token.group(1)}", "-H", "Content-Type: application/json",
                                         "--data-binary", json.dumps({"method": method, "arguments": arguments or {}}))
        self.assertEqual(status, 200)
        return json.loads(re.split(r"\r?\n\r?\n", text, maxsplit=1)[1])

    def test_a_torrent_is_taken_and_shown(self):
        link = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=a-film"
        self.assertEqual(self.rpc("torrent-add", {"filename": link, "paused": True})["result"], "success")
        self.assertEqual([t["name"] for t in self.rpc("torrent-get", {"fields": ["name"]})["arguments"]["torrents"]], ["a-film"])
        run("docker", "restart", "-t", "10", self.service.name("client"), seconds=40)
        self.service.wait_healthy("client")
        self.assertTrue(eventually(lambda: self.rpc("session-get"), 10))
        self.assertEqual([t["name"] for t in self.rpc("torrent-get", {"fields": ["name"]})["arguments"]["torrents"]], ["a-film"])

    def test_the_limits_are_the_owners(self):
        session = self.rpc("session-get")["arguments"]
        self.assertEqual((session["speed-limit-up"], session["speed-limit-up-enabled"], session["speed-limit-down-enabled"], session["peer-limit-global"]), (100, True, False, 200))
        self.service.change(options={**self.options, "up_kb": 7, "limit_down": True, "down_kb": 5})
        session = self.rpc("session-get")["arguments"]
        self.assertEqual((session["speed-limit-up"], session["speed-limit-down"], session["speed-limit-down-enabled"]), (7, 5, True))

    def test_without_the_password_nothing_is_told(self):
        for who in ([], ["-u", "home:wrong"], ["-u", f"other:{self.options['password']}"]):
            for path in ("/transmission/rpc", "/transmission/web/"):
                self.assertEqual(self.service.curl(path, *who)[0], 401, path)

    def test_the_settings_are_json_whatever_the_options_say(self):
        for text in HOSTILE:
            if text.startswith("{"):
                continue
            settings = json.loads(self.file_of(self.plan(options={"password": text, "limit_down": True}), "/etc/cell-transmission/settings.json"))
            self.assertEqual((settings["rpc-password"], settings["rpc-authentication-required"], settings["speed-limit-down-enabled"]), (text, True, True))

    def test_nothing_is_open_unless_the_owner_says_so(self):
        self.assertEqual({p["expose"] for p in self.plan(options=self.options)["containers"][0]["ports"]}, {"none"})
        self.assertEqual({p["expose"] for p in self.plan(options={**self.options, "reach": "public"})["containers"][0]["ports"]}, {"public"})

    def test_the_container_has_no_rights(self):
        self.assert_no_rights("client", 2111)


if __name__ == "__main__":
    run_and_exit(MqttTest, DownloadsTest)
