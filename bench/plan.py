"""What is measured, in which order, and running each step in a process of its own.

A step's result is a file; a step that has one is not done again. The twin and the desk take turns, page by page.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import crowd, serve, servers, signin, trigrams, turns
from bench.asking import in_memory, questions
from tests.support import postgresql

DATABASES = ("SQLite", "PostgreSQL")
_ADDRESS = "Desk: "
_IMPORT_SECONDS = 300
_STEP_SECONDS = 1200


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    offices: tuple[int, ...]
    rounds: int
    pages: int
    asked: int
    end_to_end: int
    rows: int
    entries: int
    crowd_seconds: float
    crowd_rows: int


FULL = Sizes((10_000, 100_000), 3, 40, 300, 60, 1_500, 5_000, 20.0, 5_000)
QUICK = Sizes((300, 600), 1, 6, 30, 10, 50, 300, 1.5, 400)


class StepFailed(Exception):
    """A step's process ended badly. The text is the end of what it said."""


class Run:
    """One run over a working folder."""

    def __init__(self, work: Path, sizes: Sizes, only: list[str]) -> None:
        self.work, self.sizes, self._only = work, sizes, only
        self.results: dict[str, Any] = {}
        self.failed: dict[str, str] = {}
        self.seconds = 0.0
        self._server: postgresql.Cluster | None = None
        self._addresses: dict[str, str] = {}
        (work / "results").mkdir(parents=True, exist_ok=True)

    def everything(self) -> None:
        """Every step that is wanted and has no result yet. Failures are kept, and the rest goes on."""
        start = time.perf_counter()
        with servers.running() as self._server:
            for size in self.sizes.offices:
                self._build(size)
            for size in self.sizes.offices:
                self._names(size)
                for database in DATABASES:
                    self._reading(size, database)
                for database in DATABASES:
                    self._writing(size, database)
            for database in DATABASES:
                for recorded in (True, False):
                    name = f"crowd {database} {'recorded' if recorded else 'unrecorded'}"
                    self._do(name, partial(self._crowd, database, recorded=recorded))
            self._step("staff", "staff", self._folder("staff", signin.AT_ONCE), {}, fresh=True)
            for database in DATABASES:
                self._do(f"signin {database}", partial(self._signin, database))
                for size in self.sizes.offices:
                    self._do(f"running {size} {database}", partial(self._running, size, database))
        self.seconds = time.perf_counter() - start

    def _build(self, size: int) -> None:
        whole = self._folder("desk", size)
        self._step(f"build {size}", "build", whole, {"people": size}, fresh=True)
        self._step(f"twin {size}", "twin", self._folder("twin", size), {"source": str(whole)}, fresh=True)

    def _names(self, size: int) -> None:
        asked = self.sizes.asked
        self._do(f"names in memory {size}", lambda: {"sealed, index at hand": in_memory(size, questions(size, asked))})
        self._do(f"pg_trgm {size}", lambda: trigrams.measure(self._empty("names"), size, asked=asked))

    def _reading(self, size: int, database: str) -> None:
        desk, twin = self._folder("desk", size), self._folder("twin", size)
        of = f"{size} {database}"
        for number in range(self.sizes.rounds):
            self._do(f"pages {of} {number}", partial(self._turns, {"desk": desk, "twin": twin}, database, number))
        searches = {"asked": self.sizes.end_to_end}
        self._step(f"search {of}", "search", desk, searches, database)

    def _turns(self, folders: Mapping[str, Path], database: str, seed: int) -> dict[str, Any]:
        out = self.work / "results" / "turns.json"
        commands: dict[str, turns.Command] = {
            kind: (
                _command("pages", folder, out, {"unsealed": kind == "twin", "seed": seed}),
                self._environment(folder, database),
            )
            for kind, folder in folders.items()
        }
        return turns.measure(commands, count=self.sizes.pages)

    def _writing(self, size: int, database: str) -> None:
        parts = {"rows": self.sizes.rows, "entries": self.sizes.entries, "seed": 1}
        self._step(f"parts {size} {database}", "parts", self._folder("desk", size), parts, database)

    def _crowd(self, database: str, *, recorded: bool) -> dict[str, Any]:
        """Six readers alone, and then while an import runs, on a copy: an unrecorded import leaves a folder unsound."""
        folder = self._folder("crowd", time.monotonic_ns())
        shutil.copytree(self._folder("desk", self.sizes.offices[0]), folder)
        seconds = self.sizes.crowd_seconds
        who = [
            {"sign_in": one["sign_in"], "passphrase": one["passphrase"]}
            for one in json.loads((folder / "office.json").read_text("utf-8"))["workers"][:6]
        ]
        environment = self._environment(folder, database)
        with self._serving(folder, environment, recorded=recorded) as (address, _):
            crowd.read_for(address, who, seconds=min(2.0, seconds), seed=0)
            alone = crowd.read_for(address, who, seconds=seconds, seed=1)
            begun, out = self.work / "import-begun", self.work / "results" / "import.json"
            begun.unlink(missing_ok=True)
            options = {
                "rows": self.sizes.crowd_rows, "seconds": seconds + 1, "seed": 2 + recorded,
                "begun": str(begun), "recorded": recorded,
            }  # fmt: skip
            importing = subprocess.Popen(_command("bring-in", folder, out, options), env=environment)
            waited = time.monotonic()
            while not begun.exists() and importing.poll() is None and time.monotonic() - waited < _IMPORT_SECONDS:
                time.sleep(0.05)
            beside = crowd.read_for(address, who, seconds=seconds, seed=3)
            importing.wait(timeout=_IMPORT_SECONDS)
        shutil.rmtree(folder)
        return {"alone": alone, "beside": beside, "import": json.loads(out.read_text("utf-8"))}

    def _signin(self, database: str) -> dict[str, Any]:
        """Signing in alone, then by everybody at once, on a desk started for it; and what memory that took."""
        folder = self._folder("staff", signin.AT_ONCE)
        with self._serving(folder, self._environment(folder, database), recorded=True) as (address, process):
            alone = signin.alone(address, folder, times=5)
            rounds = [signin.at_once(address, folder) for _ in range(2)]
            return {"alone": alone, "at once": rounds, "MB": serve.megabytes(process)}

    def _running(self, size: int, database: str) -> dict[str, Any]:
        """Cold starts until the desk takes connections, and its memory then and after six people have read in it."""
        folder = self._folder("desk", size)
        environment, starts = self._environment(folder, database), []
        workers = json.loads((folder / "office.json").read_text("utf-8"))["workers"][:6]
        who = [{"sign_in": one["sign_in"], "passphrase": one["passphrase"]} for one in workers]
        for _ in range(3):
            begun = time.perf_counter()
            with self._serving(folder, environment, recorded=True) as (address, process):
                starts.append((time.perf_counter() - begun) * 1000)
                idle = serve.megabytes(process)
        with self._serving(folder, environment, recorded=True) as (address, process):
            crowd.read_for(address, who, seconds=min(10.0, self.sizes.crowd_seconds), seed=5)
            return {"start ms": starts, "idle MB": idle, "read MB": serve.megabytes(process)}

    @contextmanager
    def _serving(self, folder: Path, environment: Mapping[str, str], *, recorded: bool) -> Iterator[tuple[str, int]]:
        """A desk that takes connections: its address, and the number of its process."""
        command = _command("serve", folder, self.work / "results" / "serve.out", {"recorded": recorded})
        with subprocess.Popen(
            command, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            try:
                for line in server.stdout:
                    if line.startswith(_ADDRESS):
                        yield line.removeprefix(_ADDRESS).strip(), server.pid
                        break
                else:
                    raise StepFailed("the server did not start")
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=60)

    def _step(
        self,
        name: str,
        step: str,
        folder: Path,
        options: Mapping[str, Any],
        database: str = "SQLite",
        *,
        fresh: bool = False,
    ) -> None:
        def do() -> Any:
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            out = self.work / "results" / "step.json"
            command = _command(step, folder, out, options)
            done = subprocess.run(
                command,
                env=self._environment(folder, database),
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=_STEP_SECONDS,
            )
            if done.returncode:
                raise StepFailed("\n".join(done.stderr.strip().splitlines()[-3:]))
            return json.loads(out.read_text("utf-8"))

        self._do(name, do)

    def _do(self, name: str, act: Any) -> None:
        """Do one step unless it has a result, and keep the result."""
        kept = self.work / "results" / f"{name.replace(' ', '-')}.json"
        if kept.exists():
            self.results[name] = json.loads(kept.read_text("utf-8"))
            return
        if self._only and not any(name.startswith(only) for only in (*self._only, "build", "twin")):
            return
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        start = time.perf_counter()
        try:
            self.results[name] = act()
        except Exception as fault:  # one step that fails must not cost the others' hour
            self.failed[name] = f"{type(fault).__name__}: {fault}"
            print(f"failed\n{fault}", file=sys.stderr, flush=True)
            return
        kept.write_text(json.dumps(self.results[name]), "utf-8")
        print(f"{time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)

    def _folder(self, kind: str, size: int) -> Path:
        return self.work / f"{kind}-{size}"

    def _environment(self, folder: Path, database: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))}
        return kept if database == "SQLite" else {**kept, "SAFECONDUCT_DATABASE": self._copied(folder)}

    def _copied(self, folder: Path) -> str:
        """The address of a PostgreSQL database with a folder's rows, carried over when it is first asked for."""
        if folder.name not in self._addresses:
            start = time.perf_counter()
            address = self._empty(folder.name)
            environment = {**self._environment(folder, "SQLite"), "SAFECONDUCT_DATABASE": address}
            out = self.work / "results" / "migrate.json"
            subprocess.run(_command("migrate", folder, out, {}), env=environment, check=True)
            servers.carry_over(folder / "database.sqlite3", address)
            self._addresses[folder.name] = address
            print(f"(carried over in {time.perf_counter() - start:.1f} s)", end=" ", file=sys.stderr, flush=True)
        return self._addresses[folder.name]

    def _empty(self, name: str) -> str:
        assert self._server is not None
        return self._server.create(f"{name}-{time.monotonic_ns()}")


def _command(step: str, folder: Path, out: Path, options: Mapping[str, Any]) -> list[str]:
    return [sys.executable, "-m", "bench.step", step, str(folder), str(out), json.dumps(dict(options))]
