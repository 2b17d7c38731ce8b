"""Words for mail: why a file is not taken in, what could not be read of one that is, how a message stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.post.models import Message
from safeconduct.post.reading.letter import Fault, Unread

UNREAD: Final[Mapping[str, Promise]] = {
    Unread.EMPTY: _("There is nothing in it."),
    Unread.NOT_MAIL: _("It is no mail. Save the message from your mail program as .eml or .msg, or a folder as mbox."),
    Unread.TOO_LARGE: _("It is larger than 20 MB. Keep what came with it one by one, as papers of the case."),
    Unread.TOO_MANY_PARTS: _("It has more parts than mail that people send has."),
    Unread.TOO_DEEP: _("It holds mail within mail, too deep to be followed. Open it and save the inner message."),
    Unread.HEADERS_TOO_LARGE: _("What stands before its text is longer than mail that people send has it."),
    Unread.UNREADABLE: _("It cannot be opened: see who may read the file."),
    Unread.DAMAGED: _("It is damaged or cut short. Save it again from your mail program."),
}

FAULTS: Final[Mapping[str, Promise]] = {
    Fault.NO_DATE: _("It does not say when it was sent: the day is the one on which it was put in the tray."),
    Fault.DAY_TO_COME: _("It says that it was sent on a day that has not come yet: it stands under today."),
    Fault.NO_SENDER: _("It does not say whom it is from."),
    Fault.NO_TEXT: _("There is no text in it that can be read."),
    Fault.ONLY_RTF: _(
        "Outlook kept its text as RTF alone, which the desk does not read. Open the original, or save it from Outlook"
        " as text and put that in."
    ),
    Fault.CHARSET: _("Some letters in it may be wrong: it names an alphabet it does not keep to."),
    Fault.STRUCTURE: _("It is put together wrongly. Compare it with the original if something seems missing."),
    Fault.CUT: _("It is very long: the end is not shown. It stands in the original."),
    Fault.ENCRYPTED: _("A part of it is encrypted, and only your mail program can open that."),
    Fault.NOT_KEPT: _("A file that came with it is of a kind the desk does not keep. It stands in the original."),
}

STATES: Final[Mapping[str, Promise]] = {
    Message.State.WAITING: _("in the tray"),
    Message.State.FILED: _("filed"),
    Message.State.ASIDE: _("set aside"),
}

DIRECTIONS: Final[Mapping[str, Promise]] = {
    Message.Direction.IN: _("Came in"),
    Message.Direction.OUT: _("From us"),
}

# What a message says, as whoever files it reads it; in groups, by what it means for the letter's clock.
LABELS: Final[Mapping[str, Promise]] = {
    "substantive": _("It answers what we asked"),
    "decided": _("A decision was made"),
    "not_served": _("A decision was made and not sent yet"),
    "review_right": _("It was refused; a review or an appeal is named"),
    "acknowledgement": _("They have our letter"),
    "holding": _("They will reply later"),
    "outside_standards": _("Complex, outside the normal standards"),
    "no_timeframe": _("In progress, no timeframe"),
    "awaiting_checks": _("They wait for checks"),
    "interview_to_come": _("An interview is still to come"),
    "policy_hold": _("On hold until a policy is settled"),
    "litigation": _("A court case is running"),
    "transferred": _("Passed to another unit"),
    "already_answered": _("Answered before, they say"),
    "consent_required": _("They ask for signed consent"),
    "awaiting_person": _("They wait for the person"),
    "wrong_recipient": _("Not for them to answer"),
    "not_a_constituent": _("Not a constituent, they say"),
    "wrong_person": _("It is about somebody else"),
}

LABEL_GROUPS: Final[tuple[tuple[Promise, tuple[str, ...]], ...]] = (
    (_("It answers"), ("substantive", "decided", "not_served", "review_right")),
    (
        _("It answers nothing yet"),
        (
            *("acknowledgement", "holding", "outside_standards", "no_timeframe", "awaiting_checks"),
            *("interview_to_come", "policy_hold", "litigation", "transferred", "already_answered"),
        ),
    ),
    (
        _("It asks something of us, or went astray"),
        ("consent_required", "awaiting_person", "wrong_recipient", "not_a_constituent", "wrong_person"),
    ),
)


def waiting(count: int) -> str:
    """`40 wait, the oldest first`."""
    return ngettext("%(count)d waits", "%(count)d wait, the oldest first", count) % {"count": count}


def lines(count: int) -> str:
    """`12 lines`."""
    return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}


def files(count: int) -> str:
    """`3 files`."""
    return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}


def several(count: int) -> str:
    """`3 cases may be meant`."""
    return ngettext("%(count)d case may be meant", "%(count)d cases may be meant", count) % {"count": count}


def promised(count: int) -> str:
    """`2 promises become due.`"""
    return ngettext("%(count)d promise becomes due.", "%(count)d promises become due.", count) % {"count": count}


def took(new: int, repeats: int) -> str:
    """`38 messages were put in the tray. 2 were here already.`"""
    said = []
    if new:
        said.append(
            ngettext("%(count)d message was put in the tray.", "%(count)d messages were put in the tray.", new)
            % {"count": new}
        )
    if repeats:
        said.append(
            ngettext("%(count)d was here already.", "%(count)d were here already.", repeats) % {"count": repeats}
        )
    return " ".join(said) or str(_("Nothing was taken in."))
