"""What tests stand on: an office, its members, people and cases, all made by the actions the desk itself calls.

Everybody here is invented. `PASSPHRASE` is every member's; stretching it is cheap in tests (see conftest).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.test import Client

from safeconduct.accounts.actions import first_use, members, passphrase, sessions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import set_key, today
from safeconduct.accounts.models import Member, Organisation, Team
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import cases, closing, events, urgent
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.core.calendar.days import Nation
from safeconduct.core.sealing.members import KeyPair
from safeconduct.people import queries as people
from safeconduct.people.actions import add_person
from safeconduct.people.facets import (
    Assertion,
    Birth,
    CaseHead,
    Concerns,
    Contact,
    EnquiryHead,
    Identity,
    Referenced,
    SpelledName,
    Status,
    Urgent,
    Way,
)
from safeconduct.people.models import Subject
from safeconduct.web.cookies import SESSION, written
from tests.support.remembered import remembered

PASSPHRASE = "harbour kettle violin moss"
_numbers = count(1)


@dataclass(frozen=True)
class Colleague:
    """A member of staff in a test: their row and their key."""

    member: Member
    pair: KeyPair

    @property
    def actor(self) -> Actor:
        """The member acting, afresh: teams joined since count."""
        return Actor(Member.objects.select_related("organisation").get(pk=self.member.pk), self.pair)

    @property
    def client(self) -> Client:
        """A browser in which this member has just signed in."""
        signed = sessions.sign_in(name=self.member.sign_in, passphrase=PASSPHRASE)
        browser = Client()
        browser.cookies[SESSION] = written(signed.half)
        return browser


@dataclass(frozen=True)
class Office:
    """An organisation with its first member, who is a guardian and leads its first team."""

    organisation: Organisation
    guardian: Colleague
    team: Team


@remembered
def office(*, name: str = "Office of Rhian Made-Up MP", nation: Nation = Nation.ENGLAND_AND_WALES) -> Office:
    """The desk's organisation, set up as first use does it."""
    made = first_use.set_up(
        organisation=name,
        nation=nation,
        team="Immigration",
        name="Sian Guardian",
        sign_in="sian",
        passphrase=PASSPHRASE,
    )
    return Office(made.organisation, _colleague(made.member), made.team)


def other_office(*, name: str = "Harbour Law Centre") -> Office:
    """A second organisation in the same database. First use makes one only, so its rows are made here."""
    organisation = Organisation.objects.create(name=name, nation=Nation.SCOTLAND, started_on=today())
    pair = KeyPair.generate()
    first = Member(
        organisation=organisation,
        name="Elsewhere Guardian",
        sign_in=f"elsewhere{next(_numbers)}",
        is_guardian=True,
        joined_on=today(),
    )
    set_key(first, pair, PASSPHRASE)
    first.save()
    team = first_use.new_team(organisation, first, "Advice")
    return Office(organisation, Colleague(first, pair), team)


@remembered
def member(
    place: Office,
    name: str = "Lowri Worker",
    *,
    role: str = "caseworker",
    guardian: bool = False,
    team: Team | None = None,
    changed: bool = True,
) -> Colleague:
    """A further member of a team, added by the office's guardian.

    Unless `changed` is false they have chosen their own passphrase, which is `PASSPHRASE`; otherwise they still hold
    the first one, and cannot sign in by `client`.
    """
    sign_in = f"{name.split()[0].lower()}{next(_numbers)}"
    added = members.add_member(
        by=place.guardian.actor,
        name=name,
        sign_in=sign_in,
        is_guardian=guardian,
        roles={(team or place.team).pk: role},
    )
    if not changed:
        return Colleague(added.member, added.member.lock.open(added.first_passphrase, member=added.member.handle.hex))
    signed = sessions.sign_in(name=sign_in, passphrase=added.first_passphrase)
    passphrase.change(by=signed.actor, current=added.first_passphrase, new=PASSPHRASE)
    return _colleague(added.member)


