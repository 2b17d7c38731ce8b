"""Words for erasing a record, and for the certificate that says it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.people.models import Subject

# What goes, by the codes that rooms count under.
GOES: Final[Mapping[str, Promise]] = {
    "envelopes": _("Sealed parts of the record, its history included"),
    "papers": _("Papers"),
    "cases": _("Cases that go with it"),
    "events": _("Entries in those cases"),
    "households": _("Households that go with it"),
    "messages": _("Messages that go with it, with what came with them"),
    "shared": _("Cases of several people, which stay without this one"),
}
KINDS: Final[Mapping[str, Promise]] = {
    Subject.Kind.PERSON: _("The record of a person"),
    Subject.Kind.CASE: _("A case"),
    Subject.Kind.HOUSEHOLD: _("A household"),
    Subject.Kind.MESSAGE: _("A message"),
    Subject.Kind.DIRECTORY: _("A team's contacts"),
}
# Why whoever is looking cannot confirm.
WAITS: Final[Mapping[str, Promise]] = {
    "policy": _("A lead of the team, or a guardian who is in it, confirms it."),
    "other": _("You asked for this yourself, so a lead of the team, or a guardian who is in it, has to confirm it."),
    "wait": _("Nobody else can confirm it, so it waits a day from when you asked. Then you confirm it here yourself."),
}
STAYS: Final = (
    _("Backups made until now hold it until their keys are destroyed. The certificate says by when that is."),
    _("What colleagues typed into the search stays in the log, sealed to the team."),
    _("What was printed, saved elsewhere or written about them in somebody else's record or case is not reached."),
)
PROMISE: Final = _(
    "Key destroyed on this date; backups expire by that date; copies partners took are listed, not recalled."
)
