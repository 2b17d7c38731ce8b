"""Changing what a case shows of a person: the record and the heads of their cases, together or not at all."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import actions, journaling
from safeconduct.people.facets import CaseHead, Contact, Identity
from safeconduct.people.keys import Keyed
from safeconduct.people.models import Envelope
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Changed, write_facet

from ..queries import cases_of, open_heads_to_change

_TRIES: Final = 3

# A head to write: the case's key, the revision read, and what it says afterwards.
_Head = tuple[Keyed, int, CaseHead]


class _HeadMoved(Exception):
    """Somebody saved a case's head between its opening and this writing. Nothing was kept."""


def change_identity(*, by: Actor, record: PersonRecord, identity: Identity, read: int) -> None:
    """Save names and births over revision ``read``; the person's cases show the name that is now first.

    Raises:
        Refused, NotHeld: not theirs to change. NoName. Changed: somebody saved the record in between.
        JournalUnavailable: nothing was kept.
    """

    def save() -> None:
        actions.change_identity(
            by=by, person=record.subject, identity=identity, read=read, status=record.status.content
        )

    names = identity.names
    _save_with_heads(by, record, save, names[0].text if names else "", record.contact.content.safe_note)


def change_contact(*, by: Actor, record: PersonRecord, contact: Contact, read: int) -> None:
    """Save the ways to reach a person over revision ``read``; their cases show the note as it now is. Raises alike."""

    def save() -> None:
        actions.change_contact(by=by, person=record.subject, contact=contact, read=read)

    names = record.identity.content.names
    _save_with_heads(by, record, save, names[0].text if names else "", contact.safe_note)


def _save_with_heads(by: Actor, record: PersonRecord, save: Callable[[], None], shown: str, note: str) -> None:
    for _ in range(_TRIES):
        # Opened before the transaction: the entry that says so must be committed by itself.
        heads = _stale(by, record, shown, note)
        try:
            with transaction.atomic():
                save()
                _write(by, heads)
        except _HeadMoved:
            continue
        return
    raise Changed("One of this person's cases is being changed by somebody else at this moment. Save again.")


def _stale(by: Actor, record: PersonRecord, shown: str, note: str) -> list[_Head]:
    """The heads of the person's cases that show another name or note, as they will be."""
    person = record.subject.handle.hex
    out: list[_Head] = []
    for keyed, opened in open_heads_to_change(by=by, cases=cases_of(by, record.links.content.cases)):
        head: CaseHead = opened.content
        concerns = tuple(
            msgspec.structs.replace(one, shown_name=shown, safe_note=note) if one.person == person else one
            for one in head.concerns
        )
        if concerns != head.concerns:
            out.append((keyed, opened.revision, msgspec.structs.replace(head, concerns=concerns)))
    return out


def _write(by: Actor, heads: Sequence[_Head]) -> None:
    for keyed, read, head in heads:
        try:
            written = write_facet(keyed, Envelope.Facet.HEAD, head, read=read)
        except Changed:
            raise _HeadMoved from None
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, [written], {"facet": "head"})])
