"""Search on sealed names: end to end as somebody who types it has it done, and step by step.

Recall is counted on the office's own people, who are `names_data`'s; pg_trgm is asked the same queries about the same
people in `trigrams`.
"""

from __future__ import annotations

from typing import Any

from bench.asking import Answers, ask, questions
from bench.office import TEAM_SIZE, Built, SignIn, acting
from safeconduct.people import index
from safeconduct.people import queries as desk
from safeconduct.people.tokens import of_query


def sealed(built: Built, *, asked: int) -> dict[str, Any]:
    """Figures by design and kind of question."""
    number_of = {subject: number for number, subject in enumerate(built.subjects)}
    asks = questions(built.people, asked)
    figures: dict[str, Any] = {}
    whos = {f"one team of {built.people:,}": built.everybody}
    if built.people > TEAM_SIZE:
        whos[f"{built.people // TEAM_SIZE} teams of {TEAM_SIZE:,}"] = built.lead
    for title, who in whos.items():
        whole = _whole(who, number_of)
        whole(asks["within"][0].text)  # the first search loads what folding needs
        figures[f"sealed, end to end, {title}"] = {kind: ask(some, whole) for kind, some in asks.items()}
    by_index = _by_index(built, number_of)
    figures["sealed, index opened for each search"] = {kind: ask(some, by_index) for kind, some in asks.items()}
    return figures


def _whole(who: SignIn, number_of: dict[int, int]) -> Answers:
    signed = acting(who.sign_in, who.passphrase)

    def answers(text: str) -> list[int]:
        # A fresh actor each time, as each request has: it opens its team's bundle anew.
        by = type(signed)(signed.member, signed.pair)
        row = desk.search(by=by, text=text)
        _, hits = desk.found(by=by, handle=row.handle)
        return [number_of[hit.subject.pk] for hit in hits if hit.subject.pk in number_of]

    return answers


def _by_index(built: Built, number_of: dict[int, int]) -> Answers:
    """Open the team's index and look in it; nobody's record is opened, so nothing is ranked."""
    by = acting(built.everybody.sign_in, built.everybody.passphrase)
    team = by.teams[0]

    def answers(text: str) -> list[int]:
        found = index.opened(by, team).find(of_query(text), limit=200)
        return [number_of[subject] for subject in found if subject in number_of]

    return answers
