"""Settling what to do with each sound row: whose case it is, and whether person or case is here already."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.journal.fields import new_handle
from safeconduct.people.lookalikes import Lookalike

from ..importing.repeats import Repeat, propose_repeats, same_person
from ..importing.rows import RowReading
from ..models import Case
from .matches import known_cases, people_here, same_by_reference
from .staged import Staged, Unit, Work

SAME, APART = "same", "apart"


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found before anybody decided: known cases by row, repeats within the sheet, people here by row."""

    known: Mapping[int, Case]
    repeats: Sequence[Repeat]
    here: Mapping[int, Sequence[Lookalike]]


def find(*, by: Actor, team: Team, rows: Mapping[int, RowReading], rule: str) -> Matches:
    """Everything a person, or a rule, has to decide about."""
    sound = list(rows.values())
    known = known_cases(by=by, team=team, rows=sound)
    new = [row for row in sound if row.number not in known]
    if rule == "never":
        return Matches(known, (), {})
    repeats = propose_repeats(new) if rule == "ask" else same_person(new, "reference").groups
    here = people_here(by=by, team=team, rows=new)
    if rule == "reference":
        here = {number: [one for one in alike if _same(one)][:1] for number, alike in here.items()}
    return Matches(known, repeats, {number: alike for number, alike in here.items() if alike})


def settle(matches: Matches, rows: Mapping[int, RowReading], staged: Staged) -> Work:
    """The work to do. Where people decide, what nobody decided stays apart."""
    new = [number for number in rows if number not in matches.known]
    takes_all = staged.rule == "reference"
    groups = _joined(
        new,
        [
            repeat.rows
            for repeat in matches.repeats
            if takes_all or staged.decisions.get(key_of_rows(repeat.rows)) == SAME
        ],
    )
    units = []
    for group in groups:
        person = ""
        for number in group:
            for alike in matches.here.get(number, ()):
                handle = alike.subject.handle.hex
                if takes_all or staged.decisions.get(key_of_match(number, handle)) == SAME:
                    person = person or handle
        units.append(
            Unit(
                rows=tuple(group),
                person=person or new_handle().hex,
                is_here=bool(person),
                cases={number: new_handle().hex for number in group},
            )
        )
    known = {number: case.handle.hex for number, case in matches.known.items()}
    return Work(tuple(units), known)


def key_of_rows(rows: Iterable[int]) -> str:
    """The name of a decision about rows: no text of the sheet in it."""
    return "rows-" + hashlib.sha256(",".join(map(str, rows)).encode()).hexdigest()[:16]


def key_of_match(row: int, person: str) -> str:
    """The name of a decision about a row and a person on record."""
    return f"here-{row}-{person}"


def _same(alike: Lookalike) -> bool:
    return same_by_reference([reason.code for reason in alike.likeness.reasons])


def _joined(rows: Sequence[int], together: Iterable[Sequence[int]]) -> list[list[int]]:
    """Rows in groups, each group and the list of groups in the sheet's order."""
    head = {number: number for number in rows}

    def find_head(number: int) -> int:
        while head[number] != number:
            head[number] = head[head[number]]
            number = head[number]
        return number

    for group in together:
        for number in group[1:]:
            first, other = sorted((find_head(group[0]), find_head(number)))
            head[other] = first
    groups: dict[int, list[int]] = {}
    for number in rows:
        groups.setdefault(find_head(number), []).append(number)
    return list(groups.values())
