"""The cases of a team as a plain list, for a program that knows no cases. It leaves unsealed, so it holds little.

Not in it: nationality, births, addresses, telephones, notes, what anybody wrote. Who can read the file reads names and
references, and nothing of it can be taken back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Entry
from safeconduct.people import journaling
from safeconduct.people.concerned import open_concerned
from safeconduct.people.facets import CaseHead
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope
from safeconduct.people.records import open_facets

from .. import policies
from ..models import Case, Event
from ..schedule import standing
from .taking import AnotherNumber

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in the list. Open facts as codes; ``name`` is of whom it concerns first."""

    our_reference: str
    name: str
    kind: str
    state: str
    opened_on: date
    worker: str
    sent_on: date | None
    sent_to: str
    chased_on: date | None
    replied_on: date | None
    closed_on: date | None
    outcome: str


def count_cases(*, by: Actor, team: Team) -> int:
    """How many cases the list would have. Raises `Refused`."""
    policies.require(by, Act.EXPORT_OFFICE, policies.of_team(team, by.organisation))
    return Case.objects.filter(team=team, subject__waiting=False).count()


def list_cases(*, by: Actor, team: Team, cases: int) -> list[ListedCase]:
    """Every case of a team, newest first. ``cases``: how many there are, as somebody typed it.

    Raises:
        Refused: policy. AnotherNumber: nothing was recorded and nothing leaves.
        ReadingHalted, JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    there = count_cases(by=by, team=team)
    if cases != there:
        raise AnotherNumber(there)
    leave = journaling.exporting(by, team, count=max(1, there), detail={"case_list": there})
    found = Case.objects.filter(team=team, subject__waiting=False).order_by("-opened_on", "-pk")
    numbers = list(found.values_list("pk", flat=True))
    out: list[ListedCase] = []
    for start in range(0, len(numbers), _AT_ONCE):
        rows = Case.objects.filter(pk__in=numbers[start : start + _AT_ONCE]).order_by("-opened_on", "-pk")
        out += _listed(by, team, leave, list(rows.select_related("worker").prefetch_related("events", "enquiries")))
    return out


def _listed(by: Actor, team: Team, leave: Entry, cases: Sequence[Case]) -> list[ListedCase]:
    policies.require_now(by, Act.EXPORT_OFFICE, policies.of_team(team, by.organisation))
    keyed = held(by, [case.subject_id for case in cases])
    journaling.leaving(by, leave, keyed.values())
    heads: Mapping[int, CaseHead] = {
        number: opened[Envelope.Facet.HEAD].content
        for number, opened in open_facets(leave, keyed, [Envelope.Facet.HEAD]).items()
    }
    here = [case for case in cases if case.subject_id in heads]
    everybody = open_concerned(by=by, heads=[heads[case.subject_id] for case in here], under={team: leave})
    return [
        _row(case, heads[case.subject_id], next((one.name for one in people if one.name), ""))
        for case, people in zip(here, everybody, strict=True)
    ]


def _row(case: Case, head: CaseHead, name: str) -> ListedCase:
    events = standing(case.events.all())
    first = min(case.enquiries.all(), key=lambda one: one.pk, default=None)
    about = head.enquiries.get(first.handle.hex) if first else None
    return ListedCase(
        our_reference=head.our_reference,
        name=name,
        kind=case.kind,
        state=case.state,
        opened_on=case.opened_on,
        worker=case.worker.name if case.worker else "",
        sent_on=_day(events, min, Event.Kind.SENT),
        sent_to=about.sent_to if about else "",
        chased_on=_day(events, max, Event.Kind.CHASED),
        replied_on=_day(events, max, Event.Kind.HOLDING_REPLY, Event.Kind.ANSWERED, Event.Kind.DECIDED),
        closed_on=case.closed_on,
        outcome=case.outcome or "",
    )


def _day(events: Sequence[Event], which: Callable[[list[date]], date], *kinds: str) -> date | None:
    days = [event.on for event in events if event.kind in kinds]
    return which(days) if days else None
