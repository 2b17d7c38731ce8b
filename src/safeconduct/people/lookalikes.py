"""Who here might be the same as somebody else: offered with reasons, decided by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.names.births import Birth as KnownBirth
from safeconduct.core.names.doubles import Known, Likeness, Screen, Strength, compare
from safeconduct.core.names.lookup import kept_of
from safeconduct.core.names.match import Comparison
from safeconduct.core.names.references import Kind, Reference, normal
from safeconduct.core.names.skeleton import reference_tokens, tokens
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import index, journaling, policies
from .facets import Contact, Identity, Status
from .keys import Keyed, held
from .links import as_one
from .models import Envelope, Subject
from .queries import PersonRecord
from .records import open_facets

# Whoever shares a reference or the rarer parts of a name is well among these; each may be a record to open.
_LOOKED_AT = 10
_WEAK_SHOWN = 2
_TELLING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Somebody on record who may be the person asked about, and why."""

    subject: Subject
    identity: Identity
    likeness: Likeness


def possible_doubles(*, by: Actor, record: PersonRecord, merged: Sequence[Subject] = ()) -> list[Lookalike]:
    """People of the record's own team who may be the same person, likeliest first.

    Left out are those of whom somebody said that they are another, and ``merged``, who are known to be this one.

    Raises `Refused`, `JournalUnavailable`, `IndexBusy`.
    """
    links = record.links.content
    others = Subject.objects.filter(
        organisation=by.organisation, handle__in=[UUID(handle) for handle in links.not_same_as]
    )
    asked = known(record.identity.content, record.contact.content, record.status.content)
    return offered(
        by=by, team=record.keyed.team, asked=asked, without=[record.subject, *others, *merged], leave=record.leave
    )


def offered(
    *, by: Actor, team: Team, asked: Known, without: Sequence[Subject], leave: Entry | None = None
) -> list[Lookalike]:
    """People of a team who may be the one asked about, as many as are worth somebody's look, likeliest first.

    A bare likeness of names is worth showing only while it is rare: in a large team very many share a name, and each
    of them shown here is somebody's record listed for no reason. Raises as `lookalikes` does.
    """
    [found] = lookalikes(
        by=by, team=team, asked=[asked], without=without, at_least=Strength.WEAK, leave=leave, once=True
    )
    telling = [one for one in found if one.likeness.strength >= Strength.LIKELY]
    if telling or len(found) > _WEAK_SHOWN:
        return telling[:_TELLING_SHOWN]
    return found


def known(identity: Identity, contact: Contact, status: Status) -> Known:
    """A record as the names room compares people."""
    ways = contact.ways
    return Known(
        names=tuple(name.text for name in identity.names),
        births=tuple(
            KnownBirth(one.year, one.month, one.day, about=one.precision == "estimated")
            for one in identity.births
            if one.year is not None
        ),
        references=tuple(
            Reference(Kind(one.kind), one.value, normal(Kind(one.kind), one.value), "unconfirmed")
            for one in status.references
        ),
        postcode=next((way.value for way in ways if way.kind == "postcode"), ""),
        phones=tuple(way.value for way in ways if way.kind == "phone"),
        nationality=next((one.value for one in status.nationalities), ""),
    )


def lookalikes(
    *,
    by: Actor,
    team: Team,
    asked: Sequence[Known],
    without: Sequence[Subject] = (),
    at_least: Strength = Strength.LIKELY,
    leave: Entry | None = None,
    once: bool = False,
) -> list[list[Lookalike]]:
    """For each of ``asked``, the people of one team who may be the same, most likely first.

    Nobody of another team is looked at, so nothing is told of them. That nobody is like them is an answer too, so the
    search is recorded before the index is opened, unless ``leave`` says that it was. With ``once``, whoever has several
    records is there by the likeliest of them alone. Raises `Refused`, `JournalUnavailable`.
    """
    policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    if leave is None:
        journaling.listing(by, team, Entered.SEARCHED, count=0, detail={"like": len(asked)})
    opened_index = index.opened(by, team)
    if opened_index.is_empty:
        return [[] for _ in asked]
    left_out = {subject.pk for subject in without}
    comparison = Comparison(opened_index.bones)
    found = [
        [number for number in _worth_opening(opened_index, one, at_least, comparison) if number not in left_out]
        for one in asked
    ]
    wanted = Subject.objects.filter(
        pk__in={number for numbers in found for number in numbers}, kind=Subject.Kind.PERSON, waiting=False
    )
    keyed = held(by, list(wanted.values_list("pk", flat=True)))
    if not keyed:
        return [[] for _ in asked]
    handles = [one.subject.handle.hex for one in keyed.values()]
    # Counted as what can be shown of them: the rest are compared by the program and seen by nobody.
    shown = min(len(handles), len(asked) * _TELLING_SHOWN)
    leave = journaling.listing(by, team, Entered.SEARCHED, count=shown, detail={"subjects": handles})
    facets = [Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS]
    opened = open_facets(leave, keyed, facets)
    people: dict[int, tuple[Identity, Known]] = {}
    for number, record in opened.items():
        identity, contact, status = (record[facet].content for facet in facets)
        people[number] = (identity, known(identity, contact, status))
    out: list[list[Lookalike]] = []
    for one, numbers in zip(asked, found, strict=True):
        alike = [
            Lookalike(keyed[number].subject, people[number][0], compare(one, people[number][1]))
            for number in numbers
            if number in people
        ]
        out.append(
            sorted(
                (each for each in alike if each.likeness.strength >= at_least),
                key=lambda each: -each.likeness.strength,
            )
        )
    return _once(leave, keyed, out) if once else out


def _worth_opening(
    opened: index.OpenedIndex, asked: Known, at_least: Strength, comparison: Comparison
) -> Iterator[int]:
    """Who shares most with somebody, without those who cannot be like enough by what the index keeps of them."""
    references = reference_tokens(reference.normal for reference in asked.references)
    marked = opened.having(references)
    screen = Screen(asked, comparison)
    for number in opened.find(tokens(asked.names) | references, limit=_LOOKED_AT):
        kept = kept_of(opened.generation, opened.newest, number)
        if kept is None or number in marked or screen.most(kept) >= at_least:
            yield number


def _once(leave: Entry, keyed: Mapping[int, Keyed], found: list[list[Lookalike]]) -> list[list[Lookalike]]:
    """The same lists, with one record of each person in each. Links are opened only where there is a choice."""
    several = {each.subject.pk for one in found if len(one) > 1 for each in one}
    opened = open_facets(leave, {number: keyed[number] for number in several}, [Envelope.Facet.LINKS])
    links = {
        number: (keyed[number].subject.handle.hex, record[Envelope.Facet.LINKS].content)
        for number, record in opened.items()
    }
    stand = [as_one(links, [each.subject.pk for each in one]) for one in found]
    return [[each for each in one if each.subject.pk in those] for one, those in zip(found, stand, strict=True)]
