"""Words for a removal: what is asked, what is at hand, whom to turn to, how far a contact may be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.directory import Checked, how_checked
from safeconduct.casework.models import Event
from safeconduct.casework.removals import Hand
from safeconduct.casework.rungs import Rung
from safeconduct.core.calendar.rows import Status
from safeconduct.people.facets import Reached

from . import dates

# Each is asked by itself: who agrees to one has not agreed to another.
CONSENTS: Final[Mapping[str, Promise]] = {
    "home_office": _("We write to the Home Office for them"),
    "solicitor": _("We speak to their solicitor"),
    "family": _("We speak to their family or friends"),
    "medical": _("We ask for medical records, or speak to a doctor"),
    "publicity": _("We speak to the press or in public"),
}
ANSWERS: Final[Mapping[str, Promise]] = {
    "": _("Not asked"),
    "yes": _("Yes"),
    "no": _("No"),
}
AT_HAND: Final[Mapping[Hand, Promise]] = {
    Hand.CONSENTS: _("Consents"),
    Hand.AUTHORITY: _("Signed authority"),
    Hand.SOLICITOR: _("Solicitor"),
    Hand.MEDICAL: _("Health"),
    Hand.CHILDREN: _("Children"),
    Hand.DOCUMENTS: _("Documents"),
}
LACKS: Final[Mapping[str, Promise]] = {
    "not_named": _("Nobody is named."),
    "not_reached": _("Not reached yet."),
}
NOT_THERE: Final[Mapping[Hand, Promise]] = {
    Hand.AUTHORITY: _("No signed authority that was seen is in force."),
    Hand.MEDICAL: _("Nothing written down. Is anybody ill, pregnant, at risk of harm? Is there a letter?"),
    Hand.CHILDREN: _("Nothing written down. Are there children, and who is with them?"),
    Hand.DOCUMENTS: _("Nothing written down. What is there, who has it: the refusal, the directions, the passport?"),
}
# What became of a removal, as it is chosen; in the timeline it stands as `words.events.KINDS` has it.
ENDINGS: Final[Mapping[str, Promise]] = {
    Event.Kind.REMOVAL_CALLED_OFF: _("Called off by the Home Office"),
    Event.Kind.REMOVAL_STOPPED: _("Stopped by a court"),
    Event.Kind.REMOVAL_FAILED: _("It did not happen: the flight, the airline, the escort, another reason"),
    Event.Kind.REMOVED: _("They were removed"),
}
# How sure anybody is of a published contact. Nothing here lets an unconfirmed one pass for settled.
STATUS: Final[Mapping[Status, Promise]] = {
    Status.VERIFIED: _("Seen published"),
    Status.SECONDARY: _("Seen in another source only: check it before you rely on it"),
    Status.UNCONFIRMED: _("Unconfirmed: check it before you rely on it"),
}
OTHER_RUNG: Final = _("Somebody else")


def published(rung: Rung) -> str:
    """What is known of a rung's contact, and since when: never more than its status says."""
    said = {"status": STATUS[rung.status], "day": dates.plain(rung.checked_on)}
    if rung.phone or rung.email:
        return str(_("%(status)s. Looked at on %(day)s.")) % said
    return str(_("No contact was seen published, as of %(day)s. Keep your own in the team's contacts.")) % said


def checked(contact: Reached, today: date) -> str:
    """`Checked 3 November 2026 by Sian W., 19 days ago.`, and a warning where that is long ago or was never."""
    how = how_checked(contact, today=today)
    if how is Checked.NEVER or contact.checked_on is None:
        return str(_("Nobody has said that this is right. Try it, then say so."))
    said = {
        "day": dates.plain(contact.checked_on),
        "member": contact.checked_by,
        "ago": dates.ago(contact.checked_on, today),
    }
    by = _("Checked %(day)s by %(member)s, %(ago)s.") if contact.checked_by else _("Checked %(day)s, %(ago)s.")
    text = str(by) % said
    if how is Checked.STALE:
        return f"{text} {_('That is long ago: it may have changed.')}"
    return text
