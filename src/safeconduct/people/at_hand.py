"""Indexes at hand: what a search opened stays in this process's memory while somebody works, and nowhere else.

Looked up under a key that only who holds the team's key can make, so a member asks for what they could open by
themselves. Bounded in bytes; dropped as soon as the index is replaced by the next generation, and when nobody asked
for it for the office's idle minutes, after which every session is locked as well.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings

from safeconduct.core.names.index import Delta, Generation
from safeconduct.core.names.letters import Letters
from safeconduct.core.names.parts import Bones

# About as much as ten teams of ten thousand people, or one of a hundred thousand with what a search works out of it.
MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(slots=True, repr=False)
class AtHand:
    """A generation as it was opened, the deltas since that were opened with it, and what was worked out of both."""

    team: UUID
    number: int
    generation: Generation
    bones: Bones = field(default_factory=Bones)
    letters: Letters = field(init=False)
    # By handle and digest of the sealed bytes: a row that was changed on the disk is opened, and refused.
    deltas: dict[tuple[UUID, bytes], Delta] = field(default_factory=dict)
    asked_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.letters = Letters(self.generation)


class _Shelf:
    """Every index at hand in this process, the one longest unasked first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[bytes, AtHand] = OrderedDict()
        self._newest: dict[UUID, int] = {}
        self._sweeper: threading.Timer | None = None

    def get(self, key: bytes) -> AtHand | None:
        with self._lock:
            self._drop_if(lambda one: time.monotonic() - one.asked_at > _idle())
            held = self._held.get(key)
            if held is not None:
                held.asked_at = time.monotonic()
                self._held.move_to_end(key)
            return held

    def put(self, key: bytes, one: AtHand) -> None:
        with self._lock:
            # A generation that was replaced while this one was opened may hold somebody who was erased by that.
            if one.number < self._newest.get(one.team, 0) or one.generation.size > MOST_BYTES:
                return
            self._held[key] = one
            while sum(held.generation.size for held in self._held.values()) > MOST_BYTES:
                self._held.popitem(last=False)
            self._sweep_later()

    def replaced(self, team: UUID, number: int) -> None:
        with self._lock:
            self._newest[team] = max(number, self._newest.get(team, 0))
            self._drop_if(lambda one: one.team == team and one.number < number)

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def _sweep(self) -> None:
        with self._lock:
            self._sweeper = None
            self._drop_if(lambda one: time.monotonic() - one.asked_at > _idle())
            self._sweep_later()

    def _sweep_later(self) -> None:
        if self._held and self._sweeper is None:
            self._sweeper = threading.Timer(_idle() / 2, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _drop_if(self, gone: Callable[[AtHand], bool]) -> None:
        for key in [key for key, one in self._held.items() if gone(one)]:
            del self._held[key]


def _idle() -> float:
    return settings.IDLE_MINUTES * 60.0


_shelf: Final = _Shelf()
get, put, replaced, clear = _shelf.get, _shelf.put, _shelf.replaced, _shelf.clear
