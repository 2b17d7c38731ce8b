"""Whether an event says something of a clock that can be so. What would change nothing is refused, with what to do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from .clocks import Clock
from .faults import (
    AlreadyAnswered,
    AlreadyStopped,
    NoDayPromised,
    NoReason,
    NoSuchPromise,
    NotLater,
    NotOut,
    NotStopped,
)
from .happened import Happened, PromiseState, changes_nothing, in_order, promises_of

# What is said of a letter's clock, and so of no case without a letter.
OF_A_CLOCK: Final = frozenset({"paused", "resumed", "extended", "clarification_asked", "clarified"})
PROMISES: Final = frozenset({"promised", "promise_kept"})
_WITH_A_REASON: Final = frozenset({"paused", "extended"})

_IDLE: Final[Mapping[str, str]] = {
    "paused": "The clock stood still on that day already. Log that it goes on first, or choose another day.",
    "clarification_asked": "Their question was open on that day already. Log that it was clarified first.",
    "resumed": "The clock did not stand still on that day. Log the pause first, or choose the day it went on.",
    "clarified": "No question of theirs was open on that day. Log what they asked first, or choose another day.",
}


def require_possible(events: Sequence[Happened], more: Happened, clock: Clock | None) -> None:
    """Refuse an event that the events of its letter, and their clock, leave no room for. ``clock`` is None without one.

    Raises:
        NoReason, NoDayPromised: something of it is unsaid. NotOut: no letter was out by then. AlreadyAnswered.
        AlreadyStopped, NotStopped: the clock stands still already, or runs. NotLater: the day gives no more time.
        NoSuchPromise: nothing was promised that could be kept.
    """
    if more.kind in _WITH_A_REASON and not more.reason:
        raise NoReason("Say why: it stands beside the day for whoever reads it later.")
    if more.kind == "promised":
        _require_day(more, "Give the day they promised.", "They promised a day before the day of the promise.")
    if more.kind == "promise_kept":
        _require_promise(events, more)
    if more.kind not in OF_A_CLOCK:
        return
    if clock is None or clock.started_on is None or clock.started_on > more.on:
        raise NotOut("No letter was out on that day, so no clock ran. Log the letter as sent first.")
    if clock.stopped_on is not None and more.on >= clock.stopped_on:
        raise AlreadyAnswered("The letter was answered by then, so its clock runs no more. Nothing was changed.")
    if more.kind == "extended":
        _require_later(more, clock)
    elif more.kind in _IDLE and changes_nothing(in_order([*events, more])) > changes_nothing(in_order(events)):
        fault = AlreadyStopped if more.kind in ("paused", "clarification_asked") else NotStopped
        raise fault(_IDLE[more.kind])
    if more.kind == "paused" and more.until is not None and more.until < more.on:
        raise NotLater("The pause would end before it began. Correct one of the days.")


def _require_day(more: Happened, missing: str, before: str) -> date:
    if more.until is None:
        raise NoDayPromised(missing)
    if more.until < more.on:
        raise NotLater(f"{before} Correct one of them.")
    return more.until


def _require_promise(events: Sequence[Happened], more: Happened) -> None:
    def kept(those: Sequence[Happened]) -> int:
        return sum(one.state is PromiseState.KEPT for one in promises_of(in_order(those)))

    if kept([*events, more]) <= kept(events):
        raise NoSuchPromise("No promise was open on that day. Log what they promised first, or choose another day.")


def _require_later(more: Happened, clock: Clock) -> None:
    if clock.limit is None:
        raise NotLater("No standard is published for this route, so there is no day to extend. Log a promise instead.")
    until = _require_day(more, "Give the day they extended it to.", "That day is before the day they said so.")
    if until <= clock.limit.rolled_last_day:
        last = clock.limit.rolled_last_day
        raise NotLater(f"The last day is {last:%-d %B %Y} already. An extension ends later than that.")
