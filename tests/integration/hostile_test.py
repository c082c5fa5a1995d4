#!/usr/bin/env python3
"""Hostile texts in every text field of every route of the real celld: a clear refusal that changes nothing, or a value that does
not change the structure of any file that is rendered from it.

usage: hostile_test.py PATH_OF_CELLD      ends with `N passed, N failed`; listens on loopback only, needs no engine
"""

import copy
import json
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import Cell, eventually  # noqa: E402
from support.run import run_and_exit  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
TEXTS = json.loads((DATA / "hostile_texts.json").read_text()) + json.loads((DATA / "naughty-strings.json").read_text())[::9] + [
    "a\nserver evil", "a\r\nforward . 6.6.6.6", "x}\nevil {", 'a"b', "$(id)", "`id`", "../../etc/passwd", "%2e%2e%2f", "\u202egnp.exe", "a\0b",
    "x" * 100_000]
PUBLIC_KEY = "TjQ2KZnTQ9Ce7lNWf0RKyJj1XpNjvQ1J2hL3m4n5o3M="

# Bodies that are right, so that one field at a time can be wrong; fields that may be missing are in them as well.
VALID = {
    "POST /api/people": {"name": "carla", "role": "peer", "password": "another long phrase"},
    "PATCH /api/people/{id}": {"name": "carla", "password": "another long phrase"},
    "POST /api/auth/login": {"name": "nobody", "password": "x"},
    "POST /api/auth/password": {"current_password": "x", "new_password": "y"},
    "POST /api/auth/tokens": {"name": "t", "scopes": ["peers:read"], "expires_at": "2099-01-01T00:00:00Z", "allowed_sources": ["10.0.0.0/8"]},
    "POST /api/peers": {"name": "phone", "tags": ["a"], "public_key": PUBLIC_KEY, "expires_at": "2099-01-01T00:00:00Z"},
    "PATCH /api/peers/{id}": {"name": "phone", "tags": ["a"], "expires_at": "2099-01-01T00:00:00Z"},
    "POST /api/peers/{id}/rekey": {"public_key": PUBLIC_KEY},
    "PATCH /api/wireguard": {"endpoint_host": "vpn.example.org", "client_allowed_ips": ["0.0.0.0/0"]},
    "PATCH /api/network/dns": {"upstreams": ["9.9.9.9"]},
    "POST /api/network/dns/records": {"name": "nas", "type": "A", "value": "192.168.7.7", "ttl": 60, "comment": "c"},
    "PATCH /api/network/dns/records/{id}": {"name": "nas", "type": "A", "value": "192.168.7.7", "ttl": 60, "comment": "c"},
    "PATCH /api/network/ntp": {"servers": ["pool.ntp.org"]},
    "PATCH /api/settings": {"timezone": "UTC", "endpoint_host": "vpn.example.org"},
}
# Routes whose work is elsewhere: they would end the session, ask the network, or take a key file.
LEFT_OUT = {"POST /api/auth/logout", "POST /api/network/dns/lookup"}


