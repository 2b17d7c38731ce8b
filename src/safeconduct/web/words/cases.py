"""Cases, enquiries and what is due about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.agenda.models import Topic
from safeconduct.casework.clocks import Why
from safeconduct.casework.models import Case, Enquiry
from safeconduct.core.calendar.rules import Kind

Route = Enquiry.Route

TOPICS: Final[Mapping[str, Promise]] = {
    Topic.ASYLUM: _("Asylum"),
    Topic.FAMILY: _("Family"),
    Topic.SETTLEMENT_CITIZENSHIP: _("Settlement and citizenship"),
    Topic.VISIT_WORK_STUDY: _("Visit, work or study"),
    Topic.PASSPORT_TRAVEL: _("Passport and travel document"),
    Topic.SUPPORT_ACCOMMODATION: _("Support and accommodation"),
    Topic.DETENTION_REMOVAL: _("Detention and removal"),
    Topic.REPORTING: _("Reporting"),
    Topic.STATUS_DOCUMENTS: _("Proof of status"),
    Topic.OTHER: _("Something else"),
}

STATES: Final[Mapping[str, Promise]] = {Case.State.OPEN: _("Open"), Case.State.CLOSED: _("Closed")}

ROUTES: Final[Mapping[str, Promise]] = {
    Route.HO_MP: _("Home Office, MPs' enquiries"),
    Route.HO_MP_URGENT: _("Home Office, MPs' urgent enquiries"),
    Route.HO_MINISTER: _("Home Office minister"),
    Route.HMPO_HOTLINE: _("Passport Office, MPs' hotline"),
    Route.MIGRANT_HELP: _("Migrant Help"),
    Route.FOI: _("Freedom of information request"),
    Route.SAR: _("Subject access request"),
    Route.COMPLAINT: _("Complaint to UK Visas and Immigration"),
    Route.OTHER: _("Somewhere else"),
}

# What a standard is about, after "95% of"; a route that is not here has none.
STANDARD_OF: Final[Mapping[str, Promise]] = {
    "ho.mp.written": _("MPs' letters"),
    "foi": _("freedom of information requests"),
    "sar": _("subject access requests"),
    "ukvi.complaint.stage1": _("complaints"),
}

# What a row asks for. Short: it is the first word read.
VERBS: Final[Mapping[Why, Promise]] = {
    Why.LETTER_TO_SEND: _("Write"),
    Why.CONSENT_ASKED: _("Answer"),
    Why.SENT_TO_WRONG_PERSON: _("Send on"),
    Why.ABOUT_SOMEBODY_ELSE: _("Report"),
    Why.REPLY_NOT_DESCRIBED: _("Read the reply"),
    Why.PERSON_AWAITED: _("Ask them"),
    Why.CONSTITUENCY_DOUBTED: _("Answer"),
    Why.SAID_ANSWERED: _("Look for it"),
    Why.CLARIFICATION_ASKED: _("Answer"),
    Why.PAUSED_FOR_US: _("Answer"),
    Why.PAUSED: _("Look at it again"),
    Why.STANDARD_ENDS: _("Chase"),
    Why.CHASED_SINCE: _("Chase"),
    Why.OFFICE_FOLLOW_UP: _("Follow up"),
    Why.PERSON_TO_TELL: _("Tell them"),
}
# Said of a limit of the law. The first takes no side about it: most offices give no regulated advice.
CHECK: Final = _("Check with the solicitor")
ACT: Final = _("Act")
PLAN: Final = _("Plan ahead")
AWAIT: Final = _("Reply due")

CLOCK_TITLES: Final[Mapping[Why, Promise]] = {
    Why.LETTER_TO_SEND: _("Letter to send"),
    Why.CONSENT_ASKED: _("They wait for us"),
    Why.SENT_TO_WRONG_PERSON: _("To send on"),
    Why.ABOUT_SOMEBODY_ELSE: _("To report"),
    Why.REPLY_NOT_DESCRIBED: _("A reply to read"),
    Why.PERSON_AWAITED: _("They wait for the person"),
    Why.CONSTITUENCY_DOUBTED: _("They wait for us"),
    Why.SAID_ANSWERED: _("An answer to look for"),
    Why.CLARIFICATION_ASKED: _("They wait for us"),
    Why.PAUSED_FOR_US: _("They wait for us"),
    Why.PAUSED: _("Look at it again"),
    Why.STANDARD_ENDS: _("Reply due"),
    Why.CHASED_SINCE: _("Reply due"),
    Why.OFFICE_FOLLOW_UP: _("Follow up"),
    Why.PERSON_TO_TELL: _("Answered"),
}

# The link that leads to logging it.
PROPOSED: Final[Mapping[Why, Promise]] = {
    Why.LETTER_TO_SEND: _("Write, and log the letter as sent"),
    Why.CONSENT_ASKED: _("Send what they asked for, and log it as sent"),
    Why.SENT_TO_WRONG_PERSON: _("Send it where it belongs, and log it as sent"),
    Why.ABOUT_SOMEBODY_ELSE: _("Tell them of the mistake, and log that as sent"),
    Why.REPLY_NOT_DESCRIBED: _("Log what the reply says"),
    Why.PERSON_AWAITED: _("Send what they wait for from the person, and log it as sent"),
    Why.CONSTITUENCY_DOUBTED: _("Show that they live here, and log it as sent"),
    Why.SAID_ANSWERED: _("Look for their answer, and log it; or say that none came, and log that as sent"),
    Why.CLARIFICATION_ASKED: _("Answer their question, and log it as clarified"),
    Why.PAUSED_FOR_US: _("Send what they wait for, and log it as sent"),
    Why.PAUSED: _("Ask how it stands, and log it"),
    Why.STANDARD_ENDS: _("Log their reply"),
    Why.CHASED_SINCE: _("Chase, and log it"),
    Why.OFFICE_FOLLOW_UP: _("Follow up, and log it"),
    Why.PERSON_TO_TELL: _("Tell the person, and log it"),
}

OFFICES_OWN: Final = _("No standard is published for this route. This is your office's own day: nothing is late by it.")
HELD: Final = _("Only a holding reply so far")
ACKNOWLEDGED: Final = _("Acknowledged, not answered")


def past_standard(days: int) -> str:
    """`11 working days past the standard`."""
    return ngettext("%(days)d working day past the standard", "%(days)d working days past the standard", days) % {
        "days": days
    }


def chases(count: int) -> str:
    """Which chase comes next: `First chase`, or `Chased twice`."""
    if count == 0:
        return str(_("First chase"))
    if count == 1:
        return str(_("Chased once"))
    if count == 2:
        return str(_("Chased twice"))
    return str(_("Chased %(count)d times")) % {"count": count}


def whose_turn(kind: Kind, *, advises: bool) -> str:
    """The verb of a limit of the law: whom to turn to, or to act where whoever works here may advise."""
    if kind is not Kind.ACT:
        return str(PLAN)
    return str(ACT if advises else CHECK)
