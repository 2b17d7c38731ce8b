"""Writing to a record what somebody said and it does not have yet. Nothing that stands there is changed."""

from dataclasses import dataclass, field

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.names.references import Kind, normal

from ..facets import Contact, Identity, Referenced, Status
from ..queries import PersonRecord
from .change import change_contact, change_identity, change_status


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What somebody said of themselves, as it would stand on a record of their own."""

    identity: Identity
    contact: Contact = field(default_factory=Contact)
    status: Status = field(default_factory=Status)


def complete_person(*, by: Actor, record: PersonRecord, said: Said) -> None:
    """Add names, births, ways to reach them and references that a record lacks, after those it has.

    A note on safe contact is put under the one that stands: which of the two still holds only the person can say.

    Raises:
        Refused, NotHeld: not theirs to change. Changed: somebody saved in between. Nothing was added then.
    """
    identity, contact, status = _identity(record, said), _contact(record, said), _status(record, said)
    with transaction.atomic():
        if identity != record.identity.content:
            change_identity(
                by=by,
                person=record.subject,
                identity=identity,
                read=record.identity.revision,
                status=record.status.content,
            )
        if status != record.status.content:
            change_status(by=by, person=record.subject, status=status, read=record.status.revision, identity=identity)
        if contact != record.contact.content:
            change_contact(by=by, person=record.subject, contact=contact, read=record.contact.revision)


def _identity(record: PersonRecord, said: Said) -> Identity:
    stands: Identity = record.identity.content
    known = {one.text.casefold() for one in stands.names}
    # The name to show stays the one on record: what was typed now may be a slip.
    names = [
        msgspec.structs.replace(one, by_person=False) for one in said.identity.names if one.text.casefold() not in known
    ]
    dates = {(one.year, one.month, one.day) for one in stands.births}
    births = [one for one in said.identity.births if (one.year, one.month, one.day) not in dates]
    return msgspec.structs.replace(stands, names=(*stands.names, *names), births=(*stands.births, *births))


def _contact(record: PersonRecord, said: Said) -> Contact:
    stands: Contact = record.contact.content
    known = {(one.kind, "".join(one.value.split()).casefold()) for one in stands.ways}
    ways = [one for one in said.contact.ways if (one.kind, "".join(one.value.split()).casefold()) not in known]
    notes = [stands.safe_note.strip(), said.contact.safe_note.strip()]
    note = stands.safe_note if notes[1] in notes[0] else "\n".join(one for one in notes if one)
    return msgspec.structs.replace(stands, ways=(*stands.ways, *ways), safe_note=note)


def _status(record: PersonRecord, said: Said) -> Status:
    stands: Status = record.status.content
    known = {_normal(one) for one in stands.references}
    references = [one for one in said.status.references if _normal(one) not in known]
    return msgspec.structs.replace(stands, references=(*stands.references, *references))


def _normal(one: Referenced) -> str:
    return normal(Kind(one.kind), one.value)
