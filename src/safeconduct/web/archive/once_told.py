"""What a member asked for or was told, kept for an hour at an address that tells nothing.

What somebody types to search is often a name, so it stands in no address; neither does what came of a take-in. It is
in this process's memory alone, for the member who typed it: a restart locks everybody anyway.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from typing import Any, Final
from uuid import UUID

from safeconduct.accounts.actor import Actor

KEPT_SECONDS: Final = 60 * 60
MOST: Final = 2000

_lock: Final = threading.Lock()
_kept: Final[OrderedDict[UUID, tuple[UUID, float, Any]]] = OrderedDict()


def keep(by: Actor, what: object) -> UUID:
    """Keep it for this member, and return the handle it is at."""
    handle = UUID(bytes=secrets.token_bytes(16), version=4)
    with _lock:
        _kept[handle] = (by.member.handle, time.monotonic(), what)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return handle


def of(by: Actor, handle: UUID) -> Any:
    """What this member keeps there; None where there is nothing, not theirs or no longer."""
    with _lock:
        while _kept and next(iter(_kept.values()))[1] < time.monotonic() - KEPT_SECONDS:
            _kept.popitem(last=False)
        found = _kept.get(handle)
    return found[2] if found is not None and found[0] == by.member.handle else None
