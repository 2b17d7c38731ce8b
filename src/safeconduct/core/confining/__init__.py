"""A process that gives up everything but computing, for whatever reads what others made.

Used by the small programs that draw a paper or speak to a server: they are started anew each time, load what they need,
call `bound` and `confine`, and only then read.
"""

from .process import MEMORY, SECONDS, bound, confine

__all__ = ["MEMORY", "SECONDS", "bound", "confine"]
