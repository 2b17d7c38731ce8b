"""What is due: the kinds of it, the headings it stands under, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import FOLLOW_UP, MOST_COUNTED, rank_of
from safeconduct.casework.models import Task

Kind = Item.Kind

# In the order of Today.
ITEM_KINDS: Final[Mapping[str, Promise]] = {
    Kind.REMOVAL: _("Removals"),
    Kind.ACT_BY: _("Limits of the law"),
    Kind.ANSWER: _("Waiting for us"),
    Kind.TELL: _("People to tell"),
    Kind.PROMISE: _("Promises"),
    Kind.TASK: _("Tasks"),
    Kind.CHASE: _("Letters to chase"),
    Kind.REPLY_DUE: _("Replies due"),
    Kind.SILENCE: _("Cases gone quiet"),
}

# The headings of Today: of what is due by today. A letter's depends on more, and is made by `heading`.
_HEADINGS: Final[Mapping[str, Promise]] = {
    Kind.REMOVAL: _("Removal"),
    Kind.ACT_BY: _("Act by today"),
    Kind.ANSWER: _("Waiting for you"),
    Kind.TELL: _("People to tell"),
    Kind.PROMISE: _("Promised"),
    Kind.TASK: _("To do"),
    Kind.SILENCE: _("Gone quiet"),
}

# What a list of cases says of a thing that is still to come.
TO_COME: Final[Mapping[str, Promise]] = {
    Kind.REMOVAL: _("Removal"),
    Kind.ACT_BY: _("Check with the solicitor"),
    Kind.ANSWER: _("To do"),
    Kind.TELL: _("Tell them"),
    Kind.PROMISE: _("Promised"),
    Kind.TASK: _("Task"),
    Kind.CHASE: _("Follow up"),
    Kind.REPLY_DUE: _("Reply due"),
    Kind.SILENCE: _("Look at it again"),
}

# The first word of a task's row.
TASK_VERBS: Final[Mapping[str, Promise]] = {
    Task.Kind.RING_BACK: _("Ring back"),
    Task.Kind.TELL_PERSON: _("Tell them"),
    Task.Kind.ASK_PERSON: _("Ask them"),
    Task.Kind.SEND: _("Send"),
    Task.Kind.CHECK: _("Check"),
    Task.Kind.OTHER: _("Do"),
}

REMOVAL_VERB: Final = _("Act now")
SILENCE_VERB: Final = _("Look at it again")

# Marked as "needs you" from their day on.
PRESSING: Final = frozenset({Kind.REMOVAL, Kind.ACT_BY, Kind.ANSWER, Kind.TELL})

# In somebody's calendar elsewhere: nothing of what the office does, and of nobody.
IN_CALENDAR: Final[Mapping[str, Promise]] = {
    Kind.REMOVAL: _("First of all"),
    Kind.ACT_BY: _("Act by"),
    Kind.ANSWER: _("Answer"),
    Kind.TELL: _("Tell"),
    Kind.PROMISE: _("Promised"),
    Kind.TASK: _("To do"),
    Kind.CHASE: _("Chase"),
    Kind.REPLY_DUE: _("Replies"),
    Kind.SILENCE: _("Look again"),
}


def heading(kind: str, *, rule_version: int, of_today: bool) -> str:
    """The heading that something due stands under; headings come in the order in which the agenda gives its rows."""
    if kind == Kind.REPLY_DUE and of_today:
        return str(_("Due today"))
    if kind in _HEADINGS:
        return str(_HEADINGS[kind])
    follow_up = rank_of(kind, rule_version=rule_version) == FOLLOW_UP
    return str(_("To follow up")) if follow_up else str(_("Late"))


def counted(kind: str, count: int) -> str:
    """`3 letters reach their standard`."""
    match kind:
        case Kind.REMOVAL:
            text = ngettext("%(count)d removal", "%(count)d removals", count)
        case Kind.ACT_BY:
            text = ngettext("%(count)d limit of the law", "%(count)d limits of the law", count)
        case Kind.ANSWER:
            text = ngettext("%(count)d thing to do", "%(count)d things to do", count)
        case Kind.TELL:
            text = ngettext("%(count)d person to tell", "%(count)d people to tell", count)
        case Kind.PROMISE:
            text = ngettext("%(count)d promise", "%(count)d promises", count)
        case Kind.TASK:
            text = ngettext("%(count)d task", "%(count)d tasks", count)
        case Kind.REPLY_DUE:
            text = ngettext("%(count)d letter reaches its standard", "%(count)d letters reach their standard", count)
        case Kind.SILENCE:
            text = ngettext("%(count)d case to look at again", "%(count)d cases to look at again", count)
        case _:
            text = ngettext("%(count)d letter to follow up", "%(count)d letters to follow up", count)
    return text % {"count": count}


def number(count: int) -> str:
    """A count as a list gives it: `14`, or `1,000+` for what was not counted further."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


def things(count: int) -> str:
    """`14 things are due, most pressing first`."""
    if count > MOST_COUNTED:
        return str(_("More than %(count)s things are due, most pressing first")) % {"count": f"{MOST_COUNTED:,}"}
    text = ngettext("%(count)d thing is due", "%(count)d things are due, most pressing first", count)
    return text % {"count": count}
