"""Offices with everything a desk can hold, each word of it marked, and an address and a form for each page.

`Held` is what one team holds: its `words` stand in sealed records and nowhere else, so a page that shows one of them
has shown that record. `form_for` gives what a browser would send to a page so that the act is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, reverse

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import arrivals, bring_in, deadlines, undo
from safeconduct.casework.actions.around import change_around
from safeconduct.casework.actions.intake import set_intake
from safeconduct.casework.models import Arrival, Case
from safeconduct.journal.models import Alarm
from safeconduct.people import opening, queries
from safeconduct.people.actions import change_contact, change_needs, make_household
from safeconduct.people.actions.account import add_narrative, change_narrative
from safeconduct.people.actions.merge import merge
from safeconduct.people.actions.papers import Sent, keep_papers
from safeconduct.people.facets import (
    Authority,
    Birth,
    Contact,
    Intake,
    Narrative,
    Needs,
    Never,
    Outside,
    Referenced,
    Way,
)
from safeconduct.people.history import Why, item_of
from safeconduct.people.keys import hold as hold_key
from safeconduct.people.models import Envelope, Subject
from safeconduct.web.desk import urls
from tests import builders
from tests.builders import PASSPHRASE, Colleague
from tests.support import papers

SENT = timedelta(days=40)
NEW_PASSPHRASE = "lantern gravel teapot fern"


@dataclass(frozen=True)
class Held:
    """What one team holds, by handle. ``undone`` and ``gone`` were here and were taken back."""

    owner: Colleague
    team: Team
    words: tuple[str, ...]
    person: UUID
    twin: UUID
    case: UUID
    event: UUID
    deadline: UUID
    found: UUID
    arrivals: Mapping[str, UUID]
    alarm: UUID = field(default_factory=uuid4)
    paper: UUID = field(default_factory=uuid4)
    narrative: UUID = field(default_factory=uuid4)
    household: UUID = field(default_factory=uuid4)
    step: UUID = field(default_factory=uuid4)
    drawn: UUID = field(default_factory=uuid4)
    merged: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))
    gone: Mapping[str, UUID] = field(default_factory=dict)


def words_of(tag: str) -> tuple[str, ...]:
    """The words of one team's records: letters only, so that no escaping changes them."""
    parts = (
        "given family alias note history kind subject whom report correction sheet cell postcode street nation"
        " letter heading told before because access never codeword checked solicitor together same"
    )
    return tuple(f"{tag}{part}" for part in parts.split())


def sheet(words: tuple[str, ...], *refs: str) -> bytes:
    rows = [f"{ref},{words[10]}{chr(97 + at)} {words[1]},{words[11]},2026-11-02" for at, ref in enumerate(refs)]
    return "\r\n".join(["Our ref,Name,Notes,Date sent", *rows, "", ",,,"]).encode() + b"\r\nBAD/1,,fault,nonsense\r\n"


