"""What is done about a reply that is about somebody else: each step, and why, as UK data protection practice has it.

The office is who received it. The breach is the sender's: it is for them to tell the Information Commissioner where
that is due (within 72 hours of knowing, UK GDPR article 33) and the person it is about (article 34). What the office
owes is to read no further, to tell the sender soon, and to keep no copy for longer than it must.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.post.models import Incident

Kind = Incident.Kind

KINDS: Final[Mapping[str, Promise]] = {
    Kind.ABOUT_SOMEBODY_ELSE: _("A reply about somebody else came to us"),
    Kind.SENT_TO_SOMEBODY_ELSE: _("What is about our person went to somebody else"),
}

STEPS: Final[Mapping[str, Promise]] = {
    "set_apart": _("Set it apart"),
    "tell_lead": _("Tell the lead of your team"),
    "tell_sender": _("Tell the sender"),
    "destroy_copies": _("Destroy the copies"),
    "ask_for_ours": _("Ask for the reply that is ours"),
    "tell_person": _("Tell the person"),
    "consider_complaint": _("Decide about a complaint"),
}

HOW: Final[Mapping[str, Promise]] = {
    "set_apart": _(
        "Read no further than it takes to see that it is not ours. Do not file it, forward it, print it or act on it."
        " In the desk it is no longer in the tray, and who opens it stands in the log."
    ),
    "tell_lead": _(
        "And whoever looks after data protection in your office. Say that it happened and where it came from; what"
        " stands in it need not be repeated."
    ),
    "tell_sender": _(
        "Today, or the next working day. Write a new mail with their reference and the day it came, and nothing of"
        " what it says; do not reply to all and do not send it back before they ask for it. The breach is theirs: they"
        " decide whether the Information Commissioner must be told, within 72 hours of knowing of it, and whether the"
        " person it is about must be. Ask what they want done with it, and for an answer in writing."
    ),
    "destroy_copies": _(
        "Once they have answered, or where they do not answer soon: in the mailbox, among deleted mail, in downloads,"
        " on phones, on paper. In the desk a second member confirms that the message is erased. What stays is that it"
        " happened, and when each step was done."
    ),
    "ask_for_ours": _(
        "Your own letter is not answered by this, and its clock runs on. Ask where its reply went: it may have gone to"
        " somebody else in the same way."
    ),
    "tell_person": _(
        "If what is about the person you help may have been seen by others, they should hear it from you, in the way"
        " that is safe for them, with what it may mean and what the sender is doing about it."
    ),
    "consider_complaint": _(
        "A complaint about how personal data were handled goes to the sender first, and to the Information"
        " Commissioner if that does not settle it. Ask the person before you complain in their name. Write down on the"
        " case what was decided."
    ),
}

# To somebody else went what is about our person: other steps come first, and nothing of it lies with us.
HOW_SENT: Final[Mapping[str, Promise]] = {
    "tell_lead": _("And whoever looks after data protection in your office: it is about somebody you help."),
    "tell_sender": _(
        "Say that it went to the wrong place, and ask who has it, what was in it and what they are doing. The breach is"
        " theirs: they decide whether the Information Commissioner must be told, within 72 hours of knowing of it. Ask"
        " for an answer in writing."
    ),
}


def how(kind: str, step: str) -> str:
    """What a step means, in plain words."""
    if kind == Kind.SENT_TO_SOMEBODY_ELSE and step in HOW_SENT:
        return str(HOW_SENT[step])
    return str(HOW[step])
