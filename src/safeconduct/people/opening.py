"""Opening the parts of a record that have pages of their own: papers, what was told, what it was before.

Each commits its entry first. Beside the part come the few facets that say whose it is and how to reach them safely.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing import files as sealed_files
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.journal.queries import latest_commitments

from . import journaling, policies
from .concerned import Concerned, open_concerned
from .facets import Paper, Papers
from .history import KEPT
from .keys import Keyed, NotHeld, hold
from .models import Envelope, PaperFile, Subject
from .papers import files
from .records import ALWAYS_THERE, IN_TIME, Opened, PutBack, open_facets, open_steps

_WHOSE: Final[Mapping[str, tuple[str, ...]]] = {
    Subject.Kind.PERSON: (Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT),
    Subject.Kind.CASE: (Envelope.Facet.HEAD,),
    Subject.Kind.HOUSEHOLD: (Envelope.Facet.HOUSEHOLD,),
    Subject.Kind.MESSAGE: (Envelope.Facet.MAIL,),
}
_OPEN: Final = {
    Subject.Kind.PERSON: (Act.OPEN_PERSON, Entered.OPENED_PERSON),
    Subject.Kind.CASE: (Act.OPEN_CASE, Entered.OPENED_CASE),
    Subject.Kind.HOUSEHOLD: (Act.OPEN_HOUSEHOLD, Entered.OPENED_HOUSEHOLD),
    Subject.Kind.MESSAGE: (Act.OPEN_MESSAGE, Entered.OPENED_MESSAGE),
}
CHANGE: Final = {
    Subject.Kind.PERSON: (Act.CHANGE_PERSON, Entered.CHANGED_PERSON),
    Subject.Kind.CASE: (Act.CHANGE_CASE, Entered.CHANGED_CASE),
    Subject.Kind.HOUSEHOLD: (Act.CHANGE_HOUSEHOLD, Entered.CHANGED_HOUSEHOLD),
    Subject.Kind.MESSAGE: (Act.FILE_MESSAGE, Entered.FILED_MESSAGE),
}
WITH_PAPERS: Final = frozenset({Subject.Kind.PERSON, Subject.Kind.CASE})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record, opened: the facets that were asked for and those that say whose it is, by name.

    ``concerned``: of a case, everybody it concerns, with how to reach them safely.
    """

    subject: Subject
    keyed: Keyed
    leave: Entry
    facets: Mapping[str, Opened]
    concerned: tuple[Concerned, ...] = ()


def find(by: Actor, handle: UUID, kinds: frozenset[Subject.Kind] = frozenset(Subject.Kind)) -> Subject:
    """A record of one of these kinds that the actor's teams hold. Raises `NotHeld`."""
    found = Subject.objects.filter(
        handle=handle,
        kind__in=sorted(kinds),
        waiting=False,
        organisation=by.organisation,
        wraps__team__in=list(by.memberships),
    ).first()
    if found is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return found


def open_part(*, by: Actor, subject: Subject, facet: str) -> Part:
    """One facet of a record, under the entry that the record was opened.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    act, entered = _OPEN[Subject.Kind(subject.kind)]
    return _open(by, subject, act, entered, [facet])


def open_paper(*, by: Actor, subject: Subject, paper: UUID) -> tuple[Part, Paper]:
    """What one paper is, under the entry that it was opened. Raises as `open_part`; `NotHeld`: no such paper."""
    act, _ = _OPEN[Subject.Kind(subject.kind)]
    part = _open(by, subject, act, Entered.OPENED_PAPER, [Envelope.Facet.PAPERS])
    return part, _paper(part, paper)


def read_paper(*, by: Actor, subject: Subject, paper: UUID, export: bool = False) -> tuple[Paper, bytes]:
    """What is in a paper, after the entry that it was opened or, with ``export``, handed out as it came.

    Raises as `open_paper`; `PutBack` where the file is gone or is not the one the log committed to.
    """
    act, _ = _OPEN[Subject.Kind(subject.kind)]
    entered = Entered.EXPORTED if export else Entered.OPENED_PAPER
    part = _open(by, subject, Act.EXPORT_PAPER if export else act, entered, [Envelope.Facet.PAPERS])
    found = _paper(part, paper)
    return found, content_of(part, found)


def content_of(part: Part, paper: Paper) -> bytes:
    """What is in a paper of an opened part. Raises `PutBack`, `CannotOpen`."""
    return _content(part.keyed, paper)


def open_history(*, by: Actor, subject: Subject) -> tuple[Part, Sequence[Opened]]:
    """A record's facets as they stand, and the steps of their history, newest first. Raises as `open_part`."""
    kind = Subject.Kind(subject.kind)
    names = sorted(KEPT & (ALWAYS_THERE[kind] | IN_TIME.get(kind, frozenset())))
    papers = [Envelope.Facet.PAPERS] if kind in WITH_PAPERS else []
    part = _open(by, subject, Act.OPEN_HISTORY, Entered.OPENED_HISTORY, [*names, *papers])
    revisions: dict[str, int] = {name: part.facets[name].revision for name in [*names, *papers]}
    return part, open_steps(part.leave, part.keyed, revisions)


def papers_key(keyed: Keyed, generation: int) -> bytes:
    """The key that the keys of a record's files are made from."""
    return envelopes.facet_key(keyed.key, Envelope.Facet.PAPERS, generation)


def place_of(keyed: Keyed, paper: Paper) -> sealed_files.FilePlace:
    """Where the file of a paper belongs."""
    return sealed_files.FilePlace(keyed.organisation, keyed.subject.handle.hex, paper.handle, paper.generation)


def _open(by: Actor, subject: Subject, act: Act, entered: Entered, names: Sequence[str]) -> Part:
    keyed = hold(by, subject)
    policies.require(by, act, policies.of_subject(by, subject))
    leave = journaling.opening(by, keyed, entered)
    wanted = [*dict.fromkeys([*_WHOSE[subject.kind], *names])]
    opened = open_facets(leave, {subject.pk: keyed}, wanted)[subject.pk]
    concerned: tuple[Concerned, ...] = ()
    if subject.kind == Subject.Kind.CASE:
        [concerned] = open_concerned(by=by, heads=[opened[Envelope.Facet.HEAD].content], with_contact=True)
    return Part(subject, keyed, leave, opened, concerned)


def _paper(part: Part, handle: UUID) -> Paper:
    papers: Papers = part.facets[Envelope.Facet.PAPERS].content
    found = next((one for one in papers.papers if one.handle == handle.hex), None)
    if found is None:
        raise NotHeld("There is no such paper, or it was removed.")
    return found


def _content(keyed: Keyed, paper: Paper) -> bytes:
    row = PaperFile.objects.filter(subject=keyed.subject, handle=UUID(hex=paper.handle)).first()
    if row is None:
        raise PutBack("the file of this paper is not there any more")
    sealed = files.read(row.handle)
    told = sealed_files.digest(sealed)
    _, logged = latest_commitments([row.handle]).get(row.handle, (0, b""))
    if logged != told or bytes(row.digest) != told:
        raise PutBack("the file of this paper is not the one the log says was kept; nothing was opened")
    key = sealed_files.file_key(papers_key(keyed, paper.generation), paper.handle)
    content = sealed_files.open_file(key, sealed, place_of(keyed, paper))
    if hashlib.sha256(content).digest() != paper.digest:
        raise PutBack("what is in this paper is not what was kept; nothing is shown")
    return content
