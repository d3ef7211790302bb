"""`make compose-test`: the containers, from build to a published value, for real.

Builds the image, starts the stack with secrets of its own, drops a file into the inbox volume,
waits until the scheduled DAGs have published it, reads the value, and takes everything down with
its volumes. Nothing of it is left but the image.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parents[2]
STANDINS = PROJECT.parent / "shared" / "tools" / "containers.sh"
SAMPLE = PROJECT / "samples" / "belstat" / "grp_per_capita_by_region.json"
QUERY = """
    select value from marts.fct_observation
    where indicator_code = 'grp_per_capita' and region_code = 'BY-BR'
        and period_start = date '2024-01-01'
"""
EXPECTED = 22800.1
SERVICES = {"postgres", "api-server", "scheduler", "dag-processor", "triggerer"}
HEALTHY_WITHIN = 180
PUBLISHED_WITHIN = 300


class StackError(Exception):
    """The stack does not do what it should; the message says what was seen."""


def say(text: str) -> None:
    """A line with the seconds since the start."""
    print(f"compose-test: {time.monotonic() - STARTED:5.0f} s  {text}", flush=True)


STARTED = time.monotonic()


def output(*command: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints.

    Raises:
        StackError: It ended with another status than 0.
    """
    done = subprocess.run(
        command, cwd=PROJECT, input=stdin, env=env, capture_output=True, check=False
    )
    if done.returncode:
        told = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise StackError(f"{' '.join(command[:6])} … ended with {done.returncode}:\n{told[-3000:]}")
    return done.stdout.decode(errors="replace")


def is_there(*command: str) -> bool:
    """Whether a command can be run and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def docker() -> str:
    """The Docker client: Debian's, where there are two, as its engine is of the same version."""
    return next(
        (
            path
            for path in ("/usr/bin/docker", shutil.which("docker"))
            if path and Path(path).exists()
        ),
        "docker",
    )


def find_engine() -> list[str]:
    """The compose command of an engine that answers, with the variables set to reach it."""
    if not is_there(docker(), "info"):
        if not STANDINS.exists():
            raise StackError("no Docker engine answers: start one, or set DOCKER_HOST")
        say("no engine: starting one with stand-in base images")
        line = output("bash", str(STANDINS), "up").strip().splitlines()[-1]
        os.environ["DOCKER_HOST"] = line.partition("DOCKER_HOST=")[2]
    if is_there(docker(), "compose", "version"):
        return [docker(), "compose"]
    if is_there("docker-compose", "version"):
        return ["docker-compose"]
    raise StackError("neither `docker compose` nor docker-compose is installed")


