#!/usr/bin/env python3
"""The API's document: what celld serves is what the web UI's types are made of, and it describes every operation.

usage: openapi_test.py PATH_OF_CELLD      ends with `N passed, N failed`; listens on loopback only
"""

import copy
import difflib
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.openapi import COMMITTED, served_by, text_of  # noqa: E402
from support.openapi_rules import problems_of  # noqa: E402
from support.run import run_and_exit  # noqa: E402

CELLD = str(pathlib.Path(sys.argv[1]).resolve())
SHOWN_LINES = 40


def without_version(document):
    document = copy.deepcopy(document)
    document["info"].pop("version")
    return text_of(document)


class OpenApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = served_by(CELLD)

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield f"{method.upper()} {path}", operation

    def test_the_document_in_the_tree_is_the_one_that_celld_serves(self):
        text = COMMITTED.read_text()
        committed, served = without_version(json.loads(text)), without_version(self.document)

        difference = list(difflib.unified_diff(committed.splitlines(), served.splitlines(), "webui/openapi.json", "celld", lineterm=""))
        if difference:
            self.fail("webui/openapi.json is not what celld serves; `make types` renews it and the types that are made of it\n"
                      + "\n".join(difference[:SHOWN_LINES]))
        self.assertTrue(text == text_of(json.loads(text)), "webui/openapi.json is not written as `make types` writes it")

    def test_every_operation_says_what_it_does(self):
        groups = {tag["name"] for tag in self.document["tags"]}
        for where, operation in self.operations():
            with self.subTest(where):
                self.assertRegex(operation.get("summary", ""), r"^[A-Z].{5,}[^.]$")
                self.assertEqual(len(operation.get("tags", [])), 1)
                self.assertIn(operation["tags"][0], groups)

    def test_every_operation_says_how_it_fails(self):
        self.assertEqual(list(self.document["components"]["responses"]["Problem"]["content"]), ["application/problem+json"])
        for where, operation in self.operations():
            with self.subTest(where):
                self.assertEqual(operation["responses"].get("default"), {"$ref": "#/components/responses/Problem"})

    def test_every_operation_says_what_it_answers(self):
        for where, operation in self.operations():
            with self.subTest(where):
                successes = {status: answer for status, answer in operation["responses"].items() if status != "default"}
                self.assertEqual(len(successes), 1)
                for status, answer in successes.items():
                    schemas = [media.get("schema") for media in answer.get("content", {}).values()]
                    self.assertEqual(len(schemas), 0 if status == "204" else 1)
                    self.assertTrue(all(schemas))

    def test_the_document_is_openapi_3_1(self):
        self.assertEqual(problems_of(self.document), [])

    def test_a_document_with_faults_is_told_from_a_right_one(self):
        def broken(change):
            document = copy.deepcopy(self.document)
            change(document)
            return problems_of(document)

        people = "/api/people/{id}"
        self.assertRegex(broken(lambda d: d["components"]["responses"].clear())[0], r"there is no #/components/responses/Problem$")
        self.assertEqual(broken(lambda d: d["paths"][people]["get"].pop("parameters")),
                         [f"GET {people}: declares the path parameters []"])
        self.assertEqual(broken(lambda d: d["paths"][people]["get"].update(operationId="getPeople")),
                         [f"GET {people}: shares its operationId"])
        self.assertEqual(broken(lambda d: d["components"]["schemas"]["Problem"]["required"].append("colour")),
                         ["components/schemas/Problem: requires colour, which it does not describe"])


if __name__ == "__main__":
    run_and_exit(OpenApiTest)
