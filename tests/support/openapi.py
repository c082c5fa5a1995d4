"""The API's document, asked of a celld of its own.

usage: openapi.py PATH_OF_CELLD      prints it as webui/openapi.json holds it
"""

import json
import pathlib
import sys

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import Cell  # noqa: E402

COMMITTED = pathlib.Path(__file__).resolve().parents[2] / "webui/openapi.json"


def served_by(binary):
    """Of a celld that is set up: before that, a part of the routes may be missing."""
    cell = Cell(binary, "t-openapi")
    try:
        return cell.expect(200, "GET", "/api/openapi.json", headers=cell.set_up())
    finally:
        cell.close()


def text_of(document):
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text_of(served_by(str(pathlib.Path(sys.argv[1]).resolve()))))
