"""People who were seen in a row: each on a case that is here, or on one that is opened for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.people.actions.complete import Said
from safeconduct.people.facets import CaseEntry, CaseHead, Intake, Needs
from safeconduct.people.queries import PersonRecord

from ..models import Case, Event
from .events import log_event
from .intake import set_intake
from .sitting import Matter, Promise, begin, promise


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Seen:
    """What was said when somebody was seen on a day, and what was promised."""

    on: date
    note: str = ""
    promises: Sequence[Promise] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settled:
    """A case's intake as it is to stand, over the revision of the head that was read."""

    head: CaseHead
    read: int
    intake: Intake


def see(*, by: Actor, case: Case, seen: Seen, settled: Settled | None = None) -> Event:
    """Log on a case that the person was seen, with what was settled and promised.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet, AlreadyOver, Changed: nothing of it is there then.
    """
    with transaction.atomic():
        event = log_event(
            by=by, case=case, enquiry=None, kind=Event.Kind.SEEN, on=seen.on, entry=CaseEntry(note=seen.note)
        )
        if settled is not None and settled.intake != settled.head.intake:
            set_intake(by=by, case=case, head=settled.head, read=settled.read, intake=settled.intake)
        promise(by=by, case=case, on=seen.on, promises=seen.promises)
    return event


def see_on_new_case(
    *, by: Actor, team: Team, who: Said | tuple[PersonRecord, Said], needs: Needs, matter: Matter, seen: Seen
) -> Case:
    """Open a case for whoever was seen, and log it there. Raises as `begin` and `see` do: nothing is there then."""
    with transaction.atomic():
        case = begin(by=by, team=team, who=who, needs=needs, matter=matter)
        see(by=by, case=case, seen=seen)
    return case
