"""What a member asked for or was told, kept for an hour at most, at an address that tells nothing.

What somebody types to search is often a name, so it stands in no address; neither does what came of a take-in. It is
in this process's memory alone, for the session that typed it, and goes when that session locks or is signed out, by
whatever way, and when nobody came with it for the office's idle minutes. A restart locks everybody anyway.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from safeconduct.accounts.models import Session

from ..access import Request

KEPT_SECONDS: Final = 60 * 60
MOST: Final = 2000


class _Shelf:
    """All that is kept in this process, oldest first, and when each session that keeps something last came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[UUID, tuple[UUID, float, Any]] = OrderedDict()
        self._came: dict[UUID, float] = {}
        self._sweeper: threading.Timer | None = None

    def keep(self, session: UUID, what: object) -> UUID:
        handle = UUID(bytes=secrets.token_bytes(16), version=4)
        with self._lock:
            self._kept[handle] = (session, time.monotonic(), what)
            self._came[session] = time.monotonic()
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._sweep_later()
        return handle

    def of(self, session: UUID, handle: UUID) -> Any:
        with self._lock:
            self._drop_old()
            found = self._kept.get(handle)
        return found[2] if found is not None and found[0] == session else None

    def all_of(self, session: UUID, kind: type) -> list[tuple[UUID, Any]]:
        with self._lock:
            self._drop_old()
            return [
                (at, what) for at, (own, _, what) in self._kept.items() if own == session and isinstance(what, kind)
            ]

    def came(self, session: UUID) -> None:
        with self._lock:
            if session in self._came:
                self._came[session] = time.monotonic()

    def forget(self, session: UUID) -> None:
        with self._lock:
            if self._came.pop(session, None) is not None:
                self._drop_old()

    def holds(self, session: UUID) -> int:
        with self._lock:
            return sum(one[0] == session for one in self._kept.values())

    def sweep(self) -> None:
        with self._lock:
            self._sweeper = None
            self._drop_old()
            self._sweep_later()

    def _drop_old(self) -> None:
        now, idle = time.monotonic(), settings.IDLE_MINUTES * 60.0
        self._came = {session: at for session, at in self._came.items() if now - at <= idle}
        gone = [
            handle
            for handle, (session, at, _) in self._kept.items()
            if session not in self._came or now - at > KEPT_SECONDS
        ]
        for handle in gone:
            del self._kept[handle]

    def _sweep_later(self) -> None:
        # A browser that was closed locks nothing by coming back: its idle minutes pass without a request.
        if self._kept and self._sweeper is None:
            self._sweeper = threading.Timer(settings.IDLE_MINUTES * 60.0 / 2, self.sweep)
            self._sweeper.daemon = True
            self._sweeper.start()


_shelf: Final = _Shelf()
sweep, holds = _shelf.sweep, _shelf.holds


def keep(request: Request, what: object) -> UUID:
    """Keep it for this session, and return the handle it is at."""
    return _shelf.keep(request.session_row.handle, what)


def of(request: Request, handle: UUID) -> Any:
    """What this session keeps there; None where there is nothing, not its own or no longer."""
    return _shelf.of(request.session_row.handle, handle)


def all_of(request: Request, kind: type) -> list[tuple[UUID, Any]]:
    """All of one kind that this session keeps, oldest first, each with its handle."""
    return _shelf.all_of(request.session_row.handle, kind)


def settle(session: Session | None) -> None:
    """After each request: forget what a session keeps that is locked or signed out by now."""
    if session is None:
        return
    if session.pk is None or session.kept is None:
        _shelf.forget(session.handle)
    else:
        _shelf.came(session.handle)
