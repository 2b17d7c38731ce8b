"""T13: every column of every table posted at every form, beside what the form asks for.

Each form is sent twice from the same state: as a browser sends it, and with every column's name (its number, handle,
state and the like) set to what an attacker would want. Both must leave the same database and the same sealed records.
Then the form's own choices are given values that the page never offered.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import kits, members
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.casework import queries as casework
from safeconduct.casework.models import Arrival, Case, Event
from safeconduct.people import journaling, queries
from safeconduct.people.models import Subject
from safeconduct.web.access import ACCESS
from tests import builders
from tests.attacks import dumps, world
from tests.attacks.held import hold
from tests.attacks.world import undone

pytestmark = pytest.mark.django_db
# Acts whose answer depends on more than the form: they begin or end sessions, and are other tests' matter.
COMING_AND_GOING = {"start", "sign-in", "unlock", "lock", "sign-out"}
# Factors and drafts want a code, a key or a draft in hand: test_t21_sessions.py posts every column beside those.
IN_HAND = {
    *("sign-in-key", "unlock-key", "draft-open", "draft-drop"),
    *("code-add", "code-remove", "key-add", "key-remove", "member-factors"),
    # A recovery that waits, and keys under renewal: tests/web/test_kits.py and tests/web/test_leaving.py send these.
    *("recovery-finish", "recovery-stop", "team-keys"),
    # A cover that was set: tests/web/test_cover.py.
    "cover-end",
}
# Boxes and fields of the form itself that a browser may leave out.
ITS_OWN = {
    "decision-new": {"detained", "letter_on"},
    "deadline-new": {"abroad", "detained", "letter_on"},
    "member-new": {"is_guardian"},
    "collect": {"passage"},
    "sitting": {"authority"},
    "surgery-next": {"authority"},
}
POSTED = sorted(
    name for name, rule in ACCESS.items() if "POST" in rule.methods and name not in COMING_AND_GOING | IN_HAND
)


@pytest.fixture(scope="module")
def scene(office_kept: None) -> SimpleNamespace:
    """A guardian who leads and works in one team; a second team and a second organisation to reach for."""
    office, far = builders.office(), builders.other_office()
    housing = builders.team(office)
    lead = builders.member(office, "Lena Lead", role="lead", guardian=True)
    worker = builders.member(office)
    neighbour = builders.member(office, "Nona Neighbour", team=housing)
    # Whom the lead may add to a team: somebody whose key they know from another.
    shared = builders.team(office, "Outreach")
    members.add_to_team(by=office.guardian.actor, team=shared, member=lead.member, role="caseworker")
    mine = hold(lead, office.team, "xqm")
    kits.make(by=lead.actor, guardians=[lead.member], hours=72)
    words = " ".join(kits.open_own(by=lead.actor).words)
    browser = lead.client
    # What is set for a surgery stands in the browser alone.
    browser.post(reverse("surgery"), world.form_for("surgery", mine))
    return SimpleNamespace(
        office=office,
        far=far,
        lead=lead,
        browser=browser,
        worker=worker,
        newcomer=builders.member(office, "Nia Newcomer", team=shared),
        neighbour=neighbour,
        housing=housing,
        mine=mine,
        theirs=hold(neighbour, housing, "xqt"),
        # What these forms ask for is known here only.
        forms={
            "kits-new": {"guardians": [lead.member.handle.hex], "hours": "72"},
            "kit-confirm": {"words": words},
            "drill": {"first": words, "second": ""},
            "recovery": {"sign_in": worker.member.sign_in, "first": words, "second": ""},
            "team-leave": {"member": worker.member.handle.hex},
        },
    )


def columns() -> list[str]:
    """The names of every column there is, and what programs commonly take for one."""
    out = {"id", "pk", "_state", "role", "roles", "permissions", "is_staff", "is_superuser", "force", "by", "actor"}
    for label in dumps.APPS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                out |= {field.name, field.attname, f"{model._meta.model_name}.{field.name}", f"{field.name}_id"}
    return sorted(out)


@pytest.fixture(scope="module")
def hostile(scene: SimpleNamespace) -> dict[str, str]:
    """What an attacker would put into each column there is."""
    far, theirs = scene.far, scene.theirs
    wanted = {
        "organisation": str(far.organisation.pk),
        "team": str(scene.housing.pk),
        "member": str(scene.neighbour.member.pk),
        "worker": str(scene.neighbour.member.pk),
        "by": str(scene.neighbour.member.pk),
        "subject": str(Subject.objects.get(handle=theirs.case).pk),
        "case": str(Case.objects.get(handle=theirs.case).pk),
        "handle": theirs.case.hex,
        "batch": theirs.arrivals["done"].hex,
        "arrival": str(Arrival.objects.get(handle=theirs.arrivals["done"]).pk),
        "waiting": "1",
        "is_guardian": "on",
        "must_change": "",
        "role": "lead",
        "state": "disabled",
        "revision": "99",
        "generation": "9",
        "schema": "9",
        "kind": "other",
        "on": "2020-01-01",
        "at": "2020-01-01T00:00:00Z",
        "name": "Renamed By Attacker",
        "sign_in": "attacker",
    }
    return {name: wanted.get(name.rpartition(".")[2].removesuffix("_id"), "1") for name in columns()}


def sealed(by: Actor) -> list[object]:
    """Everything the member's teams hold, opened, with the handles that are made anew each time taken for the same."""
    out: list[object] = []
    for subject in Subject.objects.filter(kind="person", waiting=False, wraps__team__in=list(by.memberships)):
        record = queries.open_person(by=by, person=subject)
        facets = (record.identity, record.contact, record.status, record.links)
        out.append([(msgspec.to_builtins(one.content), one.revision) for one in facets])
    for case in casework.visible(by):
        opened = casework.open_case_record(by=by, case=casework.find_case(by, case.handle))
        out.append([msgspec.to_builtins(opened.head.content), opened.head.revision, sorted(opened.notes.values())])
    return sorted((_without_handles(one) for one in out), key=repr)


