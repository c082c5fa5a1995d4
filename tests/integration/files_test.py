#!/usr/bin/env python3
"""The files service in a real container, behind TLS: WebDAV as devices speak it, the API of the cell's page, share links, quotas.

usage: files_test.py FOLDER_OF_PLUGINS      ends with `N passed, N failed`
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.plugin_abi import Plugin  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.service import ROOT, Service, account, app_password, manifest_of, plan_with, ssha512  # noqa: E402
from support.stack import run  # noqa: E402

PLUGINS = pathlib.Path(sys.argv[1]).resolve()
FOLDER = ROOT / "plugins/files"
KEY = "k" * 43
API = "/_cell/v1"
MEBIBYTE = 1 << 20
LOCK = '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>'


class FilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.passwords = {name: app_password() for name in ("ada", "ada-phone", "bob", "small")}
        cls.plugin = Plugin(PLUGINS / "files/files.so")
        cls.service = Service(FOLDER, plan_with(cls.plugin, manifest_of(FOLDER), {"proxy_key": KEY}), "t-files")
        cls.addClassCleanup(cls.service.close)
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="cell-files-"))
        cls.addClassCleanup(run, "rm", "-rf", cls.scratch)
        cls.people = [account("ada", [ssha512(cls.passwords["ada"]), ssha512(cls.passwords["ada-phone"])]), account("bob", [ssha512(cls.passwords["bob"])]),
                      account("small", [ssha512(cls.passwords["small"])], quota_mb=5)]
        cls.service.up(accounts=cls.people)

    def setUp(self):
        # Each test has a folder of its own.
        self.folder = "/" + re.sub(r"[^a-z]", "-", self._testMethodName)[5:60]
        self.status("MKCOL", self.folder)

    # --- WebDAV

    def dav(self, method, path, *options, login="ada", password=None, seconds=30):
        who = ["-u", f"{login}:{password or self.passwords[login]}"] if login else []
        return self.service.curl("/dav" + urllib.parse.quote(path), "-X", method, *who, *options, seconds=seconds)

    def status(self, *request, **keywords):
        return self.dav(*request, **keywords)[0]

    def put(self, path, text, *options, **keywords):
        return self.status("PUT", path, "--data-binary", text, *options, **keywords)

    def body(self, path, *options, **keywords):
        status, text = self.dav("GET", path, *options, **keywords)
        self.assertIn(status, (200, 206))
        return re.split(r"\r?\n\r?\n", text, maxsplit=1)[1]

    def test_a_file_comes_back_as_it_was_put(self):
        self.assertEqual(self.put(f"{self.folder}/Größe 日本 #1?.txt", "Grüße\nzeile"), 201)
        self.assertEqual(self.body(f"{self.folder}/Größe 日本 #1?.txt"), "Grüße\nzeile")
        self.assertEqual(self.put(f"{self.folder}/Größe 日本 #1?.txt", "anders"), 201)
        self.assertEqual(self.body(f"{self.folder}/Größe 日本 #1?.txt"), "anders")

    def test_each_device_has_a_password_of_its_own(self):
        self.assertEqual(self.status("PROPFIND", "/", "-H", "Depth: 0", password=self.passwords["ada-phone"]), 207)

    def test_a_wrong_password_is_refused(self):
        for login, password in (("ada", self.passwords["bob"]), ("ada", "x" * 3000), ("nobody", "x"), ("ada", ":")):
            self.assertEqual(self.status("PROPFIND", "/", login=login, password=password), 401, login)
        self.assertEqual(self.status("PROPFIND", "/", login=None), 401)

    def test_a_password_that_is_taken_back_ends_at_once(self):
        lost = app_password()
        self.service.change(accounts=[account("ada", [*self.people[0]["passwords"], ssha512(lost)]), *self.people[1:]])
        self.assertTrue(eventually(lambda: self.status("PROPFIND", "/", "-H", "Depth: 0", password=lost) == 207, 5))
        self.service.change(accounts=self.people)
        self.assertTrue(eventually(lambda: self.status("PROPFIND", "/", "-H", "Depth: 0", password=lost) == 401, 5))

    def test_nobody_reaches_somebody_elses_files(self):
        self.put(f"{self.folder}/secret.txt", "secret")
        self.assertEqual(self.status("GET", f"{self.folder}/secret.txt", login="bob"), 404)
        for path in ("/dav/../../ada/files/x", "/dav/%2e%2e/ada/files", "/dav/..%2f..%2fada%2ffiles", "/dav/a/%2e%2e/%2e%2e/etc/passwd"):
            status = self.service.curl(path, "--path-as-is", "-u", f"bob:{self.passwords['bob']}")[0]
            self.assertIn(status, (301, 307, 308, 400, 404, 405), path)

    def test_names_with_control_characters_are_refused(self):
        self.assertEqual(self.service.curl("/dav/a%00b", "-u", f"ada:{self.passwords['ada']}", "-T", "/dev/null")[0], 400)
        self.assertEqual(self.service.curl("/dav/a%0ab", "-u", f"ada:{self.passwords['ada']}", "-T", "/dev/null")[0], 400)

    def test_a_range_is_answered_with_that_range(self):
        self.put(f"{self.folder}/digits", "0123456789")
        status, text = self.dav("GET", f"{self.folder}/digits", "-H", "Range: bytes=3-5")
        self.assertEqual(status, 206)
        self.assertIn("content-range: bytes 3-5/10", text.lower())
        self.assertTrue(text.endswith("345"))
        self.assertEqual(self.status("GET", f"{self.folder}/digits", "-H", "Range: bytes=90-"), 416)

    def test_move_and_copy_keep_what_is_in_a_folder(self):
        self.status("MKCOL", f"{self.folder}/a")
        self.put(f"{self.folder}/a/one", "1")
        target = self.service.url("/dav" + self.folder)
        self.assertEqual(self.status("COPY", f"{self.folder}/a", "-H", f"Destination: {target}/b"), 201)
        self.assertEqual(self.status("MOVE", f"{self.folder}/a", "-H", f"Destination: {target}/c"), 201)
        self.assertEqual((self.body(f"{self.folder}/b/one"), self.body(f"{self.folder}/c/one")), ("1", "1"))
        self.assertEqual(self.status("GET", f"{self.folder}/a/one"), 404)

    def test_move_overwrites_only_when_it_may(self):
        self.put(f"{self.folder}/from", "new")
        self.put(f"{self.folder}/to", "old")
        target = f"Destination: {self.service.url('/dav' + self.folder)}/to"
        self.assertEqual(self.status("MOVE", f"{self.folder}/from", "-H", target, "-H", "Overwrite: F"), 412)
        self.assertEqual(self.body(f"{self.folder}/to"), "old")
        self.assertEqual(self.status("MOVE", f"{self.folder}/from", "-H", target), 204)
        self.assertEqual(self.body(f"{self.folder}/to"), "new")

    def test_move_into_a_folder_that_is_not_there_is_a_conflict(self):
        self.put(f"{self.folder}/lone", "x")
        self.assertEqual(self.status("MOVE", f"{self.folder}/lone", "-H", f"Destination: {self.service.url('/dav' + self.folder)}/no/where"), 409)
        self.assertEqual(self.put(f"{self.folder}/no/where", "x"), 409)

    def test_a_lock_keeps_others_from_writing(self):
        self.put(f"{self.folder}/doc", "one")
        status, text = self.dav("LOCK", f"{self.folder}/doc", "-H", "Timeout: Second-60", "--data-binary", LOCK)
        self.assertEqual(status, 200)
        token = re.search(r"<D:href>([^<]+)</D:href></D:locktoken>", text).group(1)
        self.assertEqual(self.put(f"{self.folder}/doc", "two", password=self.passwords["ada-phone"]), 423)
        self.assertEqual(self.put(f"{self.folder}/doc", "two", "-H", f"If: (<{token}>)"), 201)
        self.assertEqual(self.status("UNLOCK", f"{self.folder}/doc", "-H", f"Lock-Token: <{token}>"), 204)
        self.assertEqual(self.put(f"{self.folder}/doc", "three"), 201)

    def test_sync_programs_do_not_overwrite_what_they_have_not_seen(self):
        self.put(f"{self.folder}/note", "one")
        tag = re.search(r'(?i)etag: ("[^"]+")', self.dav("HEAD", f"{self.folder}/note", "--head")[1]).group(1)
        self.put(f"{self.folder}/note", "two of another device")
        self.assertEqual(self.put(f"{self.folder}/note", "mine", "-H", f"If-Match: {tag}"), 412)
        self.assertEqual(self.put(f"{self.folder}/note", "mine", "-H", "If-None-Match: *"), 412)
        self.assertEqual(self.body(f"{self.folder}/note"), "two of another device")

    def test_an_upload_that_breaks_off_leaves_what_was_there(self):
        self.put(f"{self.folder}/kept", "whole")
        with (self.scratch / "big").open("wb") as big:
            big.truncate(200 * MEBIBYTE)
        done = subprocess.run(["curl", "-sS", "--limit-rate", "20M", "--max-time", "2", "--resolve", f"files.home.cell:{self.service.https_port}:127.0.0.1",
                               "--cacert", self.service.directory / "root.pem", "-u", f"ada:{self.passwords['ada']}", "-T", self.scratch / "big",
                               self.service.url(f"/dav{self.folder}/kept")], capture_output=True, check=False)
        self.assertEqual(done.returncode, 28)
        self.assertEqual(self.body(f"{self.folder}/kept"), "whole")
        self.assertTrue(eventually(lambda: self.me()["used_bytes"] < 150 * MEBIBYTE, 5))

    def test_the_whole_tree_is_not_listed_at_once(self):
        self.assertEqual(self.status("PROPFIND", "/", "-H", "Depth: infinity"), 403)

    def test_a_stored_page_runs_no_script(self):
        self.put(f"{self.folder}/page.html", "<script>alert(1)</script>")
        head = self.dav("GET", f"{self.folder}/page.html")[1].lower()
        self.assertIn("x-content-type-options: nosniff", head)
        self.assertIn("content-security-policy: sandbox", head)

    # --- quota

    def test_over_the_quota_is_507_and_stores_nothing(self):
        with (self.scratch / "six").open("wb") as six:
            six.truncate(6 * MEBIBYTE)
        self.assertEqual(self.status("PUT", "/six", "-T", self.scratch / "six", login="small"), 507)
        # Without a length the server finds out on the way.
        self.assertEqual(self.status("PUT", "/six", "-T", self.scratch / "six", "-H", "Transfer-Encoding: chunked", login="small"), 507)
        self.assertEqual(self.status("GET", "/six", login="small"), 404)
        self.assertEqual(self.me("small")["used_bytes"], 0)

    def test_replacing_a_file_needs_only_what_it_grows_by(self):
        with (self.scratch / "four").open("wb") as four:
            four.truncate(4 * MEBIBYTE)
        for expected in (201, 201):
            self.assertEqual(self.status("PUT", "/four", "-T", self.scratch / "four", login="small"), expected)
        target = f"Destination: {self.service.url('/dav/copy')}"
        self.assertEqual(self.status("COPY", "/four", "-H", target, login="small"), 507)
        self.assertEqual(self.me("small")["used_bytes"], 4 * MEBIBYTE)
        answer = self.dav("PROPFIND", "/", "-H", "Depth: 0", "--data-binary",
                          '<d:propfind xmlns:d="DAV:"><d:prop><d:quota-available-bytes/><d:quota-used-bytes/></d:prop></d:propfind>', login="small")[1]
        self.assertIn(f"quota-available-bytes>{MEBIBYTE}<", answer)
        self.assertEqual(self.status("DELETE", "/four", login="small"), 204)
        self.assertEqual(self.me("small")["used_bytes"], 0)

    # --- the page's API

    def api(self, method, path, document=None, *options, person="ada", headers=("X-Cell-Files: 1",)):
        words = ["-X", method, "-H", f"X-Test-Login: {person}"]
        for header in headers:
            words += ["-H", header]
        if document is not None:
            words += ["-H", "Content-Type: application/json", "--data-binary", json.dumps(document)]
        status, text = self.service.curl(API + path, *words, *options)
        body = re.split(r"\r?\n\r?\n", text, maxsplit=1)[1]
        return status, json.loads(body) if body.startswith("{") else body

    def me(self, person="ada"):
        return self.api("GET", "/me", person=person)[1]

    def paths(self, folder):
        return [item["path"] for item in self.api("GET", f"/list?path={folder}")[1]["items"]]

    def test_the_page_lists_what_devices_put(self):
        self.put(f"{self.folder}/b.txt", "12345")
        self.status("MKCOL", f"{self.folder}/z")
        self.put(f"{self.folder}/A.jpg", "x")
        listed = self.api("GET", f"/list?path={self.folder}")[1]
        self.assertEqual([(i["name"], i["kind"], i["size"]) for i in listed["items"]], [("z", "folder", 0), ("A.jpg", "file", 1), ("b.txt", "file", 5)])
        self.assertEqual(listed["items"][1]["type"], "image/jpeg")
        self.assertEqual(self.api("GET", f"/list?path={self.folder}&offset=1&limit=1")[1]["items"][0]["name"], "A.jpg")

    def test_the_page_is_only_for_whom_the_proxy_vouches(self):
        self.assertEqual(self.api("GET", "/me", person="nobody")[0], 403)
        address = self.service.address("server")
        for key in ("", "wrong" * 10):
            answer = run("docker", "run", "--rm", "--network", self.service.network, "--entrypoint", "curl", "pic/client:test", "-sS", "-o", "/dev/null", "-w", "%{http_code}",
                         "-H", "X-Cell-Person: ada", "-H", f"X-Cell-Key: {key}", f"http://{address}:8081{API}/me").stdout
            self.assertEqual(answer, "403")

    def test_changes_come_from_the_cells_own_page(self):
        self.assertEqual(self.api("POST", "/folders", {"path": f"{self.folder}/x"}, headers=())[0], 403)
        self.assertEqual(self.api("POST", "/folders", {"path": f"{self.folder}/x"}, headers=("X-Cell-Files: 1", "Origin: https://evil.example"))[0], 403)
        self.assertEqual(self.api("POST", "/folders", {"path": f"{self.folder}/x"}, headers=("X-Cell-Files: 1", f"Origin: https://home.cell:{self.service.https_port}"))[0], 201)
        head = self.service.curl(f"{API}/me", "-X", "OPTIONS", "-H", "Origin: https://home.cell")[1].lower()
        self.assertIn("access-control-allow-origin: https://home.cell", head)

    def test_move_copy_and_delete_on_the_page(self):
        self.put(f"{self.folder}/one", "1")
        self.assertEqual(self.api("POST", "/move", {"from": f"{self.folder}/one", "to": f"{self.folder}/two"})[0], 200)
        self.assertEqual(self.api("POST", "/copy", {"from": f"{self.folder}/two", "to": f"{self.folder}/three"})[0], 201)
        self.assertEqual(self.api("POST", "/copy", {"from": f"{self.folder}/two", "to": f"{self.folder}/three"})[0], 409)
        self.assertEqual(self.api("POST", "/move", {"from": self.folder, "to": f"{self.folder}/in/itself"})[0], 400)
        self.assertEqual(self.paths(self.folder), [f"{self.folder}/three", f"{self.folder}/two"])
        status, answer = self.api("POST", "/delete", {"paths": [f"{self.folder}/two", f"{self.folder}/none", "/"]})
        self.assertEqual((status, answer["deleted"], [f["path"] for f in answer["failed"]]), (200, 1, [f"{self.folder}/none", "/"]))

    def test_bad_requests_change_nothing(self):
        for path, document in (("/folders", {"path": "../x"}), ("/folders", {"path": "/a/../../x"}), ("/folders", {"path": "relative"}), ("/folders", {"wrong": 1}), ("/folders", []),
                               ("/uploads", {"path": "/x", "size": -1}), ("/uploads", {"path": "/x"}), ("/delete", {"paths": []}), ("/shares", {"path": "/", "expires_in_s": 1}),
                               ("/shares", {"path": "/", "expires_in_s": "never"})):
            self.assertEqual(self.api("POST", path, document)[0], 400, (path, document))
        self.assertEqual(self.api("GET", "/list?path=%00")[0], 400)
        self.assertEqual(self.api("GET", "/list?path=/&limit=100000")[0], 400)

    def begin(self, path, size, **more):
        return self.api("POST", "/uploads", {"path": path, "size": size, **more})

    def piece(self, upload, offset, text):
        return self.api("PATCH", f"/uploads/{upload['id']}", None, "--data-binary", text, headers=("X-Cell-Files: 1", f"Upload-Offset: {offset}", "Content-Type: application/octet-stream"))

    def test_an_upload_goes_on_after_a_break(self):
        status, upload = self.begin(f"{self.folder}/big", 10, modified="2026-03-04T05:06:07.891Z")
        self.assertEqual((status, upload["offset"], upload["done"]), (201, 0, False))
        self.assertEqual(self.piece(upload, 0, "01234")[1]["offset"], 5)
        self.assertEqual(self.paths(self.folder), [])
        status, answer = self.piece(upload, 0, "56789")
        self.assertEqual((status, answer["offset"]), (409, 5))
        run("docker", "restart", "-t", "5", self.service.name("server"))
        self.service.wait_healthy("server")
        self.assertTrue(eventually(lambda: self.api("GET", f"/uploads/{upload['id']}")[0] == 200, 10))
        left = self.api("GET", "/uploads")[1]["items"][0]
        self.assertEqual((left["offset"], left["modified"]), (5, "2026-03-04T05:06:07.891Z"))
        status, answer = self.piece(upload, 5, "56789")
        self.assertEqual((status, answer["done"], answer["item"]["size"]), (200, True, 10))
        self.assertEqual(self.body(f"{self.folder}/big"), "0123456789")
        self.assertEqual(self.api("GET", f"/uploads/{upload['id']}")[0], 404)

    def test_an_upload_is_never_longer_than_it_said(self):
        upload = self.begin(f"{self.folder}/short", 3)[1]
        self.assertEqual(self.piece(upload, 0, "0123456789")[0], 400)
        self.assertEqual(self.api("DELETE", f"/uploads/{upload['id']}")[0], 204)

    def test_an_upload_replaces_only_when_it_may(self):
        self.put(f"{self.folder}/there", "old")
        self.assertEqual(self.begin(f"{self.folder}/there", 3)[0], 409)
        upload = self.begin(f"{self.folder}/there", 3, overwrite=True)[1]
        self.assertEqual(self.piece(upload, 0, "new")[0], 200)
        self.assertEqual(self.body(f"{self.folder}/there"), "new")
        self.assertEqual(self.begin(f"{self.folder}/empty", 0)[1]["done"], True)

    def test_uploads_count_before_they_end(self):
        status, upload = self.api("POST", "/uploads", {"path": "/first", "size": 4 * MEBIBYTE}, person="small")
        self.assertEqual(status, 201)
        status, answer = self.api("POST", "/uploads", {"path": "/second", "size": 2 * MEBIBYTE}, person="small")
        self.assertEqual((status, answer["code"]), (507, "quota"))
        self.assertEqual(self.api("GET", f"/uploads/{upload['id']}", person="bob")[0], 404)
        self.assertEqual(self.api("DELETE", f"/uploads/{upload['id']}", person="small")[0], 204)
        self.assertEqual(self.me("small")["free_bytes"], 5 * MEBIBYTE)

    # --- links

    def share(self, path, **more):
        status, answer = self.api("POST", "/shares", {"path": path, **more})
        self.assertEqual(status, 201)
        return answer, urllib.parse.urlparse(answer["url"]).path

    def test_a_link_shows_a_file_to_anybody_until_it_is_taken_back(self):
        self.put(f"{self.folder}/photo.jpg", "picture")
        share, path = self.share(f"{self.folder}/photo.jpg", label="for grandma")
        self.assertRegex(path, r"^/s/[A-Za-z0-9_-]{43}$")
        status, text = self.service.curl(path)
        self.assertEqual((status, text.endswith("picture")), (200, True))
        self.assertEqual(self.service.curl(path, "-X", "PUT", "-d", "x")[0], 405)
        self.assertNotIn("url", self.api("GET", f"/shares?path={self.folder}/photo.jpg")[1]["items"][0])
        self.assertEqual(self.api("DELETE", f"/shares/{share['id']}", person="bob")[0], 404)
        self.assertEqual(self.api("DELETE", f"/shares/{share['id']}")[0], 204)
        self.assertEqual(self.service.curl(path)[0], 404)

    def test_only_a_hash_of_the_token_is_kept(self):
        self.put(f"{self.folder}/x", "x")
        _, path = self.share(f"{self.folder}/x")
        volume = run("docker", "volume", "inspect", "-f", "{{.Mountpoint}}", f"{self.service.tag}-data").stdout.strip()
        kept = (pathlib.Path(volume) / "shares.json").read_text()
        self.assertNotIn(path.rpartition("/")[2], kept)

    def test_a_link_of_a_folder_shows_what_is_below_and_nothing_else(self):
        self.status("MKCOL", f"{self.folder}/open")
        self.put(f"{self.folder}/open/<b>&.txt", "inside")
        self.put(f"{self.folder}/private.txt", "outside")
        _, path = self.share(f"{self.folder}/open", expires_in_s=None)
        page = self.service.curl(path)[1]
        self.assertIn("&lt;b&gt;&amp;.txt", page)
        self.assertTrue(self.service.curl(path + "/%3Cb%3E&.txt")[1].endswith("inside"))
        for escape in ("/../private.txt", "/%2e%2e/private.txt", "/..%2fprivate.txt"):
            status, text = self.service.curl(path + escape, "--path-as-is")
            self.assertNotIn("outside", text)
            self.assertIn(status, (301, 307, 308, 404))

    def test_a_page_behind_a_link_is_offered_but_not_shown(self):
        self.put(f"{self.folder}/page.html", "<script>alert(1)</script>")
        _, path = self.share(f"{self.folder}/page.html")
        self.assertIn("content-disposition: attachment", self.service.curl(path)[1].lower())

    def test_tokens_that_nobody_made_lead_nowhere(self):
        for token in ("", "x", "A" * 43, "../me", "A" * 5000):
            self.assertEqual(self.service.curl(f"/s/{token}")[0], 404)

    # --- how it runs

    def memory(self):
        """Bytes that the program itself holds; the pages of files that the kernel keeps beside them are free for everybody."""
        process = run("docker", "inspect", "-f", "{{.State.Pid}}", self.service.name("server")).stdout.strip()
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024

    def test_a_gibibyte_passes_in_little_memory(self):
        with (self.scratch / "gibibyte").open("wb") as big:
            big.truncate(1024 * MEBIBYTE)
        self.assertEqual(self.status("PUT", f"{self.folder}/gibibyte", "-T", self.scratch / "gibibyte", seconds=300), 201)
        done = run("curl", "-sS", "--max-time", 300, "--resolve", f"files.home.cell:{self.service.https_port}:127.0.0.1", "--cacert", self.service.directory / "root.pem",
                   "-u", f"ada:{self.passwords['ada']}", "-o", "/dev/null", "-w", "%{size_download}", self.service.url(f"/dav{self.folder}/gibibyte"), seconds=310)
        self.assertEqual(int(done.stdout), 1024 * MEBIBYTE)
        self.assertLess(self.memory(), 64 * MEBIBYTE)
        self.assertEqual(self.status("DELETE", f"{self.folder}/gibibyte"), 204)

    def test_the_container_has_no_rights(self):
        facts = json.loads(run("docker", "inspect", self.service.name("server")).stdout)[0]
        self.assertTrue(facts["HostConfig"]["ReadonlyRootfs"])
        status = pathlib.Path(f"/proc/{facts['State']['Pid']}/status").read_text()
        self.assertRegex(status, r"Uid:\t2102\t2102\t2102\t2102")
        self.assertRegex(status, r"CapEff:\t0000000000000000")


if __name__ == "__main__":
    run_and_exit(FilesTest)
