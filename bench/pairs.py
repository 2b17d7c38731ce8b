"""Recall and time of the desk's search beside pg_trgm, on a file of spellings: `python -m bench search --pairs FILE`.

Each line of the file is two spellings of one name, a tab between them; empty lines and lines that begin with # are
passed over. Somebody is on record under the first and is asked for by the second, among ``people`` others. Names of one
word are put together, two pairs of the same scripts to a person, since nobody finds one Mohammed among a hundred
thousand people by that word alone, whatever the search; full names stay as they are. Every search is asked for the
same people in the same words.

Both search one PostgreSQL server, each on a warm connection of its own. ``sealed`` is the desk's own search as a member
has it done: policy, the entry in the log committed, the index compared with the log, tokens, ranking, the result kept.
``sealed, the index at hand alone`` is what of that takes the place of a query to pg_trgm: tokens, lookup and ranking in
the opened index, without the database, the policy and the log.
``sealed, with the page of answers`` opens those to be shown besides, with a second entry. What one entry takes by
itself stands apart. pg_trgm answers ten numbers, writes nothing and opens nothing.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from bench import machine, names_data
from bench.servers import running
from safeconduct.core.names import Candidate, fold, rank
from tests.support.postgresql import Cluster, NoCluster

SHOWN: Final = 10
CANDIDATES: Final = 200
SEED: Final = 20261122
OWN: Final = "sealed"
WHOLE: Final = "sealed, with the page of answers"
ALONE: Final = "sealed, the index at hand alone"
USUAL: Final = "pg_trgm <-> on names as written"
# Answers a question twice over: what took the time, and afterwards the numbers of ten people, best first.
Answers = Callable[[str], Callable[[], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed, and the number of whoever is meant."""

    text: str
    wanted: int
    across: bool


