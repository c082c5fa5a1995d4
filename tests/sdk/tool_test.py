#!/usr/bin/env python3
"""The tool cell-plugin on plugins that are in order and on such that make one mistake each.

usage: tool_test.py BUILD_FOLDER (with cell-plugin and the examples built)      ends with `N passed, N failed`
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from support.run import run_and_exit  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
TOOL = BUILD / "bin" / "cell-plugin"
EXAMPLES = BUILD / "plugins"
ARCHITECTURE = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()

MANIFEST = f"""\
schema: 1
id: org.example.bad
name: {{en: Bad}}
summary: {{en: Makes a mistake}}
version: 1.0.0
kind: native
category: tools
provides: [service]
license: MIT
abi: {{major: 1, minor: 0}}
library: {{name: bad.so, architectures: [{ARCHITECTURE}]}}
images:
  web: {{packages: [darkhttpd]}}
permissions:
  - {{capability: containers, reason: {{en: Runs a web server}}}}
options:
  type: object
  properties:
    word: {{type: string, default: x}}
"""


def tool(*words, cwd=None):
    done = subprocess.run([TOOL, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def build(self, mistake, *flags):
        """A plugin's folder whose library makes that mistake."""
        folder = self.folder / mistake.lower()
        folder.mkdir()
        (folder / "manifest.yaml").write_text(MANIFEST)
        (folder / "LICENSE").write_text("MIT\n")
        subprocess.run(
            ["gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-fPIC", "-shared", "-fvisibility=hidden", f"-D{mistake}",
             "-Wno-unused", "-I", ROOT / "sdk/include", ROOT / "tests/sdk/bad_plugin.c", "-o", folder / "bad.so", *flags],
            check=True)
        return folder

    def key(self):
        tool("keygen", self.folder / "key")
        return self.folder / "key"

    def page(self):
        tool("new", "org.example.page", "--declarative", "--directory", self.folder / "page")
        return self.folder / "page"


class CheckTest(Folder):
    def assert_finds(self, mistake, line, detail, *flags):
        status, text = tool("check", self.build(mistake, *flags))
        lines = text.splitlines()
        self.assertEqual(status, 1, text)
        self.assertIn(f"✗ {line}", lines, text)
        self.assertIn(detail, lines[lines.index(f"✗ {line}") + 1], text)

    def assert_good(self, folder):
        status, text = tool("check", folder)
        self.assertEqual(status, 0, text)
        self.assertRegex(text, r"\n\d+ passed, 0 failed\n$")

    def test_examples_are_in_order(self):
        for example in ["org.example.hello", "org.example.duckdns", "org.example.gateway"]:
            self.assert_good(EXAMPLES / example)
        self.assert_good(ROOT / "sdk/examples/greeter-page")

    def test_packages_without_code_of_the_shipped_store_are_in_order(self):
        for package in sorted((ROOT / "manifests/declarative").iterdir()):
            with self.subTest(package.name):
                folder = self.folder / package.name
                shutil.copytree(package, folder)
                shutil.copy(ROOT / "LICENSE", folder)
                self.assert_good(folder)

    def test_finds_a_library_that_exports_more(self):
        self.assert_finds("EXPORTS_MORE", "exports: cell_plugin_open only", "'another_name'")

    def test_finds_a_library_that_needs_another(self):
        self.assert_finds("NEEDS_A_LIBRARY", "needs: the C and C++ run-time only", "'libz.so.1'", "-lz")

    def test_finds_a_crash_in_open(self):
        self.assert_finds("CRASHES_IN_OPEN", "opens, closes, opens again", "the plugin crashed: Aborted")

    def test_finds_another_abi_than_the_manifest_says(self):
        self.assert_finds("BUILT_FOR_ANOTHER_ABI", "opens, closes, opens again", "ABI 1.7")

    def test_finds_a_plugin_without_plan(self):
        self.assert_finds("LACKS_PLAN", "opens, closes, opens again", "left out 'plan'")

    def test_finds_a_plan_that_depends_on_the_time(self):
        self.assert_finds("READS_THE_CLOCK", "plan is a function of its input alone", "defaults")

    def test_finds_contributions_beyond_the_permissions(self):
        self.assert_finds("OPENS_MORE_THAN_ASKED", "contributions, defaults", "25/tcp")

    def test_finds_an_option_that_adds_a_line(self):
        self.assert_finds("NOTHING", "text of options adds no line to a file", "'word' adds a line to /etc/web/web.conf")

    def test_finds_a_crash_on_bad_input(self):
        self.assert_finds("CRASHES_ON_NOTHING", "bad input to plan", "the plugin crashed: Segmentation fault")

    def test_finds_a_plugin_that_ends_the_process(self):
        self.assert_finds("ENDS_THE_PROCESS", "bad input to plan", "ended the process with exit code 0")

    def test_finds_a_failure_without_error_document(self):
        self.assert_finds("NO_ERROR_DOCUMENT", "bad input to plan", "nothing: the plugin's plan failed without an error document")

    def test_finds_a_response_that_is_none(self):
        self.assert_finds("ANSWERS_MORE", "requests to its routes, from several threads", "unknown member 'colour'")

    def test_finds_that_a_full_sink_is_ignored(self):
        status, text = tool("check", self.build("IGNORES_A_FULL_SINK"))
        self.assertIn("a sink that is full: the call must answer CELL_BAD_SINK", text)

    def test_names_what_is_wrong_with_a_manifest(self):
        folder = self.page()
        manifest = folder / "manifest.yaml"
        manifest.write_text(manifest.read_text().replace("user: nobody", "user: nobody\n      colour: red"))
        status, text = tool("check", folder)
        self.assertEqual(status, 1)
        self.assertIn("colour", text)

    def test_names_a_file_that_is_missing(self):
        folder = self.page()
        (folder / "icon.svg").unlink()
        status, text = tool("check", folder)
        self.assertEqual(status, 1)
        self.assertIn("'icon.svg' is not in the folder", text)

    def test_refuses_a_package_that_was_cut_off(self):
        package = self.folder / "page.cellpkg"
        tool("pack", self.page(), "-o", package)
        self.assert_good(package)
        package.write_bytes(package.read_bytes()[:-20])
        status, text = tool("check", package)
        self.assertEqual(status, 1, text)


