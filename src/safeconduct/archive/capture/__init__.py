"""Capturing: fetching, packing as WARC in WACZ, time-stamps, checking, watching, and handing over.

Plain Python without a database. Begin at `captured`.
"""

from .captured import Captured, Hop, NotFetched, NotPacked, Unreached, Unsound
from .fetching import fetch
from .handing_over import HandOver, read_folder
from .leaving import hand_over
from .packages import pack, pages, unpack
from .proof import LogProof, NotProven
from .stamps import Authority, NotStamped, StampedAt, Unstamped, check_stamp, stamp
from .verifying import Checked, Doubt, Fault, Known, Verdict, verify

__all__ = [
    "Authority",
    "Captured",
    "Checked",
    "Doubt",
    "Fault",
    "HandOver",
    "Hop",
    "Known",
    "LogProof",
    "NotFetched",
    "NotPacked",
    "NotProven",
    "NotStamped",
    "StampedAt",
    "Unreached",
    "Unsound",
    "Unstamped",
    "Verdict",
    "check_stamp",
    "fetch",
    "hand_over",
    "pack",
    "pages",
    "read_folder",
    "stamp",
    "unpack",
    "verify",
]
