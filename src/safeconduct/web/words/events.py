"""What happened on a case, and what a reply that answers nothing said instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.models import Event

from . import dates

Kind = Event.Kind
Shape = Event.Shape
Reason = Event.Reason

KINDS: Final[Mapping[str, Promise]] = {
    Kind.CAME_IN: _("Came in"),
    Kind.SENT: _("Letter sent"),
    Kind.ACKNOWLEDGED: _("Acknowledged"),
    Kind.HOLDING_REPLY: _("Holding reply"),
    Kind.CHASED: _("Chased"),
    Kind.ANSWERED: _("Answered"),
    Kind.DECIDED: _("Decision made"),
    Kind.PHONED: _("Phoned them"),
    Kind.TOLD_PERSON: _("Told the person"),
    Kind.CORRECTED: _("Correction"),
    Kind.PAUSED: _("Clock stopped"),
    Kind.RESUMED: _("Clock goes on"),
    Kind.EXTENDED: _("Given longer"),
    Kind.CLARIFICATION_ASKED: _("They asked what exactly is wanted"),
    Kind.CLARIFIED: _("Clarified for them"),
    Kind.PROMISED: _("Promised"),
    Kind.PROMISE_KEPT: _("Promise kept"),
    Kind.CALLED: _("Somebody rang us"),
    Kind.SEEN: _("Seen at a surgery"),
    Kind.WILL_RING_BACK: _("Said we would ring back"),
    Kind.RANG_BACK: _("Rang back"),
    Kind.CLOSED: _("Case closed"),
    Kind.REOPENED: _("Case opened again"),
    Kind.KEPT_LONGER: _("Kept for longer"),
    Kind.REMOVAL_SET: _("Day of a removal"),
    Kind.REMOVAL_TOLD: _("Told of the removal"),
    Kind.REMOVAL_CALLED_OFF: _("Removal called off"),
    Kind.REMOVAL_STOPPED: _("Removal stopped by a court"),
    Kind.REMOVAL_FAILED: _("Removal did not happen"),
    Kind.REMOVED: _("Removed"),
}

# In the order they tend to come. The beginnings differ enough to be typed: "h" is the holding reply.
TO_LOG: Final[Mapping[str, Promise]] = {
    Kind.SENT: _("Letter sent: the clock starts, or what they asked for went out"),
    Kind.ACKNOWLEDGED: _("Acknowledged: they say that they have it"),
    Kind.HOLDING_REPLY: _("Holding reply: it answers nothing yet, so the clock runs on"),
    Kind.CHASED: _("Chased in writing"),
    Kind.PHONED: _("Phoned them"),
    Kind.ANSWERED: _("Answered: the clock stops"),
    Kind.DECIDED: _("Decision made: the clock stops, and a time limit may start"),
    Kind.TOLD_PERSON: _("Told the person"),
    Kind.CAME_IN: _("Came in: somebody asked for help again"),
}

# What may be said of a letter's clock, on the page that is about it alone.
OF_A_CLOCK: Final[Mapping[str, Promise]] = {
    Kind.PROMISED: _("Promised something by a day: it moves no standard"),
    Kind.PROMISE_KEPT: _("Kept a promise"),
    Kind.PAUSED: _("Stopped the clock, or said that it is stopped"),
    Kind.RESUMED: _("Goes on: the clock runs again"),
    Kind.EXTENDED: _("Extended: they take longer, until a day"),
    Kind.CLARIFICATION_ASKED: _("Asked what exactly is wanted"),
    Kind.CLARIFIED: _("We told them what exactly is wanted"),
}

REASONS: Final[Mapping[str, Promise]] = {
    Reason.AWAITING_PERSON: _("they wait for something from the person"),
    Reason.AWAITING_CONSENT: _("they wait for signed consent"),
    Reason.AWAITING_IDENTITY: _("they wait for proof of identity"),
    Reason.AWAITING_CHECKS: _("checks are not finished"),
    Reason.POLICY_HOLD: _("decisions of this kind are on hold"),
    Reason.LITIGATION: _("a court case comes first"),
    Reason.COMPLEX: _("they call it complex"),
    Reason.PUBLIC_INTEREST: _("they weigh the public interest"),
    Reason.AGREED_WITH_US: _("we agreed to it"),
    Reason.WE_ASKED: _("we asked for it"),
    Reason.OTHER: _("another reason"),
}

SHAPES: Final[Mapping[str, Promise]] = {
    Shape.HOLDING_REPLY: _("they will reply later"),
    Shape.OUTSIDE_STANDARDS: _("complex, outside the normal standards"),
    Shape.NO_TIMEFRAME: _("in progress, no timeframe"),
    Shape.CONSENT_REQUIRED: _("they ask for signed consent"),
    Shape.TRANSFERRED: _("passed to another unit"),
    Shape.WRONG_RECIPIENT: _("not for them to answer"),
    Shape.WRONG_PERSON: _("it is about somebody else"),
    Shape.NOT_DESCRIBED: _("nobody has written down what it says"),
    Shape.AWAITING_CHECKS: _("checks are not finished"),
    Shape.AWAITING_PERSON: _("they wait for something from the person"),
    Shape.INTERVIEW_TO_COME: _("an interview is still to come"),
    Shape.POLICY_HOLD: _("decisions of this kind are on hold"),
    Shape.NOT_A_CONSTITUENT: _("they doubt that the person is a constituent"),
    Shape.ALREADY_ANSWERED: _("they say that they have answered already"),
    Shape.LITIGATION: _("a court case comes first"),
    Shape.NOT_SERVED: _("decided, and the decision is not sent yet"),
    Shape.REVIEW_RIGHT: _("refused, with a right to a review or an appeal"),
}

SHAPE_CHOICES: Final[Mapping[str, Promise]] = {
    Shape.HOLDING_REPLY: _("Only that they will reply later"),
    Shape.OUTSIDE_STANDARDS: _("That it is complex or falls outside the normal standards"),
    Shape.NO_TIMEFRAME: _("That it is in progress and there is no timeframe"),
    Shape.CONSENT_REQUIRED: _("That they need signed consent or authority"),
    Shape.TRANSFERRED: _("That it was passed to another unit or department"),
    Shape.WRONG_RECIPIENT: _("That it was sent to the wrong place"),
    Shape.WRONG_PERSON: _("Something about another person: it was meant for somebody else"),
    Shape.AWAITING_CHECKS: _("That checks are not finished"),
    Shape.AWAITING_PERSON: _("That they wait for documents or something else from the person"),
    Shape.INTERVIEW_TO_COME: _("That an interview is still to come"),
    Shape.POLICY_HOLD: _("That decisions of this kind or country are on hold"),
    Shape.LITIGATION: _("That a court case comes first"),
    Shape.NOT_A_CONSTITUENT: _("That the person is not a constituent"),
    Shape.ALREADY_ANSWERED: _("That they have answered already"),
    Shape.NOT_SERVED: _("That it is decided, and the decision is not sent yet"),
    Shape.REVIEW_RIGHT: _("That it is refused, with a right to a review or an appeal"),
    Shape.NOT_DESCRIBED: _("I have not read it yet"),
}

# An answer may say these besides; anything else they say instead of an answer.
OF_AN_ANSWER: Final = (Shape.NOT_SERVED, Shape.REVIEW_RIGHT)

REASON_CHOICES: Final[Mapping[str, Promise]] = {
    Reason.AWAITING_PERSON: _("They wait for something from the person"),
    Reason.AWAITING_CONSENT: _("They wait for signed consent"),
    Reason.AWAITING_IDENTITY: _("They wait for proof of identity"),
    Reason.AWAITING_CHECKS: _("Checks are not finished"),
    Reason.POLICY_HOLD: _("Decisions of this kind or country are on hold"),
    Reason.LITIGATION: _("A court case comes first"),
    Reason.COMPLEX: _("They call it complex"),
    Reason.PUBLIC_INTEREST: _("They weigh the public interest"),
    Reason.AGREED_WITH_US: _("We agreed to it"),
    Reason.WE_ASKED: _("We asked for it"),
    Reason.OTHER: _("Another reason: say which in the note"),
}


def title(kind: str, shape: str | None, said: Sequence[str] = (), reason: str | None = None) -> str:
    """The heading of an event: `Holding reply: in progress, no timeframe; passed to another unit`."""
    words = str(KINDS[kind])
    parts = [str(SHAPES[one]) for one in (*((shape,) if shape else ()), *said)]
    parts += [str(REASONS[reason])] if reason else []
    if parts:
        return str(_("%(event)s: %(said)s")) % {"event": words, "said": "; ".join(parts)}
    return words


def until(kind: str, day: date) -> str:
    """What the second day of an event is: `by Friday 18 December 2026`."""
    text = {
        Kind.PROMISED: _("by %(day)s"),
        Kind.PROMISE_KEPT: _("promised by %(day)s"),
        Kind.WILL_RING_BACK: _("by %(day)s"),
        Kind.EXTENDED: _("to %(day)s"),
        Kind.PAUSED: _("they say until %(day)s"),
        Kind.CLOSED: _("to be looked at again %(day)s"),
        Kind.KEPT_LONGER: _("until %(day)s"),
        Kind.REMOVAL_SET: _("it is %(day)s"),
        **dict.fromkeys(
            (Kind.REMOVAL_CALLED_OFF, Kind.REMOVAL_STOPPED, Kind.REMOVAL_FAILED, Kind.REMOVED), _("its day was %(day)s")
        ),
    }.get(Kind(kind), _("%(day)s"))
    return str(text) % {"day": dates.full(day)}
