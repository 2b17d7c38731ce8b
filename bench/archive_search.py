"""Search in the archive beside plain FTS5 and PostgreSQL's own: `python -m bench archive-search`.

Invented posts in six scripts (`archive_words`). Every search is asked the same questions and gives fifty answers and
how many there are. Recall is how many of the posts that were given what a question is about are found at all.

``ours`` is `finding.search.find_public`, on a folder's SQLite and on a PostgreSQL. ``FTS5`` is SQLite's as it comes
(unicode61), with every word asked for as FTS5 has it, best first by bm25; ``tsvector`` PostgreSQL's (``simple``, since
its stemmers know two of these languages), by ts_rank. Both are given the posts as they were published.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bench import archive_words, machine, timing
from bench.archive_words import QUESTIONS, Question

SHOWN: Final = 50
# Answers a question: how many there are, and the places of all of them.
Search = Callable[[str], tuple[int, Sequence[int]]]


def measure(posts: int, planted: int, rounds: int) -> dict[str, Any]:
    """Every design's figures. Each runs in a process of its own, one after the other."""
    from bench.servers import running

    work = Path(tempfile.mkdtemp(prefix="safeconduct-archive-"))
    options = {"posts": posts, "planted": planted, "rounds": rounds}
    found: dict[str, Any] = {
        "machine": machine.describe(), "load before": os.getloadavg(), **options, "questions": len(QUESTIONS)
    }  # fmt: skip
    found["ours, SQLite"] = _apart("ours", work / "sqlite", "", options)
    found["FTS5"] = _apart("fts5", work / "plain", "", options)
    with running() as server:
        found["ours, PostgreSQL"] = _apart("ours", work / "postgresql", server.create("ours"), options)
        found["tsvector"] = _apart("tsvector", work / "plain2", server.create("plain"), options)
    same = found["ours, SQLite"].pop("answers") == found["ours, PostgreSQL"].pop("answers")
    found["the same answers in the same order on both"] = same
    found["load after"] = os.getloadavg()
    shutil.rmtree(work, ignore_errors=True)
    return found


def _apart(name: str, folder: Path, address: str, options: dict[str, int]) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, "-m", "bench.archive_search", name, str(folder), address, json.dumps(options)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    result: dict[str, Any] = json.loads(said.stdout)
    print(name, address[:10], {key: value for key, value in result.items() if key != "answers"}, file=sys.stderr)
    return result


def _ours(folder: Path, address: str, texts: Sequence[str]) -> tuple[Search, float, int, list[Any]]:
    from safeconduct.config.folder import DataFolder

    DataFolder.create(folder, "real")
    if address:
        os.environ["SAFECONDUCT_DATABASE"] = address
    from bench import desk

    desk.begin(folder)
    from django.db import connection, transaction

    from safeconduct.accounts.models import Member
    from safeconduct.archive.finding import index
    from safeconduct.archive.finding.search import Wanted, find_public
    from safeconduct.archive.models import Findable, Post, Source
    from safeconduct.config import tables

    tables.bring_up_to_date()
    from bench import office

    lead, _, _ = office.staff(1)
    by = Member.objects.get(sign_in=lead.sign_in)
    now, today = datetime.now(UTC), date(2026, 11, 22)
    place: dict[int, int] = {}
    took = 0.0
    for start in range(0, len(texts), 1000):
        handle, digest = UUID(int=start + 1), hashlib.sha256(str(start).encode()).digest()
        source = Source.objects.create(
            handle=handle, organisation=by.organisation, plane="public", kind="text", sha256=digest, length=1,
            at=now, by=by, captured_at=now, captured_on=today,
        )  # fmt: skip
        some = texts[start : start + 1000]
        days = [date(2020, 1, 1 + (start + at) % 28) for at in range(len(some))]
        rows = Post.objects.bulk_create(
            Post(
                source=source,
                number=start + at + 1,
                start=0,
                end=len(text),
                digest=bytes(32),
                from_on=day,
                until_on=day,
            )
            for at, (text, day) in enumerate(zip(some, days, strict=True))
        )
        place |= {row.pk: start + at for at, row in enumerate(rows)}
        begun = time.process_time() if not address else time.perf_counter()
        with transaction.atomic():
            index.put(index.Entry(row.pk, "", text, "") for row, text in zip(rows, some, strict=True))
        took += (time.process_time() if not address else time.perf_counter()) - begun
    if address:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself in time
            cursor.execute("SELECT pg_total_relation_size('archive_findable')")
            size = cursor.fetchone()[0]
    else:
        size = (folder / "database.sqlite3").stat().st_size
    assert Findable.objects.count() == len(texts)
    answers: list[Any] = []

    def search(typed: str) -> tuple[int, Sequence[int]]:
        found = find_public(by.organisation_id, Wanted(typed), most=SHOWN)
        return found.total, [hit.number - 1 for hit in found.hits]

    def everything(typed: str) -> tuple[int, Sequence[int]]:
        found = find_public(by.organisation_id, Wanted(typed), most=len(texts))
        answers.append([[hit.number, hit.grade] for hit in found.hits])
        return found.total, [hit.number - 1 for hit in found.hits]

    search.everything = everything  # type: ignore[attr-defined]
    return search, took, size, answers


