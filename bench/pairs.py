"""Recall and time of the sealed search beside pg_trgm, on a file of spellings: `python -m bench search --pairs FILE`.

Each line of the file is two spellings of one name, a tab between them. Somebody is on record under the first and is
asked for by the second, among ``people`` others. Spellings of one word are put together, two pairs to a person, since
nobody finds one Mohammed among a hundred thousand people by that word alone, whatever the search.

Both searches are timed against one PostgreSQL server, on a warm connection, until ten people are in order. The sealed
one fetches its team's generation, opens it, looks tokens up, fetches and opens two hundred envelopes, and ranks them.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from bench import machine, names_data
from bench.servers import running
from safeconduct.core.names import Candidate, Generation, fold, query_tokens, rank, search, tokens
from safeconduct.core.sealing import boxes, envelopes
from safeconduct.core.sealing.envelopes import Place
from tests.support.postgresql import NoCluster

SHOWN: Final = 10
CANDIDATES: Final = 200
SEED: Final = 20261122
Answers = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed, and the number of whoever is meant."""

    text: str
    wanted: int
    across: bool


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """The pairs of a file; lines without two spellings are passed over. Raises SystemExit where there is none."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    pairs = [
        (line[0].strip(), line[1].strip()) for line in lines if len(line) > 1 and line[0].strip() and line[1].strip()
    ]
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
    """Figures by search, `within` one script and `across` two: recall@10, mean and median milliseconds, questions."""
    names, asked = cast(read_pairs(path), count)
    kinds = {"within": [one for one in asked if not one.across], "across": [one for one in asked if one.across]}
    figures: dict[str, Any] = {"people": len(names), "machine": machine.describe(), "searches": {}}
    try:
        with running() as server, psycopg.connect(server.create("pairs"), autocommit=True) as connection:
            for title, answers in searches(connection, names).items():
                figures["searches"][title] = {kind: _ask(some, answers) for kind, some in kinds.items() if some}
    except NoCluster as missing:
        raise SystemExit(f"This needs PostgreSQL with pg_trgm: {missing}") from None
    return figures | {"ratios": _ratios(figures["searches"])}


def searches(connection: psycopg.Connection[Any], names: Sequence[str]) -> dict[str, Answers]:
    """Every search over the same people on one server, by title. The first is the sealed one."""
    return {"sealed": _sealed(connection, names)} | _trigrams(connection, names)


def _sealed(connection: psycopg.Connection[Any], names: Sequence[str]) -> Answers:
    key, place = boxes.new_key(), boxes.context("index", "bench", 1)
    generation = Generation.build((number, tokens([name])) for number, name in enumerate(names))
    connection.execute("CREATE TABLE generation (id int PRIMARY KEY, body bytea)")
    connection.execute("ALTER TABLE generation ALTER body SET STORAGE EXTERNAL")
    sealed = boxes.seal(key, generation.to_bytes(pad_to=4096), place)
    connection.execute("INSERT INTO generation VALUES (1, %b)", [sealed])
    connection.execute("CREATE TABLE sealed_names (id bigint PRIMARY KEY, body bytea)")
    with connection.cursor().copy("COPY sealed_names FROM STDIN") as copy:
        for number, name in enumerate(names):
            raw = msgspec.msgpack.encode({"names": [{"text": name}]})
            copy.write_row((number, envelopes.seal(_key(key, number), raw, _place(number))))
    connection.execute("VACUUM ANALYZE sealed_names")
    del generation

    def answers(text: str) -> Sequence[int]:
        [(body,)] = connection.execute("SELECT body FROM generation WHERE id = 1", binary=True).fetchall()
        opened = Generation.from_bytes(boxes.open_box(key, bytes(body), place))
        found = search(opened, (), query_tokens(text), CANDIDATES)
        rows = connection.execute("SELECT id, body FROM sealed_names WHERE id = ANY(%s)", [found], binary=True)
        known = []
        for number, raw in rows:
            content = msgspec.msgpack.decode(envelopes.open_envelope(_key(key, number), bytes(raw), _place(number)))
            known.append(Candidate(number, tuple(one["text"] for one in content["names"])))
        return [one.number for one in rank(text, known, SHOWN)]

    return answers


def _key(team: bytes, number: int) -> bytes:
    return envelopes.facet_key(boxes.derive(team, boxes.context("subject", number)), "identity", 1)


def _place(number: int) -> Place:
    return Place("bench", str(number), "identity", 1, 1, 1)


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
        return lambda text: [number for (number,) in connection.execute(query, [text.lower()])]

    def folded(text: str) -> Sequence[int]:
        rows = connection.execute(
            "SELECT id, name FROM plain_names ORDER BY folded <-> %s LIMIT %s", [" ".join(fold(text)), CANDIDATES]
        )
        return [one.number for one in rank(text, [Candidate(number, (name,)) for number, name in rows], SHOWN)]

    return {
        "pg_trgm <-> on names as written": nearest("<->"),
        "pg_trgm <<-> (word similarity) on names as written": nearest("<<->"),
        "pg_trgm <-> on names folded as here, ranked again as here": folded,
    }


def _ask(asked: Sequence[Asked], answers: Answers) -> dict[str, Any]:
    answers(asked[0].text)
    hits, times = 0, []
    for one in asked:
        start = time.perf_counter()
        found = answers(one.text)
        times.append((time.perf_counter() - start) * 1000)
        hits += one.wanted in found
    return {
        "questions": len(asked),
        "recall_at_10": round(hits / len(asked), 3),
        "ms_mean": round(statistics.fmean(times), 2),
        "ms_median": round(statistics.median(times), 2),
    }


def _ratios(found: dict[str, Any]) -> dict[str, Any]:
    """The sealed search by each other: how many times its recall, and what part of its time."""
    own = found["sealed"]
    return {
        title: {
            kind: {
                "recall": round(own[kind]["recall_at_10"] / max(figures["recall_at_10"], 0.001), 2),
                "time": round(own[kind]["ms_mean"] / figures["ms_mean"], 2),
            }
            for kind, figures in kinds.items()
        }
        for title, kinds in found.items()
        if title != "sealed"
    }
