"""Reading people. Each commits its entry first, and is scoped to what the actor's teams hold."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, zip_longest
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.calendar.days import day_in_london
from safeconduct.core.names.births import Birth as KnownBirth
from safeconduct.core.names.match import Candidate, Ranked, rank
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import boxes, padding
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.journal.queries import labelled

from . import index, journaling, policies, tokens
from .concerned import Concerned, open_concerned
from .facets import Birth, CaseHead, Contact, Identity, Links, Status
from .keys import Keyed, NotHeld, held, hold
from .links import as_one
from .models import Envelope, Found, Subject
from .records import Opened, open_facets

# Each is a record to open: whoever is not among them is found by typing more of the name.
PEOPLE_SHOWN: Final = 20
_OF_A_HIT: Final = (Envelope.Facet.STATUS, Envelope.Facet.CONTACT, Envelope.Facet.LINKS)
# In the order of `PersonRecord`.
_OF_A_PERSON: Final = (
    Envelope.Facet.IDENTITY,
    Envelope.Facet.CONTACT,
    Envelope.Facet.STATUS,
    Envelope.Facet.LINKS,
    Envelope.Facet.NEEDS,
)
# Below this a name has nothing to do with what was typed; one part of two that fits is well above it.
_LIKE_ENOUGH: Final = 0.4
# Of an index of before names were kept in it, and of cases, so many are opened to be ranked.
_CANDIDATES: Final = 80
_KEPT: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person's record, opened. Each facet comes with the revision to name when saving."""

    subject: Subject
    keyed: Keyed
    leave: Entry
    identity: Opened
    contact: Opened
    status: Opened
    links: Opened
    needs: Opened


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer to a search: a person, or the case that carries the reference. ``by_reference``: that is why.

    ``concerned``: of a case, whom it concerns.
    """

    subject: Subject
    identity: Identity | None
    status: Status | None
    contact: Contact | None
    head: CaseHead | None
    by_reference: bool = False
    # Who they are in their other records, where somebody said that these are of one person.
    merged: tuple[Identity, ...] = ()
    concerned: tuple[Concerned, ...] = ()
    links: Links | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked, changed or brought in: who, when last that day, what, and how often."""

    member: str
    at: datetime
    act: str
    times: int


def subject(by: Actor, handle: UUID, kind: Subject.Kind) -> Subject:
    """A record of the actor's organisation. Raises `NotHeld` when there is none or no team of theirs holds it."""
    found = Subject.objects.filter(
        handle=handle,
        kind=kind,
        waiting=False,
        organisation=by.organisation,
        wraps__team__in=list(by.memberships),
    ).first()
    if found is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return found


def open_person(*, by: Actor, person: Subject) -> PersonRecord:
    """Open a person's record, after the entry that says so is committed.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    keyed = hold(by, person)
    policies.require(by, Act.OPEN_PERSON, policies.of_subject(by, person))
    leave = journaling.opening(by, keyed, Entered.OPENED_PERSON)
    names = [*_OF_A_PERSON]
    found = open_facets(leave, {person.pk: keyed}, names)[person.pk]
    return PersonRecord(person, keyed, leave, *(found[name] for name in names))


def search(*, by: Actor, text: str) -> Found:
    """Search every team of the actor's for a name or a reference, and keep the result at an opaque address.

    Raises:
        Refused: policy. JournalUnavailable: nothing was searched. IndexBusy: try again.
    """
    teams = by.teams
    if not teams:
        raise NotHeld("You are in no team yet, so there is nothing to search.")
    wanted, references = tokens.of_query(text), tokens.of_references_typed(text)
    ranked: list[Ranked] = []
    unnamed: list[dict[int, float]] = []
    by_reference: list[int] = []
    for team in teams:
        policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
        journaling.listing(by, team, Entered.SEARCHED, count=0, detail={"query": text})
        opened = index.opened(by, team)
        known, others = opened.ranked(text, wanted)
        ranked += [one for one in known if one.score >= _LIKE_ENOUGH]
        unnamed.append(others)
        by_reference += opened.find([references], limit=_CANDIDATES)[:PEOPLE_SHOWN]
    now = datetime.now(UTC)
    row = Found(team=teams[0], member=by.member.handle, at=now)
    ranked.sort(key=lambda one: -one.order)  # stable: what each team's index told apart stays so
    likely = list(dict.fromkeys(one.number for one in ranked))[:PEOPLE_SHOWN]
    ids = [*likely, *_in_turn([list(one) for one in unnamed], _CANDIDATES)]
    share_of = ChainMap({one.number: one.share for one in reversed(ranked)}, *unnamed)
    answers = {
        "text": text,
        "ids": ids,
        "shares": [share_of[number] for number in ids],
        "by_reference": list(dict.fromkeys(by_reference)),
    }
    content = msgspec.msgpack.encode(answers)
    # Padded: the length of what was typed and the number of answers would tell a name apart.
    row.body = boxes.seal(_found_key(by, row), padding.pad(content), _found_place(row))
    with transaction.atomic():
        Found.objects.filter(at__lt=now - _KEPT).delete()
        row.save(force_insert=True)
    return row


def _in_turn(lists: Sequence[Sequence[int]], most: int) -> list[int]:
    """The first of each list, then the second: one budget however many teams were searched."""
    taken = (one for row in zip_longest(*lists) for one in row if one is not None)
    return list(islice(dict.fromkeys(taken), most))


def found(*, by: Actor, handle: UUID) -> tuple[str, list[Hit]]:
    """What was searched for, and the answers in order of likeness.

    Raises:
        NotHeld: no such search of this member's. Refused: policy. JournalUnavailable: nothing was opened.
    """
    row = Found.objects.filter(handle=handle, member=by.member.handle, team__in=list(by.memberships)).first()
    if row is None:
        raise NotHeld("That search is no longer kept. Search again.")
    kept = msgspec.msgpack.decode(padding.unpad(_open_found(by, row)))
    shares = dict(zip(kept["ids"], kept.get("shares", ()), strict=False))  # a search of before has none
    return kept["text"], _hits(by, kept["text"], kept["ids"], shares, kept["by_reference"])


def in_order(*, by: Actor, row: Found) -> list[int]:
    """Row ids of whom a search of this actor's found by name, most likely first, before any record is opened."""
    ids: list[int] = msgspec.msgpack.decode(padding.unpad(_open_found(by, row)))["ids"]
    return ids


