#!/usr/bin/env python3
"""The declarative services of the default store in real containers, each used by a program of its own kind.

usage: declarative_test.py PLAN_DECLARATIVE      ends with `N passed, N failed`
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.service import ROOT, Service, account, app_password, image_of, manifest_of, ssha512  # noqa: E402
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
    ident, secrets, options, accounts = "", {}, {}, ()

    @classmethod
    def setUpClass(cls):
        folder = ROOT / "manifests/declarative" / cls.ident
        cls.plan = staticmethod(planner(folder, cls.secrets))
        cls.service = Service(folder, cls.plan, f"t-{cls.ident}")
        cls.addClassCleanup(cls.service.close)
        cls.service.up(options=cls.options, accounts=cls.accounts)

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


class CodeTest(Declarative):
    ident, options = "code", {"title": "Ada's $(code) <b>", "branch": "trunk", "push_mb": 3}
    passwords = {name: app_password() for name in ("ada", "ada-laptop", "bob")}
    accounts = [account("ada", [ssha512(passwords["ada"]), ssha512(passwords["ada-laptop"])]), account("bob", [ssha512(passwords["bob"])]), account("eve")]

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="cell-code-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def url(self, path, login="ada", password=None):
        return self.service.url(path).replace("https://", f"https://{login}:{password or self.passwords[login]}@")

    def git(self, *words, folder=None):
        """Git as on somebody's computer: over TLS, through the proxy."""
        place = f"code.{self.service.domain}:{self.service.https_port}:127.0.0.1"
        settings = [word for each in (f"http.sslCAInfo={self.service.directory}/root.pem", f"http.curloptResolve={place}", "user.name=Ada", "user.email=ada@home.cell",
                                      "credential.helper=", "init.defaultBranch=trunk") for word in ("-c", each)]
        return subprocess.run(["git", *settings, *map(str, words)], cwd=folder or self.folder, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "GIT_TERMINAL_PROMPT": "0"})

    def project(self, files):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
            done = self.git(*words, folder=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
        return folder

    def push(self, folder, path, **who):
        return self.git("push", self.url(path, **who), "trunk", folder=folder)

    def assert_pushed(self, folder, path, **who):
        done = self.push(folder, path, **who)
        self.assertEqual(done.returncode, 0, done.stderr)

    def page(self, path, login="ada"):
        return self.service.curl(path, "-u", f"{login}:{self.passwords[login]}")

    def test_what_is_pushed_with_one_password_is_cloned_with_another(self):
        self.assert_pushed(self.project({"note.txt": b"hello"}), "/ada/notes.git")
        done = self.git("clone", "-q", self.url("/ada/notes.git", password=self.passwords["ada-laptop"]), "copy")
        self.assertEqual((done.returncode, (self.folder / "copy/note.txt").read_text()), (0, "hello"), done.stderr)

    def test_what_all_share_is_written_by_all(self):
        self.assert_pushed(self.project({"note.txt": b"hello"}), "/all/plans.git")
        self.assertEqual(self.git("clone", "-q", self.url("/all/plans.git", login="bob"), "bobs").returncode, 0)
        (self.folder / "bobs/note.txt").write_text("hello, too")
        self.assertEqual(self.git("commit", "-qam", "second", folder=self.folder / "bobs").returncode, 0)
        self.assert_pushed(self.folder / "bobs", "/all/plans.git", login="bob")
        self.git("clone", "-q", self.url("/all/plans.git"), "adas")
        self.assertEqual((self.folder / "adas/note.txt").read_text(), "hello, too")

    def test_what_is_somebodys_own_is_hidden_from_others(self):
        self.assert_pushed(self.project({"diary.txt": b"dear diary"}), "/ada/diary.git")
        for path in ("/ada/diary.git", "/all/../ada/diary.git", "/all/%2e%2e/ada/diary.git", "/bob/../../repositories/ada/diary.git"):
            self.assertNotEqual(self.git("ls-remote", self.url(path, login="bob")).returncode, 0, path)
            self.assertNotEqual(self.push(self.project({"a": b"a"}), path, login="bob").returncode, 0, path)
        for path in ("/ada/diary.git/", "/ada/diary.git/plain/diary.txt", "/all/../ada/diary.git/plain/diary.txt", "/ada/diary.git/objects/info/packs", "/ada/diary.git/HEAD"):
            status, text = self.page(path, login="bob")
            self.assertEqual(status, 404, path)
            self.assertNotIn("dear", text, path)
        self.assertNotIn("diary", self.page("/", login="bob")[1])
        self.assertIn("dear diary", self.page("/ada/diary.git/plain/diary.txt")[1])

    def test_without_a_password_nothing_is_told(self):
        self.assert_pushed(self.project({"note.txt": b"hello"}), "/all/told.git")
        for login, password in (("ada", "wrong"), ("ada", self.passwords["bob"]), ("eve", self.passwords["ada"]), ("all", self.passwords["ada"]), ("../ada", self.passwords["ada"])):
            self.assertEqual(self.service.curl("/", "-u", f"{login}:{password}")[0], 401)
            self.assertEqual(self.service.curl("/all/told.git/info/refs?service=git-upload-pack", "-u", f"{login}:{password}")[0], 401)
        status, text = self.service.curl("/all/told.git/info/refs?service=git-upload-pack")
        self.assertEqual(status, 401)
        self.assertIn("www-authenticate: basic", text.lower())

    def test_a_password_that_is_taken_back_is_refused_by_the_next_request(self):
        self.service.change(options=self.options, accounts=[account("ada", [ssha512(self.passwords["ada"])]), *self.accounts[1:]])
        self.addCleanup(self.service.change, options=self.options, accounts=self.accounts)
        self.assertEqual(self.service.curl("/", "-u", f"ada:{self.passwords['ada-laptop']}")[0], 401)
        self.assertEqual(self.page("/")[0], 200)

    def test_the_page_shows_files_and_where_to_clone(self):
        self.assert_pushed(self.project({"note.txt": b"<script>alert(1)</script>"}), "/ada/shown.git")
        listed = self.page("/")[1]
        self.assertIn("shown.git", listed)
        self.assertIn("Ada's $(code) &lt;b&gt;", listed)
        self.assertIn(f"https://code.home.cell:{self.service.https_port}/ada/shown.git", self.page("/ada/shown.git/")[1])
        self.assertIn("&lt;script&gt;", self.page("/ada/shown.git/tree/note.txt")[1])
        self.assertEqual(self.service.curl("/.static/cgit.css")[0], 200)
        self.assertEqual(self.service.curl("/.static/../lib/cell-code/request")[0], 401)

    def test_a_push_may_be_big_but_not_bigger_than_the_owner_says(self):
        self.assert_pushed(self.project({"big": os.urandom(2_500_000)}), "/ada/big.git")
        self.assertEqual(self.git("clone", "-q", self.url("/ada/big.git"), "big").returncode, 0)
        self.assertEqual((self.folder / "big/big").stat().st_size, 2_500_000)
        self.assertNotEqual(self.push(self.project({"bigger": os.urandom(4_000_000)}), "/ada/bigger.git").returncode, 0)

    def test_what_was_pushed_is_there_after_a_restart(self):
        self.assert_pushed(self.project({"note.txt": b"hello"}), "/ada/kept.git")
        run("docker", "restart", "-t", "5", self.service.name("server"), seconds=40)
        self.service.wait_healthy("server")
        self.assertTrue(eventually(lambda: self.page("/")[0] == 200, 10))
        self.assertIn("refs/heads/trunk", self.git("ls-remote", self.url("/ada/kept.git")).stdout)

    def test_the_options_stay_what_they_are_in_its_files(self):
        for text in HOSTILE:
            self.assertIn(f"\nroot-title={text}\n", "\n" + self.file_of(self.plan(options={**self.options, "title": text}), "/etc/cell-code/cgitrc"))
        for wrong in ({"branch": "a\nb"}, {"branch": "-x"}, {"title": "a\nscan-path=/"}, {"push_mb": "3"}):
            with self.assertRaises(Refused):
                self.plan(options={**self.options, **wrong})

    def test_the_container_has_no_rights(self):
        self.assert_no_rights("server", 2112)


if __name__ == "__main__":
    run_and_exit(MqttTest, DownloadsTest, CodeTest)
