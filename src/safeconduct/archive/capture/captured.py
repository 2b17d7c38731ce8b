"""What was captured, and why something was not. Plain structures; nothing here fetches, packs or reads."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..causes import Unreached as Unreached


@dataclass(frozen=True, slots=True)
class Hop:
    """An address on the way to the one that answered: its status, and where it sent us."""

    address: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Captured:
    """One source as it came.

    ``target`` is the address it was fetched from, or was said to be from, or None for a file without one. ``body`` is
    what there is to read and to hash: of a file its bytes; of an answer its content, unpacked where the server
    compressed it. ``wire`` is the whole answer as it came over the line, head and body, and None for a file. ``status``
    and ``headers`` are those of the answer; ``hops`` the redirects before it, ``asked`` the address first asked for,
    ``server`` the numeric address that answered. ``captured_at`` has its zone.
    """

    target: str | None
    captured_at: datetime
    media_type: str
    body: bytes
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    wire: bytes | None = None
    asked: str | None = None
    server: str | None = None
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Nothing was captured. ``hops`` are the redirects until then."""

    reason: Unreached
    hops: tuple[Hop, ...] = ()


class Unsound(StrEnum):
    """Why a package or a file of records cannot be taken as one."""

    NOT_ONE = "not_one"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    HOSTILE = "hostile"  # names that leave the folder, two files of one name, parts that unpack without end
    NOTHING_INSIDE = "nothing_inside"
    HASHES_DIFFER = "hashes_differ"


class NotPacked(Exception):
    """A package or a file of records could not be written or read. ``reason`` says why; no content is in it."""

    def __init__(self, reason: Unsound) -> None:
        super().__init__(f"the package could not be used: {reason.replace('_', ' ')}")
        self.reason = reason


class MissingExtra(Exception):
    """A library of the extra ``archive`` is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed: install safeconduct with the extra 'archive'")
