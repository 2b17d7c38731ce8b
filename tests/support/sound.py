"""Whether one SQLite file, as it lies on a disk after a crash, is whole and agrees with its own log.

It is opened by SQLite alone, which recovers it as a desk would; then every entry, envelope and leaf is held against the
others by the program's own functions. Thousands of folders are looked at this way, so it starts no desk; and most of
them, once recovered, are byte for byte one that was looked at before, of which the same is true.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from safeconduct.core.ledger.tree import MemoryStore, Tree
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place
from safeconduct.core.sealing.files import digest as digest_of_file
from safeconduct.journal.commitments import Written, commit
from safeconduct.journal.models import Entry

DATABASE = "database.sqlite3"


@dataclass(frozen=True)
class Facts:
    """What a database holds: entries by handle (their commitment), envelopes by handle (revision), its log's size.

    ``sources``: those kept in the archive, by handle; the file of each is there and is the one that was kept.
    """

    entries: Mapping[str, bytes]
    envelopes: Mapping[str, int]
    size: int
    sources: frozenset[str] = frozenset()


class NotSound(Exception):
    """The database is damaged, or disagrees with its log. The text says how."""


def facts(folder: Path, keys: Mapping[str, str]) -> Facts:
    """Recover the database in `folder`, check it and say what it holds.

    `keys`: subjects' keys (hex) by handle (hex); envelopes of others are compared with the log and not opened. Raises
    `NotSound`, `CannotOpen`.
    """
    recovered = _recovered(folder, keys)
    if recovered not in _SOUND:
        _SOUND[recovered] = _facts(folder, keys)
    return _SOUND[recovered]


_SOUND: dict[bytes, Facts] = {}


def _recovered(folder: Path, keys: Mapping[str, str]) -> bytes:
    """A hash of the keys, of the database once SQLite has recovered it, and of every file beside it."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        try:
            connection.execute("PRAGMA schema_version").fetchone()  # rolls a journal back, and reads no table
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.DatabaseError as fault:
            raise NotSound(f"damaged: {fault}") from fault
    assert not busy
    seen = sha256(repr(sorted(keys.items())).encode())
    seen.update((folder / DATABASE).read_bytes())
    for path in sorted(path for name in ("files", "archive") for path in (folder / name).rglob("*") if path.is_file()):
        seen.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode() + path.read_bytes())
    return seen.digest()


def _facts(folder: Path, keys: Mapping[str, str]) -> Facts:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as fault:
            raise NotSound(f"damaged: {fault}") from fault
        if said != "ok":
            raise NotSound(f"damaged: {said}")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise NotSound("a row points at one that is not there")
        entries, latest = _log(connection)
        held = _envelopes(connection, latest, keys)
        for row in connection.execute("SELECT handle, digest FROM people_paperfile"):
            path = folder / "files" / row["handle"][:2] / row["handle"]
            if not path.is_file() or digest_of_file(path.read_bytes()) != row["digest"]:
                raise NotSound("a paper's file is not there whole")
        return Facts(entries, held, _tree(connection), _sources(connection, folder, latest))


def _sources(connection: sqlite3.Connection, folder: Path, latest: Mapping[str, tuple[int, bytes]]) -> frozenset[str]:
    """Every source has its file, whole, as the log committed to it, and all by which it is read or opened."""
    rows = connection.execute(
        "SELECT s.handle, s.plane, f.handle AS file, f.digest,"
        " (SELECT count(*) FROM archive_readingcopy c WHERE c.source_id = s.id)"
        " + (SELECT count(*) FROM archive_sourcewrap w JOIN archive_sealedrecord r USING (source_id)"
        "    WHERE w.source_id = s.id) AS said"
        " FROM archive_source s LEFT JOIN archive_sourcefile f ON f.source_id = s.id"
    ).fetchall()
    for row in rows:
        public = row["plane"] == "public"
        path = folder / "archive" / str(row["file"])[:2] / f"{row['file']}{'.wacz' if public else ''}"
        if row["said"] != 1 or not path.is_file():
            raise NotSound("a source is kept in part")
        told = sha256(path.read_bytes()).digest() if public else digest_of_file(path.read_bytes())
        if told != row["digest"] or latest.get(row["file"]) != (1, told):
            raise NotSound("a source's file is not the one the log committed to")
    return frozenset(row["handle"] for row in rows)


def _log(connection: sqlite3.Connection) -> tuple[dict[str, bytes], dict[str, tuple[int, bytes]]]:
    written: dict[int, list[Written]] = {}
    latest: dict[str, tuple[int, bytes]] = {}
    for row in connection.execute("SELECT * FROM journal_commitment ORDER BY revision"):
        one = Written(UUID(row["envelope"]), row["revision"], row["digest"])
        written.setdefault(row["entry_id"], []).append(one)
        latest[row["envelope"]] = (row["revision"], row["digest"])
    entries = {}
    for row in connection.execute("SELECT * FROM journal_entry"):
        entry = _entry(row)
        if commit(entry, written.get(row["id"], [])) != row["commitment"]:
            raise NotSound("an entry is not what its leaf says")
        entries[row["handle"]] = row["commitment"]
    return entries, latest


def _entry(row: sqlite3.Row) -> Entry:
    values: dict[str, Any] = {name: row[name] for name in ("act", "count", "label", "body", "salt", "position")}
    for name in ("handle", "organisation", "member", "about", "team"):
        values[name] = UUID(row[name]) if row[name] else None
    return Entry(at=datetime.fromisoformat(row["at"] + "+00:00"), **values)


def _envelopes(
    connection: sqlite3.Connection, latest: Mapping[str, tuple[int, bytes]], keys: Mapping[str, str]
) -> dict[str, int]:
    held = {}
    rows = connection.execute(
        "SELECT e.*, s.handle AS subject, o.handle AS organisation FROM people_envelope e"
        " JOIN people_subject s ON s.id = e.subject_id JOIN accounts_organisation o ON o.id = s.organisation_id"
    )
    for row in rows:
        if latest.get(row["handle"]) != (row["revision"], envelopes.digest(row["body"])):
            raise NotSound("an envelope is not the one the log committed to")
        item = UUID(row["item"])
        facet = f"{row['facet']}/{item.hex}" if item.int else row["facet"]
        place = Place(row["organisation"], row["subject"], facet, row["schema"], row["generation"], row["revision"])
        if key := keys.get(row["subject"]):
            facet_key = envelopes.facet_key(bytes.fromhex(key), row["facet"], row["generation"])
            envelopes.open_envelope(facet_key, row["body"], place)
        held[row["handle"]] = row["revision"]
    return held


def _tree(connection: sqlite3.Connection) -> int:
    placed = connection.execute(
        "SELECT position, commitment FROM journal_entry WHERE position IS NOT NULL ORDER BY position"
    ).fetchall()
    if [row["position"] for row in placed] != list(range(len(placed))):
        raise NotSound("the log has a gap")
    head = connection.execute("SELECT size, root FROM journal_head").fetchone()
    tree = Tree(MemoryStore(), 0)
    tree.append_many([row["commitment"] for row in placed])
    if head is None or (head["size"], head["root"]) != (len(placed), tree.root()):
        raise NotSound("the log's head is not of its entries")
    return len(placed)
