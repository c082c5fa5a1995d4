#!/usr/bin/env python3
"""The mail service as celld installs it from the shipped store, used by a device in the VPN: plan, images, certificate, app
passwords, a letter there and back, removal.

usage: mail_cell_test.py PATH_OF_CELLD STORE      ends with `N passed, N failed`
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support import dkim  # noqa: E402
from support.cell import eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.services import ServicesCell  # noqa: E402
from support.stack import World, run  # noqa: E402

CELLD, STORE = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
TAG = "t-mcell"
HOST = "mail.home.cell"
PORTS = [25, 465, 587, 993]
PASSWORDS = "/api/services/mail/app-passwords"
LOGIN_DENIED = 67  # of curl


class MailCellTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(TAG)
        cls.addClassCleanup(cls.world.close)
        cls.cell = ServicesCell(CELLD, TAG, cls.world, store=STORE, service="mail")
        cls.addClassCleanup(cls.cell.close)
        cls.cell.bring_up()
        cls.laptop = cls.world.device("laptop")
        cls.laptop.connect(cls.cell.add_peer("laptop")["config"])
        assert eventually(cls.laptop.keep_talking, 40), "no answer through the tunnel"
        cls.laptop.write("/etc/cell-root.pem", cls.cell.root().read_text())
        cls.install()

    @classmethod
    def install(cls):
        cls.plan = cls.cell.plan(aliases=["info: ann"])
        cls.cell.install(aliases=["info: ann"])

    # --- programs on the device

    def curl(self, login, url, *options, text=None):
        """The mail program: curl speaks SMTP and IMAP."""
        return self.laptop.run("curl", "-sS", "--max-time", "20", "--cacert", "/etc/cell-root.pem", "--user", f"{login['login']}:{login['password']}", *options, url,
                               check=False, text=text, seconds=40)

    def send(self, login, subject, to, url=f"smtp://{HOST}:587", sender=None):
        letter = (f"From: {sender or login['login']}\nTo: {to}\nSubject: {subject}\nDate: Thu, 01 Jan 2026 12:00:00 +0000\n"
                  f"Message-ID: <{subject}@home.cell>\n\nHello\n")
        return self.curl(login, url, "--ssl-reqd", "--crlf", "--mail-from", sender or login["login"], "--mail-rcpt", to, "--upload-file", "-", text=letter)

    def received(self, login, subject):
        """The letter as it lies in the mailbox, once it is there; lines end as they do in mail."""
        url = f"imaps://{HOST}/INBOX"

        def look():
            found = self.curl(login, url, "--request", f"SEARCH SUBJECT {subject}").stdout.split()[2:]
            return self.curl(login, f"{url};MAILINDEX={found[-1]}").stdout if found else ""
        return eventually(look, 30, 0.5).replace("\r\n", "\n").replace("\n", "\r\n").encode()

    def app_password(self, label):
        issued = self.cell.expect(201, "POST", PASSWORDS, {"label": label})
        self.assertEqual(issued["login"], "ann@home.cell")
        working = eventually(lambda: self.curl(issued, f"imaps://{HOST}/", "--request", "NOOP").returncode == 0, 30, 0.5)
        self.assertTrue(working, self.logs())
        return issued

    def logs(self):
        done = run("docker", "logs", "--tail", "40", f"{TAG}-mail-server", check=False)
        return done.stdout + done.stderr

    # --- a whole life

    def test_the_plan_says_what_is_opened_towards_whom(self):
        self.assertEqual((self.plan["action"], self.plan["conflicts"]), ("install", []))
        self.assertEqual([(each["port"], each["protocol"], each["expose"]) for each in self.plan["exposes"]], [(port, "tcp", "vpn") for port in PORTS])
        self.assertIn({"kind": "volume", "name": f"{TAG}-mail-mail", "detail": "backed up"}, self.plan["creates"])

    def test_all_of_it_is_healthy(self):
        service = self.cell.expect(200, "GET", "/api/services/mail")
        self.assertEqual(service["state"], "running")
        self.assertEqual({each["name"]: each["health"] for each in service["containers"]}, {f"{TAG}-mail-server": "healthy", f"{TAG}-mail-autoconfig": "healthy"})

    def test_every_port_shows_a_certificate_of_the_cell(self):
        for port in PORTS:
            start = ["-starttls", "smtp"] if port in (25, 587) else []
            shown = self.laptop.run("openssl", "s_client", "-connect", f"{HOST}:{port}", *start, "-servername", HOST, "-verify_hostname", HOST, "-verify_return_error",
                                    "-CAfile", "/etc/cell-root.pem", check=False, text="QUIT\n", seconds=40)
            self.assertIn("Verify return code: 0 (ok)", shown.stdout, (port, shown.stderr, self.logs()))

    def test_ports_are_open_to_devices_of_the_cell_only(self):
        stranger = self.world.device("stranger")
        for port in PORTS:
            reached = stranger.run("bash", "-c", f"exec 3<>/dev/tcp/{self.world.address}/{port}", check=False)
            self.assertNotEqual(reached.returncode, 0, port)
        published = run("docker", "inspect", "-f", "{{json .HostConfig.PortBindings}}", f"{TAG}-mail-server").stdout.strip()
        self.assertIn(published, ("{}", "null"))

    def test_a_letter_goes_there_and_back_signed(self):
        ann = self.app_password("laptop")
        for number, url in enumerate((f"smtp://{HOST}:587", f"smtps://{HOST}:465")):
            sent = self.send(ann, f"letter{number}", "info@home.cell", url)
            self.assertEqual(sent.returncode, 0, sent.stderr + self.logs())
            raw = self.received(ann, f"letter{number}")
            self.assertIn(b"\r\nHello\r\n", raw, self.logs())
            key = "".join(self.laptop.look_up("mail._domainkey.home.cell", "TXT")).replace('" "', "").strip('"').partition("p=")[2]
            self.assertEqual(dkim.verify(raw, key), "")

    def test_names_lead_to_it(self):
        self.assertEqual(self.laptop.look_up("home.cell", "MX"), [f"10 {HOST}."])
        self.assertEqual(self.laptop.look_up(HOST), self.laptop.look_up("home.cell"))
        self.assertEqual(self.laptop.look_up("_imaps._tcp.home.cell", "SRV"), [f"0 1 993 {HOST}."])

    def test_who_has_no_password_of_his_own_is_refused(self):
        ann = self.app_password("old phone")
        wrong = {**ann, "password": "wrong"}
        self.assertEqual(self.curl(wrong, f"imaps://{HOST}/", "--request", "NOOP").returncode, LOGIN_DENIED)
        self.assertEqual(self.send(wrong, "never", "ann@home.cell").returncode, LOGIN_DENIED)

        self.cell.expect(204, "DELETE", f"{PASSWORDS}/{ann['id']}")

        refused = eventually(lambda: self.curl(ann, f"imaps://{HOST}/", "--request", "NOOP").returncode == LOGIN_DENIED, 30, 0.5)
        self.assertTrue(refused, self.logs())

    def test_nobody_sends_under_another_name(self):
        ann = self.app_password("tablet")
        self.assertEqual(self.send(ann, "asinfo", "ann@home.cell", sender="info@home.cell").returncode, 0)
        self.assertNotEqual(self.send(ann, "asbob", "ann@home.cell", sender="bob@home.cell").returncode, 0)

    def test_mail_programs_find_their_settings(self):
        config = self.laptop.fetch("https://autoconfig.home.cell/mail/config-v1.1.xml", "--cacert", "/etc/cell-root.pem")
        self.assertIn(f"<hostname>{HOST}</hostname>", config)
        profile = self.laptop.fetch("https://autoconfig.home.cell/mail/ios.mobileconfig", "--cacert", "/etc/cell-root.pem", "-D", "-")
        self.assertIn("application/x-apple-aspen-config", profile)

    def test_its_page_tells_which_records_the_internet_needs(self):
        items = self.cell.expect(200, "GET", "/api/services/mail/x/dns")["items"]
        self.assertEqual([(item["name"], item["type"]) for item in items], [("@", "MX"), ("@", "TXT"), ("mail._domainkey", "TXT"), ("_dmarc", "TXT")])
        self.assertLessEqual({item["state"] for item in items}, {"missing", "unknown"})  # nobody has home.cell in the internet

    def test_its_page_tells_where_mail_of_each_address_goes(self):
        items = self.cell.expect(200, "GET", "/api/services/mail/x/addresses")["items"]
        ann = ["ann@home.cell"]
        self.assertEqual({item["address"]: (item["kind"], item["targets"]) for item in items},
                         {"ann@home.cell": ("mailbox", ann), "info@home.cell": ("alias", ann), "postmaster@home.cell": ("alias", ann), "abuse@home.cell": ("alias", ann)})

    def test_removal_leaves_nothing_and_the_next_one_begins_anew(self):
        before = self.laptop.look_up("mail._domainkey.home.cell", "TXT")
        self.cell.remove()
        self.assertEqual((self.cell.leftovers(), self.laptop.look_up(HOST)), ([], []))
        self.assertEqual(self.cell.call("GET", "/api/services/mail").status, 404)

        type(self).install()

        self.assertEqual(self.cell.expect(200, "GET", PASSWORDS)["items"], [])
        self.assertNotEqual(self.laptop.look_up("mail._domainkey.home.cell", "TXT"), before)


if __name__ == "__main__":
    run_and_exit(MailCellTest)
