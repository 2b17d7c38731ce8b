"""Writing down a team's own contacts, and saying that one was tried and is right."""

from collections.abc import Sequence

import msgspec
from django.db import IntegrityError, transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import facets, journaling
from safeconduct.people.actions.add import save_sealed
from safeconduct.people.facets import Reached
from safeconduct.people.keys import Keyed, hold, new_subject
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import NEVER_WRITTEN, Changed, new_envelope, write_facet

from .. import policies
from ..directory import DirectoryRecord, made
from ..faults import NoSuchContact, NoSuchRung
from ..models import Directory
from ..rungs import ladder


def save_directory(*, by: Actor, team: Team, contacts: Sequence[Reached], read: int) -> None:
    """Save a team's contacts over revision ``read``; the first time, `NEVER_WRITTEN`.

    Raises:
        Refused, NotHeld: policy. NoSuchRung. Changed: somebody saved in between. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.CHANGE_DIRECTORY, policies.of_team(team, by.organisation))
    if any(one.rung not in ladder() for one in contacts):
        raise NoSuchRung("Choose from the list what each contact is for.")
    content = facets.Directory(contacts=tuple(contacts))
    with transaction.atomic():
        keyed, written = _make(by, team, content) if read == NEVER_WRITTEN else _write(by, team, content, read)
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_DIRECTORY, written)])


def check_contact(*, by: Actor, record: DirectoryRecord, number: int) -> None:
    """Say that one contact (its place, from 0) was tried today and is right, by whoever says so.

    Raises:
        Refused, NotHeld: policy. NoSuchContact. Changed: the contacts were saved since ``record`` was opened.
    """
    if not 0 <= number < len(record.contacts):
        raise NoSuchContact("There is no such contact any more.")
    contacts = list(record.contacts)
    contacts[number] = msgspec.structs.replace(contacts[number], checked_on=today(), checked_by=by.member.name)
    save_directory(by=by, team=record.team, contacts=contacts, read=record.revision)


def _make(by: Actor, team: Team, content: facets.Directory) -> tuple[Keyed, list[Written]]:
    keyed, wrap = new_subject(by, team, Subject.Kind.DIRECTORY)
    row, written = new_envelope(keyed, Envelope.Facet.DIRECTORY, content)
    save_sealed([(keyed, wrap, [row])])
    try:
        with transaction.atomic():
            Directory.objects.create(team=team, subject=keyed.subject)
    except IntegrityError:
        raise Changed("Somebody else wrote down the first contact at this moment.") from None
    return keyed, [written, made(team, keyed.subject)]


def _write(by: Actor, team: Team, content: facets.Directory, read: int) -> tuple[Keyed, list[Written]]:
    keyed = hold(by, Directory.objects.select_related("subject").get(team=team).subject)
    return keyed, write_facet(keyed, Envelope.Facet.DIRECTORY, content, read=read)
