"""A service on the real engine without celld: its images by the recipe of its manifest, its containers as the plan asks, hardened as
celld hardens them, behind a Caddy of the test's own. What a plan means here is what core/domain/services makes of it.

usage: service.py FOLDER…    makes the images of the manifests in these folders
"""

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.cell import eventually, free_port  # noqa: E402
from support.stack import run  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TAG = os.environ.get("CELL_IMAGE_TAG", "test")
HEALTHY_SECONDS = 60


def ssha512(password):
    salt = secrets.token_bytes(16)
    return "{SSHA512}" + base64.b64encode(hashlib.sha512(password.encode() + salt).digest() + salt).decode()


def sha512_crypt(password):
    return run("openssl", "passwd", "-6", "-stdin", text=password).stdout.strip()


def app_password():
    return secrets.token_urlsafe(18)


def account(login, passwords=(), quota_mb=None, name=None):
    entry = {"person_id": f"id-{login}", "login": login, "name": name or login.capitalize(), "passwords": list(passwords)}
    return entry if quota_mb is None else {**entry, "quota_mb": quota_mb}


def manifest_of(folder):
    return yaml.safe_load((folder / "manifest.yaml").read_text())


# --- images

def apt_mounts():
    """The machine's package sources and its settings for fetching, as they are."""
    found = [path for pattern in ("sources.list", "sources.list.d/*", "keyrings/*", "trusted.gpg.d/*") for path in pathlib.Path("/etc/apt").glob(pattern)]
    found += pathlib.Path("/usr/share/keyrings").glob("*")
    found += [path for path in pathlib.Path("/etc/apt/apt.conf.d").glob("*") if "Acquire::" in path.read_text()]
    return [word for path in found if path.is_file() and path.stat().st_size for word in ("-v", f"{path}:{path}:ro")]


def image_of(service, key, recipe):
    """The image's name; it is made when it is not there."""
    if "bundled" in recipe:
        return f"pic/{recipe['bundled']}:{TAG}"
    base = run("docker", "image", "inspect", "-f", "{{.Id}}", f"pic/base:{TAG}").stdout.strip()
    digest = hashlib.sha256((json.dumps(recipe, sort_keys=True) + base).encode()).hexdigest()[:16]
    name = f"pic/svc-{service}-{key}:t{digest}"
    if run("docker", "image", "inspect", name, check=False).returncode != 0:
        build_image(name, recipe)
    return name


def recipe_tree(recipe, folder):
    for entry in recipe.get("files", []):
        path = folder / entry["path"].lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry["content"])
        path.chmod(int(entry.get("mode", "0644"), 8))


def recipe_script(recipe):
    lines = ["set -e", "apt-get -q update -o APT::Sandbox::User=root",
             "apt-get -q install -y --no-install-recommends -o APT::Sandbox::User=root -o Dpkg::Options::=--force-confold " + " ".join(recipe["packages"])]
    for user in recipe.get("users", []):
        lines += [f"groupadd -g {user['id']} {user['name']}", f"useradd -u {user['id']} -g {user['id']} -M -d /nonexistent -s /usr/sbin/nologin {user['name']}"]
    for entry in recipe.get("directories", []):
        lines += [f"mkdir -p {entry['path']}", f"chmod {entry.get('mode', '0755')} {entry['path']}"]
        lines += [f"chown {entry['user']} {entry['path']}"] if "user" in entry else []
    return "\n".join(lines)


def build_image(name, recipe):
    container = f"t-recipe-{secrets.token_hex(4)}"
    cache = pathlib.Path(os.environ.get("CELL_CACHE_DIR", "/var/cache/cell-images")) / "debs"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        recipe_tree(recipe, pathlib.Path(folder))
        try:
            run("docker", "run", "--name", container, "--network", "host", *apt_mounts(), "-v", f"{cache}:/var/cache/apt/archives", "--tmpfs", "/var/lib/apt/lists",
                "--tmpfs", "/tmp", "-e", "DEBIAN_FRONTEND=noninteractive", f"pic/base:{TAG}", "/bin/sh", "-c", recipe_script(recipe), seconds=600)
            for entry in recipe.get("files", []):
                with subprocess.Popen(["tar", "-C", folder, "--owner=0", "--group=0", "-cf", "-", entry["path"].lstrip("/")], stdout=subprocess.PIPE) as tar:
                    subprocess.run(["docker", "cp", "-", f"{container}:/"], stdin=tar.stdout, check=True, capture_output=True)
            entrypoint = ["-c", "ENTRYPOINT " + json.dumps(recipe["entrypoint"])] if "entrypoint" in recipe else []
            run("docker", "commit", "-c", "CMD []", "-c", "ENV DEBIAN_FRONTEND=", *entrypoint, container, name, seconds=120)
        finally:
            run("docker", "rm", "-f", container, check=False)


