"""From a passphrase to a key: Argon2id (RFC 9106)."""

import os
import threading
import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from .boxes import KEY_BYTES
from .faults import WeakPassphrase

SHORTEST: Final = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: memory in KiB, passes over it, lanes. Stored beside each member, so it can be raised."""

    memory_kib: int
    passes: int
    lanes: int


# RFC 9106's second recommended choice: 64 MiB, 3 passes, 4 lanes. About 0.15 s on two cores; more memory would let a
# few sign-ins at once exhaust a small server.
STANDARD: Final = Cost(memory_kib=64 * 1024, passes=3, lanes=4)


# How many guesses are worked out at a time in this process: 256 MiB at the standard cost, however many people, or
# attackers, come at once. The others wait their turn.
AT_ONCE: Final = 4
_turns: Final = threading.BoundedSemaphore(AT_ONCE)


def new_salt() -> bytes:
    """16 random bytes, one salt for each passphrase ever set."""
    return os.urandom(16)


def check_strength(passphrase: str) -> None:
    """Raises `WeakPassphrase` for one under 12 characters or made of fewer than 5 different ones."""
    if len(normalise(passphrase)) < SHORTEST or len(set(passphrase)) < 5:
        raise WeakPassphrase(
            f"Use at least {SHORTEST} characters. Four or five unrelated words are easy to remember and hard to guess."
        )


def normalise(passphrase: str) -> str:
    """The same passphrase typed on another keyboard gives the same bytes (NFKC, outer spaces dropped)."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """A 32-byte key. The same for the same passphrase, salt and cost. Waits while `AT_ONCE` others are worked out."""
    with _turns:
        return hash_secret_raw(
            secret=normalise(passphrase).encode(),
            salt=salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
