#!/usr/bin/env python3
"""A device that goes to the internet through an exit, on the real engine: the SDK's example is installed from a store, a device is
sent through it, and nothing of that device ever takes the direct way.

usage: exits_test.py PATH_OF_CELLD      ends with `N passed, N failed`

The internet host answers who asked. What leaves the exit's container is given an address of its own on the way there; the hub's own
way keeps the machine's.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.stack import StackCell, World, run  # noqa: E402

CELLD = pathlib.Path(sys.argv[1]).resolve()
BUILD = CELLD.parents[1]
TAG = "t-exits"
SERVICE, EXIT = "org.example.gateway", "org.example.gateway/out"
BUILD_SECONDS = 300
EVERYTHING = {"internet": True, "lan": True, "peers": True, "services": True}


def make_store(folder):
    """A store with the example as its only package, made by the SDK's own tool."""
    tool = BUILD / "bin/cell-plugin"
    key = folder.parent / "key"
    run(tool, "keygen", key)
    package = folder.parent / "package"
    shutil.copytree(BUILD / "plugins" / SERVICE, package)
    folder.mkdir()
    run(tool, "pack", package, "--key", key, "-o", folder)
    run(tool, "index", folder, "--key", key, "--name", "Test", "--days", "30")
    shutil.copy(f"{key}.pub", folder / "store.pub")


class ExitsCell(StackCell):
    def __init__(self, *arguments, store):
        self.store = store
        super().__init__(*arguments)

    def environment(self):
        return {**super().environment(), "CELL_STORE_DIR": str(self.store)}

    def finish(self, answer, seconds=BUILD_SECONDS):
        def ended():
            job = self.expect(200, "GET", f"/api/jobs/{answer['job_id']}")
            return job if job["state"] not in ("queued", "running") else None
        job = eventually(ended, seconds, 0.2)
        assert job and job["state"] == "done", job
        return job

    def install(self):
        plan = self.expect(200, "POST", f"/api/services/{SERVICE}/plan", {"options": {}})
        self.finish(self.expect(202, "POST", f"/api/services/{SERVICE}/install", {"options": {}, "plan_token": plan["token"]}))
        return plan

    def exits(self):
        return self.expect(200, "GET", "/api/exits")["items"]


class ExitsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cell-exits-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        make_store(folder / "store")
        cls.world = World(TAG)
        cls.addClassCleanup(cls.world.close)
        cls.cell = ExitsCell(str(CELLD), TAG, cls.world, store=folder / "store")
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()
        cls.plan = cls.cell.install()
        cls.router = f"{TAG}-{SERVICE}-router"
        cls.tell_apart()
        cls.peers, cls.devices = {}, {}
        for name in ("laptop", "phone"):
            cls.devices[name] = cls.world.device(name)
            cls.peers[name] = cls.cell.add_peer(name, policy=EVERYTHING)
            cls.devices[name].connect(cls.peers[name]["config"])
        for device in cls.devices.values():
            assert eventually(device.keep_talking), "no answer through the tunnel"

    @classmethod
    def tell_apart(cls):
        """The exit's container is seen in the internet under an address that nobody else has."""
        inside = run("docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", cls.router).stdout.strip()
        number = cls.world.number
        cls.seen = {"through": f"198.18.{number}.17", "direct": f"198.18.{number}.1"}
        run("ip", "address", "add", f"{cls.seen['through']}/32", "dev", f"cf-{number}")
        table = f"cell_exits_{number}"
        run("nft", "-f", "-", text=f"""table ip {table} {{
          chain out {{ type nat hook postrouting priority srcnat - 10; policy accept;
            ip saddr {inside} ip daddr 198.18.{number}.2 snat to {cls.seen['through']}
          }}
        }}""")
        cls.addClassCleanup(run, "nft", "delete", "table", "ip", table)

    def setUp(self):
        self.addCleanup(self.send, None)

    def send(self, exit_name):
        path = f"/api/peers/{self.peers['laptop']['id']}"
        return self.cell.expect(200, "PATCH", path, {"exit": exit_name})

    def way_of(self, name, seconds=3):
        """'through', 'direct' or None: how the internet host saw who asked."""
        answer = self.devices[name].fetch(f"http://{self.world.internet_host}/", seconds=seconds)
        if answer is None:
            return None
        return {address: way for way, address in self.seen.items()}[answer.rsplit(" ", 1)[1]]

    def goes(self, name, way):
        return eventually(lambda: self.way_of(name) == way, 20, 0.2)

    def never_direct(self, name, looks=5):
        return [self.way_of(name, seconds=1) for _ in range(looks)]

    def test_the_plan_and_the_list_name_the_exit(self):
        self.assertIn({"kind": "exit", "name": EXIT}, [{k: item[k] for k in ("kind", "name")} for item in self.plan["creates"]])
        self.assertEqual(self.cell.exits(), [{"id": EXIT, "service_id": SERVICE, "name": "Gateway", "ipv6": False, "state": "up", "devices": 0}])

    def test_an_exit_that_is_not_there_is_refused(self):
        refused = self.cell.expect(400, "PATCH", f"/api/peers/{self.peers['laptop']['id']}", {"exit": "tor/out"})
        self.assertEqual(refused["errors"][0]["pointer"], "/exit")

    def test_a_device_goes_through_it_and_another_does_not(self):
        self.assertTrue(self.goes("laptop", "direct"))
        self.assertEqual(self.send(EXIT)["exit"], EXIT)
        self.assertTrue(self.goes("laptop", "through"))
        self.assertEqual(self.way_of("phone"), "direct")
        self.assertEqual(self.cell.exits()[0]["devices"], 1)
        self.send(None)
        self.assertTrue(self.goes("laptop", "direct"))

    def test_the_cell_and_the_house_keep_their_way(self):
        self.send(EXIT)
        self.assertTrue(self.goes("laptop", "through"))
        laptop = self.devices["laptop"]
        laptop.write("/etc/cell-root.pem", self.cell.root().read_text())
        self.assertNotEqual(laptop.look_up("home.cell"), [])
        self.assertIn('"setup_complete":true', laptop.fetch("https://home.cell/health", "--cacert", "/etc/cell-root.pem") or "")
        self.assertEqual(laptop.fetch(f"http://{self.world.lan_host}/"), f"far host, you are 10.97.{self.world.number}.1")
        phone = self.peers["phone"]["addresses"][0].split("/")[0]
        self.assertEqual(laptop.run("ping", "-c1", "-W2", phone, check=False).returncode, 0)

    def test_nothing_gets_out_while_the_container_is_stopped(self):
        self.send(EXIT)
        self.assertTrue(self.goes("laptop", "through"))
        self.cell.finish(self.cell.expect(202, "POST", f"/api/services/{SERVICE}/stop"))
        self.assertEqual(self.cell.exits()[0]["state"], "stopped")
        self.assertEqual(self.never_direct("laptop"), [None] * 5)
        self.assertEqual(self.way_of("phone"), "direct")
        self.assertNotEqual(self.devices["laptop"].look_up("home.cell"), [])
        self.cell.finish(self.cell.expect(202, "POST", f"/api/services/{SERVICE}/start"))
        self.assertTrue(self.goes("laptop", "through"))

    def test_nothing_gets_out_directly_while_the_container_is_killed_and_comes_back(self):
        self.send(EXIT)
        self.assertTrue(self.goes("laptop", "through"))
        run("docker", "kill", self.router)
        self.assertNotIn("direct", self.never_direct("laptop"))
        self.assertTrue(eventually(lambda: self.way_of("laptop") == "through", 60, 0.5))

    def test_it_stays_so_when_the_hub_starts_again_without_celld(self):
        self.send(EXIT)
        self.assertTrue(self.goes("laptop", "through"))
        self.cell.stop()
        try:
            run("docker", "restart", "-t", "5", self.cell.container("wireguard"), seconds=60)
            self.assertNotIn("direct", self.never_direct("laptop"))
            self.assertTrue(eventually(lambda: self.way_of("laptop") == "through", 60, 0.5))
            self.assertNotIn("direct", self.never_direct("laptop", 2))
        finally:
            self.cell.start()

    def test_without_the_right_to_the_internet_it_leads_nowhere(self):
        self.send(EXIT)
        path = f"/api/peers/{self.peers['laptop']['id']}"
        self.addCleanup(self.cell.expect, 200, "PATCH", path, {"policy": EVERYTHING})
        self.cell.expect(200, "PATCH", path, {"policy": {**EVERYTHING, "internet": False}})
        self.assertEqual(self.never_direct("laptop", 2), [None, None])

    def test_a_service_that_devices_go_out_through_is_not_removed(self):
        self.send(EXIT)
        refused = self.cell.expect(409, "DELETE", f"/api/services/{SERVICE}")
        self.assertEqual(refused["type"], "urn:cell:problem:exit_in_use")
        self.assertIn("laptop", refused["detail"])

    # By its name the last.
    def test_z_a_removed_exit_takes_its_routes_along(self):
        self.cell.finish(self.cell.expect(202, "DELETE", f"/api/services/{SERVICE}?purge=true"))
        self.assertEqual(self.cell.exits(), [])

        def rules():
            return run("docker", "exec", self.cell.container("wireguard"), "ip", "rule", "show").stdout
        self.assertTrue(eventually(lambda: "fwmark" not in rules(), 20), rules())
        self.assertEqual(self.way_of("laptop"), "direct")
        self.assertEqual(subprocess.run(["docker", "ps", "-aq", "--filter", f"name={self.router}"], capture_output=True, text=True, check=True).stdout, "")


if __name__ == "__main__":
    run_and_exit(ExitsTest)