# --- containers

class Service:
    """`plan(accounts, options)` answers contributions; up() makes them so, change() follows a new plan, close() removes everything."""

    def __init__(self, folder, plan, tag):
        self.manifest = manifest_of(folder)
        self.id, self.tag = self.manifest["id"], f"{tag}-{os.getpid()}"
        self.plan = plan
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="cell-service-"))
        self.directory.chmod(0o755)
        self.network = f"{self.tag}-net"
        self.https_port = free_port()
        self.domain = "home.cell"
        # Left to itself the engine takes one network after the other, in time the one that a cell under test has: 172.30.0.0/16.
        number = zlib.crc32(self.tag.encode()) % 250 + 1
        run("docker", "network", "create", "--subnet", f"10.96.{number}.0/24", "--gateway", f"10.96.{number}.1", self.network)
        self.contributions = None

    def name(self, container):
        return f"{self.tag}-{container}"

    def up(self, **config):
        self.contributions = self.plan(**config)
        for container in self.contributions["containers"]:
            self.write_files(container)
            self.start(container)
        for container in self.contributions["containers"]:
            self.wait_healthy(container["name"])
        self.start_proxy()

    def change(self, **config):
        """The files of another plan: the container is told as its `on_change` says."""
        self.contributions = self.plan(**config)
        for container in self.contributions["containers"]:
            if not self.write_files(container):
                continue
            how = container.get("on_change", "restart")
            if how == "restart":
                run("docker", "restart", "-t", "5", self.name(container["name"]))
                self.wait_healthy(container["name"])
            elif how in ("hup", "usr1"):
                run("docker", "kill", "-s", how.upper(), self.name(container["name"]))

    def top_folders(self, container):
        """The folders that are mounted: one inside another is part of it."""
        folders = sorted({str(pathlib.PurePosixPath(file["path"]).parent) for file in container.get("files", [])})
        return [folder for folder in folders if not any(folder.startswith(other + "/") for other in folders)]

    def write_files(self, container):
        changed = False
        for file in container.get("files", []):
            top = next(folder for folder in self.top_folders(container) if file["path"].startswith(folder + "/"))
            path = self.folder_of(container, top) / file["path"][len(top) + 1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.read_text() == file["content"]:
                continue
            fresh = path.with_name(path.name + ".new")
            fresh.write_text(file["content"])
            fresh.chmod(int(file.get("mode", "0644"), 8))
            fresh.replace(path)
            changed = True
        return changed

    def folder_of(self, container, top):
        return self.directory / container["name"] / top.strip("/").replace("/", "_")

    def start(self, container):
        options = ["--name", self.name(container["name"]), "--network", self.network, "--network-alias", f"{container['name']}.{self.id}",
                   "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", container.get("pids", 512)]
        options += ["--read-only"] if container.get("read_only", True) else []
        for capability in container.get("capabilities", []):
            options += ["--cap-add", capability]
        for folder in container.get("tmpfs", []):
            options += ["--tmpfs", f"{folder}:rw,nosuid,nodev,noexec,size=64m,mode=1777"]
        for folder in self.top_folders(container):
            options += ["-v", f"{self.folder_of(container, folder)}:{folder}:ro"]
        for use in container.get("volumes", []):
            options += ["-v", f"{self.tag}-{use['volume']}:{use['path']}" + (":ro" if use.get("read_only") else "")]
        for name, value in container.get("environment", {}).items():
            options += ["-e", f"{name}={value}"]
        options += ["--user", container["user"]] if "user" in container else []
        options += ["--memory", f"{container['memory_mb']}m"] if "memory_mb" in container else []
        image = image_of(self.id, container["image"], self.manifest["images"][container["image"]])
        run("docker", "run", "-d", *options, image, *container.get("command", []), seconds=60)

    def health(self, container):
        """What the plan's check says. Not the engine's: on its command line a check is a text for a shell, which not every image has."""
        state = run("docker", "inspect", "-f", "{{.State.Status}}", self.name(container)).stdout.strip()
        wish = next(each for each in self.contributions["containers"] if each["name"] == container)
        if state != "running" or "health" not in wish:
            return state
        checked = run("docker", "exec", self.name(container), *wish["health"]["command"], check=False, seconds=20)
        return "healthy" if checked.returncode == 0 else "unhealthy"

    def wait_healthy(self, container):
        assert eventually(lambda: self.health(container) in ("healthy", "running"), HEALTHY_SECONDS, 0.5), self.logs(container)

    def logs(self, container):
        done = run("docker", "logs", "--tail", "60", self.name(container), check=False)
        return f"{self.health(container)}\n{done.stdout}{done.stderr}"

    def address(self, container):
        return run("docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", self.name(container)).stdout.strip()

    # --- the proxy

    def start_proxy(self):
        """Caddy with the plan's routes, and a certificate of its own authority."""
        routes = self.contributions.get("routes", [])
        if not routes:
            return
        served = [self.route(each) for each in sorted(routes, key=lambda each: -len(each.get("path", "/")))]
        document = {"apps": {"http": {"servers": {"secure": {"listen": [":443"], "routes": served}}},
                             "pki": {"certificate_authorities": {"local": {"install_trust": False}}},
                             "tls": {"automation": {"policies": [{"issuers": [{"module": "internal"}]}]}}}}
        (self.directory / "caddy.json").write_text(json.dumps(document))
        run("docker", "run", "-d", "--name", self.name("caddy"), "--network", self.network, "-p", f"127.0.0.1:{self.https_port}:443", "--tmpfs", "/tmp",
            "-v", f"{self.directory}/caddy:/data", "-v", f"{self.directory}/caddy.json:/etc/caddy.json:ro", f"pic/caddy:{TAG}", "run", "--config", "/etc/caddy.json")
        root = self.directory / "caddy/caddy/pki/authorities/local/root.crt"
        assert eventually(root.exists, 20), self.logs("caddy")
        shutil.copy(root, self.directory / "root.pem")
        names = {route["match"][0]["host"][0] for route in served}
        assert all(eventually(lambda n=name: (self.directory / f"caddy/caddy/certificates/local/{n}/{n}.crt").exists(), 20) for name in names), self.logs("caddy")

    def route(self, route):
        label = self.manifest.get("label", self.id)
        prefix = route.get("path", "/")
        upstream = {"handler": "reverse_proxy", "upstreams": [{"dial": f"{route['to']['container']}.{self.id}:{route['to']['port']}"}]}
        if route["auth"] != "none":
            # What forward_auth finds out: in these tests the client says it, in a header that no service reads.
            headers = {name: [value.replace("{person}", "{http.request.header.X-Test-Login}")] for name, value in route.get("headers", {}).items()}
            upstream["headers"] = {"request": {"set": headers}}
        return {"match": [{"host": [f"{route.get('host', label)}.{self.domain}"], "path": [prefix.rstrip("/") + "*" if prefix == "/" else prefix.rstrip("/") + "/*"]}],
                "handle": [upstream], "terminal": True}

    def url(self, path, host=None):
        return f"https://{host or self.manifest.get('label', self.id)}.{self.domain}:{self.https_port}{path}"

    def curl(self, path, *options, host=None, seconds=30):
        """(status, headers and body) over the proxy, with its authority trusted."""
        name = f"{host or self.manifest.get('label', self.id)}.{self.domain}"
        done = run("curl", "-sS", "-i", "--max-time", seconds, "--resolve", f"{name}:{self.https_port}:127.0.0.1", "--cacert", self.directory / "root.pem",
                   "-w", "\n%{http_code}", *options, self.url(path, host), check=False, seconds=seconds + 5)
        assert done.returncode == 0, done.stderr
        text, _, status = done.stdout.rpartition("\n")
        return int(status), text

    def close(self):
        if os.environ.get("CELL_TEST_KEEP"):
            return
        names = run("docker", "ps", "-aq", "--filter", f"name=^{self.tag}-").stdout.split()
        if names:
            run("docker", "rm", "-f", *names, check=False)
        volumes = run("docker", "volume", "ls", "-q", "--filter", f"name=^{self.tag}-").stdout.split()
        if volumes:
            run("docker", "volume", "rm", *volumes, check=False)
        run("docker", "network", "rm", self.network, check=False)
        with contextlib.suppress(OSError):
            shutil.rmtree(self.directory)


def plan_with(plugin, manifest, secrets_of_service=None, domain="home.cell"):
    """A function for Service: complete config from accounts and options, asked of the plugin."""
    def plan(accounts=(), options=None):
        defaults = {name: schema["default"] for name, schema in manifest["options"]["properties"].items() if "default" in schema}
        return plugin.plan({"service": {"id": manifest["id"], "version": manifest["version"]},
                            "cell": {"name": "home", "domain": domain, "timezone": "Europe/Vienna", "language": "en"},
                            "options": {**defaults, **(options or {})}, "accounts": list(accounts), "secrets": secrets_of_service or {}})
    return plan


if __name__ == "__main__":
    for given in sys.argv[1:]:
        shown = manifest_of(pathlib.Path(given))
        for image_key, image_recipe in shown["images"].items():
            print(image_of(shown["id"], image_key, image_recipe), flush=True)