@dataclass(frozen=True, slots=True)
class Took:
    """One answer: milliseconds by the clock and of this process's own work, and whether who is meant was in it."""

    across: bool
    ms: float
    work: float
    hit: bool


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """The pairs of a file. Raises SystemExit for a line that is not two spellings, and where there is no pair."""
    pairs = []
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise SystemExit(f"{path} cannot be read as a text in UTF-8: {fault}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        spellings = [one.strip() for one in line.split("\t")]
        if len(spellings) != 2 or not all(fold(one) for one in spellings):
            raise SystemExit(f"Line {number} of {path.name} is not two spellings of one name with a tab between them.")
        pairs.append((spellings[0], spellings[1]))
    if not pairs:
        raise SystemExit(f"{path.name} holds no pair: two spellings of one name a line, with a tab between them.")
    return pairs


def cast(pairs: Sequence[tuple[str, str]], count: int) -> tuple[list[str], list[Asked]]:
    """``count`` names on record, or as many as are asked for where those are more, and what is asked of them."""
    generator = random.Random(SEED)
    words = [pair for pair in pairs if len(pair[0].split()) == 1 and len(pair[1].split()) == 1]
    whole = [pair for pair in pairs if pair not in set(words)]
    mates = generator.sample(words, len(words))
    for (first, second), (third, fourth) in zip(words, mates, strict=True):
        # A mate of the same scripts: a name is written in one script at a time.
        fits = [names_data.script(one) == names_data.script(two) for one, two in ((first, third), (second, fourth))]
        whole.append((f"{first} {third}", f"{second} {fourth}") if all(fits) and first != third else (first, second))
    generator.shuffle(whole)
    others = [person.name for person in names_data.people(max(0, count - len(whole)))]
    names = others + [stored for stored, _ in whole]
    asked = [
        Asked(typed, len(others) + at, names_data.script(stored) != names_data.script(typed))
        for at, (stored, typed) in enumerate(whole)
        if stored.casefold() != typed.casefold()
    ]
    return names, asked


def measure(path: Path, count: int) -> dict[str, Any]:
    """By search: recall@10 and milliseconds `within` one script, `across` two and `overall`; and ratios to the others.

    A ratio says how many times the recall of the other search ours has, and what part of its median time ours takes.
    """
    names, asked = cast(read_pairs(path), count)
    if not asked:
        raise SystemExit(f"{path.name} has no pair of two different spellings, so there is nothing to ask.")
    figures: dict[str, Any] = {"people": len(names), "machine": machine.describe(), "baseline": USUAL, "searches": {}}
    try:
        with running() as server, psycopg.connect(server.create("pairs"), autocommit=True) as connection:
            open_names = _trigrams(connection, names)
            with _desk(server, names) as (sealed, entry_ms):
                for title, answers in (sealed | open_names).items():
                    figures["searches"][title] = _ask(asked, answers)
                figures["ms_of_one_entry_in_the_log"] = entry_ms()
    except NoCluster as missing:
        raise SystemExit(f"This needs PostgreSQL with pg_trgm: {missing}") from None
    ratios = {own: _ratios(figures["searches"], own) for own in (OWN, WHOLE, ALONE)}
    return figures | {"ratios": ratios}


@contextmanager
def _desk(server: Cluster, names: Sequence[str]) -> Iterator[tuple[dict[str, Answers], Callable[[], float]]]:
    """A desk on this server with a person for each name: its searches, and the median time of one entry in its log."""
    from bench import desk  # here and below: Django starts on the folder

    with tempfile.TemporaryDirectory(prefix="safeconduct-pairs-") as folder:
        from safeconduct.config.folder import DataFolder

        DataFolder.create(Path(folder) / "desk", "real")
        os.environ["SAFECONDUCT_DATABASE"] = server.create("desk")
        desk.begin(Path(folder) / "desk")
        from django.db import connection

        from bench import desk_of_names

        try:
            office = desk_of_names.fill(names)
            yield (
                {
                    OWN: lambda text: desk_of_names.search(office, text),
                    WHOLE: lambda text: desk_of_names.search_and_open(office, text),
                    ALONE: desk_of_names.at_hand(office),
                },
                lambda: desk_of_names.entry_ms(office),
            )
        finally:
            connection.close()


def _trigrams(connection: psycopg.Connection[Any], names: Sequence[str]) -> dict[str, Answers]:
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("CREATE TABLE plain_names (id bigint PRIMARY KEY, name text, folded text)")
    with connection.cursor().copy("COPY plain_names FROM STDIN") as copy:
        for number, name in enumerate(names):
            copy.write_row((number, name.lower(), " ".join(fold(name))))
    for column in ("name", "folded"):
        connection.execute(f"CREATE INDEX ON plain_names USING gist ({column} gist_trgm_ops)")
    connection.execute("VACUUM ANALYZE plain_names")

    def nearest(operator: str) -> Answers:
        # The operators of words take what is sought on their left.
        order = f"name {operator} %s" if operator == "<->" else f"%s {operator} name"
        query = f"SELECT id FROM plain_names ORDER BY {order} LIMIT {SHOWN}"

        def answers(text: str) -> Callable[[], Sequence[int]]:
            found = [number for (number,) in connection.execute(query, [text.lower()])]
            return lambda: found

        return answers

    def folded(text: str) -> Callable[[], Sequence[int]]:
        rows = connection.execute(
            "SELECT id, name FROM plain_names ORDER BY folded <-> %s LIMIT %s", [" ".join(fold(text)), CANDIDATES]
        )
        found = [one.number for one in rank(text, [Candidate(number, (name,)) for number, name in rows], SHOWN)]
        return lambda: found

    return {
        USUAL: nearest("<->"),
        "pg_trgm <<-> (word similarity) on names as written": nearest("<<->"),
        "pg_trgm <-> on names folded as here, ranked again as here": folded,
    }


def _ask(asked: Sequence[Asked], answers: Answers) -> dict[str, Any]:
    for one in asked[:3]:
        answers(one.text)
    took: list[Took] = []
    for one in asked:
        start, begun = time.perf_counter(), time.process_time()
        told = answers(one.text)
        ms, work = (time.perf_counter() - start) * 1000, (time.process_time() - begun) * 1000
        took.append(Took(one.across, ms, work, one.wanted in told()[:SHOWN]))
    kinds = {
        "within": [one for one in took if not one.across],
        "across": [one for one in took if one.across],
        "overall": took,
    }
    return {kind: _figures(some) for kind, some in kinds.items() if some}


def _figures(took: Sequence[Took]) -> dict[str, Any]:
    times = [one.ms for one in took]
    return {
        "questions": len(took),
        "recall_at_10": round(sum(one.hit for one in took) / len(took), 3),
        "ms_median": round(statistics.median(times), 2),
        "ms_mean": round(statistics.fmean(times), 2),
        "ms_own_work": round(statistics.fmean(one.work for one in took), 2),
    }


def _ratios(found: dict[str, Any], own: str) -> dict[str, Any]:
    """One of the desk's searches by each of pg_trgm's."""
    return {
        title: {
            kind: {
                "recall": round(found[own][kind]["recall_at_10"] / max(figures["recall_at_10"], 0.001), 2),
                "time": round(found[own][kind]["ms_median"] / figures["ms_median"], 2),
            }
            for kind, figures in kinds.items()
        }
        for title, kinds in found.items()
        if title not in {OWN, WHOLE, ALONE}
    }
