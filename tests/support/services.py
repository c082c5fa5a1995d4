"""A celld whose store is a folder of the test's, and one service of it."""

from support.cell import eventually
from support.stack import StackCell, run

BUILD_SECONDS = 300


class ServicesCell(StackCell):
    def __init__(self, *arguments, store, service):
        self.store, self.service_id = store, service
        self.route = f"/api/services/{service}"
        super().__init__(*arguments)

    def environment(self):
        return {**super().environment(), "CELL_STORE_DIR": str(self.store)}

    def finish(self, answer, state="done", seconds=BUILD_SECONDS):
        """The job of a 202, once it has ended."""
        job_id = answer["job_id"]
        job = eventually(lambda: self.ended(job_id), seconds, 0.2)
        assert job and job["state"] == state, job or self.expect(200, "GET", f"/api/jobs/{job_id}")
        return job

    def ended(self, job_id):
        job = self.expect(200, "GET", f"/api/jobs/{job_id}")
        return job if job["state"] not in ("queued", "running") else None

    def plan(self, version=None, **options):
        body = {"options": options, **({"version": version} if version else {})}
        return self.expect(200, "POST", f"{self.route}/plan", body)

    def install(self, version=None, state="done", **options):
        plan = self.plan(version, **options)
        body = {"options": options, "plan_token": plan["token"], **({"version": version} if version else {})}
        return self.finish(self.expect(202, "POST", f"{self.route}/install", body), state)

    def remove(self, purge=True):
        return self.finish(self.expect(202, "DELETE", f"{self.route}?purge={'true' if purge else 'false'}"))

    def refresh(self):
        self.finish(self.expect(202, "POST", "/api/store/refresh"))

    def close(self):
        super().close()
        for volume in self.tagged("volume"):
            run("docker", "volume", "rm", volume, check=False)
        for image in self.images():
            run("docker", "image", "rm", image, check=False)

    def tagged(self, kind):
        listing = {"volume": ["docker", "volume", "ls", "-q"], "container": ["docker", "ps", "-aq"]}[kind]
        return run(*listing, "--filter", f"label=cell.instance={self.instance}", "--filter", f"label=cell.owner={self.service_id}").stdout.split()

    def images(self):
        return run("docker", "images", "-q", "--filter", f"label=pic.service={self.service_id}").stdout.split()

    def leftovers(self):
        """Everything of the service that is still there."""
        folders = [self.directory / "config/services" / self.service_id, self.directory / "data/plugins" / self.service_id]
        return (self.tagged("container") + self.tagged("volume") + self.images() + [str(folder) for folder in folders if folder.exists()] +
                run("docker", "ps", "-aq", "--filter", f"name={self.instance}-build-").stdout.split())
