"""A store of a test's own: keys, packages and a signed index, made with openssl, tar and zstd."""

import base64
import hashlib
import io
import json
import pathlib
import subprocess
import tarfile


class Key:
    """An Ed25519 key as stores and publishers have one."""

    def __init__(self, folder, name="key"):
        self.file = pathlib.Path(folder) / f"{name}.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.file], check=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.file, "-pubout", "-outform", "DER"], check=True,
                             capture_output=True).stdout
        raw = der[-32:]
        self.public = base64.b64encode(raw).decode()
        self.id = hashlib.sha256(raw).hexdigest()[:16]

    def sign(self, data):
        message = self.file.with_suffix(".message")
        message.write_bytes(data)
        done = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.file, "-in", message], check=True,
                              capture_output=True)
        return json.dumps({"key_id": self.id, "signature": base64.b64encode(done.stdout).decode()}) + "\n"


def pack(files, key):
    """Bytes of a .cellpkg; `files` by name, as text."""
    files = {name: text.encode() for name, text in files.items()}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    files = {**files, "SHA256SUMS": sums, "SHA256SUMS.sig": key.sign(sums).encode()}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o644
            tar.addfile(entry, io.BytesIO(files[name]))
    return subprocess.run(["zstd", "-q", "-c"], input=archive.getvalue(), check=True, capture_output=True).stdout


class StoreFolder:
    """A folder with index.json, its signature, store.pub and packages."""

    def __init__(self, folder, key_name="store"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = Key(self.folder, key_name)
        self.packages, self.version, self.expires = {}, 0, "2099-01-01T00:00:00Z"

    def add(self, manifest, key=None, **files):
        """`manifest`: YAML text with lines `id:` and `version:`; `files`: others by name, '_' for '.'."""
        fields = dict(line.split(": ", 1) for line in manifest.splitlines() if line.startswith(("id: ", "version: ")))
        data = pack({"manifest.yaml": manifest, **{name.replace("_", "."): text for name, text in files.items()}}, key or self.key)
        name = f"{fields['id']}-{fields['version']}.cellpkg"
        (self.folder / name).write_bytes(data)
        self.packages[fields["id"], fields["version"]] = {
            "id": fields["id"], "version": fields["version"], "file": name, "sha256": hashlib.sha256(data).hexdigest(),
            "size_bytes": len(data), "manifest_sha256": hashlib.sha256(manifest.encode()).hexdigest()}
        self.write()

    def write(self, key=None):
        self.version += 1
        text = json.dumps({"schema": 1, "name": "Test", "version": self.version, "expires": self.expires,
                           "packages": list(self.packages.values())}).encode()
        (self.folder / "index.json").write_bytes(text)
        (self.folder / "index.json.sig").write_text((key or self.key).sign(text))
        (self.folder / "store.pub").write_text(self.key.public + "\n")
