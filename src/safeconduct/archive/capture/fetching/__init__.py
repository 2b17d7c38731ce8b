"""Fetching one address: judged and connected to by the desk (`reach`, `steps`), heard by a process apart (`visit`)."""

from .reach import NotReached, Reach
from .steps import Way, fetch

__all__ = ["NotReached", "Reach", "Way", "fetch"]
