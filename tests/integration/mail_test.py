#!/usr/bin/env python3
"""The mail service in real containers: a mail program sends, another server delivers, a mail program reads.

usage: mail_test.py FOLDER_OF_PLUGINS      ends with `N passed, N failed`
"""

import email.message
import email.policy
import email.utils
import imaplib
import pathlib
import plistlib
import re
import smtplib
import socket
import ssl
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support import dkim  # noqa: E402
from support.cell import eventually  # noqa: E402
from support.plugin_abi import Plugin  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.service import ROOT, Service, account, app_password, manifest_of, plan_with, sha512_crypt  # noqa: E402
from support.smtp_sink import Sink  # noqa: E402
from support.stack import run  # noqa: E402

PLUGINS = pathlib.Path(sys.argv[1]).resolve()
FOLDER = ROOT / "plugins/mail"
HOST = "mail.home.cell"


def make_keys(folder):
    """A key for DKIM, and a certificate as the cell hands it over: (secrets, root's file)."""
    run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder / "dkim.pem")
    public = run("openssl", "pkey", "-in", folder / "dkim.pem", "-pubout").stdout
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=root", "-keyout", folder / "root.key",
        "-out", folder / "root.pem")
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={HOST}", "-keyout", folder / "tls.key", "-out", folder / "tls.csr")
    (folder / "names").write_text(f"subjectAltName=DNS:{HOST}\n")
    run("openssl", "x509", "-req", "-in", folder / "tls.csr", "-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-days", "2", "-extfile", folder / "names",
        "-out", folder / "tls.pem")
    return {"dkim": (folder / "dkim.pem").read_text(), "dkim_public": "".join(public.splitlines()[1:-1]),
            "tls": (folder / "tls.key").read_text(), "tls_chain": (folder / "tls.pem").read_text()}, folder / "root.pem"


class Imap(imaplib.IMAP4_SSL):
    """Connects to an address, and asks for the certificate of the name."""

    def __init__(self, address, context):
        self.address = address
        super().__init__(HOST, 993, ssl_context=context, timeout=20)

    def _create_socket(self, timeout):
        return self.ssl_context.wrap_socket(socket.create_connection((self.address, 993), timeout), server_hostname=HOST)


class Submissions(smtplib.SMTP_SSL):
    """The same for submission, TLS from the first byte on."""

    def _get_socket(self, host, port, timeout):
        return self.context.wrap_socket(socket.create_connection((host, port), timeout), server_hostname=HOST)


class MailTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="cell-mail-"))
        cls.addClassCleanup(run, "rm", "-rf", cls.scratch)
        cls.secrets, root = make_keys(cls.scratch)
        cls.trust = ssl.create_default_context(cafile=root)
        cls.passwords = {name: app_password() for name in ("ada", "ada-phone", "bob", "small")}
        hashes = {name: sha512_crypt(password) for name, password in cls.passwords.items()}
        cls.people = [account("ada@home.cell", [hashes["ada"], hashes["ada-phone"]]), account("bob@home.cell", [hashes["bob"]]),
                      account("small@home.cell", [hashes["small"]], quota_mb=1), account("nodevice@home.cell")]
        cls.plugin = Plugin(PLUGINS / "mail/mail.so")
        cls.service = Service(FOLDER, plan_with(cls.plugin, manifest_of(FOLDER), cls.secrets), "t-mail")
        cls.addClassCleanup(cls.service.close)
        gateway = run("docker", "network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", cls.service.network).stdout.strip()
        cls.sink = Sink(gateway, cls.scratch / "tls.pem", cls.scratch / "tls.key")
        cls.addClassCleanup(cls.sink.close)
        cls.options = {"aliases": ["info: ada, bob", "bob: bob, bob@elsewhere.example"], "relay_host": gateway, "relay_port": cls.sink.port, "relay_user": "us",
                       "relay_password": "pass w#rd", "relay_verify": False, "spam_filter": True}
        cls.service.up(accounts=cls.people, options=cls.options)
        cls.address = cls.service.address("server")

    # --- programs

    def submission(self, login=None, password=None):
        server = smtplib.SMTP(timeout=20)
        server.connect(self.address, 587)
        self.addCleanup(server.close)
        server._host = HOST  # what the certificate is checked for
        server.ehlo("laptop.example")
        server.starttls(context=self.trust)
        server.ehlo("laptop.example")
        if login:
            server.login(f"{login}@home.cell", password or self.passwords[login])
        return server

    def other_server(self):
        server = smtplib.SMTP(timeout=20)
        server.connect(self.address, 25)
        self.addCleanup(server.close)
        server.ehlo("mx.elsewhere.example")
        return server

    def from_elsewhere(self, subject, to, text="Hello,\n\nsee you on Friday.\n"):
        """As a person's mail program writes it: what lacks a sender, a date and an identity is spam to the filter."""
        message = email.message.EmailMessage()
        message["From"], message["To"], message["Subject"], message["Date"] = "Carl <carl@elsewhere.example>", to, subject, email.utils.formatdate()
        message["Message-ID"] = email.utils.make_msgid(domain="elsewhere.example")
        message.set_content(text)
        self.other_server().send_message(message, "carl@elsewhere.example", [to])

    def imap(self, login, password=None):
        client = Imap(self.address, self.trust)
        self.addCleanup(client.shutdown)
        client.login(f"{login}@home.cell", password or self.passwords[login])
        return client

    def message(self, subject, sender="ada@home.cell", to="bob@home.cell", size=0):
        message = email.message.EmailMessage()
        message["From"], message["To"], message["Subject"], message["Date"] = sender, to, subject, "Thu, 01 Jan 2026 12:00:00 +0000"
        message["Message-ID"] = f"<{subject.replace(' ', '-')}@home.cell>"
        message.set_content("Hello,\n\n.a line that begins with a dot, and Grüße\n\n\n" + "x" * 70 * (size // 70))
        return message

    def raw_of(self, login, subject, folder="INBOX"):
        """The message as it lies in the mailbox, once it is there."""
        client = self.imap(login)

        def look():
            client.select(folder, readonly=True)
            found = client.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
            return client.fetch(found[-1], "(BODY.PEEK[])")[1][0][1] if found else None
        raw = eventually(look, 15, 0.3)
        self.assertIsNotNone(raw, f"'{subject}' did not arrive\n" + self.service.logs("server"))
        return raw

    # --- sending and reading

    def test_a_mail_goes_from_one_person_to_another_signed(self):
        self.submission("ada").send_message(self.message("signed one"))
        raw = self.raw_of("bob", "signed one")
        self.assertEqual(dkim.verify(raw, self.secrets["dkim_public"]), "")
        self.assertIn("Grüße", email.message_from_bytes(raw, policy=email.policy.default).get_content())
        tampered = raw.replace(b"Subject: signed one", b"Subject: signed two")
        self.assertNotEqual(dkim.verify(tampered, self.secrets["dkim_public"]), "")

    def test_the_key_is_the_one_in_the_zone(self):
        records = {(r["name"], r["type"]): r["value"] for r in self.service.contributions["dns"]}
        self.assertEqual(records["mail._domainkey", "TXT"], f"v=DKIM1; k=rsa; p={self.secrets['dkim_public']}")
        self.assertEqual(records["@", "MX"], "10 mail.home.cell")
        self.assertIn("v=DMARC1", records["_dmarc", "TXT"])

    def test_where_the_sender_sits_is_not_told(self):
        self.submission("ada").send_message(self.message("private place"))
        raw = self.raw_of("bob", "private place")
        self.assertNotIn(b"laptop.example", raw)

    def test_sending_also_goes_over_tls_from_the_first_byte_on(self):
        server = Submissions(self.address, 465, "laptop.example", context=self.trust, timeout=20)
        self.addCleanup(server.close)
        server.ehlo("laptop.example")
        server.docmd("MAIL FROM:<ada@home.cell>")
        self.assertEqual(server.docmd("RCPT TO:<bob@home.cell>")[0], 553)
        server.rset()
        server.login("ada@home.cell", self.passwords["ada"])
        server.send_message(self.message("over tls"))
        raw = self.raw_of("bob", "over tls")
        self.assertEqual(dkim.verify(raw, self.secrets["dkim_public"]), "")
        self.assertNotIn(b"laptop.example", raw)

    def test_each_device_has_a_password_of_its_own(self):
        for name in ("ada", "ada-phone"):
            self.assertEqual(self.imap("ada", self.passwords[name]).select("INBOX")[0], "OK")

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(smtplib.SMTPAuthenticationError):
            self.submission("ada", self.passwords["bob"])
        for login, password in (("ada", "wrong"), ("nobody", "x"), ("nodevice", "*"), ("nodevice", "x")):
            with self.assertRaises(imaplib.IMAP4.error):
                self.imap(login, password)

    def test_wrong_passwords_of_one_device_make_no_other_wait(self):
        """All devices of the house come from one address."""
        for _ in range(3):
            with self.assertRaises(imaplib.IMAP4.error):
                self.imap("ada", "wrong")
        penalties = run("docker", "exec", self.service.name("server"), "doveadm", "-c", "/etc/cell-mail/dovecot.conf", "penalty").stdout.splitlines()
        self.assertEqual(penalties[1:], [])
        self.assertEqual(self.imap("bob").select("INBOX")[0], "OK")

    def test_a_change_makes_nobody_wait_for_who_is_connected(self):
        self.submission("ada")  # stays open
        guest = app_password()
        people = [*self.people[:3], account("nodevice@home.cell", [sha512_crypt(guest)])]
        self.addCleanup(self.service.change, accounts=self.people, options=self.options)
        self.service.change(accounts=people, options={**self.options, "aliases": [*self.options["aliases"], "guests: nodevice"]})

        def is_known():
            server = self.other_server()
            return server.docmd("MAIL FROM:<carl@elsewhere.example>")[0] == 250 and server.docmd("RCPT TO:<guests@home.cell>")[0] == 250
        self.assertTrue(eventually(is_known, 15, 0.5))
        self.submission("nodevice", guest).send_message(self.message("from a guest", sender="nodevice@home.cell"))
        self.raw_of("bob", "from a guest")

    def test_passwords_work_and_end_for_reading_and_sending_alike(self):
        """Also at a server process that was there before: three changes, each quicker than a file's time counts."""
        self.submission("ada").close()
        first, second = app_password(), app_password()

        def accounts(*passwords):
            return [account("ada@home.cell", [*self.people[0]["passwords"], *map(sha512_crypt, passwords)]), *self.people[1:]]

        def sends(password):
            try:
                return bool(self.submission("ada", password))
            except smtplib.SMTPAuthenticationError:
                return False
        self.addCleanup(self.service.change, accounts=self.people, options=self.options)
        for passwords in ((first,), (second,), (first,), (second,)):
            self.service.change(accounts=accounts(*passwords), options=self.options)
        self.assertTrue(eventually(lambda: sends(second), 15, 0.5))
        self.assertTrue(eventually(lambda: not sends(first), 15, 0.5))
        self.assertEqual(self.imap("ada", second).select("INBOX")[0], "OK")

    def test_a_password_that_is_taken_back_ends(self):
        lost = app_password()
        self.service.change(accounts=[account("ada@home.cell", [*self.people[0]["passwords"], sha512_crypt(lost)]), *self.people[1:]], options=self.options)

        def works():
            try:
                return bool(self.imap("ada", lost))
            except imaplib.IMAP4.error:
                return False
        self.assertTrue(eventually(works, 15, 0.5))
        connected, other = self.imap("ada", lost), self.imap("bob")

        def is_out():
            try:
                return connected.noop()[0] != "OK"
            except (imaplib.IMAP4.abort, OSError):
                return True
        self.assertFalse(is_out())
        self.service.change(accounts=self.people, options=self.options)
        self.assertTrue(eventually(lambda: not works(), 15, 0.5))
        self.assertTrue(eventually(is_out, 15, 0.5))
        self.assertEqual(other.noop()[0], "OK")

    def test_passwords_never_go_in_the_clear(self):
        plain = smtplib.SMTP(self.address, 587, timeout=20)
        self.addCleanup(plain.close)
        plain.ehlo("laptop.example")
        self.assertNotIn("auth", plain.esmtp_features)
        self.assertEqual(plain.docmd("MAIL FROM:<ada@home.cell>")[0], 530)
        self.assertNotIn("auth", self.other_server().esmtp_features)

    def test_only_modern_tls_is_spoken(self):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, OSError)):
            Imap(self.address, old)

    def test_mailboxes_have_the_folders_that_programs_look_for(self):
        listed = b"\n".join(self.imap("ada").list()[1]).decode()
        for use in ("Drafts", "Sent", "Junk", "Trash"):
            self.assertIn(f"\\{use}", listed)

    # --- who may do what

    def test_nobody_sends_in_somebody_elses_name(self):
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.submission("ada").sendmail("bob@home.cell", ["ada@home.cell"], "Subject: x\r\n\r\nx")
        self.assertIn(553, [code for code, _ in refused.exception.recipients.values()])

    def test_an_alias_may_be_sent_from_by_whom_it_leads_to(self):
        self.submission("ada").sendmail("info@home.cell", ["bob@home.cell"], "From: info@home.cell\r\nSubject: from info\r\n\r\nx")
        self.raw_of("bob", "from info")
        with self.assertRaises(smtplib.SMTPRecipientsRefused):
            self.submission("small").sendmail("info@home.cell", ["bob@home.cell"], "Subject: x\r\n\r\nx")

    def test_mail_from_elsewhere_arrives(self):
        self.from_elsewhere("from afar", "info@home.cell")
        for login in ("ada", "bob"):
            self.raw_of(login, "from afar")

    def test_spam_is_refused_or_put_aside(self):
        """The pattern that every filter refuses, and a message without what every mail program writes, which it marks."""
        pattern = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n"
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            self.from_elsewhere("spam", "ada@home.cell", pattern)
        self.assertEqual(refused.exception.smtp_code, 554)
        self.other_server().sendmail("carl@elsewhere.example", ["ada@home.cell"], "Subject: suspicious\r\n\r\nx")
        self.raw_of("ada", "suspicious", "Junk")

    def test_it_relays_for_nobody_else(self):
        code, _ = self.other_server().docmd("MAIL FROM:<carl@elsewhere.example>")
        self.assertEqual(code, 250)
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.other_server().sendmail("carl@elsewhere.example", ["dora@third.example"], "x")
        self.assertEqual([code for code, _ in refused.exception.recipients.values()], [554])

    def test_unknown_addresses_are_refused_at_once(self):
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.other_server().sendmail("carl@elsewhere.example", ["stranger@home.cell"], "x")
        self.assertEqual([code for code, _ in refused.exception.recipients.values()], [550])

    def test_outsiders_do_not_use_the_cells_own_addresses(self):
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.other_server().sendmail("ada@home.cell", ["bob@home.cell"], "x")
        self.assertIn(553, [code for code, _ in refused.exception.recipients.values()])

    def test_a_full_mailbox_takes_nothing_more(self):
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.submission("ada").send_message(self.message("too big", to="small@home.cell", size=2 << 20))
        self.assertEqual([code for code, _ in refused.exception.recipients.values()], [552])
        self.submission("ada").send_message(self.message("fits", to="small@home.cell"))
        self.raw_of("small", "fits")
        usage = self.imap("small").getquotaroot("INBOX")[1]
        self.assertIn("STORAGE", str(usage))
        self.assertIn(" 1024)", str(usage))

    def test_a_message_over_the_limit_is_refused(self):
        with self.assertRaises(smtplib.SMTPSenderRefused) as refused:
            self.submission("ada").send_message(self.message("giant", size=42 << 20))
        self.assertEqual(refused.exception.smtp_code, 552)

    def test_mail_to_the_postmaster_arrives(self):
        self.from_elsewhere("to the postmaster", "postmaster@home.cell")
        self.raw_of("ada", "to the postmaster")

    def test_a_plus_in_the_address_changes_nothing(self):
        self.from_elsewhere("with a plus", "ada+shop@home.cell")
        self.raw_of("ada", "with a plus")

    # --- outwards

    def sent(self, subject):
        found = eventually(lambda: next((m for m in self.sink.messages if subject.encode() in m[2]), None), 15)
        self.assertTrue(found, self.service.logs("server"))
        return found

    def test_mail_to_others_goes_through_the_relay_signed(self):
        """Also where the relay does not say that it takes 8-bit text."""
        self.submission("ada").send_message(self.message("to the world", to="dora@third.example"))
        sender, recipients, raw = self.sent("to the world")
        self.assertEqual((sender, recipients), ("ada@home.cell", ["dora@third.example"]))
        self.assertEqual(dkim.verify(raw, self.secrets["dkim_public"]), "")
        self.assertIn([b"us", b"pass w#rd"], self.sink.logins)

    def test_forwarding_keeps_a_copy_where_that_is_wanted(self):
        self.submission("ada").send_message(self.message("forward me"))
        self.assertEqual(self.sent("forward me")[1], ["bob@elsewhere.example"])
        self.raw_of("bob", "forward me")

    # --- changes

    def test_a_catch_all_takes_what_is_nobodys(self):
        self.service.change(accounts=self.people, options={**self.options, "catch_all": "ada"})
        self.addCleanup(self.service.change, accounts=self.people, options=self.options)

        def taken():
            try:
                self.from_elsewhere("caught", "whoever@home.cell")
            except smtplib.SMTPRecipientsRefused:
                return False
            return True
        self.assertTrue(eventually(taken, 15, 0.5))
        self.raw_of("ada", "caught")
        self.from_elsewhere("not caught", "small@home.cell")
        self.raw_of("small", "not caught")

    def test_what_was_kept_is_there_after_a_restart(self):
        self.submission("ada").send_message(self.message("durable"))
        self.raw_of("bob", "durable")
        run("docker", "restart", "-t", "10", self.service.name("server"), seconds=60)
        self.service.wait_healthy("server")
        type(self).address = self.service.address("server")
        self.raw_of("bob", "durable")

    # --- settings for programs

    def test_thunderbird_finds_its_settings(self):
        status, text = self.service.curl("/mail/config-v1.1.xml?emailaddress=ada%40home.cell", host="autoconfig")
        self.assertEqual(status, 200)
        config = ET.fromstring(text[text.index("<?xml"):])
        self.assertEqual([(s.tag, s.findtext("hostname"), s.findtext("port"), s.findtext("socketType")) for s in config[0] if s.find("port") is not None],
                         [("incomingServer", HOST, "993", "SSL"), ("outgoingServer", HOST, "587", "STARTTLS")])

    def test_an_iphone_takes_the_profile(self):
        status, text = self.service.curl("/mail/ios.mobileconfig", host="autoconfig")
        self.assertEqual(status, 200)
        self.assertIn("application/x-apple-aspen-config", text)
        profile = plistlib.loads(text[text.index("<?xml"):].encode())
        payload = profile["PayloadContent"][0]
        self.assertEqual((payload["IncomingMailServerHostName"], payload["IncomingMailServerPortNumber"], payload["OutgoingMailServerPortNumber"]), (HOST, 993, 587))

    # --- how it runs

    def test_the_container_has_only_the_rights_that_it_names(self):
        server = run("docker", "inspect", "-f", "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}} {{.HostConfig.CapDrop}}", self.service.name("server")).stdout.strip()
        self.assertEqual(server, "true false [ALL]")
        listing = run("docker", "exec", self.service.name("server"), "sh", "-c", "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; sed -n 's/^Uid:\t\\([0-9]*\\).*/\\1/p' $p/status; done").stdout
        for part in ("smtpd", "imap-login", "opendkim -f"):
            uids = re.findall(rf"{part}.*?(\d+)$", listing, re.M)
            self.assertNotIn("0", uids, part)


if __name__ == "__main__":
    run_and_exit(MailTest)
