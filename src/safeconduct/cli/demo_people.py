"""Who stands around one of the demo's people: what he needs, a household, a second record, roles, what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.casework.models import Case
    from safeconduct.people.models import Subject
    from safeconduct.people.queries import PersonRecord

# On the case of this reference: Dilovan Barzani's.
OF: Final = "WM/0003"
_PHONE: Final = "07700 900456"


def put_around(by: Actor, case: Case) -> None:
    """Needs and rules of the person a case concerns, a household, a record merged with theirs, and the case's roles."""
    from safeconduct.casework.queries import open_head

    handle = open_head(by=by, case=case).content.concerns[0].person
    _needs(by, _opened(by, UUID(handle)))
    _reaching(by, _opened(by, UUID(handle)))
    child = _child(by, _opened(by, UUID(handle)))
    _second_record(by, _opened(by, UUID(handle)))
    _roles(by, case, child)
    _intake(by, case)


def _opened(by: Actor, handle: UUID) -> PersonRecord:
    from safeconduct.people.models import Subject
    from safeconduct.people.queries import open_person, subject

    return open_person(by=by, person=subject(by, handle, Subject.Kind.PERSON))


def _needs(by: Actor, record: PersonRecord) -> None:
    from safeconduct.people.actions import change_needs
    from safeconduct.people.facets import Needs

    needs = Needs(
        speaks=("kmr", "ckb"),
        reads=("ckb",),
        audio=True,
        interpreter="kmr",
        dialect="Badini",
        gender="man",
        access="Hard of hearing on the left: sit to his right.",
    )
    change_needs(by=by, person=record.subject, needs=needs, read=record.needs.revision)


def _reaching(by: Actor, record: PersonRecord) -> None:
    import msgspec

    from safeconduct.accounts.keys import today
    from safeconduct.people.actions import change_contact
    from safeconduct.people.facets import Never, Rules, Way

    before = record.contact.content
    mobile = Way(
        kind="phone",
        value=_PHONE,
        note="his own",
        rules=Rules(phone="ask", text="yes", voicemail="no", when="weekdays after 4"),
    )
    contact = msgspec.structs.replace(
        before,
        ways=(mobile, *before.ways),
        safe_note="Shares a room: nothing by post to the hotel.",
        rules=Rules(post="no"),
        never=(Never(kind="person", who="Karwan Barzani"), Never(kind="embassy")),
        code_word="paper boat",
        since=today() - timedelta(days=20),
        said_by="he himself, by interpreter",
    )
    change_contact(by=by, person=record.subject, contact=contact, read=record.contact.revision)


def _child(by: Actor, record: PersonRecord) -> Subject:
    from safeconduct.people.actions import add_person, add_to_household, make_household
    from safeconduct.people.facets import Birth, Identity, SpelledName
    from safeconduct.people.households import open_household

    child = add_person(
        by=by,
        team=record.keyed.team,
        identity=Identity(
            names=(SpelledName(text="Rojîn Barzanî", by_person=True),), births=(Birth(year=2017, precision="year"),)
        ),
    )
    household = make_household(by=by, person=record, role="parent", note="One room at the hotel; school since autumn.")
    opened = open_household(by=by, household=household)
    add_to_household(by=by, record=opened, person=_opened(by, child.handle), role="child")
    return child


def _second_record(by: Actor, record: PersonRecord) -> None:
    from safeconduct.people.actions import add_person, merge
    from safeconduct.people.facets import Contact, Identity, Referenced, SpelledName, Status, Way

    twin = add_person(
        by=by,
        team=record.keyed.team,
        identity=Identity(names=(SpelledName(text="دلۆڤان بارزانی", source="A card he showed"),)),
        contact=Contact(ways=(Way(kind="email", value="dilovan@example.org"),)),
        status=Status(references=(Referenced(kind="ho_file", value="B9000003", source="The same card"),)),
    )
    merge(by=by, record=record, other=_opened(by, twin.handle), reason="He came twice; the same card both times")


def _roles(by: Actor, case: Case, child: Subject) -> None:
    from safeconduct.casework.actions import around
    from safeconduct.casework.queries import open_head
    from safeconduct.people.facets import Outside

    head = open_head(by=by, case=case)
    around.add_person(by=by, case=case, head=head, person=_opened(by, child.handle), role="dependant")
    head = open_head(by=by, case=case)
    solicitor = Outside(
        role="solicitor", name="Rhys Made-Up", organisation="Harbour Law Centre", reach="01632 960001, mornings"
    )
    around.change_around(
        by=by, case=case, head=head, concerns=head.content.concerns, outside=[solicitor], read=head.revision
    )


def _intake(by: Actor, case: Case) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions.intake import set_intake
    from safeconduct.casework.queries import open_head
    from safeconduct.people.facets import Authority, Intake

    head, day = open_head(by=by, case=case), today()
    signed = Authority(
        names="Ada Fairweather MP",
        covers="him and his daughter",
        signed_on=day - timedelta(days=190),
        until=day - timedelta(days=8),
        seen=True,
    )
    intake = Intake(
        constituent="yes",
        checked_how="address",
        checked_on=day - timedelta(days=190),
        checked_by="Leila",
        authorities=(signed,),
        notice_on=day - timedelta(days=190),
        notice_how="spoken",
        notice_language="kmr",
    )
    set_intake(by=by, case=case, head=head.content, read=head.revision, intake=intake)