def hold(by: Colleague, team: Team, tag: str) -> Held:
    """Everything a team can hold."""
    words = words_of(tag)
    given, family, alias, note, history, kind, subject, _, report, correction, _, _, postcode, street, nation = words[
        :15
    ]
    reference = Referenced(kind="uan", value=f"{len(tag):04}-5678-9012-{sum(map(ord, tag)):04}")
    person, twin = (
        builders.person(
            by,
            f"{given} {family}",
            alias,
            team=team,
            births=[Birth(year=1988, month=2, day=3)],
            references=[reference],
            ways=[Way(kind="address", value=street), Way(kind="postcode", value=postcode)],
            safe_note=note,
            nationality=nation,
            history=history,
        )
        for _ in range(2)
    )
    case = builders.case(by, person, exact_kind=kind, subject=subject, sent_on=today() - SENT, reference=f"{tag}/1")
    event = builders.event(by, case, "phoned", today(), note=report)
    builders.event(by, case, "chased", today() - timedelta(days=9), note=correction)
    _around(by, case, words)
    deadline = deadlines.set_deadline(
        by=by.actor, case=case, rule="ftt.iac.appeal.in", on=today() - timedelta(days=5), nation="england-and-wales"
    )
    made = {state: bring(by, team, words, tag, state) for state in ("done", "undone", "staged", "running")}
    gone = {"found": uuid4()}
    gone["person"], gone["case"] = _taken_back(by, made.pop("undone"))
    return Held(
        owner=by,
        team=team,
        words=words,
        person=person.handle,
        twin=twin.handle,
        case=case.handle,
        event=event.handle,
        deadline=deadline.handle,
        found=queries.search(by=by.actor, text=f"{given} {family}").handle,
        **_kept_with(by, person, words),
        household=_household(by, twin, words).handle,
        merged=_merged(by, team, words),
        arrivals={state: arrival.handle for state, arrival in made.items()},
        alarm=_alarm_about(by).handle,
        gone=gone,
    )


def _alarm_about(by: Colleague) -> Alarm:
    """What guardians of this office were told of a colleague, as the tripwire says it."""
    office = by.member.organisation
    told_of = office.members.exclude(pk=by.member.pk).order_by("id").first() or by.member
    return Alarm.objects.create(
        organisation=office.handle, member=told_of.handle, kind="told", at=datetime.now(UTC), count=1600
    )


def _kept_with(by: Colleague, person: Subject, words: tuple[str, ...]) -> dict[str, UUID]:
    """Papers, needs, rules of reaching, something they told that was corrected since, and so a step of a history."""
    actor = by.actor
    letter, heading, told, before, because, access, never, codeword = words[15:23]
    sent = [
        Sent(f"A letter about {letter}".encode(), "letter", title=heading, note=words[3]),
        Sent(papers.png(), "photo", title=heading),
    ]
    keep_papers(by=actor, subject=person, sent=sent)
    record = queries.open_person(by=actor, person=person)
    change_needs(by=actor, person=person, needs=Needs(speaks=("ckb",), access=access), read=record.needs.revision)
    contact: Contact = record.contact.content
    ruled = msgspec.structs.replace(contact, never=(Never(kind="person", who=never),), code_word=codeword)
    change_contact(by=actor, person=person, contact=ruled, read=record.contact.revision)
    empty = opening.open_part(by=actor, subject=person, facet="account").facets["account"]
    first = Narrative(handle="", title=words[2], text=before)
    add_narrative(by=actor, person=person, account=empty, narrative=first)
    account = opening.open_part(by=actor, subject=person, facet="account").facets["account"]
    (kept,) = account.content.narratives
    later = Narrative(handle=kept.handle, title=words[2], text=told)
    change_narrative(by=actor, person=person, account=account, narrative=later, why=Why("mistake", because))
    found = opening.open_part(by=actor, subject=person, facet="papers").facets["papers"].content.papers
    by_kind = {one.kind: UUID(hex=one.handle) for one in found}
    return {
        "paper": by_kind["letter"],
        "drawn": by_kind["photo"],
        "narrative": UUID(hex=kept.handle),
        "step": item_of(hold_key(actor, person), "account", 1),
    }


def _around(by: Colleague, case: Case, words: tuple[str, ...]) -> None:
    """What an office checked before it acted, and who acts for them elsewhere."""
    opened = casework.open_case_record(by=by.actor, case=case)
    intake = Intake(constituent="yes", authorities=(Authority(names=words[23]),))
    set_intake(by=by.actor, case=case, head=opened.head.content, read=opened.head.revision, intake=intake)
    opened = casework.open_case_record(by=by.actor, case=case)
    head, outside = opened.head, [Outside(role="solicitor", name=words[24])]
    change_around(
        by=by.actor, case=case, head=head, concerns=head.content.concerns, outside=outside, read=head.revision
    )


