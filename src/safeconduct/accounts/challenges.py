"""Challenges for security keys: short-lived, used once, and kept nowhere until they are used.

A browser gets a challenge inside a token signed with a key of this process's memory, and sends it back with the answer.
The server remembers the used ones until they would be too old anyway.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.core import signing

from . import keyring

CHALLENGE_BYTES: Final = 32
SECONDS: Final = 300
# As many as could be used within their time at a few a second; beyond them none is taken until some are too old.
_MOST: Final = 50_000


@dataclass
class Used:
    """The challenges used lately, by when they may be forgotten (seconds of a clock that only runs forward)."""

    clock: Callable[[], float] = time.monotonic
    _until: dict[bytes, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, challenge: bytes) -> bool:
        """Whether this is its first use. From now on it is used."""
        now = self.clock()
        with self._lock:
            # Oldest first, as they were put in.
            while self._until and next(iter(self._until.values())) < now:
                del self._until[next(iter(self._until))]
            if challenge in self._until or len(self._until) >= _MOST:
                return False
            # Twice their time: the token's clock and this one need not agree to the second.
            self._until[challenge] = now + 2 * SECONDS
            return True


_used: Final = Used()


def issue(purpose: str, about: str = "") -> tuple[bytes, str]:
    """A challenge (32 random bytes) and its token, for one purpose and, where it says so, one member or session."""
    challenge = os.urandom(CHALLENGE_BYTES)
    return challenge, signing.dumps(challenge.hex(), key=keyring.BOOT_KEY.hex(), salt=_salt(purpose, about))


def take(token: str, purpose: str, about: str = "") -> bytes | None:
    """The challenge of a token, once; None where it is not ours, for something else, too old or used."""
    try:
        written = signing.loads(token, key=keyring.BOOT_KEY.hex(), salt=_salt(purpose, about), max_age=SECONDS)
    except signing.BadSignature:
        return None
    challenge = bytes.fromhex(written)
    return challenge if _used.spend(challenge) else None


def _salt(purpose: str, about: str) -> str:
    return f"safeconduct/challenge/{purpose}/{about}"
