"""Several addresses to be taken in: what came of those that were asked, and which are still to be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any


class Errand:
    """What a member sent to be taken in, in this process's memory: it stops when their session locks.

    ``lines`` are the shape of `archive/_took.html`; ``now`` is the address that is being fetched, or None.
    """

    def __init__(self, lines: Iterable[dict[str, Any]], waiting: Iterable[str] = ()) -> None:
        self.lines = list(lines)
        self.waiting = list(waiting)
        self.now: str | None = None
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """How many are not done."""
        return len(self.waiting) + (self.now is not None)

    def go_on(self, take: Callable[[str], dict[str, Any]]) -> bool:
        """Take in the next by ``take``; False where none waits, or another request of the member's is at one.

        Raises what ``take`` raises: that address waits again.
        """
        with self._lock:
            if self.now is not None or not self.waiting:
                return False
            self.now = self.waiting.pop(0)
        line = None
        try:
            line = take(self.now)
        finally:
            with self._lock:
                if line is None:
                    self.waiting.insert(0, self.now)
                else:
                    self.lines.append(line)
                self.now = None
        return True