def _without_handles(value: object) -> object:
    if isinstance(value, dict):
        return {"handle" if _is_handle(key) else key: _without_handles(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_handles(one) for one in value]
    return "handle" if _is_handle(value) else value


def _is_handle(text: object) -> bool:
    return isinstance(text, str) and len(text) == 32 and all(sign in "0123456789abcdef" for sign in text)


@pytest.fixture(scope="module")
def before(scene: SimpleNamespace) -> dumps.Dump:
    """All there is when a form is sent: each sending is taken back."""
    return dumps.dump()


def sent(scene: SimpleNamespace, before: dumps.Dump, name: str, more: dict[str, str]) -> tuple[object, object, int]:
    """What one sending changes in the tables and in the sealed records, and how it was answered."""
    pattern = next(one for one in world.patterns() if one.name == name)
    with undone():
        browser = Client()
        browser.cookies.update(scene.browser.cookies)
        journaling._listed.clear()  # whom a member was shown today is remembered in memory, and weighs only once
        form = scene.forms.get(name) or world.form_for(name, scene.mine, newcomer=scene.newcomer.member.handle.hex)
        extra = {key: value for key, value in more.items() if key not in form}
        address = world.address(pattern, scene.mine)
        answer = browser.post(address, form | extra, query_params=extra)
        changed, left = dumps.changes(before, dumps.dump()), name == "team-leave"  # who left opens nothing any more
        if "people.Envelope" not in changed:  # what is sealed is as it was
            return changed, None, answer.status_code
        return changed, sealed((scene.lead if left else scene.worker).actor), answer.status_code


# Kept in the browser or in memory alone; and what nobody was asked for, or was handed, here.
NOTHING_KEPT = {
    *("settings", "kit", "surgery", "surgery-end", "sources-search", "source-took"),
    *("source-stamp", "source-watch", "receive"),
}


@pytest.mark.parametrize("name", POSTED)
def test_fields_nobody_asked_for_change_nothing(
    scene: SimpleNamespace, before: dumps.Dump, hostile: dict[str, str], name: str
) -> None:
    more = {column: value for column, value in hostile.items() if column not in ITS_OWN.get(name, ())}
    plain = sent(scene, before, name, {})
    assert plain[2] < 400, "the form as a browser sends it is refused, so this shows nothing"
    assert plain[0] or name in NOTHING_KEPT, "the form as a browser sends it changes nothing, so this shows nothing"
    polluted = sent(scene, before, name, more)
    assert polluted[0] == plain[0]
    assert polluted[1] == plain[1]
    assert polluted[2] == plain[2]


# Values a page never offered


def refused(browser: Client, address: str, form: dict[str, Any], *, but: frozenset[str] = frozenset()) -> None:
    """The form is not taken: no table but the log's and the session's own differs afterwards."""
    without = frozenset({"journal.Entry", "accounts.Session", *but})
    before = dumps.dump(without=without)
    answer = browser.post(address, form)
    assert answer.status_code in {200, 400, 403, 404, 409}
    assert dumps.dump(without=without) == before


def test_choices_the_page_did_not_offer_are_refused(scene: SimpleNamespace) -> None:
    mine, far = scene.mine, scene.far
    browser = scene.worker.client
    theirs = [scene.housing.handle.hex, far.team.handle.hex, str(scene.housing.pk), str(mine.team.pk), "", "None"]
    strangers = [one.member.handle.hex for one in (scene.neighbour, far.guardian)] + [str(scene.lead.member.pk)]
    case = reverse("case", args=[mine.case])
    for team in theirs:
        refused(browser, reverse("person-new"), world.form_for("person-new", mine) | {"team": team})
        refused(browser, reverse("imports"), world.form_for("imports", mine) | {"team": team})
    for worker in strangers:
        form = world.form_for("case-new", mine) | {"worker": worker}
        refused(browser, reverse("case-new", args=[mine.person]), form)
        refused(browser, reverse("case-edit", args=[mine.case]), world.form_for("case-edit", mine) | {"worker": worker})
    for kind in ("corrected", "sent'", "CAME_IN", "", "none"):
        refused(browser, case, world.form_for("case", mine) | {"kind": kind})
    for kind in ("deportation", "", "ASYLUM"):
        refused(browser, reverse("case-edit", args=[mine.case]), world.form_for("case-edit", mine) | {"kind": kind})
    for name, field, values in (
        ("enquiry-new", "route", ("deportation", "", "HO_MP")),
        ("deadline-new", "rule", ("ho.mp.written", "made.up", "")),
    ):
        for value in values:
            refused(browser, reverse(name, args=[mine.case]), world.form_for(name, mine) | {field: value})


def test_a_letter_of_another_case_is_not_taken(scene: SimpleNamespace) -> None:
    """With one letter the form has no choice of letters, so what is sent for it must count for nothing."""
    other = Case.objects.get(handle=scene.theirs.case).enquiries.get()
    own = Case.objects.get(handle=scene.mine.case).enquiries.get()
    browser, case = scene.worker.client, reverse("case", args=[scene.mine.case])
    for value in (other.handle.hex, str(other.pk)):
        browser.post(case, world.form_for("case", scene.mine) | {"enquiry": value, "kind": "chased"})
        assert Event.objects.latest("id").enquiry_id == own.pk
    assert not Event.objects.filter(enquiry=other, case=own.case).exists()
    second = {"route": "foi", "sent_on": "today", "sent_to": "", "subject": "", "their_reference": ""}
    assert browser.post(reverse("enquiry-new", args=[scene.mine.case]), second).status_code == 302
    for value in (other.handle.hex, str(other.pk), str(own.pk)):
        form = world.form_for("case", scene.mine) | {"enquiry": value, "kind": "chased"}
        refused(browser, case, form)


def test_nobody_becomes_more_than_a_guardian_made_them(scene: SimpleNamespace) -> None:
    """A caseworker posts at the guardians' forms; a guardian reaches for a team they are not in, and elsewhere."""
    far = scene.far
    new, join, out = reverse("member-new"), "team-join", "member-disable"
    worker, guardian = scene.worker.client, scene.lead.client
    plain = world.form_for("member-new", scene.mine)
    refused(worker, new, plain | {"is_guardian": "on"})
    refused(worker, reverse("team-new"), {"name": "Mine"})
    refused(worker, reverse("office-days"), world.form_for("office-days", scene.mine))
    refused(worker, reverse(out, args=[scene.lead.member.handle]), {})
    itself = {"member": scene.worker.member.handle.hex, "role": "lead"}
    for team in (scene.mine.team, scene.housing):
        refused(worker, reverse(join, args=[team.handle]), itself)
    for team in (scene.housing.handle.hex, far.team.handle.hex, ""):
        refused(guardian, new, plain | {"teams": [team]})
    for role in ("guardian", "owner", "LEAD", ""):
        refused(guardian, new, plain | {"role": role})
    refused(guardian, reverse(join, args=[scene.housing.handle]), itself)
    refused(guardian, reverse(join, args=[far.team.handle]), itself)
    for stranger in (far.guardian.member.handle.hex, str(scene.neighbour.member.pk)):
        refused(guardian, reverse(join, args=[scene.mine.team.handle]), {"member": stranger, "role": "lead"})
    refused(guardian, reverse(out, args=[far.guardian.member.handle]), {})
    assert not Member.objects.get(pk=scene.worker.member.pk).is_guardian
    assert Membership.objects.get(member=scene.worker.member).role == "caseworker"
    assert Team.objects.count() == 4


def test_a_field_that_is_taken_would_be_seen(scene: SimpleNamespace, before: dumps.Dump) -> None:
    """The control: the one column that this form does take makes the two sendings differ."""
    plain, taken = sent(scene, before, "member-new", {}), sent(scene, before, "member-new", {"is_guardian": "on"})
    assert taken[0] != plain[0]
    plain, taken = sent(scene, before, "deadline-new", {}), sent(scene, before, "deadline-new", {"abroad": "on"})
    assert taken[0] != plain[0]
    name = "names-0-source"
    plain, taken = sent(scene, before, "person-new", {}), sent(scene, before, "person-new", {name: "passport"})
    assert taken[1] != plain[1]
