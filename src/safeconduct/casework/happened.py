"""What events say about a letter's clock: when it stood still, what was said to take longer, what was promised.

Events count by their days and, on one day, in the order in which they were logged. Those that change nothing (a clock
set going that ran, a promise kept that nobody made) are passed over here; the act that logs them refuses them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from safeconduct.core.calendar.running import Halt, Longer
from safeconduct.core.calendar.stops import By

# Why a clock was paused, where it is us or the person they wait for.
FOR_US: Final = frozenset({"awaiting_person", "awaiting_consent", "awaiting_identity"})
ANSWERS: Final = ("answered", "decided")
_ASKED_AFTER: Final = ("chased", "phoned")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the clock sees it, in the order things were logged. Corrected events are left out beforehand.

    ``said`` are the labels of a reply besides its ``shape``. ``handle`` is the event's, where a promise is to be found
    again.
    """

    kind: str
    on: date
    shape: str | None = None
    until: date | None = None
    reason: str | None = None
    said: tuple[str, ...] = ()
    handle: UUID | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything a reply said."""
        return (*((self.shape,) if self.shape else ()), *self.said)


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    ANSWERED = "answered"
    # Its day passed, and they were asked or promised something else.
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Promised:
    """Something they promised by a day. ``on``: the day they promised it."""

    handle: UUID | None
    on: date
    day: date
    state: PromiseState


def in_order(events: Iterable[Happened]) -> list[Happened]:
    """By their days; on one day, as they were logged."""
    return sorted(events, key=lambda event: event.on)


def halts_of(ordered: Sequence[Happened], *, until: date | None = None) -> list[Halt]:
    """When the clock stood still. What still does on the day ``until``, on which it was answered, ends there.

    A letter that goes out answers what they asked for, as it does everywhere else.
    """
    halts: list[Halt] = []
    standing: dict[str, Happened] = {}
    for event in ordered:
        if event.kind in ("paused", "clarification_asked"):
            standing.setdefault(event.kind, event)
        elif event.kind == "resumed" and "paused" in standing:
            halts.append(_halt(standing.pop("paused"), event.on))
        elif event.kind in ("clarified", "sent") and "clarification_asked" in standing:
            halts.append(_halt(standing.pop("clarification_asked"), event.on))
    return halts + [_halt(event, until) for event in standing.values()]


def longer_of(ordered: Sequence[Happened]) -> list[Longer]:
    """What they said would take longer, and until when."""
    return [
        Longer(event.on, event.until, event.reason or "")
        for event in ordered
        if event.kind == "extended" and event.until is not None
    ]


def promises_of(ordered: Sequence[Happened]) -> list[Promised]:
    """What was promised, in order, and what became of it.

    "Kept" names the day that was promised, or means the promise whose day comes first. Once its day has come, a
    promise is also over when they are asked about it, or promise anew on a later day. An answer ends them all.
    """
    states: dict[int, PromiseState] = {}

    def open_now() -> list[int]:
        return [at for at, state in states.items() if state is PromiseState.OPEN]

    def day(at: int) -> date:
        until = ordered[at].until
        assert until is not None
        return until

    for at, event in enumerate(ordered):
        if event.kind in ANSWERS:
            states |= dict.fromkeys(open_now(), PromiseState.ANSWERED)
        elif event.kind == "promise_kept":
            meant = [one for one in open_now() if event.until in (None, day(one))]
            if meant:
                states[min(meant, key=day)] = PromiseState.KEPT
        elif event.kind in _ASKED_AFTER or event.kind == "promised":
            over = [one for one in open_now() if day(one) <= event.on]
            if event.kind == "promised":
                over = [one for one in over if ordered[one].on < event.on]
            states |= dict.fromkeys(over, PromiseState.PASSED)
        if event.kind == "promised" and event.until is not None:
            states[at] = PromiseState.OPEN
    return [Promised(ordered[at].handle, ordered[at].on, day(at), state) for at, state in states.items()]


def changes_nothing(ordered: Sequence[Happened]) -> int:
    """How many events say something of a clock that was so already: that it stops twice, or goes on while it runs."""
    standing: set[str] = set()
    idle = 0
    for event in ordered:
        if event.kind in ("paused", "clarification_asked"):
            idle += event.kind in standing
            standing.add(event.kind)
        elif event.kind in ("resumed", "clarified"):
            stopped = "paused" if event.kind == "resumed" else "clarification_asked"
            idle += stopped not in standing
            standing.discard(stopped)
        elif event.kind == "sent":
            standing.discard("clarification_asked")
    return idle


def _halt(event: Happened, until: date | None) -> Halt:
    if event.kind == "clarification_asked":
        return Halt(By.CLARIFICATION, event.on, until, event.reason or "")
    by = By.IDENTITY if event.reason == "awaiting_identity" else By.SAID
    return Halt(by, event.on, until, event.reason or "")
