#!/usr/bin/env python3
"""What the cell goes through without its people noticing: celld killed, containers lost, stopped or changed, an engine that is
gone, hangs or answers garbage.

usage: resilience_test.py PATH_OF_CELLD      ends with `N passed, N failed`
"""

import pathlib
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.engine_proxy import EngineProxy  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.stack import StackCell, World, run, timed  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
TAG = "t-resilience"
MENDED_SECONDS = 30


class ResilienceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(TAG)
        cls.addClassCleanup(cls.world.close)
        cls.sockets = tempfile.TemporaryDirectory(prefix="cell-engine-")
        cls.addClassCleanup(cls.sockets.cleanup)
        cls.engine = EngineProxy(pathlib.Path(cls.sockets.name) / "docker.sock")
        cls.addClassCleanup(cls.engine.close)
        cls.cell = StackCell(CELLD, TAG, cls.world, cls.engine.path)
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()
        cls.laptop = cls.world.device("laptop")
        cls.laptop.connect(cls.cell.add_peer("laptop")["config"])
        assert eventually(cls.laptop.keep_talking), "no answer through the tunnel"

    def setUp(self):
        self.addCleanup(self.engine.set, "pass")
        self.addCleanup(lambda: self.cell.process.poll() is None or self.cell.start())
        self.assertTrue(self.is_whole(), self.cell.containers())

    def is_whole(self):
        """Every part runs, and the tunnel answers."""
        def look():
            containers = self.cell.containers()
            return len(containers) == 4 and all(state == "running" for _, state in containers.values()) and self.laptop.keep_talking()

        return eventually(look, MENDED_SECONDS, pause=0.3)


    def test_a_killed_celld_is_not_missed_and_finds_everything_as_it_was(self):
        before = self.cell.containers()
        self.cell.stop(signal.SIGKILL)
        self.assertTrue(self.laptop.keep_talking())
        self.assertEqual(self.laptop.fetch("http://home.cell/pki/root.pem", "-o", "/dev/null", "-w", "%{http_code}"), "503")
        self.cell.start()
        self.assertTrue(self.is_whole())
        time.sleep(2)
        self.assertEqual(self.cell.containers(), before)

    def test_the_vpn_comes_up_without_celld(self):
        self.cell.stop(signal.SIGKILL)
        for part in ("wireguard", "dns"):
            run("docker", "restart", "-t", "2", self.cell.container(part))
        self.assertTrue(eventually(self.laptop.keep_talking, MENDED_SECONDS, pause=0.3))
        self.cell.start()

    def test_a_removed_container_comes_back(self):
        for part in ("dns", "ntp", "caddy", "wireguard"):
            with self.subTest(part):
                run("docker", "rm", "-f", self.cell.container(part))
                self.assertTrue(self.is_whole(), self.cell.containers())

    def test_a_stopped_container_is_started_again(self):
        run("docker", "stop", "-t", "1", self.cell.container("dns"))
        self.assertTrue(self.is_whole())

    def test_a_container_made_by_hand_with_the_wrong_image_is_replaced(self):
        name = self.cell.container("ntp")
        labels = run("docker", "inspect", "-f", "{{range $k, $v := .Config.Labels}}--label {{$k}}={{$v}} {{end}}", name).stdout.split()
        image = run("docker", "inspect", "-f", "{{.Config.Image}}", self.cell.container("dns")).stdout.strip()
        run("docker", "rm", "-f", name)
        run("docker", "run", "-d", "--name", name, *[word.replace("cell.hash=", "cell.hash=0") for word in labels], image, check=False)
        self.assertTrue(eventually(lambda: run("docker", "inspect", "-f", "{{.Config.Entrypoint}}", name, check=False).stdout.strip() == "[chronyd]", MENDED_SECONDS))
        self.assertTrue(self.is_whole())

    def test_a_changed_rule_set_in_the_hub_is_mended(self):
        self.cell.expect(200, "GET", "/api/wireguard")
        run("docker", "exec", self.cell.container("wireguard"), "wg", "set", "wg0", "peer", self.peer_key(), "remove")
        run("docker", "restart", "-t", "2", self.cell.container("wireguard"))
        self.assertTrue(self.is_whole())

    def peer_key(self):
        return self.cell.expect(200, "GET", "/api/peers")["items"][0]["public_key"]

    def engine_state(self):
        return next(c["state"] for c in self.cell.expect(200, "GET", "/health")["components"] if c["name"] == "engine")

    def test_the_api_stays_up_whatever_the_engine_does(self):
        for mode in ("gone", "hang", "garbage", "half"):
            with self.subTest(mode):
                self.engine.set(mode)
                answer, seconds = timed(lambda: self.cell.call("GET", "/api/peers"))
                self.assertEqual(answer.status, 200)
                self.assertLess(seconds, 5)
                answer, seconds = timed(lambda: self.cell.call("GET", "/health"))
                self.assertEqual(answer.status, 200)
                self.assertLess(seconds, 2)
                self.assertTrue(eventually(lambda: self.engine_state() == "down", 30))
                self.assertNotEqual(self.cell.expect(200, "GET", "/health")["status"], "ok")
                self.assertTrue(self.laptop.keep_talking())
                # Devices do not need the engine.
                peer = self.cell.add_peer(f"during {mode}")
                dump = run("docker", "exec", self.cell.container("wireguard"), "wg", "show", "wg0", "peers").stdout
                self.assertIn(peer["public_key"], dump)
                self.cell.expect(204, "DELETE", f"/api/peers/{peer['id']}")

                self.engine.set("pass")
                self.assertTrue(eventually(lambda: self.cell.expect(200, "GET", "/health")["status"] == "ok", MENDED_SECONDS), mode)

    def test_what_was_lost_while_the_engine_was_gone_is_mended_when_it_is_back(self):
        self.engine.set("gone")
        run("docker", "rm", "-f", self.cell.container("ntp"))
        self.engine.set("pass")
        self.assertTrue(self.is_whole())

    def test_one_change_of_a_setting_disturbs_nothing_else(self):
        before = self.cell.containers()
        record = self.cell.expect(201, "POST", "/api/network/dns/records", {"name": "printer", "type": "A", "value": "192.168.7.8", "ttl": 60})
        self.assertEqual(eventually(lambda: self.laptop.look_up("printer.home.cell")), ["192.168.7.8"])
        self.cell.expect(204, "DELETE", f"/api/network/dns/records/{record['id']}")
        self.assertEqual(self.cell.containers(), before)


if __name__ == "__main__":
    run_and_exit(ResilienceTest)
