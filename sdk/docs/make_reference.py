#!/usr/bin/env python3
"""Makes sdk/docs/reference.md of the headers: each type, function and macro with the comment that stands above it.

usage: make_reference.py            writes the file
       make_reference.py --check    fails if it is not what the headers say
"""

import pathlib
import re
import sys

SDK = pathlib.Path(__file__).resolve().parents[1]
TARGET = SDK / "docs" / "reference.md"
# In the order in which one needs them.
HEADERS = "plugin config contributions ui http host log text json result testing".split()
HEAD = """# Reference

Made from the headers by `make_reference.py`; the headers are where to change it. Everything is in the namespace `cell::sdk`, and
`#include <cell/plugin.hpp>` brings all but `text.hpp` and `testing.hpp`. In brackets: which thread may call, see `cell/abi.h`.
"""


def body_of(text):
    """What stands between the namespace's braces, and the macros after it."""
    start = re.search(r"^namespace cell::sdk(::testing)? \{\n", text, re.M)
    end = text.rindex("}  // namespace cell::sdk")
    body = re.sub(r"namespace detail \{.*?\}  // namespace detail\n", "", text[start.end():end], flags=re.S)
    return body, text[:start.start()], text[end:].partition("\n")[2]


def paragraphs(text):
    """Pieces of the text that an empty line ends, outside of braces."""
    piece, depth = [], 0
    for line in text.splitlines():
        if not line.strip() and depth == 0:
            if piece:
                yield piece
            piece = []
            continue
        piece.append(line)
        code = re.sub(r'//.*|"(\\.|[^"\\])*"', "", line)
        depth += code.count("{") - code.count("}")
    if piece:
        yield piece


def split_comment(piece):
    comment = []
    while piece and piece[0].lstrip().startswith("//"):
        comment.append(piece[0].lstrip()[2:].strip())
        piece = piece[1:]
    return " ".join(comment), piece


def without_private(lines):
    """A class as its user sees it."""
    kept, is_hidden = [], False
    for line in lines:
        if re.match(r" (private|protected):", line):
            is_hidden = line.startswith(" private")
        if line.startswith("};"):
            is_hidden = False
            while not kept[-1].strip():
                kept.pop()
        if not is_hidden:
            kept.append(line)
    return kept


def without_bodies(lines):
    """Inline functions end at their declaration: one-line bodies become a semicolon."""
    return [re.sub(r"\)((?: const)?(?: noexcept)?(?: ?&&?)?)(?: : .*)? \{.*\}$", r")\1;", line) for line in lines]


def section(name):
    text = (SDK / "include" / "cell" / f"{name}.hpp").read_text(encoding="utf-8")
    body, before, after = body_of(text)
    lines = [f"## cell/{name}.hpp", ""]
    intro = [line[2:].strip() for line in before.splitlines() if line.startswith("//")]
    if intro:
        lines += [" ".join(intro), ""]
    for piece in list(paragraphs(body)) + list(paragraphs(after)):
        comment, code = split_comment(piece)
        if not code or code[0].startswith(("}", "friend")):
            continue
        if comment:
            lines += [comment, ""]
        lines += ["```cpp", *without_bodies(without_private(code)), "```", ""]
    return lines


def reference():
    lines = HEAD.splitlines() + [""]
    for name in HEADERS:
        lines += section(name)
    return "\n".join(lines).rstrip() + "\n"


def main():
    text = reference()
    if "--check" in sys.argv[1:]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        print("sdk/docs/reference.md is not what the headers say: run sdk/docs/make_reference.py", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
