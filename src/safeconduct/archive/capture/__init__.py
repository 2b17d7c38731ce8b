"""Capturing: fetching, packing as WARC in WACZ, time-stamps, checking, watching, and handing over.

Plain Python without a database. Begin at `captured`.
"""

from .captured import Captured, Hop, NotFetched, NotPacked, Unreached, Unsound
from .fetching import fetch
from .packing import pack
from .stamps import Authority, NotStamped, StampedAt, Unstamped, check_stamp, stamp
from .unpacking import unpack

__all__ = [
    "Authority",
    "Captured",
    "Hop",
    "NotFetched",
    "NotPacked",
    "NotStamped",
    "StampedAt",
    "Unreached",
    "Unsound",
    "Unstamped",
    "check_stamp",
    "fetch",
    "pack",
    "stamp",
    "unpack",
]