class SchemasTest(Folder):
    def test_every_schema_that_the_header_names_is_installed(self):
        subprocess.run(["cmake", "--install", BUILD, "--component", "sdk", "--prefix", self.folder], capture_output=True, check=True)
        named = re.findall(r"[a-z]+\.json", (self.folder / "include/cell/abi.h").read_text())
        self.assertLessEqual({"contributions.json", "request.json", "response.json", "event.json"}, set(named))
        for name in named:
            schema = json.loads((self.folder / "share/cell-sdk/schema" / name).read_text())
            self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#", name)

    def test_events_in_the_header_are_those_of_the_schema(self):
        schema = json.loads((ROOT / "manifests/schema/event.json").read_text())
        types = {each["properties"]["type"]["const"] for each in schema["oneOf"]}
        comment = re.search(r"Something happened: (.*?) `error`", (ROOT / "sdk/include/cell/abi.h").read_text(), re.S).group(1)
        self.assertEqual(set(re.findall(r'"([a-z_]+)"', comment)) - {"type", "name"}, types)


class LibraryCheckTest(Folder):
    """What cell_add_plugin() runs after each build."""

    def check(self, folder):
        library = folder / "bad.so"
        done = subprocess.run(["cmake", f"-DLIBRARY={library}", "-DNM=nm", "-DREADELF=readelf", "-P",
                               ROOT / "sdk/cmake/CellCheckLibrary.cmake"], capture_output=True, text=True)
        return done.returncode, done.stderr, library.exists()

    def test_takes_a_library_that_is_in_order(self):
        self.assertEqual(self.check(self.build("NOTHING")), (0, "", True))

    def test_removes_one_that_exports_more(self):
        status, text, is_there = self.check(self.build("EXPORTS_MORE"))
        self.assertNotEqual(status, 0)
        self.assertIn("another_name", text)
        self.assertFalse(is_there)

    def test_removes_one_that_needs_another(self):
        status, text, is_there = self.check(self.build("NEEDS_A_LIBRARY", "-lz"))
        self.assertNotEqual(status, 0)
        self.assertIn("libz.so.1", text)
        self.assertFalse(is_there)


