"""What of a sheet is here already: cases by the office's own reference, and people who look the same."""

from collections.abc import Mapping, Sequence

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.names.doubles import Code, Strength
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import CaseHead
from safeconduct.people.keys import held
from safeconduct.people.lookalikes import Lookalike, lookalikes
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import open_facets

from ..importing.own_reference import own_key
from ..importing.repeats import known as as_known
from ..importing.rows import RowReading
from ..models import Case

# Reasons against that make the rule "reference" leave a row apart: a family may share one reference.
_KEEPS_APART = frozenset({Code.DIFFERENT_NAME, Code.DIFFERENT_BIRTH})


def known_cases(*, by: Actor, team: Team, rows: Sequence[RowReading]) -> dict[int, Case]:
    """Rows whose case is on record, by the office's own reference, or by who, when and what where there is none.

    Raises `JournalUnavailable`: nothing was opened.
    """
    opened = index.opened(by, team)
    found = {row.number: opened.find(tokens.of_own_reference(_key(row)), limit=50) for row in rows}
    subjects = Subject.objects.filter(
        pk__in={number for numbers in found.values() for number in numbers}, kind=Subject.Kind.CASE, waiting=False
    )
    keyed = held(by, list(subjects.values_list("pk", flat=True)))
    if not keyed:
        return {}
    handles = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.LISTED, count=len(handles), detail={"subjects": handles})
    heads: Mapping[int, CaseHead] = {
        number: record["head"].content for number, record in open_facets(leave, keyed, [Envelope.Facet.HEAD]).items()
    }
    cases = {case.subject_id: case for case in Case.objects.filter(subject__in=list(heads), team=team)}
    sent = _days_sent(list(cases.values()))
    out: dict[int, Case] = {}
    for row in rows:
        for number in found[row.number]:
            if number in cases and _is_same(row, heads[number], sent.get(cases[number].pk, set())):
                out[row.number] = cases[number]
                break
    return out


def people_here(*, by: Actor, team: Team, rows: Sequence[RowReading]) -> dict[int, list[Lookalike]]:
    """For each row, the people on record who may be whom it concerns, most likely first."""
    answers = lookalikes(by=by, team=team, asked=[as_known(row) for row in rows], at_least=Strength.LIKELY)
    return {row.number: answer for row, answer in zip(rows, answers, strict=True) if answer}


def same_by_reference(likeness_codes: Sequence[Code]) -> bool:
    """Whether the rule "reference" takes two records as one person."""
    return Code.SAME_REFERENCE in likeness_codes and not _KEEPS_APART & set(likeness_codes)


def reference_to_index(row: RowReading) -> str:
    """What a case is found by next week."""
    return _key(row)


def _key(row: RowReading) -> str:
    # Without a reference of the office's own, the row's content stands in for one; only its token is ever kept.
    return row.our_ref or row.content_key


def _days_sent(cases: Sequence[Case]) -> dict[int, set[object]]:
    days: dict[int, set[object]] = {}
    for start in range(0, len(cases), 500):
        chunk = cases[start : start + 500]
        for case in Case.objects.filter(pk__in=[one.pk for one in chunk]).prefetch_related("events"):
            days[case.pk] = {event.on for event in case.events.all() if event.kind == "sent"}
    return days


def _is_same(row: RowReading, head: CaseHead, sent: set[object]) -> bool:
    if row.our_ref:
        return own_key(head.our_reference) == row.own_key
    return not head.our_reference and row.sent_on in sent and any(one.shown_name == row.name for one in head.concerns)
