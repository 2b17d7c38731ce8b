"""Settling what to do with each sound row: whose case it is, and whether person or case is here already."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.journal.fields import new_handle
from safeconduct.people import index

from ..importing.repeats import propose_repeats, same_person
from ..importing.rows import RowReading
from .again import RowBefore, gone_from
from .matches import compared_again, known_cases, people_here, same_by_reference
from .staged import Found, Staged, Unit, Work

SAME, APART, LATER = "same", "apart", "later"


def find(
    *,
    by: Actor,
    team: Team,
    rows: Mapping[int, RowReading],
    rule: str,
    before: Mapping[str, RowBefore] = MappingProxyType({}),
    workers: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    """Everything a person, or a rule, has to decide about, and what of the sheet is another than ``before``.

    ``workers`` are the choices made for texts of the worker column. Raises `JournalUnavailable`, `IndexBusy`.
    """
    at, stood = datetime.now(UTC), index.state(team)
    sound = list(rows.values())
    known = known_cases(by=by, team=team, rows=sound)
    new = [row for row in sound if row.number not in known]
    again = compared_again(by=by, team=team, rows=rows, known=known, before=before, workers=workers)
    gone = tuple(before[case].our_ref for case in gone_from(before, known.values()))
    if rule == "never":
        return Found(at, stood, known, (), {}, again, gone)
    repeats = propose_repeats(new) if rule == "ask" else same_person(new, "reference").groups
    here = people_here(by=by, team=team, rows=new)
    if rule == "reference":
        sure = {number: tuple(one for one in alike if same_by_reference(one))[:1] for number, alike in here.items()}
        here = {number: alike for number, alike in sure.items() if alike}
    return Found(at, stood, known, tuple(repeats), here, again, gone)


def still_holds(found: Found, team: Team) -> bool:
    """Whether nobody was added to the team's records, taken away or renamed since ``found``."""
    return found.index == index.state(team)


def settle(found: Found, rows: Mapping[int, RowReading], staged: Staged) -> Work:
    """The work to do. Where people decide, what nobody decided stays apart.

    Rows said to be one person and then to be two different people on record are not joined: each goes to the record
    that was named for it.
    """
    takes_all = staged.rule == "reference"
    groups = _joined(
        [number for number in rows if number not in found.known],
        [
            repeat.rows
            for repeat in found.repeats
            if takes_all or staged.decisions.get(key_of_rows(repeat.rows)) == SAME
        ],
    )
    units: list[Unit] = []
    at_person: dict[str, list[int]] = {}
    for group in groups:
        named: dict[int, str] = {}
        for number in group:
            for alike in found.here.get(number, ()):
                if takes_all or staged.decisions.get(key_of_match(number, alike.person)) == SAME:
                    named.setdefault(number, alike.person)
        everybody = sorted(set(named.values()))
        for number in group if len(everybody) == 1 else named:
            at_person.setdefault(named.get(number, everybody[0]), []).append(number)
        if rest := [number for number in group if number not in named and len(everybody) != 1]:
            units.append(_unit(rest, new_handle().hex, is_here=False))
    units += [_unit(sorted(numbers), person, is_here=True) for person, numbers in at_person.items()]
    units.sort(key=lambda unit: unit.rows)
    return Work(tuple(units), dict(found.known))


def key_of_rows(rows: Iterable[int]) -> str:
    """The name of a decision about rows: no text of the sheet in it."""
    return "rows-" + hashlib.sha256(",".join(map(str, rows)).encode()).hexdigest()[:16]


def key_of_match(row: int, person: str) -> str:
    """The name of a decision about a row and a person on record."""
    return f"here-{row}-{person}"


def _unit(rows: Sequence[int], person: str, *, is_here: bool) -> Unit:
    return Unit(tuple(rows), person, is_here, {number: new_handle().hex for number in rows})


def _joined(rows: Sequence[int], together: Iterable[Sequence[int]]) -> list[list[int]]:
    """Rows in groups, each group and the list of groups in the sheet's order."""
    head = {number: number for number in rows}

    def find_head(number: int) -> int:
        while head[number] != number:
            head[number] = head[head[number]]
            number = head[number]
        return number

    for group in together:
        present = [number for number in group if number in head]
        for number in present[1:]:
            first, other = sorted((find_head(present[0]), find_head(number)))
            head[other] = first
    groups: dict[int, list[int]] = {}
    for number in rows:
        groups.setdefault(find_head(number), []).append(number)
    return list(groups.values())