@remembered
def team(place: Office, name: str = "Housing") -> Team:
    """A further team, which only the guardian is in."""
    return members.create_team(by=place.guardian.actor, name=name)


@remembered
def person(
    by: Colleague,
    *names: str,
    team: Team | None = None,
    births: Sequence[Birth] = (),
    references: Sequence[Referenced] = (),
    ways: Sequence[Way] = (),
    safe_note: str = "",
    nationality: str = "",
    history: str = "",
) -> Subject:
    """A person with these spellings of their name; the first is how they give it themselves."""
    actor = by.actor
    spelled = names or ("Fatima Rahimi",)
    return add_person(
        by=actor,
        team=team or actor.teams[0],
        identity=Identity(
            names=tuple(SpelledName(text=text, by_person=at == 0) for at, text in enumerate(spelled)),
            births=tuple(births),
        ),
        contact=Contact(ways=tuple(ways), safe_note=safe_note),
        status=Status(
            nationalities=(Assertion(value=nationality),) if nationality else (),
            references=tuple(references),
            history=history,
        ),
    )


@remembered
def case(
    by: Colleague,
    about: Subject,
    *,
    kind: str = "asylum",
    reference: str = "IM/0001",
    exact_kind: str = "",
    came_in_on: date | None = None,
    route: str = "ho_mp",
    worker: Member | None = None,
    subject: str = "Delay",
    sent_on: date | None = None,
) -> Case:
    """A case for a person with one enquiry, sent on a day if one is given."""
    actor = by.actor
    record = people.open_person(by=actor, person=about)
    made = cases.open_case(
        by=actor,
        team=record.keyed.team,
        person=about,
        head=CaseHead(
            our_reference=reference,
            exact_kind=exact_kind,
            concerns=(Concerns(person=about.handle.hex),),
            enquiries={"": EnquiryHead(subject=subject)},
        ),
        kind=kind,
        worker=worker,
        came_in_on=came_in_on or sent_on or today(),
        route=route,
    )
    if sent_on:
        event(by, made, "sent", sent_on)
    return made


def cases_of(by: Colleague, about: Subject) -> list[Case]:
    """Every case that concerns a person, newest first."""
    links = people.open_person(by=by.actor, person=about).links.content
    return [
        one.case for one in casework.open_cases_of(by=by.actor, people=[about.handle.hex], earlier=links.earlier_cases)
    ]


def enquiry(of: Case) -> Enquiry:
    """A case's first enquiry."""
    return of.enquiries.order_by("id")[0]


@remembered
def event(by: Colleague, of: Case, kind: str, on: date, **more: Any) -> Event:
    """Something that happened on a case's first enquiry. ``more`` is what else `events.log_event` takes."""
    return events.log_event(by=by.actor, case=of, enquiry=enquiry(of), kind=kind, on=on, **more)


def closed(by: Actor, of: Case, *, outcome: str = "got_it", ahead: int = 365) -> Event:
    """A case closed today, to be looked at again in so many days."""
    return closing.close_case(by=by, case=of, outcome=outcome, on=today(), review_on=today() + timedelta(days=ahead))


def reopened(by: Actor, of: Case) -> Event:
    """A closed case opened again."""
    return closing.reopen_case(by=by, case=of, why="They wrote again.")


def removal(by: Colleague, of: Case, *, ahead: int = 2, **known: Any) -> None:
    """Somebody is to be removed in so many days; ``known`` are fields of the sealed `Urgent`."""
    head = casework.open_head(by=by.actor, case=of)
    day = today() + timedelta(days=ahead)
    urgent.set_urgent(
        by=by.actor, case=of, head=head.content, read=head.revision, urgent=Urgent(**known), removal_on=day
    )
    of.refresh_from_db(fields=["removal_on"])


def _colleague(row: Member) -> Colleague:
    fresh = Member.objects.get(pk=row.pk)
    return Colleague(fresh, fresh.lock.open(PASSPHRASE, member=fresh.handle.hex))
