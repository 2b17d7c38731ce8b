"""Which posts say the same, and where they differ. Plain Python; nothing here reads a file or a database of the desk.

Posts are compared, never pages: a page of nine posts and one of eleven can share three and look like strangers.
"""

from .compare import LEAST, SAME, Alike, compare
from .differences import Change, Changed, differences
from .index import Index, Match
from .words import samples, shingles

__all__ = [
    "LEAST",
    "SAME",
    "Alike",
    "Change",
    "Changed",
    "Index",
    "Match",
    "compare",
    "differences",
    "samples",
    "shingles",
]
