"""Making a twin's folder: a copy of a desk's, with everything sealed opened and kept as plain text.

So both hold the same people, cases and entries, in the same order on the disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection, transaction

from bench.office import Built, acting
from bench.twin.plaintext import NOTHING
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.sealing import envelopes
from safeconduct.journal.models import Entry
from safeconduct.people import journaling, records
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, SearchDelta, SearchGeneration, Subject, Wrap

_AT_ONCE = 2000


def unseal_folder(folder: Path) -> None:
    """Open and rewrite every envelope and entry of the folder this process works on. SQLite only."""
    built = Built.read(folder)
    by = acting(built.lead.sign_in, built.lead.passphrase)
    on = today()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    labels: dict[bytes, bytes] = {}
    for keyed in _everybody(by):
        with transaction.atomic():
            _write(Envelope, "body", _plain(keyed))
        labels |= {one.label(on): one.subject.handle.bytes for one in keyed.values()}
    with transaction.atomic():
        _write(Entry, "body", _bodies(by))
        _write(Entry, "label", _labels(labels))
        Wrap.objects.update(sealed=NOTHING)
        SearchDelta.objects.all().delete()
        SearchGeneration.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def _plain(keyed: Mapping[int, Keyed]) -> Iterator[tuple[bytes, int]]:
    keys: dict[tuple[int, str], bytes] = {}
    for row in Envelope.objects.filter(subject__in=list(keyed)).iterator():
        one = keyed[row.subject_id]
        key = keys.get((row.subject_id, row.facet)) or envelopes.facet_key(one.key, row.facet, row.generation)
        keys[row.subject_id, row.facet] = key
        yield envelopes.open_envelope(key, bytes(row.body), records._place(row, one)), row.pk


def _everybody(by: Actor) -> Iterator[dict[int, Keyed]]:
    last = Subject.objects.order_by("-pk")[0].pk
    for start in range(0, last, _AT_ONCE):
        yield held(by, Subject.objects.filter(pk__gt=start, pk__lte=start + _AT_ONCE).values_list("pk", flat=True))


def _bodies(by: Actor) -> Iterator[tuple[bytes, int]]:
    teams: dict[Any, Team] = {team.handle: team for team in by.teams}
    for entry in Entry.objects.filter(team__in=list(teams), body__isnull=False).iterator():
        yield msgspec.msgpack.encode(journaling.read_body(by, teams[entry.team], entry)), entry.pk


def _labels(labels: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, int]]:
    for number, label in Entry.objects.filter(label__isnull=False).values_list("pk", "label").iterator():
        yield labels[bytes(label or b"")], number


def _write(model: type[Envelope] | type[Entry], column: str, values: Iterator[tuple[bytes, int]]) -> None:
    table = model._meta.db_table
    connection.connection.executemany(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', list(values))
