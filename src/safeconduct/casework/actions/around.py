"""Who is around a case, and what they are in it: people on record in their roles, and others who are only typed."""

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling
from safeconduct.people.facets import CaseHead, Concerns, Outside, Role
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.keys import Keyed, NotHeld, hold
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Opened, write_facet

from .. import policies
from ..faults import AlreadyAround, NobodyLeft, NoSuchRole
from ..models import Case
from .cases import index_case, lock

# In the order in which a case shows them.
ROLES: Final = tuple(Role)


def add_person(*, by: Actor, case: Case, head: Opened, person: PersonRecord, role: str) -> None:
    """Put somebody on record around a case; the team's index then leads from them to it. Their record stays as it is.

    Raises:
        Refused, NotHeld: policy. AlreadyAround, NoSuchRole. Changed: the case was changed in between.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person.subject))
    _require_known(role)
    content: CaseHead = head.content
    handle = person.subject.handle.hex
    if any(one.person == handle for one in content.concerns):
        raise AlreadyAround("They are around this case already. Change what they are in it instead.")
    joins = Concerns(person=handle, role=Role(role))
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        index.hold(case.team)
        if not Subject.objects.filter(pk=person.subject.pk).exists():
            raise NotHeld("There is no such record, or your teams do not hold it.")
        more = msgspec.structs.replace(content, concerns=(*content.concerns, joins))
        _save_head(by, case, keyed, more, head.revision)


def change_around(
    *,
    by: Actor,
    case: Case,
    head: Opened,
    concerns: Sequence[Concerns],
    outside: Sequence[Outside],
    read: int,
    why: Why = NOT_SAID,
) -> None:
    """Save what everybody is in a case over revision ``read`` of its head, who no longer is, and who is only typed.

    Args:
        concerns: those who stay, in the order to show them; the first is the one the case is listed under.

    Raises:
        Refused, NotHeld: policy. NobodyLeft, NoSuchRole.
        Changed: the case was changed in between.
        ValueError: somebody was not around it before; `add_person` does that.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    content: CaseHead = head.content
    if {one.person for one in concerns} - {one.person for one in content.concerns}:
        raise ValueError("nobody comes to a case by a change of who is around it")
    if not concerns and content.concerns:
        raise NobodyLeft("A case is about somebody: keep at least one person, or put another in first.")
    for role in [*(one.role for one in concerns), *(one.role for one in outside)]:
        _require_known(role)
    changed = msgspec.structs.replace(content, concerns=tuple(concerns), outside=tuple(outside))
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        _save_head(by, case, keyed, changed, read, why=why)


def _require_known(role: str) -> None:
    if role not in ROLES:
        raise NoSuchRole("Choose what they are in the case from the list.")


def _save_head(by: Actor, case: Case, keyed: Keyed, content: CaseHead, read: int, *, why: Why = NOT_SAID) -> None:
    written = write_facet(keyed, Envelope.Facet.HEAD, content, read=read, why=why)
    index_case(by, case, content)
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "head"})])
