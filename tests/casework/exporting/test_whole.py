"""Everything an office holds, exported, brought into an empty desk, and exported again: the same."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

import pytest

from safeconduct.accounts.actions import leaving
from safeconduct.accounts.models import Member, Membership
from safeconduct.accounts.policies import Refused
from safeconduct.agenda.models import Item
from safeconduct.casework import checks, queries
from safeconduct.casework.actions import arrivals, events
from safeconduct.casework.directory import open_directory
from safeconduct.casework.exporting import arriving, case_list, taking
from safeconduct.casework.exporting.lines import NotALine
from safeconduct.casework.exporting.package import BadExport
from safeconduct.casework.models import Arrival, Case, Event
from safeconduct.core.sealing.agefiles import LockedKey
from safeconduct.core.sealing.faults import WeakPassphrase
from safeconduct.journal.models import Act, Alarm, Entry
from safeconduct.people import checks as people_checks
from safeconduct.people import journaling, opening
from safeconduct.people import queries as people
from safeconduct.people.actions import change
from safeconduct.people.models import PaperFile, Subject
from safeconduct.people.papers import files as files_of_papers
from tests import builders
from tests.support.exports import KEY, opened, put_together, taken_apart
from tests.support.whole_office import contents, empty_desk, exported, moved, whole_office

pytestmark = pytest.mark.django_db(transaction=True)


@cache
def of_an_office() -> bytes:
    """An export of everything there is, made once; the office is gone from the desk with the test that asked first."""
    return exported(whole_office())


def test_what_comes_back_is_what_left() -> None:
    before = of_an_office()
    place = moved(before)
    assert contents(exported(place)) == contents(before)
    # And the desk it came to stands as its log says.
    organisation = place.organisation
    assert not list(people_checks.envelopes_not_as_logged(organisation))
    assert not list(people_checks.papers_not_as_logged(organisation))
    assert people_checks.subjects_cut_short(organisation) == 0
    assert checks.facts_against_log(organisation) == (0, 0)
    assert checks.agenda_disagreements(organisation) == 0
    assert Item.objects.exists()
    assert not Arrival.objects.exists()
    assert not list(files_of_papers.strays(now=2**40))


def test_it_is_worked_on_where_it_came_to() -> None:
    place = moved(of_an_office())
    by = place.guardian
    search = people.search(by=by.actor, text="fatima rahimi")
    shown, _ = people.found(by=by.actor, handle=search.handle)
    assert shown is not None
    case = Case.objects.get(handle=_case_of(by.actor, "IM/0001"))
    events.log_event(by=by.actor, case=case, enquiry=builders.enquiry(case), kind="chased", on=builders.today())
    assert open_directory(by=by.actor, team=place.team).contacts
    about = queries.open_case_record(by=by.actor, case=case).head
    fatima = Subject.objects.get(handle=UUID(hex=about.content.concerns[0].person))
    _, steps = opening.open_history(by=by.actor, subject=fatima)
    assert [step.content.said for step in steps if step.content.facet == "contact"] == ["She said so."]
    record = people.open_person(by=by.actor, person=fatima)
    # A change after the move finds no step in its way.
    change.change_contact(by=by.actor, person=fatima, contact=record.contact.content, read=record.contact.revision)
    part = opening.open_part(by=by.actor, subject=fatima, facet="papers")
    [letter] = part.facets["papers"].content.papers
    assert opening.content_of(part, letter) == b"A letter, as text.\n"


def test_who_did_it_is_still_named_though_they_are_not_here() -> None:
    office = whole_office()
    lowri = Member.objects.get(name="Lowri Worker").handle
    place = moved(exported(office))
    worker = Member.objects.get(handle=lowri)
    assert (worker.name, worker.state, worker.organisation) == ("Lowri Worker", "left", place.organisation)
    assert Event.objects.filter(by=worker).exists()
    assert not worker.memberships.exists()


def test_nothing_leaves_before_the_log_and_guardians_know_of_it() -> None:
    office = whole_office()
    by = office.guardian.actor
    counts = taking.count(by=by, teams=[office.team])
    begun = taking.begin(by=by, teams=[office.team], people=counts.people, key=lambda: KEY)
    entry = Entry.objects.get(act=Act.EXPORTED)
    assert entry.count == counts.in_all
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.member, alarm.count) == ("told", by.member.handle, counts.in_all)
    list(begun.pieces())
    # Each record's own log has it, and the lead can still work: guardians know already.
    each = Entry.objects.filter(act=Act.EXPORTED, count=0)
    assert each.count() == counts.in_all
    assert each.values("label").distinct().count() == counts.in_all
    fatima = Subject.objects.filter(kind="person").order_by("id")[0]
    people.open_person(by=office.guardian.actor, person=fatima)


def test_another_number_or_a_weak_passphrase_makes_nothing() -> None:
    office = whole_office()
    by = office.guardian.actor
    there = taking.count(by=by, teams=[office.team]).people
    entries = Entry.objects.count()
    with pytest.raises(taking.AnotherNumber) as told:  # before the second that a passphrase takes
        taking.begin(by=by, teams=[office.team], people=there + 1, key=lambda: pytest.fail("asked for a key"))
    assert told.value.there == there
    with pytest.raises(WeakPassphrase):
        taking.begin(by=by, teams=[office.team], people=there, key=lambda: LockedKey.under("short"))
    with pytest.raises(taking.NothingChosen):
        taking.begin(by=by, teams=[], people=0, key=lambda: KEY)
    assert Entry.objects.count() == entries
    assert not Alarm.objects.exists()


def test_only_a_lead_takes_it_out() -> None:
    office = whole_office()
    worker = builders.member(office, "Some Worker").actor
    with pytest.raises(Refused):
        taking.count(by=worker, teams=[office.team])
    elsewhere = builders.team(office)
    with pytest.raises(Refused):
        taking.begin(by=builders.member(office, "Its Lead", role="lead").actor, teams=[elsewhere], people=0,
                     key=lambda: KEY)  # fmt: skip


def test_whoever_is_shut_out_meanwhile_takes_no_more_out(monkeypatch: pytest.MonkeyPatch) -> None:
    office = builders.office()
    lead = builders.member(office, "Lena Lead", role="lead")
    for at in range(3):
        builders.case(lead, builders.person(lead, f"Number {at}"))
    monkeypatch.setattr(taking, "_AT_ONCE", 1)
    taken = taking.begin(by=lead.actor, teams=[office.team], people=3, key=lambda: KEY)

    def shut_out(_part: str, _done: int, _of: int) -> None:
        leaving.end_access(by=office.guardian.actor, member=lead.member, state=Member.State.DISABLED)

    with pytest.raises(Refused):
        list(taken.pieces(shut_out))
    assert Entry.objects.filter(act=Act.EXPORTED, count=0).count() == 1


def test_whoever_is_no_lead_any_more_gets_no_list_of_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    office = builders.office()
    lead = builders.member(office, "Lena Lead", role="lead")
    builders.case(lead, builders.person(lead))
    told = journaling.exporting

    def exporting(*args: Any, **named: Any) -> Entry:
        leave = told(*args, **named)
        Membership.objects.filter(member=lead.member).update(role="caseworker")
        return leave

    monkeypatch.setattr(journaling, "exporting", exporting)
    with pytest.raises(Refused):
        case_list.list_cases(by=lead.actor, team=office.team, cases=1)
    assert not Entry.objects.filter(act=Act.EXPORTED, count=0).exists()


def test_what_is_already_here_is_refused_and_nothing_changes() -> None:
    office = whole_office()
    data = exported(office)
    subjects, entries = Subject.objects.count(), Entry.objects.count()
    with pytest.raises(arriving.HandleTaken):
        arriving.bring_back(by=office.guardian.actor, team=builders.team(office), export=opened(data))
    assert Subject.objects.count() == subjects
    assert not Entry.objects.filter(act=Act.IMPORT_STAGED).exists()
    assert entries


@pytest.mark.parametrize("where", ["people", "cases", "show"])
def test_cut_off_half_way_it_shows_nothing_and_can_be_begun_again(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    data = of_an_office()
    place = empty_desk()
    by = place.guardian

    class Killed(BaseException):
        pass

    stage, clear = arriving._stage, arriving.clear

    def killed_at(*arguments: Any) -> None:
        if where == "show":
            raise Killed
        stage(*arguments)
        if arguments[1].name == where:
            raise Killed

    # A process that is killed clears nothing up.
    with monkeypatch.context() as patched:
        patched.setattr(arriving, "_show" if where == "show" else "_stage", killed_at)
        patched.setattr(arriving, "clear", lambda **_: False)
        with pytest.raises(Killed):
            arriving.bring_back(by=by.actor, team=place.team, export=opened(data))
    assert Subject.objects.filter(waiting=True).exists()
    assert not Subject.objects.filter(waiting=False).exists()
    assert not queries.list_cases(by.actor, queries.Wanted()).exists()
    assert not Item.objects.exists()
    search = people.search(by=by.actor, text="fatima rahimi")
    assert not people.found(by=by.actor, handle=search.handle)[1]
    assert clear is arriving.clear
    arriving.bring_back(by=by.actor, team=place.team, export=opened(data))
    assert contents(exported(place)) == contents(data)


def test_what_was_cut_off_is_thrown_away_like_any_import(monkeypatch: pytest.MonkeyPatch) -> None:
    data = of_an_office()
    place = empty_desk()
    with monkeypatch.context() as patched:
        patched.setattr(arriving, "_show", lambda *_: 1 / 0)
        patched.setattr(arriving, "clear", lambda **_: False)
        with pytest.raises(ZeroDivisionError):
            arriving.bring_back(by=place.guardian.actor, team=place.team, export=opened(data))
    assert PaperFile.objects.exists()
    arrivals.cancel(by=place.guardian.actor, arrival=Arrival.objects.get())
    assert not any(model.objects.exists() for model in (Subject, Case, PaperFile, Event))
    assert not list(files_of_papers.strays(now=2**40))


def test_no_name_and_no_text_is_readable_in_it() -> None:
    data = of_an_office()
    for needle in ("Rahimi", "Fatima", "رحیمی", "harbour", "07700", "people/000001", "IM/0001"):
        assert needle.encode() not in data


def _changed(files: dict[str, bytes], wrong: str) -> bytes:
    """An export that is sealed as it should be, and whose manifest is true, with one thing wrong."""
    people, cases = files["people/000001.jsonl"], files["cases/000001.jsonl"]
    paper = next(name for name in files if name.startswith("papers/"))
    first = people.splitlines(keepends=True)[0]
    anew = {
        "a line twice": {"people/000001.jsonl": first + people},
        "a line of another form": {"people/000001.jsonl": people.replace(b'"identity"', b'"identify"', 1)},
        "a case that lacks its facts": {"cases/000001.jsonl": cases.replace(b'"open":{"kind"', b'"open":{"kin"', 1)},
        "another paper": {paper: files[paper] + b"x"},
        "a part from elsewhere": {"donors/000001.jsonl": first},
        "parts in another order": {"people/000002.jsonl": first},
        "nobody's handle": {"members/000001.jsonl": b'{"handle":"sian","name":"Sian"}\n'},
    }
    changed = files | anew.get(wrong, {})
    if wrong == "a paper less":
        del changed[paper]
    return put_together(changed)


@pytest.mark.parametrize(
    "wrong",
    [
        *("a line twice", "a line of another form", "a case that lacks its facts", "another paper", "a paper less"),
        *("a part from elsewhere", "parts in another order", "nobody's handle", "a byte changed", "its end cut off"),
    ],
)
def test_one_that_is_not_as_it_should_be_leaves_nothing_behind(wrong: str) -> None:
    data = of_an_office()
    files = taken_apart(data)
    assert contents(put_together(files)) == contents(data)  # so what is put together here fails for what is wrong
    place = empty_desk()
    middle = len(data) // 2
    cut = {
        "a byte changed": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "its end cut off": data[:-9],
    }
    bad = cut.get(wrong) or _changed(files, wrong)
    with pytest.raises((BadExport, NotALine)):
        arriving.bring_back(by=place.guardian.actor, team=place.team, export=opened(bad))
    assert [one.__name__ for one in (Subject, Case, PaperFile, Event, Item) if one.objects.exists()] == []
    assert not Arrival.objects.exclude(state=Arrival.State.UNDONE).exists()
    assert not list(files_of_papers.strays(now=2**40))
    if wrong not in {"a line of another form", "a case that lacks its facts", "another paper", "a paper less"}:
        assert not Entry.objects.filter(act=Act.IMPORT_STAGED).exists()  # it was never begun


def _case_of(by: Any, reference: str) -> UUID:
    cases = list(Case.objects.select_related("subject"))
    heads = queries.open_heads(by=by, cases=cases)
    return next(one.handle for one in cases if heads[one.pk].our_reference == reference)
