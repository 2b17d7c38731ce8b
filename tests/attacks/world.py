"""Offices with everything a desk can hold, each word of it marked, and an address and a form for each page.

`Held` is what one team holds: its `words` stand in sealed records and nowhere else, so a page that shows one of them
has shown that record. `form_for` gives what a browser would send to a page so that the act is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, reverse

from safeconduct.accounts.keys import today
from safeconduct.casework.models import Arrival, Case, Enquiry
from safeconduct.people.models import Envelope, Subject
from safeconduct.web.desk import urls
from safeconduct.web.desk.cases.urgent_edit import UrgentForm
from safeconduct.web.words.dates import typed_again
from tests.attacks import world_archive
from tests.attacks.held import Held, sheet, words_of
from tests.builders import PASSPHRASE
from tests.support.mails import WRITES, mail

NEW_PASSPHRASE = "lantern gravel teapot fern"

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
    elif name in {"urgent-start", "person", "person-edit", "person-same", "household-new", "case-new"}:
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
    elif name.startswith("task-"):
        known = {"handle": of.case, "task": of.task}
    elif name in {"found", "calls-found"}:
        known = {"handle": of.found}
    elif name in {"member-disable", "member-factors", "member-change", "cover", "cover-end"}:
        about = of.owner.member.handle if of.owner else of.person
        known = {"handle": about, "what": "on-leave", "cover": of.person}  # no cover: see tests/web/test_cover.py
    elif name.startswith("message"):
        known = {"handle": of.aside if name == "message-back" else of.message}
    elif name == "incident":
        known = {"handle": of.incident}
    elif name == "feed":
        known = {"secret": of.feed}
    elif name == "filter-remove":
        known = {"handle": of.saved}
    elif name == "recovery-stop":
        known = {"handle": of.person}  # no recovery: those are tried where they are made
    elif name.startswith(("team-", "directory-")):
        known = {"handle": of.team.handle if of.team else of.person}
    elif name in {"case-reopen", "case-keep"}:
        known = {"handle": of.closed}
    elif name in {"case-urgent", "case-urgent-edit", "case-urgent-end", "case-urgent-sheet"}:
        known = {"handle": of.removal}
    elif name.startswith(("case", "event-", "enquiry-", "decision-", "deadline-")):
        known = {"handle": of.case, "event": of.event, "deadline": of.deadline, "enquiry": _letter(of)}
    elif (found := world_archive.named(name, of)) is not None:
        known = found
    elif not pattern.pattern.converters:
        known = {}
    else:
        raise NoAddressKnown(f"tests/attacks/world.py does not say what the address of {name!r} is about")
    return reverse(name, kwargs={key: known[key] for key in pattern.pattern.converters})


def _held_by(of: Held, kind: str) -> int:
    """How many records of a kind a team holds, as its lead would read it off the page."""
    return Subject.objects.filter(kind=kind, waiting=False, wraps__team=of.team).count() if of.team else 0


def _letter(of: Held) -> UUID:
    """The first letter of a team's case; for nobody's, one that there is not."""
    enquiry = Enquiry.objects.filter(case__handle=of.case).order_by("id").first()
    return enquiry.handle if enquiry else uuid4()


def lines(prefix: str, *rows: Mapping[str, str]) -> dict[str, str]:
    """A repeating part of a form."""
    out = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    return out | {f"{prefix}-{at}-{key}": value for at, row in enumerate(rows) for key, value in row.items()}


def form_for(name: str, of: Held, *, newcomer: str = "") -> dict[str, Any]:
    """What a browser sends so that the page does its act. Raises `NoAddressKnown` for a page that posts and is new."""
    day = today().isoformat()
    ahead = (today() + timedelta(days=400)).isoformat()
    case = Case.objects.filter(handle=of.case).first()
    letter = case.enquiries.order_by("id")[0].handle.hex if case else ""
    removal = Case.objects.filter(handle=of.removal).first()
    team = of.team.handle.hex if of.team else ""
    forms: dict[str, Callable[[], dict[str, Any]]] = {  # made when asked for: some look things up
        "start": lambda: {"code": "AAAA", "organisation": "Second", "team": "T", "name": "N", "sign_in": "n"},
        "sign-in": lambda: {"sign_in": "sian", "passphrase": PASSPHRASE},
        "unlock": lambda: {"passphrase": PASSPHRASE},
        "lock": lambda: {},
        "sign-in-key": lambda: {},
        "unlock-key": lambda: {},
        "draft-keep": lambda: {"path": "/people/new", "form": "0", "fields": '[["note", ["half typed"]]]'},
        "draft-open": lambda: {"path": "/people/new"},
        "draft-drop": lambda: {"draft": ""},
        "code-add": lambda: {"sealed": "", "code": "000000", "passphrase": PASSPHRASE},
        "code-remove": lambda: {"passphrase": PASSPHRASE},
        "key-add": lambda: {"passphrase": PASSPHRASE, "key_token": "", "key_answer": "", "key_prf": ""},
        "key-remove": lambda: {"passphrase": PASSPHRASE},
        "member-factors": lambda: {"passphrase": PASSPHRASE},
        "sign-out": lambda: {},
        "passphrase": lambda: {"current": PASSPHRASE, "new": NEW_PASSPHRASE, "again": NEW_PASSPHRASE},
        "settings": lambda: {"single_keys": "on", "language": "en-gb"},
        "tripwire": lambda: {"slow_from": "70", "stop_from": "210", "tell_from": "1600"},
        "alarm-answer": lambda: {},
        "office-days": lambda: (
            {"first_letter": "3", "follow_up": "11", "chase": "6", "tell": "3"}
            | {"silence": "15", "keep_months": "12", "gives_advice": "on"}
        ),
        "member-new": lambda: {"name": "New Worker", "sign_in": "newworker", "role": "caseworker", "teams": [team]},
        "member-disable": lambda: {},
        "member-change": lambda: {},
        "cover": lambda: {"colleague": newcomer, "from_on": day, "until_on": day},
        "cover-end": lambda: {},
        "feed-own": lambda: {"do": "make"},
        "filters": lambda: {"worker": "mine", "team": "", "topic": "", "kind": ""},
        "filter-remove": lambda: {},
        "assign": lambda: {"which": "ticked", "to": "mine", "case": [of.case.hex]},
        "team-leave": lambda: {"member": newcomer},
        "team-keys": lambda: {},
        "kits-new": lambda: {"guardians": [], "hours": "72"},
        "kit": lambda: {},
        "kit-confirm": lambda: {"words": "academic acid"},
        "drill": lambda: {"first": "academic acid", "second": ""},
        "recovery": lambda: {"sign_in": "sian", "first": "academic acid", "second": ""},
        "recovery-finish": lambda: {
            "sign_in": "sian",
            "first": "academic acid",
            "passphrase": PASSPHRASE,
            "again": PASSPHRASE,
        },
        "recovery-stop": lambda: {},
        "team-new": lambda: {"name": "Further"},
        "team-join": lambda: {"member": newcomer, "role": "caseworker"},
        "people-search": lambda: {"q": " ".join(of.words[:2]) or "nobody"},
        "person-new": lambda: (
            {"team": team, "safe_note": "", "none_of_them": "on"}
            | lines("names", {"text": "Quite Newname", "by_person": "on"})
            | lines("births")
            | lines("ways")
            | lines("references")
            | lines("nationalities")
        ),
        "person-edit": lambda: (
            {"revision": "1", "reason": "mistake", "said": ""}
            | lines("names", {"text": "Changed Name"})
            | lines("births")
        ),
        "person-not-same": lambda: {"decision": "two"},
        "person-same": lambda: {"q": " ".join(of.words[:2]) or "nobody"},
        "person-merge": lambda: {"reason": "The same passport"},
        "person-unmerge": lambda: {},
        "household-new": lambda: {"role": "parent", "note": ""},
        "household-add": lambda: {"q": "", "person": of.person.hex, "role": "child", "here": "on"},
        "household-edit": lambda: (
            {"revision": "1", "note": ""}
            | {f"role-{of.twin.hex}": "other", f"place-{of.twin.hex}": "1", f"here-{of.twin.hex}": "on"}
        ),
        "case": lambda: {"kind": "phoned", "on": day, "note": "logged", "enquiry": letter, "shape": ""},
        "case-new": lambda: {
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
        "case-edit": lambda: (
            {"kind": "visit_work_study", "exact_kind": "", "our_reference": "N/2", "worker": "", "note": ""}
            | {"revision": str(_head_revision(case)), "reason": "mistake", "said": ""}
        ),
        "papers": lambda: {"file": SimpleUploadedFile("letter.txt", b"A plain letter"), "kind": "letter"},
        "paper-original": lambda: {},
        "paper-remove": lambda: {"said": "of somebody else"},
        "narrative-new": lambda: {"title": "What was said", "text": "Told once"},
        "narrative-change": lambda: {"title": "What was said", "text": "Told once", "reason": "mistake", "said": ""},
        "history-strike": lambda: {"why": "never theirs"},
        "erase": lambda: {"do": "ask"},
        "case-close": lambda: {"outcome": "got_it", "on": day, "review_on": ahead, "told": "on", "note": ""},
        "case-reopen": lambda: {"why": "they wrote again"},
        "case-keep": lambda: {"until": ahead, "why": "a claim may follow"},
        "urgent": lambda: {"find": " ".join(of.words[:2]) or "nobody"},
        "urgent-start": lambda: {},
        "case-urgent": lambda: {"rung": "solicitor", "who": "", "at": ""},
        "case-urgent-edit": lambda: (
            dict.fromkeys(UrgentForm.base_fields, "")
            | {"revision": str(_head_revision(removal)), "removal_on": ahead, "flight": "ZZ 1"}
        ),
        "case-urgent-end": lambda: {"how": "removal_called_off", "on": day, "note": ""},
        "directory-edit": lambda: (
            {"revision": str(_directory_revision(of))}
            | lines("contacts", {"rung": "solicitor", "name": "A duty line", "phone": "01632 960000"})
        ),
        "directory-checked": lambda: {"revision": str(_directory_revision(of)), "contact": "0"},
        "case-people": lambda: (
            {"revision": str(_head_revision(case))}
            | {f"role-{of.person.hex}": "applicant", f"place-{of.person.hex}": "1"}
            | lines("outside", {"role": "solicitor", "name": "Rhys Made-Up"})
        ),
        "case-person-add": lambda: {"q": "", "person": of.twin.hex, "role": "dependant"},
        "case-intake": lambda: {"revision": str(_head_revision(case)), "constituent": "yes"} | lines("authorities"),
        "case-call": lambda: {"who": "for_them", "caller": "A neighbour", "note": "rang", "on": day, "enquiry": ""},
        "task-new": lambda: {"kind": "send", "what": "the form", "on": "tomorrow", "worker": ""},
        "task-change": lambda: {"what": "the other form", "on": "+9d", "worker": ""},
        "task-done": lambda: {"on": day, "note": "done"},
        "task-put-back": lambda: {},
        "calls": lambda: {"q": " ".join(of.words[:2]) or "nobody"},
        "sitting": lambda: _somebody(team) | {"came_in_on": day, "sent_on": "", "questions": "When?", "subject": ""},
        "surgery": lambda: {
            "team": team,
            "on": day,
            "place": "A hall",
            "kind": "asylum",
            "route": "ho_mp",
            "worker": "",
        },
        "surgery-next": lambda: _somebody("") | {"asks": "When?", "promised": "send", "promised_by": "tomorrow"},
        "surgery-end": lambda: {},
        "event-correct": lambda: {"note": "it was another day"},
        "enquiry-new": lambda: {"route": "foi", "sent_on": day, "sent_to": "", "subject": "", "their_reference": ""},
        "enquiry-clock": lambda: {
            "kind": "promised",
            "on": day,
            "until": ahead,
            "more": "",
            "reason": "",
            "note": "said so",
        },
        "decision-new": lambda: {
            **{"decision": "asylum_refused", "how": "by_hand", "sent_on": typed_again(today()), "where": "scotland"},
            "rules": ["ftt.iac.appeal.in", "neg.21"],
            "enquiry": letter,
            "counted": f"asylum_refused.by_hand.{typed_again(today())}....scotland..",
        },
        "deadline-new": lambda: {"rule": "ftt.iac.appeal.in", "on": day, "nation": "england-and-wales"},
        "deadline-met": lambda: {"on": day},
        "tray": lambda: {
            "team": team,
            "file": SimpleUploadedFile("reply.eml", mail(WRITES["holding"], on=today(), number=9)),
        },
        "message": lambda: (
            {
                "do": "file",
                "about": f"{of.case.hex}.{letter}",
                "said": ["holding"],
                "on": day,
                "revision": "1",
                **dict.fromkeys(("unit", "reference", "note", "find", "sought", "found"), ""),
            }
            | lines("promises", {"until": "", "what": ""})
        ),
        "message-aside": lambda: {"revision": "1", "note": ""},
        "message-back": lambda: {},
        "message-incident": lambda: {"kind": "about_somebody_else", "case": "", "on": day},
        "incident": lambda: {"do": "tell_lead", "on": day},
        "export": lambda: (
            {"team": team, "people": str(_held_by(of, "person"))}
            | {"new": NEW_PASSPHRASE, "again": NEW_PASSPHRASE, "own": PASSPHRASE}
        ),
        "export-cases": lambda: {"team": team, "cases": str(_held_by(of, "case")), "own": PASSPHRASE},
        **world_archive.forms(of, team),
        "imports": lambda: {
            "team": team,
            "file": SimpleUploadedFile("cases.csv", sheet(words_of("upload"), "UP/1", "UP/2")),
        },
        "import-columns": lambda: {
            f"column-{at}": value for at, value in enumerate(("our_ref", "name", "notes", "sent_on"))
        },
        "import-preview": lambda: {"revision": str(_revision(of)), "do": "again"},
        "import-run": lambda: {},
        "import-undo": lambda: {},
        "import-cancel": lambda: {},
    }
    if name not in forms:
        raise NoAddressKnown(f"tests/attacks/world.py does not say what a browser sends to {name!r}")
    return forms[name]()


def _directory_revision(of: Held) -> int:
    row = Envelope.objects.filter(facet=Envelope.Facet.DIRECTORY, subject__directory__team=of.team).first()
    return row.revision if row else 0


def _somebody(team: str) -> dict[str, str]:
    """Somebody new, as the pages that add a person and a case in one ask for them."""
    fields = ("also", "birth", "references", "phone", "may_ring", "email", "address", "safe_note", "worker")
    return dict.fromkeys(fields, "") | {
        "who": "new",
        "team": team,
        "name": "Quite Newname",
        "kind": "asylum",
        "route": "ho_mp",
        "constituent": "yes",
    }


def _revision(of: Held) -> int:
    return Arrival.objects.filter(handle=of.arrivals["staged"]).values_list("revision", flat=True).first() or 1


def _head_revision(case: Case | None) -> int:
    if case is None:
        return 1
    return Envelope.objects.get(subject=case.subject, facet=Envelope.Facet.HEAD).revision
