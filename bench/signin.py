"""Signing in by many at once, at the cost a real desk gives a passphrase: how long each waits, and what it takes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.crowd import NotSignedIn, _Browser

AT_ONCE = 24
PASSPHRASE = "figures only nobody here"


def prepare(folder: Path) -> None:
    """An office of `AT_ONCE` members and nobody else; who they are goes to `members.json` beside the folder."""
    from django.core.management import call_command  # here and below: Django must be started first

    from safeconduct.accounts.actions import first_use, members, sessions
    from safeconduct.core.calendar.days import Nation

    call_command("migrate", verbosity=0)
    made = first_use.set_up(
        organisation="Figures",
        nation=Nation.ENGLAND_AND_WALES,
        team="One",
        name="First Member",
        sign_in="first",
        passphrase=PASSPHRASE,
    )
    lead = sessions.sign_in(name="first", passphrase=PASSPHRASE).actor
    known = []
    for number in range(AT_ONCE):
        name = f"member{number}"
        added = members.add_member(
            by=lead, name=f"Member {number}", sign_in=name, is_guardian=False, roles={made.team.pk: "caseworker"}
        )
        known.append({"sign_in": name, "passphrase": added.first_passphrase})
    _who(folder).write_text(json.dumps(known), "utf-8")


def alone(address: str, folder: Path, *, times: int) -> list[float]:
    """Milliseconds of signing in while nobody else does, a different member each time."""
    return [_sign_in(address, who) for who in _members(folder)[:times]]


def at_once(address: str, folder: Path) -> dict[str, Any]:
    """Everybody signs in at the same moment: milliseconds of each, seconds until the last is in, how many refused."""
    taken: list[float] = []
    refused: list[str] = []
    ready = threading.Barrier(AT_ONCE)

    def one(who: dict[str, str]) -> None:
        ready.wait()
        try:
            taken.append(_sign_in(address, who))
        except (NotSignedIn, OSError) as fault:
            refused.append(type(fault).__name__)

    threads = [threading.Thread(target=one, args=[who]) for who in _members(folder)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"ms": taken, "seconds": time.perf_counter() - begun, "refused": len(refused)}


def _sign_in(address: str, who: dict[str, str]) -> float:
    start = time.perf_counter()
    _Browser(address, who["sign_in"], who["passphrase"])
    return (time.perf_counter() - start) * 1000


def _members(folder: Path) -> Sequence[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(_who(folder).read_text("utf-8"))
    return found


def _who(folder: Path) -> Path:
    return folder.with_suffix(".members.json")
