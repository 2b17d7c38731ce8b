"""A decision that came, in words: what it was, how it was served, and from which day a limit counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.decisions import Decision, Proposal, Reckoned, Served
from safeconduct.casework.models import ServedHow
from safeconduct.core.calendar.rules import Status

from . import dates

GROUPS: Final[tuple[tuple[Promise, Mapping[Decision, Promise]], ...]] = (
    (
        _("Asylum and human rights"),
        {
            Decision.ASYLUM_REFUSED: _("Asylum refused, with a right of appeal"),
            Decision.HUMAN_RIGHTS_REFUSED: _("Family or human rights refused, with a right of appeal"),
            Decision.CERTIFIED: _("Refused, and an appeal only from abroad"),
            Decision.SUBMISSIONS_REFUSED: _("Further submissions refused, no right of appeal"),
            Decision.ASYLUM_GRANTED: _("Asylum or protection granted"),
        },
    ),
    (
        _("Other applications"),
        {
            Decision.REVIEW_RIGHT: _("Refused, with administrative review"),
            Decision.REVIEW_KEPT: _("Administrative review kept the refusal"),
            Decision.EUSS_REFUSED: _("EU Settlement Scheme refused"),
            Decision.NO_RIGHT: _("Refused, with no appeal and no review"),
        },
    ),
    (
        _("Tribunals"),
        {
            Decision.FTT_DISMISSED: _("First-tier Tribunal dismissed the appeal"),
            Decision.FTT_PERMISSION_REFUSED: _("First-tier Tribunal refused permission to appeal"),
            Decision.UT_DISMISSED: _("Upper Tribunal dismissed the appeal"),
            Decision.UT_PERMISSION_REFUSED: _("Upper Tribunal refused permission to appeal"),
        },
    ),
    (
        _("Support and the home"),
        {
            Decision.SUPPORT_REFUSED: _("Asylum support refused"),
            Decision.SUPPORT_STOPPED: _("Asylum support stopped"),
            Decision.NOTICE_TO_QUIT: _("Notice to quit"),
        },
    ),
    (
        _("Trafficking"),
        {
            Decision.NRM_NEGATIVE: _("Negative reasonable grounds decision"),
            Decision.NRM_POSITIVE: _("Positive reasonable grounds decision"),
        },
    ),
    (
        _("Notices and detention"),
        {
            Decision.ONE_STOP_NOTICE: _("One-stop notice"),
            Decision.DEPORTATION_NOTICE: _("Notice of a deportation decision"),
            Decision.REMOVAL_NOTICE: _("Notice of removal"),
            Decision.BAIL_REFUSED: _("Bail refused"),
        },
    ),
    (
        _("Letters that ask for something"),
        {
            Decision.INTERVIEW_MISSED: _("An interview was missed: explain why"),
            Decision.QUESTIONNAIRE: _("Asylum questionnaire to send back"),
            Decision.CHILDS_FORM: _("Statement of evidence form of a child alone"),
        },
    ),
    (
        _("Complaints and information"),
        {
            Decision.COMPLAINT_ANSWERED: _("Final answer to a complaint"),
            Decision.FOI_ANSWERED: _("Freedom of information answer"),
            Decision.FOI_REVIEWED: _("Outcome of a freedom of information review"),
        },
    ),
)

DECISIONS: Final[Mapping[Decision, Promise]] = {code: text for _heading, rows in GROUPS for code, text in rows.items()}

HOW: Final[Mapping[str, Promise]] = {
    ServedHow.POST: _("By post"),
    ServedHow.EMAIL: _("By e-mail"),
    ServedHow.PORTAL: _("On an online account"),
    ServedHow.BY_HAND: _("By hand"),
    ServedHow.REPRESENTATIVE: _("To their representative"),
}

ABROAD: Final = "abroad"
OUTSIDE: Final = _("Outside the United Kingdom")

_RECKONED: Final[Mapping[Reckoned, Promise]] = {
    Reckoned.SENT: _("It counts from the day it was sent, %(day)s. When it came makes no difference."),
    Reckoned.AS_SAID: _("It counts from %(day)s, as you said."),
    Reckoned.SAME_DAY: _("Sent so that it arrives at once, so it counts from %(day)s."),
    Reckoned.DEEMED: _(
        "Nobody has said when it came. Posted, it counts as received on %(day)s unless proved otherwise. If it came"
        " earlier, the last day is earlier: say so above."
    ),
    Reckoned.DEEMED_EARLIER: _(
        "It counts as received on %(day)s, earlier than it came, unless proved otherwise: keep the envelope."
    ),
    Reckoned.EARLIEST: _(
        "Nobody has said when it came, so it counts from %(day)s, the earliest it can have come. Ask them, and say so"
        " above."
    ),
}
_HERE_ALREADY: Final = _(
    "Nobody has said when it came. Posted, it would count as received on %(deemed)s; it is here, so it counts from"
    " today at the latest. If it came earlier, the last day is earlier: say so above."
)
_COUNTS_AS_RECEIVED: Final = _("Posted, it counts as received on %(day)s. That changes nothing here.")

# Beside a limit whose rule is known, where it is not that it runs from such a decision.
NOT_SURE_IT_RUNS: Final = _("Nobody has checked that this is the limit for such a decision. Ask before you rely on it.")
DEEMED_UNCHECKED: Final = _("Nobody has checked that day of receipt against the law yet.")
NOTHING_FOUND: Final = _(
    "No time limit that the desk knows runs from this. There may be one all the same: read the letter, and ask."
)
LOOK_BELOW: Final = _("The time limits stand below the form. Nothing is logged yet.")
CHANGED: Final = _("You changed something, so the limits were counted again. Look at them, then log the decision.")


def choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The decisions to choose from, by subject."""
    for heading, rows in GROUPS:
        yield str(heading), [(code.value, str(text)) for code, text in rows.items()]


def reckoned(one: Proposal, today: date) -> list[str]:
    """From which day it counts and why that one; and when it counts as received, where that is known or doubtful."""
    deemed = one.deemed.last_day if one.deemed else None
    if one.reckoned is Reckoned.DEEMED and deemed is not None and deemed > today:
        said = [str(_HERE_ALREADY) % {"deemed": dates.full(deemed)}]
    else:
        said = [str(_RECKONED[one.reckoned]) % {"day": dates.full(one.on)}]
    if one.reckoned is Reckoned.SENT and deemed is not None:
        said.append(str(_COUNTS_AS_RECEIVED) % {"day": dates.full(deemed)})
    by_it = one.reckoned in (Reckoned.DEEMED, Reckoned.DEEMED_EARLIER)
    if by_it and one.deemed is not None and one.deemed.status is not Status.VERIFIED:
        said.append(str(DEEMED_UNCHECKED))
    return said


def noted(served: Served) -> str:
    """What came, how and when: the beginning of the sealed note."""
    parts = [str(DECISIONS[served.decision]), str(HOW[served.how])]
    if served.decided_on is not None:
        parts.append(str(_("decided %(day)s")) % {"day": dates.plain(served.decided_on)})
    if served.sent_on is not None:
        parts.append(str(_("sent %(day)s")) % {"day": dates.plain(served.sent_on)})
    if served.received_on is not None:
        parts.append(str(_("came %(day)s")) % {"day": dates.plain(served.received_on)})
    if served.detained:
        parts.append(str(_("in detention")))
    if served.abroad:
        parts.append(str(_("outside the United Kingdom")))
    return "; ".join(parts) + "."
