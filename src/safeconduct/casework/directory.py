"""A team's own contacts: read after the entry that says so, and how long ago each was checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.queries import latest_commitments
from safeconduct.people import facets, journaling
from safeconduct.people.facets import Reached
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import NEVER_WRITTEN, PutBack, open_facets

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
    _require_as_logged(team, row)
    if row is None:
        return DirectoryRecord(team, (), NEVER_WRITTEN)
    keyed = hold(by, row.subject)
    leave = journaling.opening(by, keyed, Entered.OPENED_DIRECTORY)
    name = Envelope.Facet.DIRECTORY
    opened = open_facets(leave, {row.subject_id: keyed}, [name])[row.subject_id][name]
    content: facets.Directory = opened.content
    return DirectoryRecord(team, content.contacts, opened.revision)


def made(team: Team, subject: Subject) -> Written:
    """What the log commits to when a team gets its directory: that it has one, and which record that is."""
    return Written(facts_handle("directory", team.handle), 1, facts_digest([subject.handle.hex]))


def _require_as_logged(team: Team, row: Directory | None) -> None:
    """Raises `PutBack` where the log knows of a directory that is not there, or leads to another record."""
    handle = facts_handle("directory", team.handle)
    known = latest_commitments([handle]).get(handle)
    said = made(team, row.subject) if row else None
    if known != ((said.revision, said.digest) if said else None):
        raise PutBack("the team's contacts are not those the log knows of; nothing was opened")


def how_checked(contact: Reached, *, today: date) -> Checked:
    """Whether somebody said that a contact is right, and lately."""
    if contact.checked_on is None:
        return Checked.NEVER
    return Checked.STALE if (today - contact.checked_on).days > STALE_AFTER else Checked.FRESH
