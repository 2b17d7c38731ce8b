"""A real desk: the installed command in a process of its own, on a folder of its own and a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

READY_SECONDS = 120
ADDRESS = "Desk: "
CODE = "Setup code: "


class DeskDidNotStart(Exception):
    """The command ended, or said nothing, before it printed its address. The text holds what it said."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without its own desk settings, with `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, it starts in half the time
    return {**kept, "PYTHONUNBUFFERED": "1", **(extra or {})}


def command(*arguments: str) -> list[str]:
    """The command line of `safeconduct` with `arguments`."""
    return [sys.executable, "-m", "safeconduct.cli.main", *arguments]


def run(*arguments: str, extra: Mapping[str, str] | None = None, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments), env=environment(extra), input=typed, capture_output=True, text=True, check=False
    )


class LiveDesk:
    """A desk that accepts connections at `address` (with its closing slash). `folder` is its data folder."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "serve",
        options: Sequence[str] = (),
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder.with_name(f"{folder.name}.log")
        self.address = ""
        self.setup_code: str | None = None
        self._said: list[str] = []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command(name, "--folder", str(folder), "--port", "0", *options),
                env=environment(extra),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._wait_until_ready()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> int:
        """End it in good order and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it at once, as a power cut would."""
        return self._end(signal.SIGKILL)

    def said(self) -> str:
        """What it printed so far, and what it logged."""
        return "".join(self._said) + self.log.read_text(encoding="utf-8")

    def _end(self, number: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self._reader.join(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        # A bound on a hang: killing the process ends the reading below.
        too_long = threading.Timer(READY_SECONDS, self.process.kill)
        too_long.start()
        try:
            for line in self.process.stdout:
                self._said.append(line)
                if line.startswith(CODE):
                    self.setup_code = line.removeprefix(CODE).strip()
                if line.startswith(ADDRESS):
                    self.address = line.removeprefix(ADDRESS).strip()
                    return
        finally:
            too_long.cancel()
        self.process.wait()
        self.process.stdout.close()
        raise DeskDidNotStart(self.said())

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._said.extend(self.process.stdout)
