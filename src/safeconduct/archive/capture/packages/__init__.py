"""Packages of captured sources: WARC inside WACZ, written and read."""

from .packing import pack
from .unpacking import pages, unpack

__all__ = ["pack", "pages", "unpack"]