def _household(by: Colleague, person: Subject, words: tuple[str, ...]) -> Subject:
    record = queries.open_person(by=by.actor, person=person)
    return make_household(by=by.actor, person=record, role="parent", note=words[25])


def _merged(by: Colleague, team: Team, words: tuple[str, ...]) -> tuple[UUID, UUID]:
    """Two records that were said to be of one person."""
    one, other = (builders.person(by, f"{words[0]}{end} Onlyone", team=team) for end in ("a", "b"))
    record, second = (queries.open_person(by=by.actor, person=subject) for subject in (one, other))
    merge(by=by.actor, record=record, other=second, reason=words[26])
    return one.handle, other.handle


def bring(by: Colleague, team: Team, words: tuple[str, ...], tag: str, state: str) -> Arrival:
    """An import at one of its steps."""
    actor = by.actor
    data = sheet(words, f"{tag}/{state}1", f"{tag}/{state}2")
    arrival = arrivals.stage(by=actor, team=team, name="cases.csv", data=data, as_of=date(2026, 11, 20))
    staged, reading = arrivals.open_arrival(by=actor, arrival=arrival)
    chosen = {column.index: column.field for column in reading.columns.columns}
    arrivals.choose_columns(by=actor, arrival=arrival, staged=staged, columns=chosen)
    if state != "staged":
        bring_in.start(by=actor, arrival=arrival)
    if state in {"done", "undone"}:
        assert bring_in.go_on(by=actor, arrival=arrival, seconds=600).finished
    return arrival


def _taken_back(by: Colleague, arrival: Arrival) -> tuple[UUID, UUID]:
    person = Subject.objects.filter(batch=arrival.handle, kind="person")[0].handle
    case = Case.objects.filter(arrival=arrival)[0].handle
    undo.undo(by=by.actor, arrival=arrival)
    return person, case


NOWHERE = Held(
    owner=None,  # type: ignore[arg-type]  # nobody's
    team=None,  # type: ignore[arg-type]
    words=(),
    person=uuid4(),
    twin=uuid4(),
    case=uuid4(),
    event=uuid4(),
    deadline=uuid4(),
    found=uuid4(),
    arrivals={state: uuid4() for state in ("staged", "running", "done")},
)

# In which state an import is when its page is asked for.
STEP = {
    "import-columns": "staged",
    "import-preview": "staged",
    "import-run": "running",
    "import-done": "done",
    "import-undo": "done",
    "import-cancel": "staged",
    "import-faults": "done",
}