def texts_in(value, at=()):
    """Places of the texts in a body."""
    if isinstance(value, str):
        yield at
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_in(inner, (*at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, (*at, index))


def with_text(body, at, text):
    changed = copy.deepcopy(body)
    place = changed
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = text
    return changed


def from_schema(schema):
    """A body that fits the schema, with every text field in it."""
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        return {name: from_schema(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [from_schema(schema["items"])]
    return {"string": "text", "integer": max(schema.get("minimum", 1), 1), "number": 1, "boolean": True}.get(kind)


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cell = Cell(CELLD)
        cls.addClassCleanup(cls.cell.close)
        cls.cell.session = cls.cell.set_up()
        cls.ids = {"people": cls.cell.expect(201, "POST", "/api/people", {"name": "dora", "role": "peer", "password": "another long phrase"})["id"],
                   "peers": cls.cell.expect(201, "POST", "/api/peers", {"name": "laptop"})["id"],
                   "records": cls.cell.expect(201, "POST", "/api/network/dns/records", {"name": "x", "type": "TXT", "value": "x", "ttl": 60})["id"]}
        assert eventually(lambda: (cls.cell.directory / "config/caddy/caddy.json").exists() and (cls.cell.directory / "config/dns/vpn.zone").exists())
        cls.routes = cls.cell.expect(200, "GET", "/api/openapi.json")["paths"]

    def bodies(self):
        for path, methods in self.routes.items():
            for method, operation in methods.items():
                name = f"{method.upper()} {path}"
                content = operation.get("requestBody", {}).get("content", {}).get("application/json")
                if content and name not in LEFT_OUT and not path.startswith("/api/setup"):
                    yield method.upper(), path, VALID.get(name) or from_schema(content["schema"])

    def send(self, method, pattern, body):
        try:
            return self.cell.call(method, self.path_of(pattern), body)
        except OSError as failure:
            raise AssertionError(f"{method} {pattern} {str(body)[:200]}: {failure!r}") from failure

    def path_of(self, pattern):
        noun = pattern.split("/{")[0].split("/")[-1]
        return re.sub(r"{\w+}", self.ids.get(noun, "none"), pattern)

    def revision(self):
        return json.loads((self.cell.directory / "config/api/cell_config.json").read_text())["revision"]

    def check_refusal(self, answer, before, what):
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json", what)
        self.assertEqual(answer.json["status"], answer.status, what)
        self.assertTrue(answer.json["title"] and (answer.json.get("detail") or answer.json.get("errors")), what)
        self.assertEqual(self.revision(), before, what)

    def undo(self, method, path, answer):
        """Takes away what was made, so that limits on numbers are not met instead."""
        if method == "POST" and answer.status == 201 and "id" in answer.json:
            self.cell.expect(204, "DELETE", f"{path}/{answer.json['id']}")

    def test_a_text_field_refuses_what_it_cannot_hold_and_renders_the_rest_unchanged(self):
        fields = 0
        self.shape()
        time.sleep(1)
        shape = self.shape()
        for method, pattern, body in self.bodies():
            for at in texts_in(body):
                fields += 1
                for text in TEXTS:
                    what = (method, pattern, at, text[:60])
                    before = self.revision()
                    answer = self.send(method, pattern, with_text(body, at, text))
                    self.assertLess(answer.status, 500, (*what, answer.text))
                    if answer.status >= 400:
                        self.check_refusal(answer, before, what)
                    self.undo(method, self.path_of(pattern), answer)
                with self.subTest(method=method, path=pattern, field=at):
                    # The files follow the configuration within a moment.
                    eventually(lambda: self.shape() == shape, 10, pause=0.2)
                    self.assertEqual(self.shape(), shape)
        self.assertGreater(fields, 25)

    def shape(self):
        """What the rendered files are made of, without the values: the words that begin their lines."""
        config = self.cell.directory / "config"
        self.cell.expect(200, "PATCH", "/api/settings", {"timezone": "UTC", "endpoint_host": "vpn.example.org"})
        self.cell.expect(200, "PATCH", "/api/network/dns", {"upstreams": ["9.9.9.9"]})
        self.cell.expect(200, "PATCH", "/api/network/ntp", {"servers": ["pool.ntp.org"]})
        self.cell.expect(200, "PATCH", f"/api/peers/{self.ids['peers']}", {"name": "laptop", "tags": []})
        self.cell.expect(200, "PATCH", f"/api/network/dns/records/{self.ids['records']}", {"name": "x", "type": "TXT", "value": "x", "ttl": 60})

        def words(path):
            return [line.split()[0] if line.split() else "" for line in path.read_text().splitlines()]

        json.loads((config / "caddy/caddy.json").read_text())
        return {name: words(config / name) for name in ("dns/Corefile", "dns/lan.zone", "ntp/chrony.conf")}

    def test_bodies_that_are_no_object_of_the_route_are_refused(self):
        deep = "[" * 100_000
        for method, pattern, body in self.bodies():
            for text in ("", "null", "[]", "1", '"x"', "{", deep, '{"a":1e999}', '{"__proto__":{}}', json.dumps({**body, "surprise": 1}),
                         json.dumps(body)[:-1] + ',"name":"twice","name":"twice"}', "\xff\xfe".encode("latin-1")):
                before = self.revision()
                answer = self.send(method, pattern, text)
                self.assertIn(answer.status // 100, (2, 4), (method, pattern, text[:40], answer.text))
                if answer.status >= 400:
                    self.check_refusal(answer, before, (method, pattern, text[:40]))
                self.undo(method, self.path_of(pattern), answer)

    def test_a_body_of_64_mib_is_refused(self):
        answer = self.cell.call("POST", "/api/peers", b" " * (64 << 20))
        self.assertEqual(answer.status, 413)

    def test_a_stale_if_match_changes_nothing(self):
        before = self.revision()
        for method, path, body in [("PATCH", f"/api/peers/{self.ids['peers']}", {"name": "other"}), ("PATCH", "/api/settings", {"timezone": "Europe/Vienna"}),
                                   ("PATCH", "/api/network/dns", {"upstreams": ["1.1.1.1"]}), ("PATCH", "/api/wireguard", {"mtu": 1300})]:
            answer = self.cell.call(method, path, body, {"If-Match": '"1"'})
            self.assertEqual(answer.status, 412, (path, answer.text))
        self.assertEqual(self.revision(), before)


if __name__ == "__main__":
    run_and_exit(HostileTest)
