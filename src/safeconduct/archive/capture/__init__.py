"""Capturing: fetching, packing as WARC in WACZ, time-stamps, checking, watching, and handing over.

Plain Python without a database. Begin at `captured`.
"""

from .captured import Captured, Hop, NotFetched, NotPacked, Unreached, Unsound
from .fetching import fetch
from .packing import pack
from .unpacking import unpack

__all__ = ["Captured", "Hop", "NotFetched", "NotPacked", "Unreached", "Unsound", "fetch", "pack", "unpack"]