class NoAddressKnown(Exception):
    """A page of the desk that this attack does not know how to ask for. The text names it."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever was done within is taken back afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def patterns() -> Iterator[URLPattern]:
    """Every address of the desk."""
    yield from urls.urlpatterns


def names_a_record(pattern: URLPattern) -> bool:
    return bool(pattern.pattern.converters)


def address(pattern: URLPattern, of: Held) -> str:
    """The address of a page about what a team holds. Raises `NoAddressKnown`."""
    name = pattern.name or ""
    if name in STEP:
        known: dict[str, object] = {"handle": of.arrivals[STEP[name]]}
    elif name in {"person", "person-edit", "person-same", "household-new", "case-new"}:
        known = {"handle": of.person, "facet": "identity"}
    elif name.startswith("household"):
        known = {"handle": of.household}
    elif name == "person-unmerge":
        known = {"handle": of.merged[0], "other": of.merged[1]}
    elif name in {"person-not-same", "person-merge"}:
        known = {"handle": of.person, "other": of.twin}
    elif name == "alarm-answer":
        known = {"handle": of.alarm}
    elif name in {"erase", "erasure"}:
        known = {"handle": of.person}  # no certificate: those are tried in tests/web/test_erase.py
    elif name == "key-remove":
        known = {"handle": of.person}  # nobody here has a security key: see test_t21_sessions.py
    elif name == "paper-page":
        known = {"handle": of.person, "paper": of.drawn, "number": 1}
    elif name == "papers" or name.startswith(("paper", "account", "narrative", "history")):
        known = {"handle": of.person, "paper": of.paper, "narrative": of.narrative, "step": of.step, "number": 1}
    elif name == "found":
        known = {"handle": of.found}
    elif name in {"member-disable", "member-factors", "member-change"}:
        known = {"handle": of.owner.member.handle if of.owner else of.person, "what": "on-leave"}
    elif name == "recovery-stop":
        known = {"handle": of.person}  # no recovery: those are tried where they are made
    elif name.startswith("team-"):
        known = {"handle": of.team.handle if of.team else of.person}
    elif name.startswith(("case", "event-", "enquiry-", "deadline-")):
        known = {"handle": of.case, "event": of.event, "deadline": of.deadline}
    elif not pattern.pattern.converters:
        known = {}
    else:
        raise NoAddressKnown(f"tests/attacks/world.py does not say what the address of {name!r} is about")
    return reverse(name, kwargs={key: known[key] for key in pattern.pattern.converters})


def lines(prefix: str, *rows: Mapping[str, str]) -> dict[str, str]:
    """A repeating part of a form."""
    out = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    return out | {f"{prefix}-{at}-{key}": value for at, row in enumerate(rows) for key, value in row.items()}


def form_for(name: str, of: Held, *, newcomer: str = "") -> dict[str, Any]:
    """What a browser sends so that the page does its act. Raises `NoAddressKnown` for a page that posts and is new."""
    day = today().isoformat()
    case = Case.objects.filter(handle=of.case).first()
    letter = case.enquiries.order_by("id")[0].handle.hex if case else ""
    team = of.team.handle.hex if of.team else ""
    forms: dict[str, dict[str, Any]] = {
        "start": {"code": "AAAA", "organisation": "Second", "team": "T", "name": "N", "sign_in": "n"},
        "sign-in": {"sign_in": "sian", "passphrase": PASSPHRASE},
        "unlock": {"passphrase": PASSPHRASE},
        "lock": {},
        "sign-in-key": {},
        "unlock-key": {},
        "draft-keep": {"path": "/people/new", "form": "0", "fields": '[["note", ["half typed"]]]'},
        "draft-open": {"path": "/people/new"},
        "draft-drop": {"draft": ""},
        "code-add": {"sealed": "", "code": "000000", "passphrase": PASSPHRASE},
        "code-remove": {"passphrase": PASSPHRASE},
        "key-add": {"passphrase": PASSPHRASE, "key_token": "", "key_answer": "", "key_prf": ""},
        "key-remove": {"passphrase": PASSPHRASE},
        "member-factors": {"passphrase": PASSPHRASE},
        "sign-out": {},
        "passphrase": {"current": PASSPHRASE, "new": NEW_PASSPHRASE, "again": NEW_PASSPHRASE},
        "settings": {"single_keys": "on", "language": "en-gb"},
        "tripwire": {"slow_from": "70", "stop_from": "210", "tell_from": "1600"},
        "alarm-answer": {},
        "office-days": {"first_letter": "3", "follow_up": "11", "chase": "6", "tell": "3"},
        "member-new": {"name": "New Worker", "sign_in": "newworker", "role": "caseworker", "teams": [team]},
        "member-disable": {},
        "member-change": {},
        "team-leave": {"member": newcomer},
        "team-keys": {},
        "kits-new": {"guardians": [], "hours": "72"},
        "kit": {},
        "kit-confirm": {"words": "academic acid"},
        "drill": {"first": "academic acid", "second": ""},
        "recovery": {"sign_in": "sian", "first": "academic acid", "second": ""},
        "recovery-finish": {"sign_in": "sian", "first": "academic acid", "passphrase": PASSPHRASE, "again": PASSPHRASE},
        "recovery-stop": {},
        "team-new": {"name": "Further"},
        "team-join": {"member": newcomer, "role": "caseworker"},
        "people-search": {"q": " ".join(of.words[:2]) or "nobody"},
        "person-new": {"team": team, "safe_note": "", "none_of_them": "on"}
        | lines("names", {"text": "Quite Newname", "by_person": "on"})
        | lines("births")
        | lines("ways")
        | lines("references")
        | lines("nationalities"),
        "person-edit": {"revision": "1", "reason": "mistake", "said": ""}
        | lines("names", {"text": "Changed Name"})
        | lines("births"),
        "person-not-same": {"decision": "two"},
        "person-same": {"q": " ".join(of.words[:2]) or "nobody"},
        "person-merge": {"reason": "The same passport"},
        "person-unmerge": {},
        "household-new": {"role": "parent", "note": ""},
        "household-add": {"q": "", "person": of.person.hex, "role": "child", "here": "on"},
        "household-edit": {"revision": "1", "note": ""}
        | {f"role-{of.twin.hex}": "other", f"place-{of.twin.hex}": "1", f"here-{of.twin.hex}": "on"},
        "case": {"kind": "phoned", "on": day, "note": "logged", "enquiry": letter, "shape": ""},
        "case-new": {
            "kind": "asylum",
            "exact_kind": "",
            "our_reference": "N/1",
            "worker": "",
            "came_in_on": day,
            "route": "ho_mp",
            "sent_to": "",
            "subject": "",
            "sent_on": "",
        },
        "case-edit": {"kind": "visit_work_study", "exact_kind": "", "our_reference": "N/2", "worker": "", "note": ""}
        | {"revision": str(_head_revision(case)), "reason": "mistake", "said": ""},
        "papers": {"file": SimpleUploadedFile("letter.txt", b"A plain letter"), "kind": "letter"},
        "paper-original": {},
        "paper-remove": {"said": "of somebody else"},
        "narrative-new": {"title": "What was said", "text": "Told once"},
        "narrative-change": {"title": "What was said", "text": "Told once", "reason": "mistake", "said": ""},
        "history-strike": {"why": "never theirs"},
        "erase": {"do": "ask"},
        "case-state": {},
        "case-people": {"revision": str(_head_revision(case))}
        | {f"role-{of.person.hex}": "applicant", f"place-{of.person.hex}": "1"}
        | lines("outside", {"role": "solicitor", "name": "Rhys Made-Up"}),
        "case-person-add": {"q": "", "person": of.twin.hex, "role": "dependant"},
        "case-intake": {"revision": str(_head_revision(case)), "constituent": "yes"} | lines("authorities"),
        "event-correct": {"note": "it was another day"},
        "enquiry-new": {"route": "foi", "sent_on": day, "sent_to": "", "subject": "", "their_reference": ""},
        "deadline-new": {"rule": "ftt.iac.appeal.in", "on": day, "nation": "england-and-wales"},
        "deadline-met": {"on": day},
        "imports": {
            "team": team,
            "file": SimpleUploadedFile("cases.csv", sheet(words_of("upload"), "UP/1", "UP/2")),
        },
        "import-columns": {f"column-{at}": value for at, value in enumerate(("our_ref", "name", "notes", "sent_on"))},
        "import-preview": {"revision": str(_revision(of)), "do": "again"},
        "import-run": {},
        "import-undo": {},
        "import-cancel": {},
    }
    if name not in forms:
        raise NoAddressKnown(f"tests/attacks/world.py does not say what a browser sends to {name!r}")
    return forms[name]


def _revision(of: Held) -> int:
    return Arrival.objects.filter(handle=of.arrivals["staged"]).values_list("revision", flat=True).first() or 1


def _head_revision(case: Case | None) -> int:
    if case is None:
        return 1
    return Envelope.objects.get(subject=case.subject, facet=Envelope.Facet.HEAD).revision