class NewTest(Folder):
    def test_refuses_a_bad_id_and_makes_nothing(self):
        for bad in ["notes", "Org.example", "org..x", "org.example.", "../x", "org.ex/x", ""]:
            status, text = tool("new", bad, cwd=self.folder)
            self.assertNotEqual(status, 0, bad)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_refuses_a_folder_that_is_not_empty(self):
        (self.folder / "notes").mkdir()
        (self.folder / "notes" / "mine").write_text("x")
        status, text = tool("new", "org.example.notes", cwd=self.folder)
        self.assertEqual(status, 1)
        self.assertIn("'notes' is there and not empty", text)
        self.assertEqual([file.name for file in (self.folder / "notes").iterdir()], ["mine"])

    def test_leaves_no_mark_of_the_template(self):
        for kind in ["--native", "--declarative"]:
            folder = self.folder / kind.strip("-")
            self.assertEqual(tool("new", "org.example.my-notes", kind, "--directory", folder)[0], 0)
            for file in folder.iterdir():
                self.assertNotRegex(file.read_text(), "@[A-Z]+@", file.name)


class PackageTest(Folder):
    def test_the_same_folder_gives_the_same_bytes(self):
        page = self.page()
        for name in ["one", "two"]:
            self.assertEqual(tool("pack", page, "-o", self.folder / name)[0], 0)
        self.assertEqual((self.folder / "one").read_bytes(), (self.folder / "two").read_bytes())

    def test_only_what_the_manifest_names_gets_into_a_package(self):
        page = self.page()
        (page / "secret.txt").write_text("x")
        status, text = tool("pack", page, "-o", self.folder)
        self.assertIn("left out: secret.txt", text)
        self.assertTrue((self.folder / "org.example.page-0.1.0.cellpkg").exists())

    def test_a_key_is_never_overwritten(self):
        key = self.key()
        before = key.read_text()
        status, text = tool("keygen", key)
        self.assertEqual(status, 1)
        self.assertIn("is there already", text)
        self.assertEqual(key.read_text(), before)

    def test_the_public_half_does_not_sign(self):
        key = self.key()
        package = self.folder / "page.cellpkg"
        tool("pack", self.page(), "-o", package)
        status, text = tool("sign", package, "--key", f"{key}.pub")
        self.assertNotEqual(status, 0)

    def test_signing_keeps_everything_else(self):
        key = self.key()
        package = self.folder / "page.cellpkg"
        tool("pack", self.page(), "-o", package)
        self.assertIn("not signed", tool("check", package)[1])
        status, text = tool("sign", package, "--key", key)
        self.assertEqual(status, 0, text)
        status, text = tool("check", package)
        self.assertEqual(status, 0, text)
        self.assertRegex(text, "signed by [0-9a-f]{16}")


class IndexTest(Folder):
    def test_lists_the_packages_and_counts_its_versions(self):
        key, store = self.key(), self.folder / "store"
        store.mkdir()
        tool("pack", self.page(), "-o", store, "--key", key)
        self.assertEqual(tool("index", store, "--key", key, "--name", "Mine")[0], 0)
        self.assertEqual(tool("index", store, "--key", key)[0], 0)

        index = json.loads((store / "index.json").read_text())
        self.assertEqual((index["name"], index["version"]), ("Mine", 2))
        self.assertEqual([(package["id"], package["version"], package["file"]) for package in index["packages"]],
                         [("org.example.page", "0.1.0", "org.example.page-0.1.0.cellpkg")])
        signature = json.loads((store / "index.json.sig").read_text())
        self.assertEqual(sorted(signature), ["key_id", "signature"])

    def test_refuses_packages_that_are_not_signed(self):
        key, store = self.key(), self.folder / "store"
        store.mkdir()
        tool("pack", self.page(), "-o", store)
        status, text = tool("index", store, "--key", key, "--name", "Mine")
        self.assertEqual(status, 1)
        self.assertIn("is not signed", text)
        self.assertFalse((store / "index.json").exists())

    def test_needs_a_name_the_first_time(self):
        status, text = tool("index", self.folder, "--key", self.key())
        self.assertEqual(status, 1)
        self.assertIn("has no name yet", text)


run_and_exit(CheckTest, SchemasTest, LibraryCheckTest, NewTest, PackageTest, IndexTest)
