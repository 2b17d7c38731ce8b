"""Adding a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal import bulk
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from .. import index, journaling, policies, tokens
from ..facets import Contact, Facet, Identity, Links, Status
from ..keys import Keyed, new_subject
from ..models import Envelope, Subject, Wrap
from ..records import new_envelope


class NoName(Exception):
    """A person needs at least one name, nickname or mark to be found by."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person's rows, sealed and not yet saved: an import makes many before it saves any."""

    keyed: Keyed
    wrap: Wrap
    envelopes: Sequence[Envelope]
    entry: tuple[Entry, Sequence[Written]]
    identity: Identity
    status: Status

    @property
    def tokens(self) -> frozenset[int]:
        """By what the person is found: worked out when it is asked for, which an import does at its end alone."""
        return tokens.of_person(self.identity, self.status)

    @property
    def kept(self) -> bytes:
        """What the index keeps of the person."""
        return tokens.kept(self.identity)


def seal_person(
    *,
    by: Actor,
    team: Team,
    identity: Identity,
    contact: Contact,
    status: Status,
    links: Links,
    handle: UUID | None = None,
    batch: UUID | None = None,
) -> NewPerson:
    """Seal a new person for ``team``; ``batch``: for an import, and waiting until it is done. Raises `NoName`."""
    if not any(name.text.strip() for name in identity.names):
        raise NoName("Write at least one name, as the person gives it. A nickname or a description will do.")
    keyed, wrap = new_subject(by, team, Subject.Kind.PERSON, handle=handle, batch=batch)
    contents: list[tuple[str, Facet]] = [
        (Envelope.Facet.IDENTITY, identity),
        (Envelope.Facet.CONTACT, contact),
        (Envelope.Facet.STATUS, status),
        (Envelope.Facet.LINKS, links),
    ]
    made = [new_envelope(keyed, facet, content) for facet, content in contents]
    entry = journaling.wrote(by, keyed, Entered.ADDED_PERSON, [written for _, written in made])
    return NewPerson(keyed, wrap, [row for row, _ in made], entry, identity, status)


def save_sealed(new: Sequence[tuple[Keyed, Wrap, Sequence[Envelope]]]) -> None:
    """Insert subjects with their wraps and envelopes, inside the caller's transaction."""
    bulk.insert([keyed.subject for keyed, _, _ in new])
    bulk.insert([wrap for _, wrap, _ in new])
    bulk.insert([row for _, _, envelopes in new for row in envelopes])


def add_person(
    *, by: Actor, team: Team, identity: Identity, contact: Contact | None = None, status: Status | None = None
) -> Subject:
    """Add a person to a team's records.

    Raises:
        Refused: policy. NoName: nothing to call them by. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(team, by.organisation))
    new = seal_person(
        by=by, team=team, identity=identity, contact=contact or Contact(), status=status or Status(), links=Links()
    )
    with transaction.atomic():
        save_sealed([(new.keyed, new.wrap, new.envelopes)])
        record_writes([new.entry])
        number = new.keyed.subject.pk
        index.add(by, team, Delta(add={number: new.tokens}, kept={number: new.kept}))
    return new.keyed.subject
