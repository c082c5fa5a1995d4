#!/usr/bin/env python3
"""Names, time, trust and HTTPS of a cell on the real engine, asked by dig, curl, openssl and an SNTP client.

usage: names_test.py PATH_OF_CELLD      ends with `N passed, N failed`
"""

import ipaddress
import json
import pathlib
import socket
import stat
import sys
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.stack import StackCell, claim_number, run, timed  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
TAG = "t-names"
LAN_ADDRESS = "192.168.77.5"
RECORDS = "/api/network/dns/records"
INSIDE_PORT = 5300  # answers everybody as in the tunnel


class NamesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        number = claim_number(TAG)
        cls.cell = StackCell(CELLD, TAG, types.SimpleNamespace(number=number, address=LAN_ADDRESS))
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()

    # --- clients

    def dig(self, name, kind="A", port=53, source=None):
        own = ["-b", source] if source else []
        return run("dig", "+short", "+time=2", "+tries=2", *own, "-p", port, f"@{self.cell.dns_address}", name, kind,
                   check=False).stdout.split("\n")[:-1]

    def lookup(self, name, kind="A"):
        answer = self.cell.expect(200, "POST", "/api/network/dns/lookup", {"name": name, "type": kind})
        return answer["rcode"], [entry["value"] for entry in answer["answers"]]

    def curl(self, scheme, path, *options, host="home.cell", trusted=True):
        port = self.cell.ports["HTTPS_PORT" if scheme == "https" else "HTTP_PORT"]
        trust = ["--cacert", self.cell.root()] if trusted else []
        return run("curl", "-sS", "--max-time", "5", "--resolve", f"{host}:{port}:127.0.0.1", *trust, *options,
                   f"{scheme}://{host}:{port}{path}", check=False)

    def served_serial(self):
        shown = run("openssl", "s_client", "-connect", f"127.0.0.1:{self.cell.ports['HTTPS_PORT']}", "-servername", "home.cell",
                    text="", check=False).stdout
        return run("openssl", "x509", "-noout", "-serial", text=shown, check=False).stdout

    def hub(self):
        generated = self.cell.expect(200, "GET", "/api/network/dns")["generated"]
        return [record["value"] for record in generated if record["name"] == "home.cell"]

    def rendered(self):
        """Texts of everything that is derived for DNS, time and proxy."""
        files = [path for part in ("dns", "ntp", "caddy") for path in (self.cell.directory / "config" / part).rglob("*")]
        return {str(path): path.read_text() for path in files if path.is_file()}

    # --- the proxy alone

    def test_while_celld_is_away_the_proxy_says_so(self):
        trust = ("--cacert", self.cell.root())
        self.cell.stop()
        self.addCleanup(self.cell.start)

        def answer(scheme, path):
            head, _, body = self.curl(scheme, path, *trust, "-i", trusted=False).stdout.replace("\r", "").partition("\n\n")
            return head.lower(), body

        for scheme, path in (("https", "/devices"), ("https", "/"), ("http", "/pki/root.pem")):
            with self.subTest(path):
                head, body = answer(scheme, path)
                self.assertRegex(head, r"^http/\S+ 503")
                self.assertIn("content-type: text/html; charset=utf-8", head)
                self.assertIn("<h1 style=\"font-size: 1.4rem\">Not there right now</h1>", body)
        for path in ("/api/peers", "/health"):
            with self.subTest(path):
                head, body = answer("https", path)
                self.assertIn("content-type: application/problem+json", head)
                self.assertIn("retry-after: 5", head)
                problem = json.loads(body)
                self.assertEqual((problem["type"], problem["status"]), ("urn:cell:problem:unavailable", 503))
                self.assertRegex(problem["request_id"], r"^[0-9a-f-]{36}$")

    # --- names

    def test_the_house_sees_the_machine_and_nothing_behind_it(self):
        self.assertEqual(self.dig("home.cell"), [LAN_ADDRESS])
        for name in ("dns.home.cell", "wireguard.home.cell", "nobody.home.cell", "other.cell"):
            self.assertEqual(self.dig(name), [], name)
        for address in self.hub():
            self.assertNotIn("home.cell.", self.dig(ipaddress.ip_address(address).reverse_pointer, "PTR"))

    def test_addresses_of_the_tunnel_have_names_inside(self):
        device = self.cell.add_peer("reverse")
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/peers/{device['id']}")
        wanted = {address: "home.cell." for address in self.hub()}
        wanted.update({address.split("/")[0]: f"{device['dns_name']}." for address in device["addresses"]})
        for address, name in wanted.items():
            with self.subTest(address):
                reverse = ipaddress.ip_address(address).reverse_pointer
                self.assertEqual(eventually(lambda: self.dig(reverse, "PTR", port=INSIDE_PORT), seconds=10), [name])  # noqa: B023
        nobody = ipaddress.ip_address(self.hub()[0]) + 200
        self.assertEqual(self.dig(nobody.reverse_pointer, "PTR", port=INSIDE_PORT), [])

    def test_the_tunnel_sees_the_hub(self):
        """The hub passes devices' questions on under its own address, which a client in its place has too."""
        ipv4, ipv6 = self.hub()
        self.cell.stop()
        self.addCleanup(self.cell.start)
        run("docker", "stop", "-t", "1", self.cell.container("wireguard"))
        self.addCleanup(run, "docker", "start", self.cell.container("wireguard"))
        bridge = "br-" + run("docker", "network", "inspect", "-f", "{{.Id}}", f"{TAG}-network").stdout[:12]
        run("ip", "address", "add", f"{self.cell.hub_address}/32", "dev", bridge)
        self.addCleanup(run, "ip", "address", "del", f"{self.cell.hub_address}/32", "dev", bridge)
        self.assertEqual(self.dig("home.cell", source=self.cell.hub_address), [ipv4])
        self.assertEqual(self.dig("home.cell", "AAAA", source=self.cell.hub_address), [ipv6])
        self.assertEqual(self.dig("dns.home.cell", source=self.cell.hub_address), [ipv4])

    def test_a_look_up_answers_what_a_device_would_get(self):
        ipv4, ipv6 = self.hub()
        self.assertEqual(self.lookup("home.cell"), ("NOERROR", [ipv4]))
        self.assertEqual(self.lookup("ntp.home.cell", "AAAA"), ("NOERROR", [ipv6]))
        self.assertEqual(self.lookup("nobody.home.cell"), ("NXDOMAIN", []))
        self.assertEqual(self.lookup("home.cell", "NS"), ("NOERROR", ["ns.home.cell"]))

    def test_records_resolve_in_both_views_and_go_again(self):
        values = {"A": ("192.168.7.7", ["192.168.7.7"]), "AAAA": ("fd00::7", ["fd00::7"]), "MX": ("10 mail.example.org", ["10 mail.example.org."]),
                  "TXT": ('say "hi"; \\ grüße', ['"say \\"hi\\"; \\\\ gr\\195\\188\\195\\159e"']),
                  "SRV": ("0 5 443 host.example.org.", ["0 5 443 host.example.org."])}
        for kind, (value, seen) in values.items():
            with self.subTest(kind):
                record = self.cell.expect(201, "POST", RECORDS, {"name": "nas", "type": kind, "value": value, "ttl": 60})
                self.assertEqual(eventually(lambda: self.dig("nas.home.cell", kind), seconds=10), seen)
                self.assertEqual(self.dig("nas.home.cell", kind, port=INSIDE_PORT), seen)
                self.cell.expect(204, "DELETE", f"{RECORDS}/{record['id']}")
                self.assertTrue(eventually(lambda: not self.dig("nas.home.cell", kind), seconds=10))

    def test_a_cname_leads_to_its_target(self):
        target = self.cell.expect(201, "POST", RECORDS, {"name": "box", "type": "A", "value": "192.168.7.8", "ttl": 60})
        alias = self.cell.expect(201, "POST", RECORDS, {"name": "www", "type": "CNAME", "value": "box", "ttl": 60})
        self.assertEqual(eventually(lambda: self.dig("www.home.cell"), seconds=10), ["box.home.cell.", "192.168.7.8"])
        for record in (alias, target):
            self.cell.expect(204, "DELETE", f"{RECORDS}/{record['id']}")
        self.assertTrue(eventually(lambda: not self.dig("box.home.cell"), seconds=10))

    def test_a_refused_record_changes_no_file(self):
        before = self.rendered()
        for body, status in [({"name": "nas", "type": "A", "value": "1.2.3.4\n@ IN A 6.6.6.6", "ttl": 60}, 400),
                             ({"name": "$INCLUDE /etc/passwd", "type": "TXT", "value": "x", "ttl": 60}, 400),
                             ({"name": "dns", "type": "A", "value": "192.0.2.1", "ttl": 60}, 409),
                             ({"name": "home.cell", "type": "TXT", "value": "x", "ttl": 60}, 400)]:
            self.assertEqual(self.cell.call("POST", RECORDS, body).status, status, body)
        self.assertEqual(self.cell.call("PATCH", "/api/network/dns", {"upstreams": ["9.9.9.9 }"]}).status, 400)
        self.assertEqual(self.rendered(), before)

    def test_upstreams_reach_the_server_and_a_silent_one_costs_two_seconds(self):
        before = self.cell.expect(200, "GET", "/api/network/dns")
        changed = self.cell.expect(200, "PATCH", "/api/network/dns", {"upstreams": ["192.0.2.53"]}, {"If-Match": f'"{before["revision"]}"'})
        self.addCleanup(self.cell.expect, 200, "PATCH", "/api/network/dns", {"upstreams": before["upstreams"]})
        self.assertEqual(changed["upstreams"], ["192.0.2.53"])
        corefile = self.cell.directory / "config/dns/Corefile"
        self.assertTrue(eventually(lambda: "forward . 192.0.2.53 {" in corefile.read_text(), seconds=10))

        answer, seconds = timed(lambda: self.cell.call("POST", "/api/network/dns/lookup", {"name": "example.org", "type": "A"}))
        self.assertIn(answer.status, (200, 503))
        self.assertLess(seconds, 4)
        self.assertEqual(self.dig("home.cell"), [LAN_ADDRESS])

    # --- time

    def test_gives_the_time(self):
        def ask():
            with socket.socket(type=socket.SOCK_DGRAM) as client:
                client.settimeout(2)
                try:
                    client.sendto(b"\x23" + bytes(47), ("127.0.0.1", self.cell.ports["NTP_PORT"]))
                    return client.recv(128)
                except OSError:
                    return b""

        reply = eventually(ask, seconds=10)
        self.assertEqual((reply[0] & 7, len(reply)), (4, 48))

    def test_tells_what_the_time_server_says(self):
        ntp = eventually(lambda: (lambda now: now if now["stratum"] else None)(self.cell.expect(200, "GET", "/api/network/ntp")), pause=6)
        self.assertEqual((ntp["state"], ntp["stratum"], ntp["synchronised"]), ("ok", 10, False))
        self.assertEqual(ntp["servers"], ["pool.ntp.org"])

    # --- trust and HTTPS

    def test_pages_come_over_https_with_the_cells_root_as_only_trust(self):
        done = self.curl("https", "/health")
        self.assertIn('"setup_complete":true', done.stdout, done.stderr)
        self.assertEqual(self.curl("https", "/health", trusted=False).returncode, 60)
        self.assertEqual(self.curl("https", "/", "-o", "/dev/null", "-w", "%{http_code}", host="nas.home.cell").stdout, "404")

    def test_http_leads_to_https_but_for_the_root(self):
        moved = self.curl("http", "/x?y=1", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", trusted=False).stdout
        self.assertEqual(moved, f"308 https://home.cell:{self.cell.ports['HTTPS_PORT']}/x?y=1")
        done = self.curl("http", "/pki/root.crt", "-w", " %{content_type}", trusted=False).stdout
        self.assertIn("BEGIN CERTIFICATE", done)
        self.assertTrue(done.endswith(" application/x-x509-ca-cert"), done[-60:])

    def test_the_chain_is_the_vaults(self):
        port = self.cell.ports["HTTPS_PORT"]
        shown = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "home.cell", "-CAfile", self.cell.root(),
                    "-verify_return_error", "-verify_hostname", "home.cell", text="", check=False).stdout
        self.assertIn("Verify return code: 0 (ok)", shown)
        root = run("openssl", "x509", "-noout", "-text", "-fingerprint", "-sha256", "-in", self.cell.root()).stdout
        ca = self.cell.expect(200, "GET", "/api/vault/ca")
        self.assertIn(ca["root"]["sha256"], root)
        self.assertRegex(root, r"Name Constraints: critical\s+Permitted:\s+DNS:home.cell")
        certificate = self.cell.expect(200, "GET", "/api/proxy/certificates")["items"][0]
        self.assertEqual((certificate["names"], certificate["state"]), (["home.cell", "*.home.cell"], "ok"))

    def test_keys_stay_where_they_belong(self):
        key = self.cell.directory / "config/caddy/certificates/server.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        sealed = (self.cell.directory / "config/api/sealed.json").read_text()
        self.assertNotIn("PRIVATE", sealed)
        for path in ("/api/vault/ca", "/api/vault/certificates", "/pki/root.crt", "/api/proxy/routes"):
            self.assertNotIn("PRIVATE", self.cell.call("GET", path).text)

    def test_a_restart_keeps_certificate_and_documents_and_what_is_lost_comes_back(self):
        before, containers = self.rendered(), self.cell.containers()
        self.cell.stop()
        certificate = self.cell.directory / "config/caddy/certificates/server.pem"
        zone = self.cell.directory / "config/dns/lan.zone"
        zone.unlink()
        self.cell.start()

        self.assertTrue(eventually(zone.exists, seconds=15))
        eventually(lambda: self.rendered() == before, seconds=15)
        self.assertEqual(self.rendered(), before)
        self.assertEqual(self.cell.containers(), containers)

        self.cell.stop()
        certificate.write_text("damaged")
        self.cell.start()
        self.assertTrue(eventually(lambda: "BEGIN CERTIFICATE" in certificate.read_text(), seconds=15))
        serial = run("openssl", "x509", "-noout", "-serial", "-in", certificate).stdout
        self.assertTrue(eventually(lambda: self.served_serial() == serial, seconds=15), "the proxy must show the one that was made")
        self.assertTrue(eventually(lambda: '"setup_complete":true' in self.curl("https", "/health").stdout, seconds=15))


if __name__ == "__main__":
    run_and_exit(NamesTest)
