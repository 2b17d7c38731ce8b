"""A record of an export, sealed for the team it comes to: a key of its own, new envelopes, its papers sealed again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from safeconduct.core.sealing import files as sealed_files
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.queries import latest_commitments
from safeconduct.people import history, journaling, opening
from safeconduct.people.actions.add import save_sealed
from safeconduct.people.facets import Facet, Papers
from safeconduct.people.keys import Keyed, new_subject
from safeconduct.people.leaving import Arrived, Arriving, Part, Says
from safeconduct.people.models import WHOLE, Envelope, PaperFile, Subject, Wrap
from safeconduct.people.papers import files
from safeconduct.people.records import ALWAYS_THERE, IN_TIME, new_envelope

from .lines import Line, NotALine, content_of, says_of, step_of
from .package import BadExport

ITEMS: Final = frozenset({Envelope.Facet.ENTRY, Envelope.Facet.TASK})
_MOST: Final = 2**31 - 1  # what a column of revisions holds


@dataclass(frozen=True, slots=True, repr=False)
class Anew:
    """A record's rows, sealed and not yet saved, with what its line says beside."""

    keyed: Keyed
    wrap: Wrap
    facets: dict[str, Facet]
    envelopes: Sequence[Envelope]
    papers: Sequence[PaperFile]
    written: Sequence[Written]
    says: Says


def seal_anew(arriving: Arriving, part: Part, number: int, line: Line, paper: Callable[[str], bytes]) -> Anew:
    """Seal a record for the team. Its papers are on the disk when this returns.

    Raises:
        NotALine: a facet is not one this program knows, or one that every such record has is not there.
        BadExport: a paper is not there, or not the one the record says. DiskRefused.
    """
    kind = Subject.Kind(part.kind)
    keyed, wrap = new_subject(arriving.by, arriving.team, kind, handle=UUID(hex=line.handle), batch=arriving.batch)
    keyed.subject.started_on = line.started_on
    try:
        facets = {name: content_of(name, said) for name, said in line.facets.items()}
        items = {name: content_of(_facet_of(name), said) for name, said in line.items.items()}
        steps = [step_of(step) for step in line.history]
        _require_shape(kind, line)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        raise NotALine(part.name, number) from None
    made = [new_envelope(keyed, name, one, revision=line.facets[name].revision) for name, one in facets.items()]
    for name, one in items.items():
        facet, _, item = name.partition("/")
        made.append(new_envelope(keyed, facet, one, item=UUID(hex=item)))
    for step in steps:
        item_of = history.item_of(keyed, step.facet, step.revision)
        made.append(new_envelope(keyed, Envelope.Facet.HISTORY, step, item=item_of))
    says = says_of(line, part, number)
    papers = _papers(keyed, facets.get(Envelope.Facet.PAPERS), paper)
    return Anew(keyed, wrap, facets, [row for row, _ in made], papers, [one for _, one in made], says)


def save(arriving: Arriving, part: Part, records: Sequence[Anew]) -> None:
    """Save records that were sealed anew, waiting, with what the log says of each. Inside the caller's transaction."""
    try:
        save_sealed([(one.keyed, one.wrap, one.envelopes) for one in records])
        for one in records:
            for row in one.papers:
                row.subject = one.keyed.subject
        PaperFile.objects.bulk_create([row for one in records for row in one.papers], batch_size=500)
        more = {} if part.late else part.arrive(arriving, [Arrived(one.keyed, one.says) for one in records])
        # The log knows of a paper already where the same export was staged before and thrown away.
        known = latest_commitments(row.handle for one in records for row in one.papers)
        assert part.entered is not None
        record_writes(
            [
                journaling.wrote(
                    arriving.by,
                    one.keyed,
                    part.entered,
                    [*one.written, *_of_papers(one, known), *more.get(one.keyed.subject.pk, ())],
                    {"import": arriving.batch.hex},
                )
                for one in records
            ]
        )
    except BaseException:
        files.remove([row.handle for one in records for row in one.papers])
        raise


def _of_papers(one: Anew, known: Mapping[UUID, tuple[int, bytes]]) -> list[Written]:
    return [Written(row.handle, known.get(row.handle, (0, b""))[0] + 1, bytes(row.digest)) for row in one.papers]


def _papers(keyed: Keyed, content: Facet | None, paper: Callable[[str], bytes]) -> list[PaperFile]:
    if content is None:
        return []
    assert isinstance(content, Papers)
    rows: list[PaperFile] = []
    for one in content.papers:
        raw = paper(one.handle)
        if hashlib.sha256(raw).digest() != one.digest:
            raise BadExport("part_differs", "The export is not whole: a paper is not the one its record says.")
        key = sealed_files.file_key(opening.papers_key(keyed, one.generation), one.handle)
        sealed = sealed_files.seal(key, raw, opening.place_of(keyed, one))
        row = PaperFile(
            handle=UUID(hex=one.handle),
            subject=keyed.subject,
            stored_bytes=len(sealed),
            digest=sealed_files.digest(sealed),
            added_on=one.added_on or keyed.subject.started_on,
        )
        files.write(row.handle, sealed)
        rows.append(row)
    return rows


def _facet_of(item: str) -> str:
    """The facet of an item's name, such as `entry/<handle>`. Raises `ValueError`."""
    facet, _, handle = item.partition("/")
    if facet not in ITEMS or UUID(hex=handle) == WHOLE or UUID(hex=handle).hex != handle:
        raise ValueError(facet)
    return facet


def _require_shape(kind: Subject.Kind, line: Line) -> None:
    """Raises `ValueError` where a record lacks a facet that all of its kind have, or has one that none has."""
    names = set(line.facets)
    fit = ALWAYS_THERE[kind] | IN_TIME.get(kind, frozenset())
    if not ALWAYS_THERE[kind] <= names <= fit or (line.items and kind != Subject.Kind.CASE):
        raise ValueError(kind)
    steps = [(step.facet, step.revision) for step in line.history]
    # A later change writes the step of the revision it found: none may stand there already.
    now = {name: said.revision for name, said in line.facets.items()}
    if len(set(steps)) < len(steps) or any(not 0 < before < now.get(facet, 0) for facet, before in steps):
        raise ValueError(kind)
    if any(not 0 < one <= _MOST for one in now.values()):
        raise ValueError(kind)