def free_port() -> int:
    """A port of localhost that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def operator_secrets() -> dict[str, str]:
    """Secrets as an operator would choose them, with letters that a URL would trip over."""
    return {
        "POSTGRES_PASSWORD": "p@ss/w:rd%" + secrets.token_hex(8),
        "AIRFLOW_ADMIN_PASSWORD": "ui-" + secrets.token_hex(8),
        "AIRFLOW_JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW_SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


class Stack:
    """One compose project of its own name, port and secrets."""

    def __init__(self, compose: list[str], folder: Path) -> None:
        self.secrets = operator_secrets()
        self.port = free_port()
        self.name = f"warehouse-test-{os.getpid()}"
        env_file = folder / "env"
        env_file.touch(mode=0o600)
        settings = self.secrets | {
            "WAREHOUSE_UI_BIND": f"127.0.0.1:{self.port}",
            "WAREHOUSE_IMAGE": "cluster-warehouse:test",
            "WAREHOUSE_INGEST_SCHEDULE": "* * * * *",
            "WAREHOUSE_HEALTH_INTERVAL": "3s",
        }
        env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        self._command = [*compose, "--project-name", self.name, "--env-file", str(env_file)]
        self._without = [*compose, "--env-file", str(folder / "none")]
        (folder / "none").touch()

    def compose(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Run the compose command on this project."""
        return output(*self._command, *arguments, stdin=stdin)

    def check_refuses_empty_secrets(self) -> None:
        """Every secret, left empty, must keep the stack from starting."""
        for missing in self.secrets:
            env = os.environ | self.secrets | {missing: ""}
            try:
                output(*self._without, "config", env=env)
            except StackError as failure:
                if missing not in str(failure) and "set it in .env" not in str(failure):
                    raise
            else:
                raise StackError(f"the stack would start with an empty {missing}")

    def status(self) -> dict[str, str]:
        """Docker's status text by service."""
        lines = output(
            docker(), "ps", "--all", "--filter", f"label=com.docker.compose.project={self.name}",
            "--format", '{{.Label "com.docker.compose.service"}}\t{{.Status}}',
        ).splitlines()  # fmt: skip
        return dict(line.split("\t", 1) for line in lines)

    def is_healthy(self) -> bool:
        """Whether every service says so itself."""
        status = self.status()
        if any("Exited" in text and name != "migrate" for name, text in status.items()):
            raise StackError(f"a service has ended: {status}")
        return all("(healthy)" in status.get(name, "") for name in SERVICES)

    def drop(self, file: Path) -> None:
        """Put a file into the inbox volume, whole at once."""
        script = f"cat > /inbox/.incoming && mv /inbox/.incoming '/inbox/{file.name}'"
        self.compose("exec", "-T", "scheduler", "sh", "-c", script, stdin=file.read_bytes())

    def value(self) -> float | None:
        """The value in the published warehouse, as the CLI in the container reads it."""
        try:
            rows = json.loads(
                self.compose(
                    "exec", "-T", "scheduler", "warehouse", "sql", QUERY, "--format", "json"
                )
            )
        except StackError:
            return None
        return float(rows[0]["value"]) if rows else None

    def api(self) -> httpx.Client:
        """Client of Airflow's API."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    def check_login(self) -> dict[str, str]:
        """The operator's password opens the UI and another one does not; the headers to use."""
        with self.api() as client:
            for password, status in (("admin", 401), (self.secrets["AIRFLOW_ADMIN_PASSWORD"], 201)):
                login = {"username": "admin", "password": password}
                answer = client.post("/auth/token", json=login)
                if answer.status_code != status:
                    raise StackError(f"log-in was answered {answer.status_code}, not {status}")
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def is_run_by_the_dags(self, headers: dict[str, str]) -> bool:
        """Whether the schedule and the asset, and nobody's hand, have published."""
        wanted = {"ingest_statistics": "scheduled", "build_warehouse": "asset_triggered"}
        with self.api() as client:
            for dag_id, kind in wanted.items():
                answer = client.get(f"/api/v2/dags/{dag_id}/dagRuns", headers=headers)
                found = answer.json().get("dag_runs", [])  # none while the DAG is not known yet
                runs = [(run["run_type"], run["state"]) for run in found]
                if (kind, "success") not in runs:
                    return False
        return True

    def check_bound_to_localhost(self) -> None:
        """No service is reachable from another machine."""
        bound = output(
            docker(), "ps", "--filter", f"label=com.docker.compose.project={self.name}",
            "--format", "{{.Ports}}",
        )  # fmt: skip
        published = [part for part in bound.replace("\n", ", ").split(", ") if "->" in part]
        if not published or not all(part.startswith("127.0.0.1:") for part in published):
            raise StackError(f"a port is open to other machines: {bound}")

    def check_runs_as_user(self) -> None:
        """No part of the warehouse runs as root."""
        user = self.compose("exec", "-T", "scheduler", "id", "-u").strip()
        if user == "0":
            raise StackError("the scheduler runs as root")


def wait(what: str, until: Callable[[], bool], seconds: float) -> None:
    """Poll until it holds.

    Raises:
        StackError: It did not, in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if until():
            return
        time.sleep(2)
    raise StackError(f"not {what} within {seconds:.0f} s")


@contextmanager
def started(compose: list[str]) -> Iterator[Stack]:
    """A stack that is taken down with its volumes, whatever happens."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(compose, Path(folder))
        stack.check_refuses_empty_secrets()
        say("an empty secret is refused")
        stack.compose("build", "migrate")
        say("image built")
        try:
            stack.compose("up", "-d")
            say("containers started")
            yield stack
        except BaseException:
            print(stack.compose("logs", "--no-color", "--tail", "60"), file=sys.stderr)
            raise
        finally:
            stack.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
            say("taken down")


def main() -> int:
    """Run the test; 0 when the value was published by the containers."""
    try:
        with started(find_engine()) as stack:
            wait("healthy", stack.is_healthy, HEALTHY_WITHIN)
            say("all services healthy")
            stack.check_bound_to_localhost()
            stack.check_runs_as_user()
            headers = stack.check_login()
            stack.drop(SAMPLE)
            say(f"{SAMPLE.name} dropped into the inbox")
            # the API first: asking it takes nothing from the build, a command in the container does
            wait("run by the DAGs", lambda: stack.is_run_by_the_dags(headers), PUBLISHED_WITHIN)
            wait("published", lambda: stack.value() is not None, 60)
            if (value := stack.value()) != EXPECTED:
                raise StackError(f"the published value is {value}, not {EXPECTED}")
            say(f"published by the scheduled DAGs: {value}")
    except StackError as failure:
        print(f"compose-test: {failure}", file=sys.stderr)
        return 1
    print("compose-test: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
