"""One letter made into the rows of a message: sealed, and not yet saved."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import LONDON, today
from safeconduct.accounts.models import Team
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.actions.add import save_sealed
from safeconduct.people.actions.papers import Sent, look_at, sealed_paper
from safeconduct.people.facets import Attached, Mail, Paper, Papers
from safeconduct.people.keys import Keyed, new_subject
from safeconduct.people.models import Envelope, PaperFile, Subject, Wrap
from safeconduct.people.papers import files
from safeconduct.people.papers.media import NotKept
from safeconduct.people.records import new_envelope

from .. import facts, matching
from ..matching import Found
from ..models import Message
from ..reading import html
from ..reading.letter import Attachment, Fault, Letter

_OTHER: Final = "other"
_FILES_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message's rows, not yet saved, its files, not yet on the disk, and what it may be about."""

    message: Message
    found: Found
    keyed: Keyed
    wrap: Wrap
    envelopes: Sequence[Envelope]
    papers: Sequence[tuple[PaperFile, bytes]]
    entry: tuple[Entry, Sequence[Written]]
    tokens: frozenset[int]


def digest_of(letter: Letter) -> str:
    """The SHA-256, in hex, of the bytes a letter came in."""
    return hashlib.sha256(letter.data).hexdigest()


def seal(by: Actor, team: Team, letter: Letter, labels: Sequence[str], found: Found, *, ours: bool) -> Sealed:
    """Seal a letter: nothing is kept of it yet."""
    keyed, wrap = new_subject(by, team, Subject.Kind.MESSAGE)
    kept: list[Paper] = []
    made: list[tuple[PaperFile, Written, bytes]] = []
    faults = dict.fromkeys(letter.faults)

    def keep(paper: Paper, data: bytes) -> str:
        kept.append(paper)
        made.append(sealed_paper(keyed, paper, data))
        return paper.handle

    original = keep(_original(by, letter), letter.data)
    attached = []
    for one in letter.attached:
        paper = _looked_at(by, one)
        if paper is None:
            faults[Fault.NOT_KEPT] = None
        attached.append(Attached(paper=keep(paper, one.data) if paper else "", name=one.name))
    if letter.sent_at is not None and matching.day_of(letter) != letter.sent_at.astimezone(LONDON).date():
        faults[Fault.DAY_TO_COME] = None
    mail = Mail(
        message_id=letter.message_id,
        answers=letter.answers,
        sender=letter.sender,
        sender_name=letter.sender_name,
        to=letter.to,
        subject=letter.subject,
        sent_at=letter.sent_at.astimezone(UTC).isoformat(timespec="seconds") if letter.sent_at else "",
        plain=letter.plain,
        html=html.clean(letter.html) if letter.html else "",
        original=original,
        attached=tuple(attached),
        labels=tuple(labels),
        candidates=matching.handles(found.cases),
        enquiry=found.enquiry.handle.hex if found.enquiry else "",
        faults=tuple(faults),
    )
    message = Message(
        handle=keyed.subject.handle,
        organisation=by.organisation,
        team=team,
        subject=keyed.subject,
        direction=Message.Direction.OUT if ours else Message.Direction.IN,
        on=matching.day_of(letter),
        at=datetime.now(UTC),
        by=by.member,
    )
    envelopes = [
        new_envelope(keyed, Envelope.Facet.MAIL, mail),
        new_envelope(keyed, Envelope.Facet.PAPERS, Papers(papers=tuple(kept))),
    ]
    written = [*(one for _, one in envelopes), *(one for _, one, _ in made), facts.first(message)]
    return Sealed(
        message=message,
        found=found,
        keyed=keyed,
        wrap=wrap,
        envelopes=[row for row, _ in envelopes],
        papers=[(row, sealed) for row, _, sealed in made],
        entry=journaling.wrote(by, keyed, Entered.TOOK_IN_MAIL, written),
        tokens=tokens.of_message(mail, digest=digest_of(letter), mentioned=found.keys),
    )


def save(by: Actor, team: Team, new: Sequence[Sealed], *, stood: tuple[int, int]) -> bool:
    """Put the files of messages on the disk and then save the messages, in one transaction.

    ``stood``: where the team's index stood (`index.state`) when it was asked whether they are here. False, and nothing
    kept, where it has moved: one of them may be here by now. Raises `DiskRefused`, `JournalUnavailable`: nothing was
    kept.
    """
    try:
        # A disk takes many files at once in the time of a few: most of it is waiting for it to say that it has them.
        with ThreadPoolExecutor(_FILES_AT_ONCE) as together:
            list(together.map(_write, [one for each in new for one in each.papers]))
        saved = _save(by, team, new, stood)
    except BaseException:
        _remove(new)
        raise
    if not saved:
        _remove(new)
    return saved


def _remove(new: Sequence[Sealed]) -> None:
    files.remove_unclaimed([row.handle for one in new for row, _ in one.papers])


def _write(paper: tuple[PaperFile, bytes]) -> None:
    files.write(paper[0].handle, paper[1])


def _save(by: Actor, team: Team, new: Sequence[Sealed], stood: tuple[int, int]) -> bool:
    with transaction.atomic():
        index.hold(team)
        if index.state(team) != stood:
            return False
        save_sealed([(one.keyed, one.wrap, one.envelopes) for one in new])
        for one in new:
            one.message.subject = one.keyed.subject
            for row, _ in one.papers:
                row.subject = one.keyed.subject
        PaperFile.objects.bulk_create([row for one in new for row, _ in one.papers], batch_size=500)
        Message.objects.bulk_create([one.message for one in new], batch_size=500)
        record_writes([one.entry for one in new])
        index.add(by, team, Delta(add={one.keyed.subject.pk: one.tokens for one in new}))
    return True


def _original(by: Actor, letter: Letter) -> Paper:
    return Paper(
        handle=new_handle().hex,
        kind=_OTHER,
        media=letter.media,
        length=len(letter.data),
        digest=hashlib.sha256(letter.data).digest(),
        added_on=today(),
        added_by=by.member.handle.hex,
    )


def _looked_at(by: Actor, attachment: Attachment) -> Paper | None:
    """What came with a message as a paper; None for what is of no kind that is kept: it stands in the original."""
    try:
        paper = look_at(Sent(attachment.data, _OTHER, title=PurePosixPath(attachment.name.replace("\\", "/")).name))
    except NotKept:
        return None
    return msgspec.structs.replace(paper, added_by=by.member.handle.hex)
