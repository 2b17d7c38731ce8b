"""The log against what this browser last saw of it: after each unlock, and then once a minute."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

from safeconduct.accounts import witness
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Session
from safeconduct.core.sealing.epochs import Root

from .cookies import log_seen, set_log_seen

_EVERY: Final = timedelta(minutes=1)
_SESSIONS_KEPT: Final = 1000

# By session: the unlock (what is kept of its key is another one each time), and when the log was last compared.
_looked: dict[int, tuple[bytes, datetime]] = {}


def look(request: HttpRequest, session: Session, actor: Actor) -> None:
    """Compare, unless this session did a moment ago. What parts is told to guardians and stops all opening.

    Raises `EpochFileUnreadable`, `JournalUnavailable`.
    """
    unlocked, now = hashlib.sha256(bytes(session.kept or b"")).digest(), datetime.now(UTC)
    before = _looked.get(session.pk)
    if before is not None and before[0] == unlocked and timedelta() <= now - before[1] < _EVERY:
        return
    organisation = actor.organisation.handle
    request.log_stands = witness.look(actor.member, log_seen(request, organisation))  # type: ignore[attr-defined]  # read below
    if len(_looked) >= _SESSIONS_KEPT:
        _looked.clear()
    _looked[session.pk] = (unlocked, now)


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Have the browser remember where the log stands, if it was just looked at."""
    stands: Root | None = getattr(request, "log_stands", None)
    if stands is not None:
        set_log_seen(response, request.actor.organisation.handle, stands)  # type: ignore[attr-defined]  # see access.Request
