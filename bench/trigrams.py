"""The same questions to PostgreSQL's pg_trgm, which searches names that lie open.

Two ways: the nearest names by `<->` on the names as written, and the nearest by `<->` on names folded to plain letters,
ranked again by the desk's own comparing. Both by a GiST index, each query on a warm connection of its own kind.
"""

from __future__ import annotations

from typing import Any

import psycopg

from bench.asking import SHOWN, ask, questions
from bench.names_data import people
from safeconduct.core.names import Candidate, fold, rank

_AGAIN = 200  # ranked again, as many as the desk opens


def measure(address: str, count: int, *, asked: int) -> dict[str, Any]:
    """Figures by design and kind of question, on a table made for it and dropped afterwards."""
    made = people(count)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE TABLE plain_names (id bigint PRIMARY KEY, name text, folded text)")
        with connection.cursor().copy("COPY plain_names FROM STDIN") as copy:
            for person in made:
                copy.write_row((person.number, person.name.lower(), " ".join(fold(person.name))))
        for column in ("name", "folded"):
            connection.execute(f"CREATE INDEX ON plain_names USING gist ({column} gist_trgm_ops)")
        connection.execute("VACUUM ANALYZE plain_names")

        def nearest(text: str) -> list[int]:
            rows = connection.execute("SELECT id FROM plain_names ORDER BY name <-> %s LIMIT %s", [text.lower(), SHOWN])
            return [number for (number,) in rows]

        def folded(text: str) -> list[int]:
            rows = connection.execute(
                "SELECT id, name FROM plain_names ORDER BY folded <-> %s LIMIT %s", [" ".join(fold(text)), _AGAIN]
            )
            return [one.number for one in rank(text, [Candidate(number, (name,)) for number, name in rows], SHOWN)]

        asks = questions(count, asked)
        for answers in (nearest, folded):
            answers(asks["within"][0].text)
        figures = {
            "pg_trgm, nearest names": {kind: ask(some, nearest) for kind, some in asks.items()},
            "pg_trgm, folded and ranked again": {kind: ask(some, folded) for kind, some in asks.items()},
        }
        connection.execute("DROP TABLE plain_names")
    return figures
