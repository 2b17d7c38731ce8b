"""Keeping papers with a record, and removing one."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.core.sealing import files as sealed_files
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered

from .. import history, journaling, opening, policies
from ..facets import VERSIONS, Paper, Papers, encode
from ..keys import Keyed, NotHeld, hold
from ..models import Envelope, PaperFile, Subject
from ..papers import files, preview
from ..papers.media import DRAWN, Media, NotKept, Unfit, recognise
from ..records import Changed, Opened, keep_step, write_facet

# What a paper can be said to be.
KINDS: Final = (
    "passport",
    "identity",
    "arc",
    "brp",
    "evisa",
    "decision",
    "refusal",
    "letter",
    "authority",
    "medical",
    "photo",
    "other",
)
MOST_PAPERS: Final = 500
_TRIES: Final = 4


class TooManyPapers(Exception):
    """A record keeps at most `MOST_PAPERS`."""


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """A file somebody sent, and what they say it is. ``kind`` is one of `KINDS`."""

    data: bytes
    kind: str
    title: str = ""
    on: date | None = None
    source: str = ""
    note: str = ""


def keep_papers(*, by: Actor, subject: Subject, sent: Sequence[Sent]) -> None:
    """Keep files with a record: each sealed on the disk before the record says so, all of them or none.

    Raises:
        Refused, NotHeld: not theirs to change. NotKept: one of them is not of a kind that is kept; ``at`` says which.
        DiskRefused, TooManyPapers, JournalUnavailable, Changed: nothing was kept.
        preview.Busy: nothing was kept; others' papers are being drawn.
    """
    act, _ = opening.CHANGE[Subject.Kind(subject.kind)]
    policies.require(by, act, policies.of_subject(by, subject))
    kept: list[Paper] = []
    for at, one in enumerate(sent):
        try:
            kept.append(look_at(one))
        except NotKept as fault:
            raise NotKept(fault.code, at) from None
    keyed = hold(by, subject)
    made: list[tuple[PaperFile, Written]] = []
    try:
        for one, paper in zip(sent, kept, strict=True):
            made.append(seal_paper(keyed, paper, one.data))
        _change(by, subject, lambda papers: _add(by, keyed, papers, kept, made))
    except BaseException:
        files.remove_unclaimed([row.handle for row, _ in made])
        raise


def remove_paper(*, by: Actor, subject: Subject, paper: UUID, why: history.Why) -> None:
    """Remove a paper: its file, and what was said of it. The history keeps that one of its kind was removed, and why.

    Raises:
        Refused, NotHeld: not theirs to change, or no such paper. JournalUnavailable, Changed: nothing was removed.
    """
    act, _ = opening.CHANGE[Subject.Kind(subject.kind)]
    policies.require(by, act, policies.of_subject(by, subject))
    keyed = hold(by, subject)
    _change(by, subject, lambda papers: _take(by, keyed, papers, paper, why))


def look_at(sent: Sent) -> Paper:
    """What is known of a file once it was looked into: the paper as it will be kept. Raises `NotKept`, `Busy`."""
    if sent.kind not in KINDS:
        raise ValueError("not a kind of paper this program knows")
    media = recognise(sent.data)
    return Paper(
        handle=new_handle().hex,
        kind=sent.kind,
        title=sent.title,
        on=sent.on,
        source=sent.source,
        note=sent.note,
        media=media.value,
        length=len(sent.data),
        pages=_pages(sent.data, media),
        digest=hashlib.sha256(sent.data).digest(),
        added_on=today(),
    )


def _pages(data: bytes, media: Media) -> int:
    """How many pages can be shown: the first is drawn, so that what is damaged is told to whoever still has it."""
    if media not in DRAWN:
        return 0
    try:
        with preview.place(preview.KEEPING):
            return preview.draw(data, media, line=preview.KEEPING).pages
    except preview.Damaged:
        raise NotKept(Unfit.DAMAGED) from None
    except preview.CannotDraw:
        return 0


def seal_paper(keyed: Keyed, paper: Paper, data: bytes) -> tuple[PaperFile, Written]:
    """Seal a paper's file and put it on the disk: a row not yet saved, and what the log commits to.

    Raises `DiskRefused`. Where the row is not saved after all, the caller removes the file (`files.remove_unclaimed`).
    """
    row, written, sealed = sealed_paper(keyed, paper, data)
    files.write(row.handle, sealed)
    return row, written


def sealed_paper(keyed: Keyed, paper: Paper, data: bytes) -> tuple[PaperFile, Written, bytes]:
    """The same, and the bytes that the caller puts on the disk before the row is saved."""
    key = sealed_files.file_key(opening.papers_key(keyed, paper.generation), paper.handle)
    sealed = sealed_files.seal(key, data, opening.place_of(keyed, paper))
    row = PaperFile(
        handle=UUID(hex=paper.handle),
        subject=keyed.subject,
        stored_bytes=len(sealed),
        digest=sealed_files.digest(sealed),
        added_on=today(),
    )
    return row, Written(row.handle, 1, bytes(row.digest)), sealed


def _change(by: Actor, subject: Subject, change: Callable[[Opened], None]) -> None:
    """Do ``change`` to the papers as they stand, again where somebody else changed them at that moment."""
    for left in reversed(range(_TRIES)):
        opened = opening.open_part(by=by, subject=subject, facet=Envelope.Facet.PAPERS)
        try:
            with transaction.atomic():
                change(opened.facets[Envelope.Facet.PAPERS])
        except Changed:
            if not left:
                raise
        else:
            return


def _add(by: Actor, keyed: Keyed, papers: Opened, kept: Sequence[Paper], made: list[tuple[PaperFile, Written]]) -> None:
    before: Papers = papers.content
    if len(before.papers) + len(kept) > MOST_PAPERS:
        raise TooManyPapers(f"A record keeps at most {MOST_PAPERS} papers. Remove some first.")
    mine = tuple(msgspec.structs.replace(one, added_by=by.member.handle.hex) for one in kept)
    for row, _ in made:
        PaperFile.objects.create(
            handle=row.handle,
            subject=keyed.subject,
            stored_bytes=row.stored_bytes,
            digest=row.digest,
            added_on=row.added_on,
        )
    content = Papers(papers=(*before.papers, *mine))
    written = write_facet(keyed, Envelope.Facet.PAPERS, content, read=papers.revision)
    written += [one for _, one in made]
    detail = {"papers": [one.handle for one in mine]}
    record_writes([journaling.wrote(by, keyed, Entered.ADDED_PAPER, written, detail)])


def _take(by: Actor, keyed: Keyed, papers: Opened, paper: UUID, why: history.Why) -> None:
    before: Papers = papers.content
    gone = next((one for one in before.papers if one.handle == paper.hex), None)
    if gone is None:
        raise NotHeld("There is no such paper, or it was removed.")
    content = Papers(papers=tuple(one for one in before.papers if one.handle != gone.handle))
    written = write_facet(keyed, Envelope.Facet.PAPERS, content, read=papers.revision)
    said = Papers(papers=(Paper(handle="", kind=gone.kind, added_on=gone.added_on, added_by=gone.added_by),))
    step = history.step(
        keyed,
        Envelope.Facet.PAPERS,
        encode(said),
        schema=VERSIONS[Envelope.Facet.PAPERS],
        revision=papers.revision,
        why=why,
    )
    written.append(keep_step(keyed, step))
    PaperFile.objects.filter(subject=keyed.subject, handle=paper).delete()
    record_writes([journaling.wrote(by, keyed, Entered.REMOVED_PAPER, written)])
    transaction.on_commit(lambda: files.remove([paper]))