def _fts5(folder: Path, _: str, texts: Sequence[str]) -> tuple[Search, float, int, list[Any]]:
    folder.mkdir()
    database = sqlite3.connect(folder / "plain.sqlite3")
    database.execute("CREATE VIRTUAL TABLE posts USING fts5(text)")
    begun = time.process_time()
    database.executemany("INSERT INTO posts (rowid, text) VALUES (?, ?)", list(enumerate(texts)))
    database.commit()
    took = time.process_time() - begun

    def asked(typed: str) -> str:
        return typed if typed.startswith('"') else " ".join(f'"{word}"' for word in typed.split())

    def search(typed: str) -> tuple[int, Sequence[int]]:
        (total,) = database.execute("SELECT count(*) FROM posts WHERE posts MATCH ?", [asked(typed)]).fetchone()
        rows = database.execute(
            "SELECT rowid FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT ?", [asked(typed), SHOWN]
        )
        return total, [row for (row,) in rows]

    def everything(typed: str) -> tuple[int, Sequence[int]]:
        rows = [row for (row,) in database.execute("SELECT rowid FROM posts WHERE posts MATCH ?", [asked(typed)])]
        return len(rows), rows

    search.everything = everything  # type: ignore[attr-defined]
    return search, took, (folder / "plain.sqlite3").stat().st_size, []


def _tsvector(_: Path, address: str, texts: Sequence[str]) -> tuple[Search, float, int, list[Any]]:
    import psycopg

    database = psycopg.connect(address, autocommit=True)
    database.execute(
        "CREATE TABLE posts (id bigint PRIMARY KEY, text text,"
        " words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED)"
    )
    database.execute("CREATE INDEX ON posts USING gin (words)")
    begun = time.perf_counter()
    with database.cursor().copy("COPY posts (id, text) FROM STDIN") as copy:
        for row in enumerate(texts):
            copy.write_row(row)
    took = time.perf_counter() - begun
    database.execute("VACUUM ANALYZE")

    def where(typed: str) -> tuple[str, str]:
        made = "phraseto_tsquery" if typed.startswith('"') else "plainto_tsquery"
        return f"FROM posts, {made}('simple', %s) asked WHERE words @@ asked", typed.strip('"')

    def search(typed: str) -> tuple[int, Sequence[int]]:
        sql, words = where(typed)
        counted = database.execute(f"SELECT count(*) {sql}", [words]).fetchone()
        ranked = f"SELECT id {sql} ORDER BY ts_rank(words, asked) DESC LIMIT %s"
        return counted[0] if counted else 0, [row for (row,) in database.execute(ranked, [words, SHOWN])]

    def everything(typed: str) -> tuple[int, Sequence[int]]:
        sql, words = where(typed)
        rows = [row for (row,) in database.execute(f"SELECT id {sql}", [words])]
        return len(rows), rows

    search.everything = everything  # type: ignore[attr-defined]
    size = database.execute("SELECT pg_total_relation_size('posts')").fetchone()
    return search, took, size[0] if size else 0, []


def _figures(search: Search, meant: Sequence[Sequence[int]], texts: Sequence[str], rounds: int) -> dict[str, Any]:
    by_script: dict[str, list[tuple[Question, float]]] = {}
    for question, places in zip(QUESTIONS, meant, strict=True):
        found = set(search.everything(question.typed)[1])  # type: ignore[attr-defined]
        by_script.setdefault(question.script, []).append((question, len(found & set(places)) / len(places)))
    kinds = {question.kind for question in QUESTIONS}
    rows = [row for rows in by_script.values() for row in rows]
    common = sorted({*texts[0].split()[:40], *texts[1].split()[:40]}, key=lambda one: (len(one), one))[:10]
    seldom = [
        one
        for _ in range(rounds)
        for question in QUESTIONS
        for one in timing.times(lambda q=question: search(q.typed), 1, warm=0)
    ]
    often = [one for _ in range(rounds) for word in common for one in timing.times(lambda w=word: search(w), 1, warm=0)]
    return {
        "recall": sum(share for _, share in rows) / len(rows),
        "recall by script": {script: _mean(share for _, share in some) for script, some in by_script.items()},
        "recall by kind": {kind: _mean(share for one, share in rows if one.kind == kind) for kind in sorted(kinds)},
        "missed": [[one.script, one.kind, one.typed, one.written, round(share, 2)] for one, share in rows if share < 1],
        "ms a question": timing.spread(seldom),
        "ms a common word": timing.spread(often),
    }


def _mean(shares: Any) -> float:
    found = list(shares)
    return round(sum(found) / len(found), 3)


def _step(name: str, folder: str, address: str, options: str) -> None:
    chosen = json.loads(options)
    texts, meant = archive_words.posts(chosen["posts"], chosen["planted"])
    make = {"ours": _ours, "fts5": _fts5, "tsvector": _tsvector}[name]
    search, took, size, answers = make(Path(folder), address, texts)
    said = _figures(search, meant, texts, chosen["rounds"])
    said |= {"seconds to index": round(took, 1), "MB": round(size / 1e6, 1)}
    if name == "ours":
        said["answers"] = answers
    print(json.dumps(said))


if __name__ == "__main__":
    _step(*sys.argv[1:])
