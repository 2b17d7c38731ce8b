"""What of a sheet is here already: cases by the office's own reference, and people who look the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.names.doubles import Code, Strength
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.concerned import open_concerned
from safeconduct.people.facets import CaseHead
from safeconduct.people.keys import held
from safeconduct.people.lookalikes import lookalikes
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import open_facets

from ..importing.own_reference import own_key
from ..importing.repeats import known as as_known
from ..importing.rows import EventReading, RowReading
from ..models import Case, Event
from ..schedule import standing
from .again import Again, RowBefore, compare, differs, now_of
from .build import notes_of
from .staged import Alike
from .workers import of_team, resolve

# Reasons against that make the rule "reference" leave a row apart: a family may share one reference.
_KEEPS_APART = frozenset({Code.DIFFERENT_NAME, Code.DIFFERENT_BIRTH})
# A database takes only so many values in one question.
_AT_ONCE = 500


def known_cases(*, by: Actor, team: Team, rows: Sequence[RowReading]) -> dict[int, str]:
    """Rows whose case is on record (its handle, hex): by the office's own reference, or by who, when and what.

    Raises `JournalUnavailable`: nothing was opened.
    """
    # Before the index is opened: that none of a sheet's rows is on record is an answer, too.
    journaling.listing(by, team, Entered.SEARCHED, count=0, detail={"rows": len(rows)})
    opened = index.opened(by, team)
    if opened.is_empty:
        return {}
    found = {row.number: opened.find(tokens.of_own_reference(_key(row)), limit=50) for row in rows}
    wanted = sorted({number for numbers in found.values() for number in numbers})
    subjects: list[int] = []
    for start in range(0, len(wanted), _AT_ONCE):
        subjects += Subject.objects.filter(
            pk__in=wanted[start : start + _AT_ONCE], kind=Subject.Kind.CASE, waiting=False
        ).values_list("pk", flat=True)
    keyed = held(by, subjects)
    if not keyed:
        return {}
    handles = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.SEARCHED, count=len(handles), detail={"subjects": handles})
    heads: Mapping[int, CaseHead] = {
        number: record["head"].content for number, record in open_facets(leave, keyed, [Envelope.Facet.HEAD]).items()
    }
    cases = {case.subject_id: case for case in _with_events(team, list(heads))}
    names = _names_of(by, heads, {team: leave})
    out: dict[int, str] = {}
    for row in rows:
        for number in found[row.number]:
            if number in cases and _is_same(row, heads[number], names.get(number, ()), cases[number].events.all()):
                out[row.number] = cases[number].handle.hex
                break
    return out


def compared_again(
    *,
    by: Actor,
    team: Team,
    rows: Mapping[int, RowReading],
    known: Mapping[int, str],
    before: Mapping[str, RowBefore],
    workers: Mapping[str, str],
) -> dict[int, Again]:
    """What becomes of rows whose case is here and that say something else than the last time.

    Raises `JournalUnavailable`: nothing was opened.
    """
    wanted = {
        number: case
        for number, case in known.items()
        if case in before and differs(rows[number], notes_of(rows[number]), before[case])
    }
    cases: dict[str, Case] = {}
    handles = [UUID(hex=case) for case in wanted.values()]
    for start in range(0, len(handles), _AT_ONCE):
        some = Case.objects.filter(handle__in=handles[start : start + _AT_ONCE]).select_related("worker")
        cases |= {case.handle.hex: case for case in some.prefetch_related("events", "enquiries")}
    keyed = held(by, [case.subject_id for case in cases.values()])
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.SEARCHED, count=len(named), detail={"subjects": named})
    heads = open_facets(leave, keyed, [Envelope.Facet.HEAD])
    meant = resolve({rows[number].worker for number in wanted}, of_team(team), workers)
    out: dict[int, Again] = {}
    for number, handle in wanted.items():
        case, row = cases.get(handle), rows[number]
        if case is None or case.subject_id not in heads:
            continue
        worker = meant.get(row.worker)
        first = min(case.enquiries.all(), key=lambda one: one.pk, default=None)
        now = now_of(case, first, heads[case.subject_id]["head"].content, standing(case.events.all()))
        out[number] = compare(row, notes_of(row), worker.handle.hex if worker else "", before[handle], now)
    return out


def people_here(*, by: Actor, team: Team, rows: Sequence[RowReading]) -> dict[int, tuple[Alike, ...]]:
    """For each row, the people on record who may be whom it concerns, most likely first."""
    answers = lookalikes(by=by, team=team, asked=[as_known(row) for row in rows], at_least=Strength.LIKELY)
    return {
        row.number: tuple(Alike(one.subject.handle.hex, one.likeness) for one in answer)
        for row, answer in zip(rows, answers, strict=True)
        if answer
    }


def same_by_reference(alike: Alike) -> bool:
    """Whether the rule "reference" takes somebody on record as the person of a row."""
    codes = {reason.code for reason in alike.likeness.reasons}
    return Code.SAME_REFERENCE in codes and not _KEEPS_APART & codes


def reference_to_index(row: RowReading) -> str:
    """What a case is found by next week."""
    return _key(row)


def new_events(row: RowReading, case: Case, events: Iterable[Event]) -> list[EventReading]:
    """What a sheet knows and a case does not: an event of that kind on that day. Nothing is added to a closed case."""
    if case.state != Case.State.OPEN:
        return []
    there = {(event.kind, event.on) for event in events}
    return [one for one in row.events() if (one.kind, one.on) not in there]


def _key(row: RowReading) -> str:
    # Without a reference of the office's own, the row's content stands in for one; only its token is ever kept.
    return row.our_ref or row.content_key


def _with_events(team: Team, subjects: Sequence[int]) -> list[Case]:
    out: list[Case] = []
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Case.objects.filter(subject__in=subjects[start : start + _AT_ONCE], team=team)
        out += rows.prefetch_related("events")
    return out


def _names_of(by: Actor, heads: Mapping[int, CaseHead], under: Mapping[Team, Entry]) -> dict[int, frozenset[str]]:
    """Every spelling of the names of whom those cases concern that have no reference to be known by."""
    unmarked = {number: head for number, head in heads.items() if not head.our_reference}
    everybody = open_concerned(by=by, heads=list(unmarked.values()), compared=True, under=under)
    return {
        number: frozenset(name.text for one in people if one.identity for name in one.identity.names)
        for number, people in zip(unmarked, everybody, strict=True)
    }


def _is_same(row: RowReading, head: CaseHead, names: Collection[str], events: Iterable[Event]) -> bool:
    if row.our_ref:
        return own_key(head.our_reference) == row.own_key
    return (
        not head.our_reference
        and (row.sent_on is None or any(one.kind == Event.Kind.SENT and one.on == row.sent_on for one in events))
        and row.name in names
    )
