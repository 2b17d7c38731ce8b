"""Which letter a message may be about: by what it refers to, and never by whom it names.

A reference says which enquiries can be meant: an office's own reference those of its case, an authority's that letter,
a person's those of every case that concerns them, the thread the letter that was written in it. Only letters sent on
or before the day of the message count. One enquiry is matched where some reference alone means it and none speaks
against it; a reference that several enquiries share proposes them and matches none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import LONDON, today
from safeconduct.accounts.models import Team
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.schedule import standing
from safeconduct.core.names import mentions
from safeconduct.core.names.skeleton import reference_tokens
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import CaseHead, Facet, Mail, Status
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import open_facets

from .models import Message
from .reading import folding
from .reading.letter import Letter

_AT_ONCE = 500
_WHAT: Mapping[str, str] = {
    Subject.Kind.CASE: Envelope.Facet.HEAD,
    Subject.Kind.PERSON: Envelope.Facet.STATUS,
    Subject.Kind.MESSAGE: Envelope.Facet.MAIL,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a message may be about: cases in the order they are referred to, and the one letter that can be meant.

    ``references`` are ours, by the row of the case; ``keys`` what in the message could be a reference.
    """

    cases: tuple[Case, ...] = ()
    enquiry: Enquiry | None = None
    references: Mapping[int, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()

    @property
    def candidates(self) -> list[str]:
        """Our references of the cases, as they are written."""
        return [self.references[case.pk] for case in self.cases]

    @property
    def our_reference(self) -> str | None:
        """Our reference where exactly one enquiry can be meant."""
        return self.references[self.enquiry.case_id] if self.enquiry else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A letter, and under what it is looked up."""

    on: date
    ours: bool
    keys: tuple[str, ...]
    thread: frozenset[str]


def day_of(letter: Letter) -> date:
    """The day a message is of, in London: when it was sent or, where that cannot be, today."""
    if letter.sent_at is None:
        return today()
    return min(letter.sent_at.astimezone(LONDON).date(), today())


def keys_of(letter: Letter) -> tuple[str, ...]:
    """What could be references in a message: in its subject, in what is new and in what it quotes."""
    return mentions.keys(f"{letter.subject}\n{letter.plain}")


def record_search(by: Actor, team: Team, *, messages: int) -> None:
    """Commit that so many messages are looked up: that nothing is known of one is an answer, too.

    Raises `JournalUnavailable`: nothing may be looked up.
    """
    journaling.listing(by, team, Entered.SEARCHED, count=0, detail={"messages": messages})


class Matcher:
    """Looks letters of one team up. What it opens it keeps for as long as it lives: the run of one act or command."""

    def __init__(self, by: Actor, team: Team) -> None:
        self._by, self._team = by, team
        self._opened: dict[int, Facet] = {}
        self._subjects: dict[int, Subject] = {}
        self._cases: dict[int, Case] = {}

    def match(self, letters: Sequence[tuple[Letter, bool]]) -> list[Found]:
        """For each letter what it may be about; the flag says that we wrote it ourselves.

        Whoever calls this has recorded that they search (`record_search`). Raises `JournalUnavailable`: nothing was
        opened. `IndexBusy`: try again. `PutBack`, `CannotOpen`: damaged.
        """
        asked = [
            _Asked(day_of(one), ours, keys_of(one), frozenset((one.message_id, *one.answers)) - {""})
            for one, ours in letters
        ]
        opened = index.opened(self._by, self._team)
        named = {key: self._having(opened, reference_tokens([key])) for one in asked for key in one.keys}
        linked = {one: self._having(opened, tokens.of_thread([one])) for each in asked for one in each.thread}
        self._open({number for numbers in (*named.values(), *linked.values()) for number in numbers})
        people = {
            number: self._having(opened, tokens.of_concerned([self._subjects[number].handle.hex]))
            for number, content in self._opened.items()
            if isinstance(content, Status)
        }
        self._open({number for numbers in people.values() for number in numbers})
        self._read_cases()
        return [self._found(one, named, linked, people) for one in asked]

    def forget(self, cases: Iterable[Case]) -> None:
        """Read these cases again when they are next asked for: something was filed on them."""
        for case in cases:
            self._cases.pop(case.subject_id, None)

    def _found(
        self,
        asked: _Asked,
        named: Mapping[str, Iterable[int]],
        linked: Mapping[str, Iterable[int]],
        people: Mapping[int, Iterable[int]],
    ) -> Found:
        meant: list[list[Enquiry]] = []
        for key in asked.keys:
            meant.append(self._meant_by(key, named[key], people, asked))
        for one in asked.thread:
            meant.append(self._in_thread(one, linked[one], asked))
        meant = [some for some in meant if some]
        cases = {enquiry.case_id: self._cases_by_pk[enquiry.case_id] for some in meant for enquiry in some}
        references = {pk: self._head(case).our_reference for pk, case in cases.items()}
        return Found(tuple(cases.values()), _one(meant), references, asked.keys)

    def _meant_by(
        self, key: str, numbers: Iterable[int], people: Mapping[int, Iterable[int]], asked: _Asked
    ) -> list[Enquiry]:
        """The enquiries one reference can mean, of the day of the message or before."""
        out: dict[int, Enquiry] = {}
        for number in sorted(numbers):
            content = self._opened.get(number)
            if isinstance(content, CaseHead) and number in self._cases:
                case = self._cases[number]
                own = mentions.key_of(content.our_reference) == key
                for enquiry in self._sent(case, asked):
                    about = content.enquiries.get(enquiry.handle.hex)
                    if own or (about is not None and key in _keys(about.their_reference)):
                        out[enquiry.pk] = enquiry
            elif isinstance(content, Status) and any(key in _keys(one.value) for one in content.references):
                handle = self._subjects[number].handle.hex
                for other in sorted(people.get(number, ())):
                    head = self._opened.get(other)
                    if isinstance(head, CaseHead) and any(one.person == handle for one in head.concerns):
                        out |= (
                            {one.pk: one for one in self._sent(self._cases[other], asked)}
                            if other in self._cases
                            else {}
                        )
        return list(out.values())

    def _in_thread(self, wanted: str, numbers: Iterable[int], asked: _Asked) -> list[Enquiry]:
        """The enquiry as which messages of the same thread were filed."""
        out: dict[int, Enquiry] = {}
        for number in numbers:
            content = self._opened.get(number)
            if isinstance(content, Mail) and wanted in (content.message_id, *content.answers):
                filed = self._filed.get(number)
                if filed is not None and filed.enquiry is not None:
                    case = self._cases_by_pk.get(filed.case_id)
                    for enquiry in self._sent(case, asked) if case else ():
                        if enquiry.pk == filed.enquiry_id:
                            out[enquiry.pk] = enquiry
        return list(out.values())

    def _sent(self, case: Case, asked: _Asked) -> list[Enquiry]:
        """The letters of a case that had gone out by then; of our own message every one, for it may be the letter."""
        if asked.ours:
            return list(case.enquiries.all())
        went = {
            event.enquiry_id
            for event in standing(case.events.all())
            if event.kind == Event.Kind.SENT and event.on <= asked.on
        }
        return [enquiry for enquiry in case.enquiries.all() if enquiry.pk in went]

    def _head(self, case: Case) -> CaseHead:
        head = self._opened[case.subject_id]
        assert isinstance(head, CaseHead)
        return head

    def _having(self, opened: index.OpenedIndex, wanted: frozenset[int]) -> frozenset[int]:
        return opened.having(wanted) if wanted else frozenset()

    def _open(self, numbers: set[int]) -> None:
        """Open what says whether a token meant what it was asked for: tokens are short."""
        new = sorted(numbers - self._subjects.keys())
        for start in range(0, len(new), _AT_ONCE):
            rows = Subject.objects.filter(pk__in=new[start : start + _AT_ONCE], kind__in=list(_WHAT), waiting=False)
            self._subjects |= {row.pk: row for row in rows}
        keyed = held(self._by, [number for number in new if number in self._subjects])
        if not keyed:
            return
        named = [one.subject.handle.hex for one in keyed.values()]
        # The program compares; nobody sees any of them before they open the message.
        leave = journaling.listing(self._by, self._team, Entered.SEARCHED, count=0, detail={"subjects": named})
        for kind, facet in _WHAT.items():
            here = {number: one for number, one in keyed.items() if one.subject.kind == kind}
            for number, record in open_facets(leave, here, [facet]).items():
                content = record[facet].content
                # Of a message only its thread is asked for again; its text would stay in memory for the whole run.
                self._opened[number] = _of_thread(content) if isinstance(content, Mail) else content

    def _read_cases(self) -> None:
        """The open facts of every case that was opened, and of what messages of the same threads were filed as."""
        heads = [number for number, content in self._opened.items() if isinstance(content, CaseHead)]
        mails = [number for number, content in self._opened.items() if isinstance(content, Mail)]
        self._filed = {}
        for start in range(0, len(mails), _AT_ONCE):
            rows = Message.objects.filter(subject__in=mails[start : start + _AT_ONCE], event__isnull=False)
            for row in rows.select_related("event__enquiry", "event__case"):
                assert row.event is not None
                self._filed[row.subject_id] = row.event
                heads.append(row.event.case.subject_id)
        self._open(set(heads) - self._opened.keys())
        wanted = sorted({one for one in heads if one in self._opened} - self._cases.keys())
        for start in range(0, len(wanted), _AT_ONCE):
            events = Prefetch("events", Event.objects.all())
            cases = Case.objects.filter(subject__in=wanted[start : start + _AT_ONCE]).select_related("subject", "team")
            for case in cases.prefetch_related("enquiries", events):
                self._cases[case.subject_id] = case
        self._cases_by_pk = {case.pk: case for case in self._cases.values()}

    _filed: dict[int, Event]
    _cases_by_pk: dict[int, Case]


def _of_thread(mail: Mail) -> Mail:
    return Mail(message_id=mail.message_id, answers=mail.answers)


def _one(meant: Sequence[Sequence[Enquiry]]) -> Enquiry | None:
    """The enquiry that some reference alone means and none speaks against."""
    alone = {some[0].pk: some[0] for some in meant if len(some) == 1}
    if len(alone) != 1:
        return None
    [enquiry] = alone.values()
    return enquiry if all(enquiry.pk in {one.pk for one in some} for some in meant) else None


def _keys(written: str) -> frozenset[str]:
    """The keys of a reference that is on record, and of the family's where it is a dependant's."""
    found = {mentions.key_of(written), *mentions.keys(f"ref {written}")}
    front, slash, _ = written.rpartition("/")
    if slash and len(mentions.key_of(front)) == 8:
        found.add(mentions.key_of(front))
    return frozenset(found - {""})


def said_in(letter: Letter) -> str:
    """The words of the message itself."""
    return folding.said(letter.plain, letter.subject)


def handles(cases: Iterable[Case]) -> tuple[str, ...]:
    """Handles of cases (hex)."""
    return tuple(case.handle.hex for case in cases)


def cases_of(handles_: Iterable[str]) -> list[UUID]:
    """The same the other way."""
    return [UUID(hex=one) for one in handles_]
