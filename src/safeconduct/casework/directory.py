"""A team's own contacts: read after the entry that says so, and how long ago each was checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.people import facets, journaling
from safeconduct.people.facets import Reached
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import NEVER_WRITTEN, open_facets

from . import policies
from .models import Directory

# A number that nobody tried for so long may have changed: calendar days.
STALE_AFTER: Final = 90


class Checked(StrEnum):
    """How far a contact may be relied on."""

    NEVER = "never"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class DirectoryRecord:
    """A team's contacts, opened, with the revision to name when saving; `NEVER_WRITTEN` where there are none yet."""

    team: Team
    contacts: Sequence[Reached]
    revision: int

    def under(self, rung: str) -> list[Reached]:
        """The contacts kept for a rung, in the order to try them."""
        return [one for one in self.contacts if one.rung == rung]


def open_directory(*, by: Actor, team: Team) -> DirectoryRecord:
    """A team's contacts.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    policies.require(by, Act.OPEN_DIRECTORY, policies.of_team(team, by.organisation))
    row = Directory.objects.select_related("subject").filter(team=team).first()
    if row is None:
        return DirectoryRecord(team, (), NEVER_WRITTEN)
    keyed = hold(by, row.subject)
    leave = journaling.opening(by, keyed, Entered.OPENED_DIRECTORY)
    name = Envelope.Facet.DIRECTORY
    opened = open_facets(leave, {row.subject_id: keyed}, [name])[row.subject_id][name]
    content: facets.Directory = opened.content
    return DirectoryRecord(team, content.contacts, opened.revision)


def how_checked(contact: Reached, *, today: date) -> Checked:
    """Whether somebody said that a contact is right, and lately."""
    if contact.checked_on is None:
        return Checked.NEVER
    return Checked.STALE if (today - contact.checked_on).days > STALE_AFTER else Checked.FRESH
