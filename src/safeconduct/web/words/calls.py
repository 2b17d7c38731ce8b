"""Words for calls, surgeries and sittings: who rang, what is promised, what a task is, what to say to a stranger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.models import Task

THE_PERSON: Final = "person"
FOR_THEM: Final = "for_them"
AUTHORITY: Final = "authority"

WHO_RANG: Final[Mapping[str, Promise]] = {
    THE_PERSON: _("The person"),
    FOR_THEM: _("Somebody for them"),
    AUTHORITY: _("An authority: they rang, or we rang them"),
}

TASKS: Final[Mapping[str, Promise]] = {
    Task.Kind.RING_BACK: _("Ring back"),
    Task.Kind.TELL_PERSON: _("Tell the person"),
    Task.Kind.ASK_PERSON: _("Ask the person"),
    Task.Kind.SEND: _("Send something"),
    Task.Kind.CHECK: _("Check something"),
    Task.Kind.OTHER: _("Something else"),
}

# What may be promised to somebody who sits opposite.
PROMISES: Final[Mapping[str, Promise]] = {
    "": _("Nothing"),
    Task.Kind.RING_BACK: _("That we ring them"),
    Task.Kind.SEND: _("That we write or send something"),
    Task.Kind.CHECK: _("That we find something out"),
    Task.Kind.OTHER: _("Something else"),
}

# Whoever rings may be anybody. Nothing said here tells them whether somebody is known.
TO_A_STRANGER: Final = _("I cannot say whom we work with. Leave your name and a number, and I will pass them on.")
HOW_TO_BE_SURE: Final[tuple[Promise, ...]] = (
    _("Until you are sure who is on the line, say neither yes nor no: not that we know them, not that we do not."),
    _("Ask for the code word, or for something that only they would know. Do not offer the answer."),
    _("Read no address, no other name and no reference out to a caller."),
    _("To be safe, end the call and ring the number that is on their record, never one that the caller gives."),
)

AUTHORITIES: Final[Mapping[str, Promise]] = {
    "": _("None yet"),
    "seen": _("Signed, and we have the paper"),
    "to_come": _("They will bring it"),
}

RINGING: Final[Mapping[str, Promise]] = {
    "": _("Nobody asked"),
    "yes": _("Yes"),
    "ask": _("Ask each time"),
    "no": _("No"),
}
