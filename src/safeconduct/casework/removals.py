"""What is at hand for a night's work to stop a removal, and what is not. It is told, and never stands in the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.core.calendar.days import BeyondCalendar, Nation
from safeconduct.core.calendar.limits import Limit, NoLimit, NoSecondClock, compute
from safeconduct.core.calendar.rules import NotInForce, get
from safeconduct.people.facets import CaseHead, Consent, Outside, Role, Told, Urgent

from .intake import in_force
from .models import Case
from .queries import visible

# What a person is asked to agree to, one by one: each is another's to be told.
CONSENTS: Final = ("home_office", "solicitor", "family", "medical", "publicity")
_NOTICE: Final = "detained.removal"


class Hand(StrEnum):
    """What should be at hand."""

    CONSENTS = "consents"
    AUTHORITY = "authority"
    SOLICITOR = "solicitor"
    MEDICAL = "medical"
    CHILDREN = "children"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class AtHand:
    """One thing of the checklist: whether it is there, what is written of it, and codes of what is missing."""

    what: Hand
    there: bool
    said: str = ""
    lacks: tuple[str, ...] = ()


def urgent_cases(by: Actor) -> QuerySet[Case]:
    """Open cases of the actor's teams on which a removal stands, the soonest first."""
    rows = visible(by).filter(state=Case.State.OPEN, removal_on__isnull=False)
    return rows.select_related("subject", "team", "worker").order_by("removal_on", "id")


def consents_of(urgent: Urgent) -> dict[str, Consent]:
    """Every consent that is asked for, with the answer so far."""
    said = {one.to: one for one in urgent.consents}
    return {to: said.get(to, Consent(to=to)) for to in CONSENTS}


def answered(urgent: Urgent, answers: Mapping[str, str], *, today: date) -> tuple[Consent, ...]:
    """The consents as they were answered: the day stays where the answer did. What was never asked is left out."""
    before = consents_of(urgent)
    out = []
    for to in CONSENTS:
        answer, was = answers.get(to, ""), before[to]
        if answer:
            out.append(was if was.answer == answer else Consent(to=to, answer=answer, on=today))
    return tuple(out)


def solicitor_of(outside: Sequence[Outside]) -> Outside | None:
    """The first who acts as their solicitor and is only typed."""
    return next((one for one in outside if one.role == Role.SOLICITOR), None)


def with_solicitor(outside: Sequence[Outside], name: str, firm: str, reach: str) -> tuple[Outside, ...]:
    """Those around a case with their solicitor as typed; nobody is taken away by leaving the name empty."""
    was = solicitor_of(outside)
    if not name:
        return tuple(outside)
    now = Outside(role=Role.SOLICITOR, name=name, organisation=firm, reach=reach, note=was.note if was else "")
    if was is None:
        return (*outside, now)
    return tuple(now if one is was else one for one in outside)


def told_standing(urgent: Urgent, taken_back: Collection[str]) -> list[Told]:
    """Who was told, in that order, without what was taken back in the timeline (handles of events, hex)."""
    return [one for one in urgent.told if one.event not in taken_back]


def at_hand(head: CaseHead, told: Sequence[Told], *, today: date) -> list[AtHand]:
    """The checklist, in its order."""
    urgent = head.urgent
    open_consents = tuple(to for to, one in consents_of(urgent).items() if not one.answer)
    authority = any(in_force(one, today=today) and one.seen for one in head.intake.authorities)
    solicitor = solicitor_of(head.outside)
    reached = any(one.rung == "solicitor" for one in told)
    lacks = () if reached else ("not_reached",) if solicitor else ("not_named", "not_reached")
    return [
        AtHand(Hand.CONSENTS, not open_consents, lacks=open_consents),
        AtHand(Hand.AUTHORITY, authority),
        AtHand(Hand.SOLICITOR, reached, solicitor.name if solicitor else "", lacks),
        AtHand(Hand.MEDICAL, bool(urgent.medical), urgent.medical),
        AtHand(Hand.CHILDREN, bool(urgent.children), urgent.children),
        AtHand(Hand.DOCUMENTS, bool(urgent.documents), urgent.documents),
    ]


def notice(served_on: date | None, nation: str) -> Limit | None:
    """When the notice that came with the papers runs out, by the dated rule; None where no rule says so of that day."""
    if served_on is None:
        return None
    try:
        return compute(get(_NOTICE, served_on), served_on, Nation(nation))
    except (NotInForce, NoLimit, NoSecondClock, BeyondCalendar):
        return None
