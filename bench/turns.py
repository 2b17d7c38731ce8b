"""Two processes that take turns at the same acts, a call each: whatever else the machine does meets both alike."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

_WARM = 5

Command = tuple[Sequence[str], Mapping[str, str]]


class TurnFailed(Exception):
    """A process ended before its last turn. The text is the end of what it said."""


def measure(commands: Mapping[str, Command], *, count: int) -> dict[str, Any]:
    """Of each process, by its name: raw milliseconds of ``count`` calls of each act (``samples``), those of its own
    work (``work``), and how many questions an act asks (``queries``). Raises `TurnFailed`.

    Args:
        commands: what to run and in which environment. It prints the names of its acts, and then answers lines.
    """
    with ExitStack() as all_of_them:
        others = {name: all_of_them.enter_context(_other(command)) for name, command in commands.items()}
        acts = {name: other.answer() for name, other in others.items()}
        found: dict[str, Any] = {name: {"samples": {}, "work": {}, "queries": {}} for name in others}
        for act in next(iter(acts.values())):
            for turn in range(_WARM + count):
                # Who begins changes each time: the second finds the processor's caches as the first left them.
                for name in sorted(others, reverse=bool(turn % 2)):
                    clock, work = others[name].ask("time", act)
                    if turn >= _WARM:
                        found[name]["samples"].setdefault(act, []).append(clock)
                        found[name]["work"].setdefault(act, []).append(work)
            for name, other in others.items():
                found[name]["queries"][act] = other.ask("count", act)
        return found


class _Other:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: str, act: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, act]) + "\n")
        self._process.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            assert self._process.stderr is not None
            raise TurnFailed("\n".join(self._process.stderr.read().strip().splitlines()[-3:]))
        return json.loads(line)


@contextmanager
def _other(command: Command) -> Iterator[_Other]:
    line, environment = command
    with subprocess.Popen(
        line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _Other(process)
        finally:
            process.kill()
