#!/usr/bin/env python3
"""A device and its cell, on the real engine: connects, resolves names, opens the cell's pages, gets the time, reaches what its
policy allows and nothing else.

usage: device_test.py PATH_OF_CELLD      ends with `N passed, N failed`
"""

import datetime
import ipaddress
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.stack import StackCell, World, run, timed  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
TAG = "t-device"
ALL = {"internet": True, "lan": True, "peers": True, "services": True}
NOTHING = {"internet": False, "lan": False, "peers": False, "services": False}


class DeviceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(TAG)
        cls.addClassCleanup(cls.world.close)
        cls.cell = StackCell(CELLD, TAG, cls.world)
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()
        cls.laptop = cls.world.device("laptop")
        cls.peer = cls.cell.add_peer("laptop", policy=ALL)
        cls.laptop.connect(cls.peer["config"])
        assert eventually(cls.laptop.keep_talking), "no answer through the tunnel"
        cls.laptop.write("/etc/cell-root.pem", cls.cell.root().read_text())

    def setUp(self):
        # A device that was cut off notices after fifteen silent seconds that it needs a new handshake (WireGuard's REKEY_TIMEOUT).
        self.assertTrue(eventually(self.laptop.keep_talking, seconds=40), "the tunnel does not answer")

    def peer_now(self):
        return self.cell.expect(200, "GET", f"/api/peers/{self.peer['id']}")

    def allow(self, **changes):
        self.cell.expect(200, "PATCH", f"/api/peers/{self.peer['id']}", {"policy": {**NOTHING, **changes}})
        self.addCleanup(self.cell.expect, 200, "PATCH", f"/api/peers/{self.peer['id']}", {"policy": ALL})

    def secure(self, url):
        return self.laptop.fetch(url, "--cacert", "/etc/cell-root.pem")

    def test_the_handshake_is_seen(self):
        live = eventually(lambda: (lambda live: live if live["state"] == "online" else None)(self.peer_now()["live"]))
        self.assertEqual(live["state"], "online")
        self.assertTrue(live["endpoint"].startswith(f"10.98.{self.world.number}."), live)
        self.assertGreater(live["rx_bytes"], 0)

    def test_the_cell_resolves_in_both_families(self):
        hub = self.cell.expect(200, "GET", "/api/wireguard")["hub_addresses"]
        found = self.laptop.look_up("home.cell") + self.laptop.look_up("home.cell", "AAAA")
        self.assertEqual(sorted(found), sorted(address.split("/")[0] for address in hub))

    def test_a_name_that_the_owner_added_resolves_at_once(self):
        record = self.cell.expect(201, "POST", "/api/network/dns/records", {"name": "nas", "type": "A", "value": "192.168.7.7", "ttl": 60})
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/network/dns/records/{record['id']}")
        self.assertEqual(eventually(lambda: self.laptop.look_up("nas.home.cell"), seconds=10), ["192.168.7.7"])

    def test_other_devices_have_names(self):
        other = self.cell.add_peer("Ann's phone")
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/peers/{other['id']}")
        address = other["addresses"][0].split("/")[0]
        self.assertEqual(eventually(lambda: self.laptop.look_up(other["dns_name"]), seconds=10), [address])

    def test_its_own_address_has_its_name(self):
        for address in self.peer["addresses"]:
            reverse = ipaddress.ip_address(address.split("/")[0]).reverse_pointer
            self.assertEqual(eventually(lambda: self.laptop.look_up(reverse, "PTR"), seconds=10),  # noqa: B023
                             [self.peer["dns_name"] + "."])

    def test_pages_come_over_https_with_the_cells_root_as_only_trust(self):
        health = self.secure("https://home.cell/health")
        self.assertIsNotNone(health)
        self.assertIn('"setup_complete":true', health)
        self.assertIsNone(self.laptop.fetch("https://home.cell/health"), "a public root must not vouch for the cell")

    def test_http_leads_to_https_but_for_the_root(self):
        moved = self.laptop.run("curl", "-sSI", "--max-time", "4", "http://home.cell/").stdout
        self.assertRegex(moved, r"(?i)location: https://home\.cell/")
        self.assertIn("BEGIN CERTIFICATE", self.laptop.fetch("http://home.cell/pki/root.pem"))

    def test_gets_the_time(self):
        done = self.laptop.run("chronyd", "-Q", "-t", "15", "server home.cell iburst maxsamples 1", seconds=30, check=False)
        self.assertIn("System clock wrong by", done.stdout + done.stderr)

    def test_reaches_internet_and_lan_only_where_its_policy_says_so(self):
        internet, lan = f"http://{self.world.internet_host}/", f"http://{self.world.lan_host}/"
        for allowed, reached in [({"internet": True, "services": True}, (True, False)), ({"lan": True, "services": True}, (False, True)),
                                 ({"services": True}, (False, False)), ({"internet": True, "lan": True, "services": True}, (True, True))]:
            with self.subTest(allowed):
                self.allow(**allowed)
                self.assertEqual(tuple(self.laptop.fetch(url, seconds=2) is not None for url in (internet, lan)), reached)

    def test_without_services_names_and_time_are_all_it_gets(self):
        self.allow()
        self.assertIsNone(self.laptop.fetch("https://home.cell/health", "--cacert", "/etc/cell-root.pem", seconds=2))
        self.assertNotEqual(self.laptop.look_up("home.cell"), [])

    def test_with_services_no_port_of_a_container_is_open_but_what_the_hub_forwards(self):
        self.allow(internet=True, lan=True, peers=True, services=True)
        caddy = self.cell.container("caddy")
        address = run("docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", caddy).stdout.strip()
        process = run("docker", "inspect", "-f", "{{.State.Pid}}", caddy).stdout.strip()
        listener = subprocess.Popen(["nsenter", "-t", process, "-n", "timeout", "60", sys.executable, "-m", "http.server", "8099"],
                                    cwd=self.cell.directory / "logs", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(listener.wait)
        self.addCleanup(listener.terminate)
        unforwarded = f"http://{address}:8099/"
        self.assertTrue(eventually(lambda: run("curl", "-sS", "--max-time", "2", unforwarded, check=False).returncode == 0))

        self.assertIsNone(self.laptop.fetch(unforwarded, seconds=2))
        self.assertIsNotNone(self.secure("https://home.cell/health"))

    def test_the_containers_behind_the_hub_are_neither_lan_nor_internet(self):
        self.allow(internet=True, lan=True, peers=True)
        machine = f"172.30.{self.world.number}.1"
        listener = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", machine, "8099"],
                                    cwd=self.cell.directory / "logs", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(listener.wait)
        self.addCleanup(listener.terminate)
        self.assertTrue(eventually(lambda: run("curl", "-sS", "--max-time", "2", f"http://{machine}:8099/", check=False).returncode == 0))
        for address in (self.cell.dns_address, f"172.30.{self.world.number}.2", f"{machine}:8099"):
            with self.subTest(address):
                self.assertIsNone(self.laptop.fetch(f"http://{address}/", seconds=2))

    def test_loses_access_within_two_seconds_of_being_disabled_and_gets_it_back(self):
        path = f"/api/peers/{self.peer['id']}"
        self.addCleanup(self.cell.expect, 200, "PATCH", path, {"enabled": True})
        self.assertIsNotNone(self.secure("https://home.cell/health"))
        begun = time.monotonic()
        self.cell.expect(200, "PATCH", path, {"enabled": False})
        gone = self.laptop.fetch("https://home.cell/health", "--cacert", "/etc/cell-root.pem", seconds=1)
        self.assertIsNone(gone)
        self.assertLess(time.monotonic() - begun, 4)  # the client's own patience included
        self.assertEqual(self.peer_now()["live"]["state"], "disabled")

        self.cell.expect(200, "PATCH", path, {"enabled": True})
        self.assertTrue(eventually(self.laptop.keep_talking))

    def test_is_cut_off_when_it_expires(self):
        path = f"/api/peers/{self.peer['id']}"
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
        self.addCleanup(self.cell.expect, 200, "PATCH", path, {"expires_at": None})
        self.cell.expect(200, "PATCH", path, {"expires_at": soon.strftime("%Y-%m-%dT%H:%M:%SZ")})
        self.assertIsNotNone(self.secure("https://home.cell/health"))
        time.sleep(max(0.0, (soon - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) + 2)
        self.assertIsNone(self.laptop.fetch("https://home.cell/health", "--cacert", "/etc/cell-root.pem", seconds=1))
        self.assertEqual(self.peer_now()["live"]["state"], "expired")

    def test_a_second_device_is_reached_only_between_peers_that_may(self):
        phone = self.world.device("phone")
        self.addCleanup(self.world.script, "remove", "phone")
        peer = self.cell.add_peer("phone", policy=ALL)
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/peers/{peer['id']}")
        phone.connect(peer["config"])
        self.assertTrue(eventually(phone.keep_talking))
        address = self.peer["addresses"][0].split("/")[0]

        def pings():
            return phone.run("ping", "-c1", "-W1", address, check=False).returncode == 0

        self.assertTrue(eventually(pings, seconds=5))
        self.cell.expect(200, "PATCH", f"/api/peers/{peer['id']}", {"policy": {**ALL, "peers": False}})
        self.assertFalse(pings())

    def test_a_new_device_is_usable_when_its_creation_is_answered(self):
        tablet = self.world.device("tablet")
        self.addCleanup(self.world.script, "remove", "tablet")
        peer, seconds = timed(lambda: self.cell.add_peer("tablet"))
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/peers/{peer['id']}")
        dump = run("docker", "exec", self.cell.container("wireguard"), "wg", "show", "wg0", "allowed-ips").stdout
        self.assertIn(peer["public_key"], dump)
        self.assertLess(seconds, 5)
        tablet.connect(peer["config"])
        self.assertTrue(eventually(tablet.keep_talking))

    def test_a_link_enrols_one_device_once(self):
        peer = self.cell.add_peer("link")
        self.addCleanup(self.cell.expect, 204, "DELETE", f"/api/peers/{peer['id']}")
        token = self.cell.expect(201, "POST", f"/api/peers/{peer['id']}/links", {"expires_in": 600})["token"]
        stranger = {"Cookie": "", "X-CSRF-Token": ""}
        self.assertEqual(self.cell.expect(200, "GET", f"/api/enrol/{token}", headers=stranger)["cell_name"], "home")
        config = self.cell.expect(200, "POST", f"/api/enrol/{token}", {}, headers=stranger)["config"]
        self.assertIn("[Interface]", config)
        self.assertIn(self.cell.call("POST", f"/api/enrol/{token}", {}, headers=stranger).status, (404, 410))


if __name__ == "__main__":
    run_and_exit(DeviceTest)
