"""Words for alarms and for the number of records a member may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.journal.models import Alarm

BOUNDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "slow_from": {
        "label": gettext_lazy("Records in an hour before each further one waits ten seconds"),
        "help_text": gettext_lazy(
            "20 to 500. A record opened several times in a day is one; twenty rows of a list count as one record."
        ),
    },
    "stop_from": {
        "label": gettext_lazy("Records in an hour before no more opens until a guardian allows it"),
        "help_text": gettext_lazy("40 to 2,000, and more than the number above."),
    },
    "tell_from": {
        "label": gettext_lazy("Records in thirty days before guardians are told"),
        "help_text": gettext_lazy("200 to 20,000. Somebody who reads slowly is noticed by this one."),
    },
}

BUTTONS: Final[Mapping[str, str | Promise]] = {
    Alarm.Kind.SLOWED: gettext_lazy("I have looked into it"),
    Alarm.Kind.STOPPED: gettext_lazy("Let them read on"),
    Alarm.Kind.TOLD: gettext_lazy("I have looked into it"),
    Alarm.Kind.TRIES: gettext_lazy("I have looked into it"),
    Alarm.Kind.LOG: gettext_lazy("We know why: go on from this log"),
}


def told(kind: str, count: int) -> str:
    """What happened, after the member's name where it was a member."""
    match kind:
        case Alarm.Kind.SLOWED:
            said = ngettext(
                "opened %(count)d record within an hour and was slowed.",
                "opened %(count)d records within an hour and was slowed.",
                count,
            )
        case Alarm.Kind.STOPPED:
            said = ngettext(
                "asked for %(count)d record within an hour and was stopped.",
                "asked for %(count)d records within an hour and was stopped.",
                count,
            )
        case Alarm.Kind.TOLD:
            said = ngettext(
                "opened %(count)d record within thirty days, or took it out in one file.",
                "opened %(count)d records within thirty days, or took them out in one file.",
                count,
            )
        case Alarm.Kind.TRIES:
            said = ngettext(
                "Signing in was refused %(count)d more time within an hour than the log lists one by one.",
                "Signing in was refused %(count)d more times within an hour than the log lists one by one.",
                count,
            )
        case _kind:
            said = ngettext(
                "The log is not the one last seen, which had %(count)d entry.",
                "The log is not the one last seen, which had %(count)d entries.",
                count,
            )
    return said % {"count": count}


def parted(seen: int, size: int, first: int | None) -> str:
    """Where a log parts from what was last seen of it."""
    if first is not None and size < seen:
        return _("It ends before entry %(first)d; %(seen)d entries were seen: an older database was put back.") % {
            "first": first,
            "seen": seen,
        }
    if first is not None:
        return _("Its tree and its entries part at entry %(first)d.") % {"first": first}
    return _(
        "It has %(size)d entries, and somewhere among the first %(seen)d they are not those that were seen. "
        "“safeconduct check --checkpoint” with an export kept elsewhere names the first."
    ) % {"size": size, "seen": seen}
