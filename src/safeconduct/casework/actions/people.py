"""Changing what a case shows of a person: the record and the heads of their cases, together or not at all."""

from collections.abc import Callable, Sequence
from typing import Final

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.people import actions
from safeconduct.people.facets import Contact, Identity
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Changed

from ..queries import cases_of, open_heads_to_change
from . import heads

_TRIES: Final = 3


class _HeadMoved(Exception):
    """Somebody saved a case's head between its opening and this writing. Nothing was kept."""


def change_identity(*, by: Actor, record: PersonRecord, identity: Identity, read: int, why: Why = NOT_SAID) -> None:
    """Save names and births over revision ``read``; the person's cases show the name that is now first.

    Raises:
        Refused, NotHeld: not theirs to change. NoName. Changed: somebody saved the record in between.
        JournalUnavailable: nothing was kept.
    """

    def save() -> None:
        actions.change_identity(
            by=by, person=record.subject, identity=identity, read=read, status=record.status.content, why=why
        )

    names = identity.names
    _save_with_heads(by, record, save, names[0].text if names else "", record.contact.content.safe_note)


def change_contact(*, by: Actor, record: PersonRecord, contact: Contact, read: int, why: Why = NOT_SAID) -> None:
    """Save the ways to reach a person over revision ``read``; their cases show the note as it now is. Raises alike."""

    def save() -> None:
        actions.change_contact(by=by, person=record.subject, contact=contact, read=read, why=why)

    names = record.identity.content.names
    _save_with_heads(by, record, save, names[0].text if names else "", contact.safe_note)


def _save_with_heads(by: Actor, record: PersonRecord, save: Callable[[], None], shown: str, note: str) -> None:
    for _ in range(_TRIES):
        # Opened before the transaction: the entry that says so must be committed by itself.
        opened = open_heads_to_change(by=by, cases=cases_of(by, record.links.content.cases))
        stale = heads.stale(opened, {record.subject.handle.hex: (shown, note)})
        try:
            with transaction.atomic():
                save()
                _write(by, stale)
        except _HeadMoved:
            continue
        return
    raise Changed("One of this person's cases is being changed by somebody else at this moment. Save again.")


def _write(by: Actor, stale: Sequence[heads.Head]) -> None:
    try:
        heads.write(by, stale)
    except Changed:
        raise _HeadMoved from None
