"""Verifies a DKIM signature (RFC 6376, rsa-sha256, relaxed/simple) with nothing but a hash and openssl."""

import base64
import hashlib
import pathlib
import re
import tempfile

from support.stack import run


def unfolded(value):
    return re.sub(r"[ \t]+", " ", re.sub(r"\r\n(?=[ \t])", "", value)).strip()


def headers_of(raw):
    """[(name, value)] as they came, from the top."""
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "surrogateescape")
    fields = re.split(r"\r\n(?![ \t])", head)
    return [tuple(field.split(":", 1)) for field in fields if ":" in field]


def tags_of(value):
    pairs = (part.split("=", 1) for part in unfolded(value).split(";") if "=" in part)
    return {name.strip(): re.sub(r"\s", "", text) if name.strip() in ("b", "bh", "h") else text.strip() for name, text in pairs}


def relaxed(name, value):
    return f"{name.strip().lower()}:{unfolded(value)}\r\n"


def signed_text(headers, tags, signature):
    """The header fields that are signed: of a name that comes several times, from the bottom."""
    left = list(headers)
    text = ""
    for wanted in tags["h"].split(":"):
        index = next((i for i in range(len(left) - 1, -1, -1) if left[i][0].strip().lower() == wanted.strip().lower()), None)
        if index is not None:
            text += relaxed(*left.pop(index))
    without = re.sub(r"((?:^|;)\s*b=)[^;]*", r"\1", unfolded(signature))
    return text + relaxed("dkim-signature", without).removesuffix("\r\n")


def verify(raw, public_key):
    """Nothing, or what is wrong with the first signature of the message. `public_key`: DER in base64, as in DNS."""
    headers = headers_of(raw)
    signature = next((value for name, value in headers if name.lower() == "dkim-signature"), None)
    if signature is None:
        return "no signature"
    tags = tags_of(signature)
    body = raw.partition(b"\r\n\r\n")[2]
    body = re.sub(rb"(\r\n)*\Z", b"", body) + b"\r\n"
    if base64.b64encode(hashlib.sha256(body).digest()).decode() != tags["bh"]:
        return "the body is another one"
    with tempfile.TemporaryDirectory() as folder:
        files = {name: pathlib.Path(folder) / name for name in ("key", "signature", "text")}
        files["key"].write_text(f"-----BEGIN PUBLIC KEY-----\n{public_key}\n-----END PUBLIC KEY-----\n")
        files["signature"].write_bytes(base64.b64decode(tags["b"]))
        others = [field for field in headers if field[1] is not signature]
        files["text"].write_bytes(signed_text(others, tags, signature).encode("utf-8", "surrogateescape"))
        done = run("openssl", "dgst", "-sha256", "-verify", files["key"], "-signature", files["signature"], files["text"], check=False)
    return "" if done.returncode == 0 else f"the signature does not fit: {done.stdout}{done.stderr}"
