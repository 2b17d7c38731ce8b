"""An office that keeps something of every sort there is, and moving what it exports to an empty desk."""

from __future__ import annotations

import shutil
from datetime import timedelta

import msgspec
from django.core.management import call_command

from safeconduct.accounts.keys import today
from safeconduct.casework.actions import closing, deadlines, directory, events, tasks
from safeconduct.casework.exporting import archive, arriving, taking
from safeconduct.casework.models import Case
from safeconduct.people import opening
from safeconduct.people import queries as people
from safeconduct.people.actions import account, change
from safeconduct.people.actions.households import add_to_household, make_household
from safeconduct.people.actions.merge import merge
from safeconduct.people.actions.papers import Sent, keep_papers, remove_paper
from safeconduct.people.facets import Birth, Narrative, Needs, Reached, Referenced, Way
from safeconduct.people.history import Why
from safeconduct.people.households import open_household
from safeconduct.people.models import Envelope
from safeconduct.people.papers import files
from safeconduct.people.records import NEVER_WRITTEN
from tests import builders
from tests.builders import Office
from tests.support import papers
from tests.support.exports import KEY, opened


def whole_office() -> Office:
    """People with every facet, a household, a merge, papers, cases open and closed with all that a case can have."""
    place = builders.office()
    by = place.guardian
    worker = builders.member(place)
    fatima = builders.person(
        by,
        "Fatima Rahimi",
        "فاطمه رحیمی",
        births=[Birth(year=1990, month=4, day=3)],
        references=[Referenced(kind="uan", value="1212-3434-5656-7878")],
        ways=[Way(kind="phone", value="07700 900123")],
        nationality="Afghanistan",
    )
    twice = builders.person(by, "Fatema Rahimy")
    record = people.open_person(by=by.actor, person=fatima)
    more = msgspec.structs.replace(record.contact.content, safe_note="Do not ring.", code_word="harbour")
    change.change_contact(
        by=by.actor, person=fatima, contact=more, read=record.contact.revision, why=Why("changed", "She said so.")
    )
    change.change_needs(by=by.actor, person=fatima, needs=Needs(speaks=("prs",), interpreter="prs"), read=0)
    part = opening.open_part(by=by.actor, subject=fatima, facet=Envelope.Facet.ACCOUNT)
    told = Narrative(handle="", title="The journey", told_on=today(), language="prs", text="=1+1, she said")
    account.add_narrative(by=by.actor, person=fatima, account=part.facets["account"], narrative=told)
    keep_papers(
        by=worker.actor,
        subject=fatima,
        sent=[Sent(papers.png(), "photo", title="Card"), Sent(b"A letter, as text.\n", "letter")],
    )
    part = opening.open_part(by=by.actor, subject=fatima, facet=Envelope.Facet.PAPERS)
    gone = opening.UUID(hex=part.facets["papers"].content.papers[0].handle)
    remove_paper(by=by.actor, subject=fatima, paper=gone, why=Why("mistake"))
    merge(
        by=by.actor,
        record=people.open_person(by=by.actor, person=fatima),
        other=people.open_person(by=by.actor, person=twice),
        reason="One card.",
    )
    home = make_household(by=by.actor, person=people.open_person(by=by.actor, person=fatima), note="Two rooms")
    son = builders.person(by, "Idris Rahimi")
    add_to_household(
        by=by.actor,
        record=open_household(by=by.actor, household=home),
        person=people.open_person(by=by.actor, person=son),
        role="child",
    )
    case = builders.case(by, fatima, sent_on=today() - timedelta(days=30), worker=worker.member)
    wrong = builders.event(by, case, "chased", today() - timedelta(days=9), note="The wrong day")
    events.correct_event(by=by.actor, case=case, event=wrong, note="It was a day later")
    builders.event(worker, case, "chased", today() - timedelta(days=8), note="Rang them")
    events.log_event(
        by=worker.actor,
        case=case,
        enquiry=builders.enquiry(case),
        kind="holding_reply",
        on=today() - timedelta(days=2),
        shape="no_timeframe",
        said=("awaiting_checks",),
    )
    deadlines.set_deadline(
        by=by.actor,
        case=case,
        rule="ftt.iac.appeal.in",
        on=today() - timedelta(days=3),
        nation=place.organisation.nation,
    )
    task = tasks.add_task(by=worker.actor, case=case, kind="ring_back", on=today(), what="Ring Fatima back")
    tasks.finish_task(by=worker.actor, case=case, task=task, on=today(), note="No answer")
    tasks.add_task(by=by.actor, case=case, kind="check", on=today(), what="Look again", worker=worker.member)
    keep_papers(by=by.actor, subject=case.subject, sent=[Sent(b"What we wrote.\n", "letter")])
    closed = builders.case(by, son, reference="IM/0002", kind="family")
    closing.close_case(
        by=by.actor,
        case=closed,
        outcome="got_it",
        on=today(),
        note="They came.",
        review_on=today() + timedelta(days=400),
    )
    builders.case(by, son, reference="")
    directory.save_directory(
        by=by.actor, team=place.team, contacts=[Reached(rung="solicitor", name="Duty line")], read=NEVER_WRITTEN
    )
    return place


def exported(place: Office) -> bytes:
    """Everything of the office's first team."""
    by = place.guardian.actor
    counts = taking.count(by=by, teams=[place.team])
    begun = taking.begin(by=by, teams=[place.team], people=counts.people, key=lambda: KEY)
    return b"".join(begun.pieces())


def contents(data: bytes) -> dict[str, archive.PartSays]:
    """What an export holds: each file's lines, length and hash, but for the one that says when it was made."""
    return held(opened(data))


def held(export: archive.Export) -> dict[str, archive.PartSays]:
    """The same of one that is opened."""
    return {name: says for name, says in export.verify()[1].parts.items() if name != archive.ABOUT}


def empty_desk() -> Office:
    """A desk that holds nothing of the one before: the same database, emptied."""
    call_command("flush", verbosity=0, interactive=False)
    shutil.rmtree(files.folder(), ignore_errors=True)
    files.folder().mkdir(mode=0o700)
    return builders.office(name="Elsewhere Law Centre")


def moved(data: bytes) -> Office:
    """An empty desk into whose first team an export was brought."""
    place = empty_desk()
    arriving.bring_back(by=place.guardian.actor, team=place.team, export=opened(data))
    assert Case.objects.filter(arrival=None).count() == Case.objects.count()
    return place
