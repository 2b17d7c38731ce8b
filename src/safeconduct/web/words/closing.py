"""Words for how a case ended, for what is still open when it is closed, and for how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.casework.models import Case
from safeconduct.core.calendar.rows import Status

from . import dates

Outcome = Case.Outcome

# In the order in which they are offered: what the person got, what they did not, why the work stopped.
OUTCOMES: Final[Mapping[str, Promise]] = {
    Outcome.GOT_IT: _("They got what was asked for"),
    Outcome.GOT_PART: _("They got part of it"),
    Outcome.REFUSED: _("It was refused"),
    Outcome.ANSWERED_ONLY: _("There was an answer, and nothing changed"),
    Outcome.NO_LONGER_NEEDED: _("It is not needed any more"),
    Outcome.PASSED_ON: _("Somebody else has taken it on"),
    Outcome.WITHDRAWN: _("They asked us to stop"),
    Outcome.LOST_TOUCH: _("We lost touch"),
    Outcome.REMOVED: _("They were removed from the country"),
    Outcome.DIED: _("They died"),
    Outcome.OPENED_BY_MISTAKE: _("It was opened by mistake"),
}

STILL_OPEN: Final[Mapping[str, Promise]] = {
    "letter": _("No reply yet. It is not chased any more; opened again, it counts on as if never closed."),
    "tell": _("Answered, and the person is not told yet."),
    "limit": _("This runs against the person whether the case is open or not. The desk stops reminding of it."),
    "promise": _("They promised something by that day. The desk stops asking for it."),
    "task": _("It stays in Today until somebody says that it was done or is not needed."),
    "removal": _("A case is not closed over a removal. Say first what became of it."),
}

STATUS: Final[Mapping[Status, Promise]] = {
    Status.VERIFIED: _("Checked against its source, for others. Check whether it fits this office."),
    Status.SECONDARY: _("From a secondary source: check."),
    Status.UNCONFIRMED: _("Unconfirmed: check."),
}


def months(count: int) -> str:
    """`24 months`."""
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def ended(case: Case) -> str:
    """`Closed 3 May 2026: it was refused.`; without the outcome where an older desk closed it."""
    if case.closed_on is None:
        return str(_("Closed."))
    said = {"day": dates.plain(case.closed_on)}
    if not case.outcome:
        return str(_("Closed %(day)s.")) % said
    return str(_("Closed %(day)s: %(outcome)s.")) % {**said, "outcome": in_a_sentence(case.outcome)}


def in_a_sentence(outcome: str) -> str:
    """An outcome after a colon: `it was refused`."""
    text = str(OUTCOMES[outcome])
    return text[:1].lower() + text[1:]


def looked_at_again(case: Case, today: date) -> str:
    """When somebody asks whether a closed case must still be kept."""
    if case.review_on is None:
        return str(_("Nobody has said when to ask whether it must still be kept."))
    text = _("To be looked at again since %(day)s.") if case.review_on <= today else _("To be looked at again %(day)s.")
    return str(text) % {"day": dates.plain(case.review_on)}
