"""A site as `warehouse serve` shows it: the command in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from warehouse.settings import PROJECT


@contextmanager
def served_home(home: Path) -> Iterator[str]:
    """The address at which a home is served; at the end it is interrupted and must end well."""
    command = [sys.executable, "-m", "warehouse", "--home", str(home), "serve", "--port", "0"]
    served = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        # a shell lets what it runs in the background ignore interrupts, and children inherit that
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        assert served.stdout is not None
        yield served.stdout.readline().split()[0]
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 0
    finally:
        served.kill()
        served.communicate()
