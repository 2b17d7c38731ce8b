"""Finding in what came in confidence: an index of each source's own, sealed under its key, read in memory.

Nothing of it is in the database's index. It is opened for one search, by a member whose session holds the team's keys,
after the log has that they searched; what each post is found by is looked through as it stands, by the same rules as
public posts are. Kept apart by source, it goes with the source, and leaves nothing to write anew.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place as Sealing
from safeconduct.journal.commitments import Written, facts_handle
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.queries import latest_commitments

from .. import journaling, masking, policies, sealed
from ..copies import days_of
from ..models import SealedRecord, Source
from ..reading.shape import Reading
from ..sealed import Keyed
from . import index
from .models import SealedFindable
from .normal import fold
from .search import Found, Hit, Place, Wanted, is_of_site
from .terms import Grade, grade

SCHEMA: Final = 1
_FACET: Final = "findable"
_GENERATION: Final = 1


class IndexPutBack(Exception):
    """What a source in confidence is found by is not what the log last committed to. Nothing was searched."""


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one post is found by: folded text and author, and the first and last day its date can mean."""

    number: int
    text: str
    author: str
    since: date | None
    until: date | None


def put(keyed: Keyed, source: Source, shown: Reading) -> Written:
    """Let a source in confidence be found by its reading copy. What is returned goes into the entry of the act.

    Inside the caller's transaction, which holds the source.
    """
    row = SealedFindable.objects.filter(source=source).first() or SealedFindable(source=source, revision=0)
    row.schema, row.revision = SCHEMA, row.revision + 1
    row.body = envelopes.seal(_key(keyed), msgspec.msgpack.encode(_lines(shown)), _place(keyed.organisation, row))
    row.save()
    return written(row)


def written(row: SealedFindable) -> Written:
    """What the log commits to of a row."""
    return Written(_handle(row.source.handle), row.revision, envelopes.digest(bytes(row.body)))


def find_in_confidence(by: Actor, wanted: Wanted) -> Found:
    """Every answer among sources in confidence of the member's teams, in order. One entry a team comes first.

    A site is asked of the records of what was found: then a second entry a team counts and names those.

    Raises:
        Refused, JournalUnavailable, ReadingHalted: nothing was opened. IndexPutBack, SealingFault: damaged.
    """
    if wanted.confidence is False:
        return Found((), 0)
    hits = [hit for found in _held(by, wanted) for hit in found]
    return Found(tuple(sorted(hits, key=lambda hit: hit.place)), len(hits))


def _held(by: Actor, wanted: Wanted) -> Iterator[list[Hit]]:
    rows = Source.objects.filter(plane=Source.Plane.SEALED, team__in=list(by.memberships), organisation=by.organisation)
    if wanted.source:
        rows = rows.filter(handle=wanted.source)
    if wanted.kinds:
        rows = rows.filter(kind__in=sorted(wanted.kinds))
    by_team: dict[int, list[tuple[Source, Keyed]]] = {}
    for source, keyed in sealed.held(by, rows):
        by_team.setdefault(keyed.team.pk, []).append((source, keyed))
    for held in by_team.values():
        source, keyed = held[0]  # of one team, so that policy says the same of all
        policies.require_of(by, Act.READ_ARCHIVE, source)
        detail = {"query": wanted.asked, "site": wanted.site} if wanted.site else {"query": wanted.asked}
        journaling.listing(by, keyed.team, Entered.SEARCHED, count=0, detail=detail)
        hits = _among(held, wanted)
        yield _of_site(by, held, hits, wanted.site) if wanted.site and hits else hits


def _among(held: list[tuple[Source, Keyed]], wanted: Wanted) -> list[Hit]:
    indexes = _opened(held)
    cited = _cited(held) if wanted.cited is not None else {}
    out = []
    for source, _ in held:
        for line in indexes.get(source.pk, ()):
            found = grade(line.text, wanted.terms)
            if found is None or not _allowed(line, wanted):
                continue
            if wanted.cited is not None and (line.number in cited.get(source.pk, ())) != wanted.cited:
                continue
            place = Place.of(found, line.until, source.handle, line.number)
            out.append(Hit(source.handle, line.number, Grade(found), place))
    return out


def _of_site(by: Actor, held: list[tuple[Source, Keyed]], hits: list[Hit], site: str) -> list[Hit]:
    """Those of sources that are from a site, as far as their masks let that be shown.

    Only a source's record says where it is from, so each is opened, under an entry that counts and names them.
    """
    found = {hit.source for hit in hits}
    keys = {source.pk: keyed for source, keyed in held if source.handle in found}
    detail = {"sources": sorted(handle.hex for handle in found)}
    leave = journaling.listing(by, held[0][1].team, Entered.LISTED, count=len(keys), detail=detail)
    there: set[UUID] = set()
    ids = list(keys)
    for start in range(0, len(ids), 500):
        rows = SealedRecord.objects.filter(source__in=ids[start : start + 500]).select_related("source")
        for row in rows.prefetch_related("source__masks"):
            known = sealed.open_record(leave, keys[row.source_id], row)
            address = masking.address(known.address, masking.of_rows(row.source.masks.all()))
            if address and is_of_site(address, site):
                there.add(row.source.handle)
    return [hit for hit in hits if hit.source in there]


def _allowed(line: Line, wanted: Wanted) -> bool:
    if wanted.since and (line.until is None or line.until < wanted.since):
        return False
    if wanted.until and (line.since is None or line.since > wanted.until):
        return False
    return not wanted.by or f" {wanted.by}" in line.author


def _opened(held: list[tuple[Source, Keyed]]) -> dict[int, list[Line]]:
    keys = {source.pk: keyed for source, keyed in held}
    rows: list[SealedFindable] = []
    ids = list(keys)
    for start in range(0, len(ids), 500):
        rows += SealedFindable.objects.filter(source__in=ids[start : start + 500]).select_related("source")
    known = latest_commitments(_handle(row.source.handle) for row in rows)
    out = {}
    for row in rows:
        said = written(row)
        if known.get(said.envelope) != (said.revision, said.digest):
            raise IndexPutBack("what a source is found by is not as the log says it was last saved")
        keyed = keys[row.source_id]
        plain = envelopes.open_envelope(_key(keyed), bytes(row.body), _place(keyed.organisation, row))
        out[row.source_id] = msgspec.msgpack.decode(plain, type=list[Line])
    return out


def _cited(held: list[tuple[Source, Keyed]]) -> Mapping[int, set[int]]:
    from ..citing.keeping import numbers_cited  # here: passages stand on sources, and on this for what is cited

    return numbers_cited(held)


def _lines(shown: Reading) -> list[Line]:
    return [
        Line(
            one.number,
            index.folded(one.title or "", one.text),
            fold(one.author or shown.author or ""),
            *days_of(one.date),
        )
        for one in shown.posts
    ]


def _handle(source: UUID) -> UUID:
    return facts_handle("findable", source)


def _key(keyed: Keyed) -> bytes:
    return envelopes.facet_key(keyed.key, _FACET, _GENERATION)


def _place(organisation: str, row: Any) -> Sealing:
    return Sealing(organisation, row.source.handle.hex, _FACET, row.schema, _GENERATION, row.revision)
