#!/usr/bin/env python3
"""The calendar service in real containers, behind TLS: what a phone or a mail program does by CalDAV and CardDAV.

usage: calendar_test.py FOLDER_OF_PLUGINS      ends with `N passed, N failed`
"""

import json
import pathlib
import re
import sys
import unittest
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually  # noqa: E402
from support.plugin_abi import Plugin  # noqa: E402
from support.run import run_and_exit  # noqa: E402
from support.service import ROOT, Service, account, app_password, manifest_of, plan_with, ssha512  # noqa: E402
from support.stack import run  # noqa: E402

PLUGINS = pathlib.Path(sys.argv[1]).resolve()
FOLDER = ROOT / "plugins/calendar"
DAV = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "a": "urn:ietf:params:xml:ns:carddav"}
EVENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//cell//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n" \
        "DTSTART:20260{month}01T100000Z\r\nDTEND:20260{month}01T110000Z\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n"


class Client:
    """A program with one login."""

    def __init__(self, service, login, password):
        self.service, self.login, self.password = service, login, password

    def send(self, method, path, body=None, *headers):
        options = ["-X", method, "-u", f"{self.login}:{self.password}"]
        for header in headers:
            options += ["-H", header]
        if body is not None:
            options += ["--data-binary", body]
        return self.service.curl(path, *options)

    def xml(self, method, path, body, depth="0"):
        status, text = self.send(method, path, body, f"Depth: {depth}", "Content-Type: application/xml")
        assert status == 207, (status, text)
        return ET.fromstring(re.split(r"\r?\n\r?\n", text, maxsplit=1)[1])

    def collections(self):
        """{path: display name} of everything in the person's home."""
        body = '<d:propfind xmlns:d="DAV:"><d:prop><d:displayname/><d:resourcetype/></d:prop></d:propfind>'
        answer = self.xml("PROPFIND", f"/{self.login}/", body, "1")
        return {response.find("d:href", DAV).text: response.findtext(".//d:displayname", "", DAV)
                for response in answer.findall("d:response", DAV) if response.find("d:href", DAV).text.count("/") == 3}

    def put_event(self, collection, uid, summary="Dinner", month=5):
        return self.send("PUT", f"{collection}{uid}.ics", EVENT.format(uid=uid, summary=summary, month=month), "Content-Type: text/calendar")[0]

    def events(self, collection, start="20260401T000000Z", end="20260701T000000Z"):
        body = ('<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><c:calendar-data/></d:prop><c:filter><c:comp-filter name="VCALENDAR">'
                f'<c:comp-filter name="VEVENT"><c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>')
        answer = self.xml("REPORT", collection, body, "1")
        return sorted(re.search(r"SUMMARY:(.*)", data.text).group(1).strip() for data in answer.iter(f"{{{DAV['c']}}}calendar-data"))

    def sync(self, collection, token=""):
        body = f'<d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>'
        answer = self.xml("REPORT", collection, body)
        changes = {}
        for response in answer.findall("d:response", DAV):
            gone = "404" in response.findtext("d:status", "", DAV)
            changes[response.find("d:href", DAV).text.rpartition("/")[2]] = "gone" if gone else "there"
        return changes, answer.findtext("d:sync-token", "", DAV)


class CalendarTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.passwords = {name: app_password() for name in ("ada", "ada-laptop", "bob", "eve")}
        cls.plugin = Plugin(PLUGINS / "calendar/calendar.so")
        cls.service = Service(FOLDER, plan_with(cls.plugin, manifest_of(FOLDER)), "t-calendar")
        cls.addClassCleanup(cls.service.close)
        cls.people = [account("ada", [ssha512(cls.passwords["ada"]), ssha512(cls.passwords["ada-laptop"])]),
                      account("bob", [ssha512(cls.passwords["bob"])]), account("eve", [ssha512(cls.passwords["eve"])])]
        cls.options = {"shared_calendars": ["Family", "Work: ada; bob", 'O\'Neil & "Sons" $(reboot)'], "shared_contacts": ["Household: *"]}
        cls.service.up(accounts=cls.people, options=cls.options)

    def client(self, login, password=None):
        return Client(self.service, login, self.passwords[login] if password is None else password)

    def shared(self, login, name):
        return next(path for path, shown in self.client(login).collections().items() if shown == name)

    # --- people

    def test_a_new_person_has_a_calendar_and_an_address_book(self):
        found = self.client("ada").collections()
        self.assertEqual(found["/ada/calendar/"], "Calendar")
        self.assertEqual(found["/ada/contacts/"], "Contacts")

    def test_each_device_has_a_password_of_its_own(self):
        for name in ("ada", "ada-laptop"):
            self.assertIn("/ada/calendar/", self.client("ada", self.passwords[name]).collections())

    def test_a_wrong_password_is_refused(self):
        body = '<d:propfind xmlns:d="DAV:"><d:prop><d:displayname/></d:prop></d:propfind>'
        for login, password in (("ada", self.passwords["bob"]), ("ada", ""), ("nobody", "nothing"), ("ada", "x" * 2000)):
            status, _ = self.client(login, password).send("PROPFIND", "/ada/", body)
            self.assertEqual(status, 401, login)

    def test_without_a_password_nothing_is_told(self):
        for path in ("/ada/", "/ada/calendar/", "/bob/contacts/"):
            self.assertEqual(self.service.curl(path, "-X", "PROPFIND", "-H", "Depth: 1")[0], 401, path)

    def test_somebody_elses_collections_are_out_of_reach(self):
        eve = self.client("eve")
        for method, path in (("PROPFIND", "/ada/"), ("GET", "/ada/calendar/"), ("DELETE", "/ada/calendar/"), ("GET", "/ada/../ada/calendar/"), ("GET", "/eve/%2e%2e/ada/calendar/")):
            self.assertIn(eve.send(method, path)[0], (401, 403, 404), f"{method} {path}")
        self.assertEqual(eve.put_event("/ada/calendar/", "planted"), 403)

    def test_a_password_that_is_taken_back_ends_at_once(self):
        lost = app_password()
        self.service.change(accounts=[account("ada", [*self.people[0]["passwords"], ssha512(lost)]), *self.people[1:]], options=self.options)
        self.assertTrue(eventually(lambda: self.client("ada", lost).send("GET", "/ada/calendar/")[0] == 200, 5))
        self.service.change(accounts=self.people, options=self.options)
        self.assertEqual(self.client("ada", lost).send("GET", "/ada/calendar/")[0], 401)

    # --- calendars and contacts

    def test_an_event_is_found_by_time_and_synced(self):
        ada = self.client("ada")
        self.assertEqual(ada.put_event("/ada/calendar/", "one", "Breakfast", month=5), 201)
        self.assertEqual(ada.put_event("/ada/calendar/", "two", "Skiing", month=2), 201)
        self.assertEqual(ada.events("/ada/calendar/"), ["Breakfast"])
        changes, token = ada.sync("/ada/calendar/")
        self.assertEqual(changes, {"one.ics": "there", "two.ics": "there"})
        self.assertEqual(ada.send("DELETE", "/ada/calendar/two.ics")[0], 200)
        self.assertEqual(ada.sync("/ada/calendar/", token)[0], {"two.ics": "gone"})

    def test_a_change_that_missed_another_is_refused(self):
        bob = self.client("bob")
        bob.put_event("/bob/calendar/", "etag")
        status, _ = bob.send("PUT", "/bob/calendar/etag.ics", EVENT.format(uid="etag", summary="Old", month=5), "Content-Type: text/calendar", 'If-Match: "another"')
        self.assertEqual(status, 412)

    def test_contacts_are_kept(self):
        bob = self.client("bob")
        self.assertEqual(bob.send("PUT", "/bob/contacts/u1.vcf", CARD.format(uid="u1", name="Zoë Müller"), "Content-Type: text/vcard")[0], 201)
        self.assertIn("FN:Zoë Müller", bob.send("GET", "/bob/contacts/u1.vcf")[1])

    def test_a_person_makes_further_calendars(self):
        body = '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:displayname>Chess</d:displayname></d:prop></d:set></c:mkcalendar>'
        self.assertEqual(self.client("bob").send("MKCALENDAR", "/bob/chess/", body)[0], 201)
        self.assertEqual(self.client("bob").collections()["/bob/chess/"], "Chess")
        self.assertEqual(self.client("bob").send("DELETE", "/bob/chess/")[0], 200)

    # --- what is shared

    def test_everybody_writes_to_the_familys_calendar(self):
        for login in ("ada", "bob"):
            self.assertEqual(self.client(login).put_event(self.shared(login, "Family"), f"of-{login}", f"by {login}"), 201)
        self.assertEqual(self.client("eve").events(self.shared("eve", "Family")), ["by ada", "by bob"])

    def test_who_may_only_read_does_not_write(self):
        work = self.shared("bob", "Work")
        self.assertEqual(self.client("ada").put_event(self.shared("ada", "Work"), "meeting", "Meeting"), 201)
        self.assertEqual(self.client("bob").events(work), ["Meeting"])
        self.assertEqual(self.client("bob").put_event(work, "intruder"), 403)
        self.assertEqual(self.client("bob").send("DELETE", f"{work}meeting.ics")[0], 403)

    def test_who_was_not_chosen_does_not_see_it(self):
        self.assertNotIn("Work", self.client("eve").collections().values())
        self.assertEqual(self.client("eve").send("GET", self.shared("ada", "Work").replace("/ada/", "/eve/"))[0], 403)

    def test_nobody_deletes_or_replaces_a_shared_calendar_as_a_whole(self):
        family = self.shared("bob", "Family")
        self.assertEqual(self.client("bob").send("DELETE", family)[0], 403)
        self.assertEqual(self.client("bob").send("PUT", family, EVENT.format(uid="all", summary="All", month=5), "Content-Type: text/calendar")[0], 403)
        self.assertIn("Family", self.client("ada").collections().values())

    def test_nobody_makes_a_calendar_that_looks_shared(self):
        body = '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"/>'
        self.assertEqual(self.client("eve").send("MKCALENDAR", "/eve/shared-mine/", body)[0], 403)

    def test_names_of_options_are_only_names(self):
        self.assertIn('O\'Neil & "Sons" $(reboot)', self.client("ada").collections().values())

    def test_what_is_no_longer_shared_goes_and_comes_back_with_its_events(self):
        self.client("ada").put_event(self.shared("ada", "Family"), "kept", "Kept")
        self.service.change(accounts=self.people, options={"shared_contacts": []})
        self.assertTrue(eventually(lambda: "Family" not in self.client("ada").collections().values(), 5))
        self.service.change(accounts=self.people, options=self.options)
        self.assertTrue(eventually(lambda: "Family" in self.client("ada").collections().values(), 5))
        self.assertIn("Kept", self.client("eve").events(self.shared("eve", "Family")))

    # --- how it runs

    def test_programs_find_their_way_from_the_address_alone(self):
        body = '<d:propfind xmlns:d="DAV:"><d:prop><d:current-user-principal/></d:prop></d:propfind>'
        answer = self.client("ada").xml("PROPFIND", "/", body)
        self.assertEqual(answer.findtext(".//d:current-user-principal/d:href", "", DAV), "/ada/")
        self.assertEqual([(known["name"], known["path"]) for known in self.service.contributions["well_known"]], [("caldav", "/"), ("carddav", "/")])

    def test_the_container_has_no_rights(self):
        facts = json.loads(run("docker", "inspect", self.service.name("server")).stdout)[0]
        self.assertTrue(facts["HostConfig"]["ReadonlyRootfs"])
        self.assertEqual(facts["HostConfig"]["CapAdd"] or [], [])
        status = run("docker", "exec", self.service.name("server"), "cat", "/proc/1/status").stdout
        self.assertRegex(status, r"Uid:\t2101\t2101\t2101\t2101")
        self.assertRegex(status, r"CapEff:\t0000000000000000")

    def test_what_was_kept_is_there_after_a_restart(self):
        self.client("ada").put_event("/ada/calendar/", "durable", "Durable", month=6)
        run("docker", "restart", "-t", "5", self.service.name("server"))
        self.service.wait_healthy("server")
        self.assertTrue(eventually(lambda: self.client("ada").send("GET", "/ada/calendar/")[0] == 200, 10))
        self.assertIn("Durable", self.client("ada").events("/ada/calendar/"))


if __name__ == "__main__":
    run_and_exit(CalendarTest)
