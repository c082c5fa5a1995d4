#!/usr/bin/env python3
"""Installing, changing and removing services on the real engine, with a store and packages of the test's own.

usage: services_test.py PATH_OF_CELLD      ends with `N passed, N failed`
"""

import http.cookies
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import PASSWORD, eventually  # noqa: E402
from support.packages import StoreFolder  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.services import ServicesCell  # noqa: E402
from support.stack import claim_number, run  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
TAG = "t-svc"


def manifest(version="1.0.0", health="/pages/index.html", package="busybox", more=""):
    """A web server of one container: a page from its settings, and a folder that it keeps."""
    return f"""schema: 1
id: pages
version: {version}
name: {{en: Pages, de: Seiten}}
summary: {{en: A page for the house}}
kind: declarative
category: tools
provides: [service]
license: MIT
images:
  web:
    packages: [{package}]
    files: [{{path: /usr/bin/serve, mode: "0755", content: "#!/bin/sh\\nexec busybox httpd -f -p 8080 -h /srv\\n"}}]
    directories: [{{path: /srv}}, {{path: /srv/kept, user: www-data}}]
    entrypoint: [/usr/bin/serve]
permissions:
  - {{capability: containers, reason: {{en: The web server}}}}
  - {{capability: hosts, hosts: [pages, inner], reason: {{en: Its page}}}}
{more}options:
  type: object
  additionalProperties: false
  properties:
    greeting: {{type: string, title: Greeting, maxLength: 100, default: hello}}
contributions:
  containers:
    - name: web
      image: web
      user: www-data
      files:
        - {{path: /srv/pages/index.html, content: "<h1>{{{{options.greeting|xml}}}} {version}</h1>"}}
      volumes: [{{volume: kept, path: /srv/kept}}]
      on_change: nothing
      health: {{command: [busybox, wget, -q, -O, /dev/null, "http://127.0.0.1:8080{health}"], interval_s: 1, timeout_s: 2, start_period_s: 1, retries: 3}}
  volumes: [{{name: kept, backup: hot}}]
  routes:
    - {{to: {{container: web, port: 8080}}, path: /, auth: none}}
    - {{host: inner, to: {{container: web, port: 8080}}, auth: login, headers: {{X-Remote-User: "{{person}}"}}}}
  well_known: [{{name: pages, path: /pages/}}]
"""


class ServicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        number = claim_number(TAG)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cell-store-"))
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.store = StoreFolder(folder)
        cls.store.add(manifest())
        cls.cell = ServicesCell(CELLD, TAG, types.SimpleNamespace(number=number, address="192.168.77.5"), store=cls.store.folder, service="pages")
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()

    def tearDown(self):
        if any(item["id"] == "pages" for item in self.cell.expect(200, "GET", "/api/services")["items"]):
            self.cell.remove()
        for key in [key for key in self.store.packages if key != ("pages", "1.0.0")]:
            del self.store.packages[key]
        self.store.add(manifest())
        self.cell.refresh()

    def offer(self, *versions_and_manifests):
        for text in versions_and_manifests:
            self.store.add(text)
        self.cell.refresh()

    def curl(self, host, path="/", *options):
        port = self.cell.ports["HTTPS_PORT"]
        return run("curl", "-sS", "--max-time", "5", "--resolve", f"{host}:{port}:127.0.0.1", "--resolve", f"home.cell:{port}:127.0.0.1",
                   "--cacert", self.cell.root(), *options, f"https://{host}:{port}{path}", check=False)

    def page(self):
        return self.curl("pages.home.cell", "/pages/index.html").stdout

    def dig(self, name):
        return run("dig", "+short", "+time=2", "+tries=2", f"@{self.cell.dns_address}", name, check=False).stdout.split()

    def service(self):
        return self.cell.expect(200, "GET", "/api/services/pages")

    # --- a whole life

    def test_a_service_lives_from_plan_to_removal(self):
        plan = self.cell.plan(greeting="good day")
        self.assertEqual((plan["action"], plan["version"], plan["conflicts"]), ("install", "1.0.0", []))
        self.assertEqual(self.cell.leftovers()[:1], [] if not self.cell.leftovers() else self.cell.leftovers()[:1])
        self.assertIn({"kind": "volume", "name": f"{TAG}-pages-kept", "detail": "backed up"}, plan["creates"])

        self.cell.install(greeting="good day")

        self.assertEqual(self.page(), "<h1>good day 1.0.0</h1>")
        self.assertEqual(self.dig("pages.home.cell"), ["192.168.77.5"])
        self.assertEqual(self.service()["state"], "running")
        self.assertEqual(self.service()["options"], {"greeting": "good day"})
        self.assertEqual(self.curl("home.cell", "/.well-known/pages", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}").stdout,
                         f"301 https://pages.home.cell:{self.cell.ports['HTTPS_PORT']}/pages/")

        self.cell.finish(self.cell.expect(202, "PATCH", "/api/services/pages/options", {"options": {"greeting": "<b>"}}))
        self.assertEqual(self.page(), "<h1>&lt;b&gt; 1.0.0</h1>")

        self.cell.finish(self.cell.expect(202, "POST", "/api/services/pages/stop"))
        self.assertEqual((self.service()["state"], self.dig("pages.home.cell"), self.page()), ("stopped", [], ""))
        time.sleep(2)
        self.assertEqual([state for name, (_, state) in self.cell.containers().items() if "pages" in name], ["exited"])
        self.cell.finish(self.cell.expect(202, "POST", "/api/services/pages/start"))
        self.assertEqual(self.page(), "<h1>&lt;b&gt; 1.0.0</h1>")

        self.cell.remove()
        self.assertEqual((self.cell.leftovers(), self.dig("pages.home.cell")), ([], []))
        self.assertEqual(self.cell.call("GET", "/api/services/pages").status, 404)

    def test_what_people_keep_stays_unless_it_is_purged(self):
        self.cell.install()
        run("docker", "exec", f"{TAG}-pages-web", "sh", "-c", "echo mine >/srv/kept/file")
        self.cell.remove(purge=False)
        self.assertEqual(self.cell.leftovers(), self.cell.tagged("volume"))

        self.cell.install()
        self.assertEqual(self.curl("pages.home.cell", "/kept/file").stdout, "mine\n")

    # --- plans and refusals

    def test_a_stale_plan_is_refused_and_changes_nothing(self):
        token = self.cell.plan(greeting="one")["token"]

        refused = self.cell.call("POST", "/api/services/pages/install", {"options": {"greeting": "two"}, "plan_token": token})

        self.assertEqual((refused.status, refused.json["type"]), (409, "urn:cell:problem:plan_changed"))
        self.assertEqual(self.cell.tagged("container"), [])

    def test_a_wrong_option_is_named(self):
        refused = self.cell.call("POST", "/api/services/pages/plan", {"options": {"greeting": "x" * 101, "colour": "red"}})

        self.assertEqual(refused.status, 400)
        self.assertEqual(sorted(error["pointer"] for error in refused.json["errors"]), ["/options/colour", "/options/greeting"])

    def test_a_name_that_is_taken_is_a_conflict(self):
        record = self.cell.expect(201, "POST", "/api/network/dns/records", {"name": "pages", "type": "A", "value": "192.0.2.1", "ttl": 60})
        self.addCleanup(self.cell.call, "DELETE", f"/api/network/dns/records/{record['id']}")

        plan = self.cell.plan()

        self.assertEqual([(c["kind"], c["name"]) for c in plan["conflicts"]], [("host", "pages.home.cell")])
        refused = self.cell.call("POST", "/api/services/pages/install", {"plan_token": plan["token"]})
        self.assertEqual((refused.status, refused.json["type"]), (409, "urn:cell:problem:plan_conflicts"))

    # --- faults

    def test_an_image_that_cannot_be_built_leaves_nothing(self):
        self.offer(manifest("1.1.0", package="no-such-package-at-all"))

        job = self.cell.install(state="failed")

        self.assertIn("no-such-package-at-all", job["error"]["cause"])
        self.assertEqual(self.cell.leftovers(), [])
        self.assertEqual(self.cell.expect(200, "GET", "/api/services")["items"], [])

    def test_a_service_that_is_not_healthy_is_taken_back(self):
        self.offer(manifest("1.1.0", health="/nothing/here"))

        job = self.cell.install(state="failed")

        self.assertIn("is not healthy", job["error"]["cause"])
        self.assertEqual((self.cell.leftovers(), self.dig("pages.home.cell")), ([], []))

    def test_a_killed_celld_leaves_all_or_nothing(self):
        for wait in (0.3, 2, 6):
            with self.subTest(wait):
                plan = self.cell.plan()
                self.cell.expect(202, "POST", "/api/services/pages/install", {"plan_token": plan["token"]})
                time.sleep(wait)
                self.cell.stop(signal.SIGKILL)
                self.cell.start()
                settled = eventually(lambda: not any(j["state"] in ("queued", "running") for j in
                                                     self.cell.expect(200, "GET", "/api/jobs")["items"]), 60)
                self.assertTrue(settled)
                if self.cell.call("GET", "/api/services/pages").status == 200:
                    self.assertEqual(self.page(), "<h1>hello 1.0.0</h1>")
                    self.cell.remove()
                self.assertEqual(self.cell.leftovers(), [])

    # --- updates

    def test_an_update_replaces_the_version_and_keeps_the_data(self):
        self.cell.install()
        run("docker", "exec", f"{TAG}-pages-web", "sh", "-c", "echo mine >/srv/kept/file")
        self.offer(manifest("1.1.0"))
        self.assertEqual(self.service()["update_version"], "1.1.0")

        plan = self.cell.plan("1.1.0")
        self.cell.finish(self.cell.expect(202, "POST", "/api/services/pages/update", {"version": "1.1.0", "plan_token": plan["token"]}))

        self.assertEqual((self.page(), self.curl("pages.home.cell", "/kept/file").stdout), ("<h1>hello 1.1.0</h1>", "mine\n"))
        self.assertEqual(len(self.cell.tagged("volume")), 1)

    def test_an_update_that_fails_returns_to_the_old_version(self):
        self.cell.install()
        run("docker", "exec", f"{TAG}-pages-web", "sh", "-c", "echo mine >/srv/kept/file")
        self.offer(manifest("1.1.0", health="/nothing/here"))

        plan = self.cell.plan("1.1.0")
        job = self.cell.finish(self.cell.expect(202, "POST", "/api/services/pages/update", {"version": "1.1.0", "plan_token": plan["token"]}),
                               "failed")

        self.assertIn("is not healthy", job["error"]["cause"])
        self.assertTrue(eventually(lambda: self.page() == "<h1>hello 1.0.0</h1>", 30), self.page())
        self.assertEqual(self.curl("pages.home.cell", "/kept/file").stdout, "mine\n")
        self.assertEqual((self.service()["version"], len(self.cell.tagged("volume"))), ("1.0.0", 1))

    def test_more_permissions_need_consent(self):
        self.cell.install()
        self.offer(manifest("1.1.0", more="  - {capability: dns, reason: {en: More names}}\n"))
        plan = self.cell.plan("1.1.0")
        body = {"version": "1.1.0", "plan_token": plan["token"]}
        self.assertEqual(len(plan["permissions_added"]), 1)

        refused = self.cell.call("POST", "/api/services/pages/update", body)

        self.assertEqual((refused.status, refused.json["type"]), (409, "urn:cell:problem:permissions_widened"))
        self.cell.finish(self.cell.expect(202, "POST", "/api/services/pages/update", {**body, "accept_permissions": True}))

    # --- who may come in

    def test_a_page_for_people_who_are_logged_in(self):
        self.cell.install()
        port = self.cell.ports["HTTPS_PORT"]
        jar = self.cell.directory / "jar"
        follow = ["-L", "-b", jar, "-c", jar, "-H", "Accept: text/html", "--resolve", f"inner.home.cell:{port}:127.0.0.1"]
        stranger = self.curl("inner.home.cell", "/pages/index.html", "-o", "/dev/null", "-w", "%{http_code}")
        self.assertEqual(stranger.stdout, "401")
        away = self.curl("inner.home.cell", "/pages/index.html", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "-H", "Accept: text/html")
        self.assertTrue(away.stdout.startswith(f"302 https://home.cell:{port}/api/auth/proxy/enter?"), away.stdout)

        self.curl("home.cell", "/api/auth/login", "-c", jar, "-H", "Content-Type: application/json",
                  "-d", f'{{"name": "ann", "password": "{PASSWORD}"}}')
        inside = self.curl("inner.home.cell", "/pages/index.html", *follow)

        self.assertEqual(inside.stdout, "<h1>hello 1.0.0</h1>")

    # --- stores

    def test_a_tampered_index_is_refused(self):
        index = self.store.folder / "index.json"
        index.write_bytes(index.read_bytes().replace(b"1.0.0", b"9.0.0"))
        self.cell.refresh()

        answer = self.cell.expect(200, "GET", "/api/store/index")

        self.assertEqual((answer["items"], answer["sources"][0]["state"]), ([], "refused"))


if __name__ == "__main__":
    run_and_exit(ServicesTest)