def _hits(
    by: Actor, text: str, ids: Sequence[int], shares: Mapping[int, float], by_reference: Sequence[int]
) -> list[Hit]:
    """Opens whom the index named, ranks them by their names as written, and opens more of those to be shown.

    Of an index of before names were kept in it, those are many more than are shown.
    """
    keyed = held(by, [*ids, *by_reference])
    for team in {one.team for one in keyed.values()}:
        policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    leaves = journaling.listing_of(by, Entered.SEARCHED, keyed.values())
    opened = open_facets(leaves, keyed, [Envelope.Facet.IDENTITY, Envelope.Facet.HEAD])
    named = [(number, record["identity"].content) for number, record in opened.items() if "identity" in record]
    scored = rank(
        text,
        (
            Candidate(number, tuple(n.text for n in one.names), known_births(one.births), shares.get(number, 0.0))
            for number, one in named
        ),
    )
    likely = [one.number for one in scored if one.score >= _LIKE_ENOUGH][:PEOPLE_SHOWN]
    order = [number for number in dict.fromkeys([*by_reference, *likely]) if number in opened]
    for number, record in open_facets(leaves, {number: keyed[number] for number in order}, _OF_A_HIT).items():
        opened[number] |= record
    hits = {number: _hit(keyed[number].subject, opened[number]) for number in order}
    wanted = tokens.of_references_typed(text)
    # The index said so; a token of 32 bits may mean another reference.
    told = [number for number in by_reference if number in hits and wanted & _reference_tokens(hits[number])]
    links = {
        number: (keyed[number].subject.handle.hex, opened[number]["links"].content)
        for number in hits
        if "links" in opened[number]
    }
    listed = [
        replace(
            hits[number],
            by_reference=not {number, *others}.isdisjoint(told),
            merged=tuple(identity for other in others if (identity := hits[other].identity) is not None),
        )
        for number, others in as_one(links, dict.fromkeys([*told, *likely])).items()
    ]
    return _with_concerned(by, listed[:PEOPLE_SHOWN], leaves)


def _with_concerned(by: Actor, hits: Sequence[Hit], leaves: Mapping[Team, Entry]) -> list[Hit]:
    """Cases among the answers with whom they concern."""
    cases = [(at, hit.head) for at, hit in enumerate(hits) if hit.head is not None]
    out = list(hits)
    everybody = open_concerned(by=by, heads=[head for _, head in cases], under=leaves)
    for (at, _), concerned in zip(cases, everybody, strict=True):
        out[at] = replace(out[at], concerned=concerned)
    return out


def _hit(found: Subject, record: Mapping[str, Opened]) -> Hit:
    content = {name: one.content for name, one in record.items()}
    return Hit(
        found,
        content.get("identity"),
        content.get("status"),
        content.get("contact"),
        content.get("head"),
        links=content.get("links"),
    )


def _reference_tokens(hit: Hit) -> frozenset[int]:
    if hit.head is not None:
        return tokens.of_case_references(hit.head)
    return tokens.of_references(hit.status.references) if hit.status else frozenset()


def known_births(births: Iterable[Birth]) -> tuple[KnownBirth, ...]:
    """Births as the matching reads them; one without a year says nothing and is left out."""
    return tuple(
        KnownBirth(one.year, one.month, one.day, about=one.precision == "estimated")
        for one in births
        if one.year is not None
    )


def who_has_looked(*, by: Actor, record: Subject, keyed: Keyed) -> list[Look]:
    """Who opened or changed a record, newest first: what one member did of one kind on one day is one look.

    So nobody can push another's look out of sight by looking often. Listings are counted in the organisation's log.

    Raises:
        Refused: policy.
    """
    policies.require(by, Act.OPEN_LOG, policies.of_subject(by, record))
    names = {member.handle: member.name for member in by.organisation.members.all()}
    looks: dict[tuple[UUID | None, str, date], Look] = {}
    for member, act, at in labelled(keyed.labels(until=today())):
        key = (member, act, day_in_london(at))
        newest = looks.get(key) or Look(names.get(member, "") if member else "", at, act, 0)
        looks[key] = replace(newest, times=newest.times + 1)
    return list(looks.values())


def _found_key(by: Actor, row: Found) -> bytes:
    return by.bundle(row.team_id).key_for("found", row.handle.hex, row.member.hex)


def _open_found(by: Actor, row: Found) -> bytes:
    parts = (row.handle.hex, row.member.hex)
    return by.bundle(row.team_id).open_box(bytes(row.body), _found_place(row), "found", *parts)


def _found_place(row: Found) -> bytes:
    return boxes.context("found", row.handle.hex)
