"""Files of every kind made into readings. Nothing here opens a record, writes a file or fetches anything.

`read` does it in a process that can do nothing else. Begin at `shape`.
"""

from .kinds import kind_of
from .readers import read
from .shape import NotRead, Reading, Unfit

__all__ = ["NotRead", "Reading", "Unfit", "kind_of", "read"]
