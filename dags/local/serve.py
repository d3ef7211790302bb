"""`make airflow`: Airflow's parts as child processes of one, the UI on localhost only."""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from dags.local.home import environment
from warehouse.settings import Settings

HOST = "127.0.0.1"
USER = "admin"
READY_WITHIN = 180
STOP_WITHIN = 20
QUIET_SECONDS = "5"
"""A file that changed more recently is left for the next look: it may still be copied."""

PARTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server", "--host", HOST, "--workers", "1"),
    # The log servers of these two would listen on every interface; the API server reads the
    # log files itself.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "triggerer": ("triggerer", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}


class ServeError(RuntimeError):
    """Airflow could not be started, or one of its parts stopped; the message says what to do."""


@dataclass
class LocalAirflow:
    """Airflow with SQLite below a warehouse home, for as long as the context lasts.

    Attributes:
        settings: The warehouse home.
        inbox: Where `ingest_statistics` looks for files.
        port: Port of API and UI on localhost.
        extra: Further variables for all parts.
    """

    settings: Settings
    inbox: Path
    port: int
    extra: Mapping[str, str] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)

    @property
    def url(self) -> str:
        """Address of the UI."""
        return f"http://{HOST}:{self.port}"

    @property
    def password_file(self) -> Path:
        """JSON file with the generated password of the user `admin`, readable by its owner."""
        return self.settings.home / "airflow" / "passwords.json"

    @property
    def variables(self) -> dict[str, str]:
        """Environment of every part."""
        return {
            **os.environ,
            "WAREHOUSE_QUIET_SECONDS": os.environ.get("WAREHOUSE_QUIET_SECONDS", QUIET_SECONDS),
            **environment(self.settings, self.inbox, self.settings.report_inbox),
            **self._keys(),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.password_file),
            "AIRFLOW__CORE__AUTH_MANAGER": (
                "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
            ),
            **self.extra,
        }

    def log_of(self, part: str) -> Path:
        """Where a part writes what it has to say."""
        return self.settings.home / "logs" / f"{part}.log"

    def __enter__(self) -> LocalAirflow:
        self._check_port()
        home = self.settings.home
        inboxes = (self.inbox, self.settings.report_inbox)
        for folder in (home / "airflow", home / "logs", *inboxes):
            folder.mkdir(parents=True, exist_ok=True)
        self._write_password()
        self._run_prepare()
        try:
            for part, arguments in PARTS.items():
                port = ("--port", str(self.port)) if part == "api-server" else ()
                self._start(part, (*arguments, *port))
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise ServeError(
                    f"Port {self.port} is taken ({error.strerror}). "
                    "Stop what uses it, or choose another: make airflow PORT=8081"
                ) from error

    def _run_prepare(self) -> None:
        log = self.log_of("prepare")
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "dags.local.home"],
                env=self.variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise ServeError(f"Airflow's database could not be prepared; see {log}")

    def _write_password(self) -> None:
        _write_once(self.password_file, {USER: secrets.token_urlsafe(16)})

    def _keys(self) -> dict[str, str]:
        """What signs messages, sessions and stored connections: the same for every part.

        Kept in a file of their own: what Airflow writes into a new airflow.cfg is not what the
        process that wrote it goes on to use.
        """
        path = self.settings.home / "airflow" / "keys.json"
        new = {
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
            "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        return _write_once(path, new)

    def _start(self, part: str, arguments: tuple[str, ...]) -> None:
        with self.log_of(part).open("wb") as output:
            self._children[part] = subprocess.Popen(  # noqa: S603 (Airflow's own command)
                [sys.executable, "-m", "airflow", *arguments],
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Complain when a part has ended.

        Raises:
            ServeError: Names the part and the last lines of its log.
        """
        for part, child in self._children.items():
            if child.poll() is not None:
                log = self.log_of(part)
                last = log.read_text(errors="replace").splitlines()[-15:]
                told = "\n".join(last)
                raise ServeError(f"{part} ended with status {child.returncode}:\n{told}\n({log})")

    def health(self) -> dict[str, str | None]:
        """Status by part, as the API server sees it; empty while it does not answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/api/v2/monitor/health")
            answer: dict[str, dict[str, Any]] = json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            connection.close()
        return {part: state["status"] for part, state in answer.items()}

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        health: dict[str, str | None] = {}
        while time.monotonic() < deadline:
            self.check()
            health = self.health()
            if health and all(status == "healthy" for status in health.values()):
                return
            time.sleep(0.5)
        raise ServeError(f"Airflow was not ready within {READY_WITHIN} s: {health}")

    def stop(self) -> None:
        """End all parts and everything that they started; an impatient second Ctrl-C is heard."""
        for child in self._children.values():
            _signal(child, signal.SIGTERM)
        try:
            self._wait_until_ended(time.monotonic() + STOP_WITHIN)
        finally:
            for child in self._children.values():
                _signal_group(child, signal.SIGKILL)
                child.wait()
            self._children.clear()

    def _wait_until_ended(self, deadline: float) -> None:
        for child in self._children.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue


def _write_once(path: Path, values: dict[str, str]) -> dict[str, str]:
    """Keep `values` in a file for its owner's eyes, unless there is one; what the file holds."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(values, file)
    return values


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    if child.poll() is None:
        child.send_signal(number)


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    """Workers that outlive their parent are still in its process group."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dags.local.serve", description=__doc__)
    parser.add_argument("--home", help="warehouse home (default: WAREHOUSE_HOME, else data/)")
    parser.add_argument("--inbox", type=Path, help="default: WAREHOUSE_INBOX, else HOME/inbox")
    parser.add_argument("--port", type=int, default=8080, help="port of the UI on localhost")
    options = parser.parse_args(arguments)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    settings = Settings.of(options.home)
    inbox = (options.inbox or settings.inbox).resolve()
    print("Starting Airflow; this takes about half a minute.", flush=True)
    try:
        with LocalAirflow(settings, inbox, options.port) as airflow:
            print(_welcome(airflow), flush=True)
            _wait_for_interrupt(airflow)
            print("\nStopping; a running task may take a moment. Ctrl-C again ends it now.")
    except ServeError as error:
        print(f"airflow: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    print("Airflow has stopped.")
    return 0


def _wait_for_interrupt(airflow: LocalAirflow) -> None:
    try:
        while True:
            time.sleep(1)
            airflow.check()
    except KeyboardInterrupt:
        return


def _welcome(airflow: LocalAirflow) -> str:
    return f"""
  UI        {airflow.url}
  user      {USER}
  password  in {airflow.password_file}
  inbox     {airflow.inbox}
  reports   {airflow.settings.report_inbox}
            files put there are taken in within five minutes; to try it:
            cp -r samples/. '{airflow.inbox}'
  logs      {airflow.log_of("*")}

Ctrl-C stops it."""


if __name__ == "__main__":
    sys.exit(main())
