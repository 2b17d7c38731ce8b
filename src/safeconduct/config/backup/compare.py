"""Whether a restored desk is what its manifest says. Run inside a process whose desk it is; opens no record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from .manifest import Manifest

_SAMPLE: Final = 1000


def disagreements(manifest: Manifest) -> Iterator[str]:
    """Every sentence about what is not as it should be; none when the restore is whole."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if cursor.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                yield "the database file is damaged"
                return
            if cursor.execute("PRAGMA foreign_key_check").fetchone() is not None:
                yield "rows of the database refer to others that are not there"
    yield from _of_logs(manifest)
    yield from _of_keys()
    yield from _of_papers()


def _of_logs(manifest: Manifest) -> Iterator[str]:
    from safeconduct.journal.models import Head
    from safeconduct.journal.verify import verify

    heads = {head.organisation.hex: head for head in Head.objects.all()}
    if set(heads) != set(manifest.logs):
        yield "the organisations with a log are not those of the manifest"
    for handle, log in manifest.logs.items():
        head = heads.get(handle)
        if head and (head.size, bytes(head.root).hex()) != (log.size, log.root):
            yield "a log's root is not the manifest's"
        for one in verify(UUID(handle)):
            where = "" if one.position is None else f" at entry {one.position}"
            yield f"a log disagrees with itself{where}: {one.code.replace('_', ' ')}"
            break


def _of_keys() -> Iterator[str]:
    """Every member's bundle, and a spread of the wraps: does the epoch's layer come off?"""
    from safeconduct.accounts import keyring, layers
    from safeconduct.core.sealing.faults import SealingFault

    epochs = keyring.epochs()
    for table in layers.tables():
        rows = table.rows.order_by("pk").values_list("pk", flat=True)
        step = max(1, rows.count() // _SAMPLE)
        chosen = list(rows)[::step]
        damaged = tried = 0
        for start in range(0, len(chosen), 500):
            some = table.model._default_manager.filter(pk__in=chosen[start : start + 500])
            for epoch, sealed, *handles in some.values_list("epoch", table.sealed, *table.place_from):
                tried += 1
                try:
                    epochs.peel(epoch, bytes(sealed), table.place(*handles))
                except SealingFault:
                    damaged += 1
        if damaged:
            yield f"{damaged} of {tried} keys tried ({table.name}) do not open under the epoch file"


def _of_papers() -> Iterator[str]:
    from django.conf import settings

    from safeconduct.archive.files import handles as handles_of_sources
    from safeconduct.people.models import PaperFile

    data = settings.DATA_FOLDER
    papers = PaperFile.objects.values_list("handle", flat=True)
    for what, folder, handles in (
        ("papers", data.files_path, papers),
        ("sources", data.archive_path, handles_of_sources()),
    ):
        there = {path.name.partition(".")[0] for path in folder.rglob("*") if path.is_file()}
        missing = sum(1 for handle in handles if handle.hex not in there)
        if missing:
            yield f"{missing} {what} are in the database and not among the files"
