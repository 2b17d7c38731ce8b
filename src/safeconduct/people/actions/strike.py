"""Striking a step of a history: something that should never have been written down is taken out of it for good."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes

from .. import journaling, opening, policies
from ..facets import HistoryStep
from ..history import item_of
from ..keys import NotHeld, hold
from ..models import Subject
from ..records import rewrite_step


def strike_step(*, by: Actor, subject: Subject, item: UUID, why: str) -> None:
    """Delete what one step says it was before, and the words given with that change.

    What remains: that this part was changed, when, by whom and for which kind of reason; who struck it, when and why.
    Copies of the data folder made earlier keep what was struck until they expire.

    Raises:
        Refused, NotHeld: not theirs to strike, or no such step. Changed: somebody struck it in between.
    """
    policies.require(by, Act.STRIKE_HISTORY, policies.of_subject(by, subject))
    keyed = hold(by, subject)
    _, steps = opening.open_history(by=by, subject=subject)
    found = next((one for one in steps if item_of(keyed, one.content.facet, one.content.revision) == item), None)
    if found is None or found.content.struck_at is not None:
        raise NotHeld("There is no such step, or it was struck already.")
    step: HistoryStep = msgspec.structs.replace(
        found.content, before=b"", said="", struck_by=by.member.handle.hex, struck_at=datetime.now(UTC), struck_why=why
    )
    _, entered = opening.CHANGE[Subject.Kind(subject.kind)]
    with transaction.atomic():
        written = rewrite_step(keyed, step, read=found.revision)
        record_writes([journaling.wrote(by, keyed, entered, [written], {"struck": item.hex})])
