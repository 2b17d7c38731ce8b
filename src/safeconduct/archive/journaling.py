"""Entries about sources, and the open and public facts of each, as the log commits to them.

Reading what others published is nobody's secret and makes no entry. Of a source in confidence each opening does.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.entry_bodies import Detail, seal_body
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.journal.actions import record_read, record_write
from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act, Entry
from safeconduct.journal.queries import next_written

from .models import Quarantined, ReadingCopy, Source
from .policies import By
from .sealed import Keyed
from .watches.models import Watch


def opening(by: Actor, keyed: Keyed, act: Act = Act.OPENED_SOURCE) -> Entry:
    """Commit that ``by`` is about to open a source in confidence: the leave to. Raises `JournalUnavailable`."""
    return record_read(
        reader=by.reader,
        act=act,
        team=keyed.team.handle,
        label=keyed.label(today()),
        body=seal_body(by, keyed.team, {"source": keyed.handle.hex}),
    )


def listing(by: Actor, team: Team, act: Act, *, count: int, detail: Detail) -> Entry:
    """Commit that ``by`` is about to see or search ``count`` sources in confidence. Raises `JournalUnavailable`."""
    return record_read(reader=by.reader, act=act, team=team.handle, count=count, body=seal_body(by, team, detail))


def wrote(by: By, act: Act, written: Sequence[Written], keyed: Keyed | None = None, *, count: int = 1) -> Entry:
    """Record an act on a source in the transaction of its change; ``keyed`` is that of one in confidence."""
    sealed: dict[str, Any] = {}
    if keyed is not None:
        assert isinstance(by, Actor)  # nobody else has a key
        sealed = {
            "team": keyed.team.handle,
            "label": keyed.label(today()),
            "body": seal_body(by, keyed.team, {"source": keyed.handle.hex}),
        }
    return record_write(
        organisation=by.organisation.handle, act=act, member=by.member.handle, written=written, count=count, **sealed
    )


def handle(source: UUID) -> UUID:
    """The handle under which the log knows the facts of a source."""
    return facts_handle("source", source)


def committed(source: Source) -> Written:
    """What the log commits to once rows of a source are written. The caller's transaction holds the source."""
    fresh = with_facts().get(pk=source.pk)
    return next_written(handle(fresh.handle), digest(fresh))


def with_facts() -> QuerySet[Source]:
    """Sources with all that `digest` asks for."""
    related = Source.objects.select_related("organisation", "team", "by", "file", "copy", "watch__by")
    return related.prefetch_related("posts", "masks__by", "observations__by", "observations__other", "stamps")


def digest(source: Source) -> bytes:
    """32 bytes over every open and public fact of a source: its own, its posts', masks', observations' and stamps'."""
    copy: ReadingCopy | None = getattr(source, "copy", None)
    watch: Watch | None = getattr(source, "watch", None)
    return facts_digest(
        [
            [source.handle.hex, source.organisation.handle.hex, source.team.handle.hex if source.team else None],
            [str(source.plane), str(source.kind), _hex(source.sha256), _hex(source.mark), source.length],
            [_instant(source.at), source.by.handle.hex, _instant(source.captured_at), source.captured_on],
            [source.address, source.title, source.author, source.language, source.date, source.date_found_by],
            [source.file.handle.hex, _hex(source.file.digest)],
            [copy.schema, sha256(bytes(copy.body)).hexdigest()] if copy else None,
            [
                [
                    post.handle.hex,
                    post.number,
                    post.start,
                    post.end,
                    _hex(post.digest),
                    post.title,
                    post.author,
                    post.date,
                ]
                for post in sorted(source.posts.all(), key=lambda one: one.number)
            ],
            sorted(
                [mask.handle.hex, str(mask.part), mask.number or 0, mask.start, mask.end, mask.by.handle.hex]
                for mask in source.masks.all()
            ),
            sorted(
                [
                    one.handle.hex,
                    _instant(one.at),
                    one.by.handle.hex,
                    str(one.outcome),
                    one.status or 0,
                    one.address or "",
                    str(one.why or ""),
                    one.due,
                    one.other.handle.hex if one.other else "",
                ]
                for one in source.observations.all()
            ),
            sorted(
                [one.authority, _hex(one.digest), str(one.state), _hex(one.token) or ""] for one in source.stamps.all()
            ),
            # Not when it is due: that is worked out, and moves without anybody's act.
            [str(watch.every), watch.by.handle.hex, _instant(watch.at)] if watch else None,
        ]
    )


def gone(source: UUID) -> Written:
    """What the log commits to once a source is removed."""
    return next_written(handle(source), facts_digest([source.hex, "removed"]))


def quarantine_written(row: Quarantined) -> Written:
    """What the log commits to of bytes in quarantine: their file."""
    return Written(row.handle, 1, bytes(row.digest))


def _hex(value: bytes | memoryview | None) -> str | None:
    return None if value is None else bytes(value).hex()


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")
