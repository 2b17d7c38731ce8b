"""Six people reading while an import runs: a real server, real requests, the log on and off.

The server is `safeconduct serve` in a process of its own with its eight threads; six browsers in this process ask for
Today and then for cases of it, each as soon as the last page has come; a third process brings a sheet in, as the
command does. "Off" means that nothing is recorded and so nothing is compared with the log: a patch that only this
folder knows.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

_CASE = re.compile(rb'href="(/cases/[0-9a-f-]{36}[^"]*)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CASES_A_LIST = 4


class NotSignedIn(Exception):
    """The server did not take a member's passphrase."""


@dataclass
class Seen:
    """What one browser saw: when each page was asked for, how long it took, and answers that were no page."""

    today: list[float] = field(default_factory=list)
    case: list[float] = field(default_factory=list)
    refused: int = 0


def read_for(address: str, who: list[dict[str, str]], *, seconds: float, seed: int) -> dict[str, Any]:
    """Let each member read for so long. Raises `NotSignedIn`."""
    browsers = [_Browser(address, **one) for one in who]
    until = time.perf_counter() + seconds
    seen = [Seen() for _ in browsers]
    threads = [
        threading.Thread(target=browser.read, args=(until, into, seed + number))
        for number, (browser, into) in enumerate(zip(browsers, seen, strict=True))
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.perf_counter() - start,
        "today": [one for each in seen for one in each.today],
        "case": [one for each in seen for one in each.case],
        "refused": sum(each.refused for each in seen),
    }


class _Browser:
    def __init__(self, address: str, sign_in: str, passphrase: str) -> None:
        parts = urlsplit(address)
        self._to = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self._cookies: dict[str, str] = {}
        _, page = self._ask("GET", "/sign-in")
        token = _TOKEN.search(page.decode())
        fields = {"csrfmiddlewaretoken": token[1] if token else "", "sign_in": sign_in, "passphrase": passphrase}
        status, _ = self._ask("POST", "/sign-in", urlencode(fields))
        if status != 302:
            raise NotSignedIn(f"{status} instead of the desk")

    def read(self, until: float, seen: Seen, seed: int) -> None:
        """Today, then some of its cases, then Today again."""
        choose = random.Random(seed)
        while time.perf_counter() < until:
            page = self._timed("/", seen.today, seen)
            cases = sorted(set(_CASE.findall(page)))
            for address in choose.sample(cases, min(_CASES_A_LIST, len(cases))):
                if time.perf_counter() < until:
                    self._timed(address.decode().replace("&amp;", "&"), seen.case, seen)

    def _timed(self, address: str, into: list[float], seen: Seen) -> bytes:
        start = time.perf_counter()
        status, page = self._ask("GET", address)
        if status == 200:
            into.append((time.perf_counter() - start) * 1000)
        else:
            seen.refused += 1
        return page

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._to.request(method, address, body, headers)
        answer = self._to.getresponse()
        for cookie in answer.msg.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read()


def bring_in(built: Any, *, rows: int, seconds: float, seed: int, begun: str) -> dict[str, Any]:
    """Bring a sheet in for so long, or to its end, then throw away what is not done.

    `begun` is a file that is made when rows begin to be written. Returns rows and seconds.
    """
    from pathlib import Path  # here: the browsers' process has no use for the desk's code

    from bench.office import acting
    from bench.sheet import sheet
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions import arrivals
    from safeconduct.casework.actions import bring_in as action

    who = built.lead
    by = acting(who.sign_in, who.passphrase)
    data = sheet(rows, today=today(), seed=seed)
    # Nobody decides anything here: comparing with those on record comes before the rows, and is measured by itself.
    arrival = arrivals.stage(by=by, team=by.teams[0], name="new.csv", data=data, as_of=today(), rule="never")
    action.start(by=by, arrival=arrival)
    Path(begun).touch()
    start = time.perf_counter()
    finished = False
    while not finished and time.perf_counter() - start < seconds:
        finished = action.go_on(by=by, arrival=arrival, seconds=1).finished
    taken = time.perf_counter() - start
    done = arrival.rows_done if not finished else rows
    if not finished:
        arrivals.cancel(by=by, arrival=arrival)
    return {"rows": done, "seconds": taken, "finished": finished}


def without_journal() -> None:
    """Make this process record nothing, and compare nothing with a log that lacks it. For measuring alone."""
    from bench.substitution import instead_of
    from safeconduct.journal import actions, queries
    from safeconduct.people import records

    instead_of(actions.record_read, _nothing_read)
    instead_of(actions.record_reads, _nothing_read_of)
    instead_of(actions.record_writes, _nothing_written)
    instead_of(actions.record_write, _nothing_written)
    instead_of(actions.new_entry, _no_entry)
    instead_of(queries.latest_commitments, _trusted)
    instead_of(records._require_leave, _nothing_written)


def _nothing_read(**_named: Any) -> Any:
    return _no_entry()


def _nothing_read_of(*, reads: Sequence[Any], **_named: Any) -> list[Any]:
    return [_no_entry() for _ in reads]


def _nothing_written(*_arguments: Any, **_named: Any) -> None:
    return None


def _no_entry(**_named: Any) -> Any:
    from safeconduct.journal.models import Entry

    return Entry(at=datetime.now(UTC))


class _Agreeing:
    """Equal to whatever it is compared with."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, _other: object) -> bool:
        return True


class _Trusting:
    """Knows of every envelope that it is as it should be."""

    def get(self, _envelope: object) -> _Agreeing:
        """What compares equal to any revision and digest."""
        return _Agreeing()

    def keys(self) -> frozenset[object]:
        """The log names nothing that is not there."""
        return frozenset()

    def __bool__(self) -> bool:
        return False


def _trusted(_envelopes: Any) -> _Trusting:
    return _Trusting()
