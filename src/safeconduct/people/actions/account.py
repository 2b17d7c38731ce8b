"""Writing down what a person told."""

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered

from .. import history, journaling, policies
from ..facets import Account, Narrative
from ..keys import NotHeld, hold
from ..models import Envelope, Subject
from ..records import Opened, write_facet


def add_narrative(*, by: Actor, person: Subject, account: Opened, narrative: Narrative) -> None:
    """Keep something further they told, beside what ``account`` says as it was opened.

    Raises:
        Refused, NotHeld: not theirs to change. Changed: somebody saved in between. JournalUnavailable.
    """
    before: Account = account.content
    named = msgspec.structs.replace(narrative, handle=new_handle().hex)
    _save(by, person, account, Account(narratives=(*before.narratives, named)), history.NOT_SAID)


def change_narrative(
    *, by: Actor, person: Subject, account: Opened, narrative: Narrative, why: history.Why = history.NOT_SAID
) -> None:
    """Save one of them as it now reads; what it said before stays in the history. Raises as `add_narrative`."""
    before: Account = account.content
    if narrative.handle not in {one.handle for one in before.narratives}:
        raise NotHeld("There is no such account, or it was taken out.")
    changed = tuple(narrative if one.handle == narrative.handle else one for one in before.narratives)
    _save(by, person, account, Account(narratives=changed), why)


def take_out_narrative(*, by: Actor, person: Subject, account: Opened, handle: str, why: history.Why) -> None:
    """Take one out of the record; the history keeps it until it is struck there. Raises as `add_narrative`."""
    before: Account = account.content
    left = tuple(one for one in before.narratives if one.handle != handle)
    if len(left) == len(before.narratives):
        raise NotHeld("There is no such account, or it was taken out.")
    _save(by, person, account, Account(narratives=left), why)


def _save(by: Actor, person: Subject, account: Opened, content: Account, why: history.Why) -> None:
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person))
    keyed = hold(by, person)
    with transaction.atomic():
        written = write_facet(keyed, Envelope.Facet.ACCOUNT, content, read=account.revision, why=why)
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_PERSON, written, {"facet": "account"})])
