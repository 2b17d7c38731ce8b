"""What happened on a case, and what a reply that answers nothing said instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.models import Event

Kind = Event.Kind
Shape = Event.Shape

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

SHAPES: Final[Mapping[str, Promise]] = {
    Shape.HOLDING_REPLY: _("they will reply later"),
    Shape.OUTSIDE_STANDARDS: _("complex, outside the normal standards"),
    Shape.NO_TIMEFRAME: _("in progress, no timeframe"),
    Shape.CONSENT_REQUIRED: _("they ask for signed consent"),
    Shape.TRANSFERRED: _("passed to another unit"),
    Shape.WRONG_RECIPIENT: _("not for them to answer"),
    Shape.WRONG_PERSON: _("it is about somebody else"),
    Shape.NOT_DESCRIBED: _("nobody has written down what it says"),
}

SHAPE_CHOICES: Final[Mapping[str, Promise]] = {
    Shape.HOLDING_REPLY: _("Only that they will reply later"),
    Shape.OUTSIDE_STANDARDS: _("That it is complex or falls outside the normal standards"),
    Shape.NO_TIMEFRAME: _("That it is in progress and there is no timeframe"),
    Shape.CONSENT_REQUIRED: _("That they need signed consent or authority"),
    Shape.TRANSFERRED: _("That it was passed to another unit or department"),
    Shape.WRONG_RECIPIENT: _("That it was sent to the wrong place"),
    Shape.WRONG_PERSON: _("Something about another person: it was meant for somebody else"),
    Shape.NOT_DESCRIBED: _("I have not read it yet"),
}


def title(kind: str, shape: str | None) -> str:
    """The heading of an event: `Holding reply: in progress, no timeframe`."""
    words = str(KINDS[kind])
    if shape:
        return str(_("%(event)s: %(said)s")) % {"event": words, "said": SHAPES[shape]}
    return words
