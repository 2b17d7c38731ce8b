"""Pages taken into the archive one by one, as a page or `archive add` does: `python -m bench archive-in --pages 10000`.

Each page is invented, of three posts' length, in one of six scripts: read in its confined process, packed as WACZ,
hashed, written to its file with its syncs, compared with what is kept, indexed, and entered in the log. No stamps:
those wait for somebody else's server. On SQLite, on an empty desk.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import archive_words, machine


def measure(pages: int) -> dict[str, Any]:
    """Pages a second, by the clock and by the processor; the bytes kept and of the index; the most memory, in MB."""
    folder = Path(tempfile.mkdtemp(prefix="safeconduct-archive-in-")) / "office"
    from safeconduct.config.folder import DataFolder

    DataFolder.create(folder, "demo", environment={})
    from safeconduct.cli.main import open_desk
    from safeconduct.cli.serve import prepare_database

    open_desk(folder)
    prepare_database()
    from django.db import connection

    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.models import Findable, Source
    from tests import builders

    by = builders.office().guardian.actor
    texts, _ = archive_words.posts(3 * pages, 20)
    chance = random.Random(archive_words.SEED)
    load = os.getloadavg()
    begun, worked, tenths = time.perf_counter(), _worked(), []
    for number in range(pages):
        take_in(by=by, data=_page(number, texts[3 * number : 3 * number + 3], chance), name="page.html")
        if (number + 1) % max(1, pages // 10) == 0:
            tenths.append(time.perf_counter())
    took, worked = time.perf_counter() - begun, _worked() - worked
    assert Source.objects.count() == pages
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name") if _has_dbstat(cursor) else None
        by_table = dict(cursor.fetchall()) if cursor.description else {}
    index = sum(size for name, size in by_table.items() if name.startswith(("archive_grams", Findable._meta.db_table)))
    edges = [begun, *tenths]
    found = {
        "machine": machine.describe(),
        "load before": load,
        "pages": pages,
        "seconds": round(took, 1),
        "pages a second": round(pages / took, 1),
        "pages a second, tenth by tenth": [round(pages / 10 / (b - a), 1) for a, b in zip(edges, tenths, strict=False)],
        "processor seconds, readers included": round(worked, 1),
        "database MB": round((folder / "database.sqlite3").stat().st_size / 1e6, 1),
        "index MB": round(index / 1e6, 1) if index else "this SQLite cannot say",
        "packages MB": round(sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6, 1),
        "most MB, without the readers": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    found["packages MB"] = round(found["packages MB"] - found["database MB"], 1)
    shutil.rmtree(folder.parent, ignore_errors=True)
    return found


def _worked() -> float:
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def _has_dbstat(cursor: Any) -> bool:
    cursor.execute("PRAGMA compile_options")
    return ("ENABLE_DBSTAT_VTAB",) in cursor.fetchall()


def _page(number: int, posts: list[str], chance: random.Random) -> bytes:
    day = f"2020-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    text = "".join(f"<p>{one}</p>" for one in posts)
    head = f"<title>Page {number}</title><meta property='article:published_time' content='{day}'>"
    return (
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Page {number}</h1>{text}</article></body></html>"
    ).encode()
