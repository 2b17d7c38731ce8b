"""Asking a search design questions whose answers are known: recall, and time a query. Plain Python, no desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench.names_data import Query, people, queries
from bench.timing import once, spread
from safeconduct.core.names import Generation, query_tokens, tokens
from safeconduct.core.names.kept import keep
from safeconduct.core.names.lookup import Lookup, Newest
from safeconduct.core.names.match import rank_kept
from safeconduct.core.names.parts import Bones

SHOWN = 10

# What a search design answers: the numbers of people, best first.
Answers = Callable[[str], Sequence[int]]


def ask(asked: Sequence[Query], answers: Answers) -> dict[str, Any]:
    """Recall among the first ten, and milliseconds a query."""
    hits: list[bool] = []
    took: list[float] = []
    for query in asked:
        found: list[int] = []
        took.append(once(partial(_answer, answers, query.text, found)))
        hits.append(query.wanted in found)
    return {"recall": sum(hits) / len(hits), "ms": spread(took), "queries": len(asked)}


def _answer(answers: Answers, text: str, into: list[int]) -> None:
    into.extend(answers(text)[:SHOWN])


def questions(count: int, asked: int) -> dict[str, list[Query]]:
    """The same questions for every design: within a script, and across scripts."""
    made = people(count)
    return {
        "within": queries(made, asked, across=False),
        "across": queries(made, asked, across=True),
    }


def in_memory(count: int, asks: dict[str, list[Query]]) -> dict[str, Any]:
    """The sealed design's method by itself: an index that is open already, and what it keeps to rank by.

    Skeletons of name parts are worked out when first met and serve again, as they do while an index is at hand.
    """
    made = people(count)
    kept = {person.number: keep([person.name]) for person in made}
    generation = Generation.build(((person.number, tokens([person.name])) for person in made), kept)
    lookup = Lookup(generation, Newest(()))
    bones = Bones()

    def answers(text: str) -> list[int]:
        found = lookup.likeliest(text, query_tokens(text))
        return [one.number for one in rank_kept(text, ((at, kept[at]) for at in found), bones, SHOWN, shares=found)]

    return {kind: ask(some, answers) for kind, some in asks.items()}
