"""T11: every address of the desk × everybody × whatever it may be about × every method.

What is expected is worked out from the table of access and from which team holds what, never read off the answer. A
record that is not held must answer byte for byte as a handle that nobody ever gave out. An address that the table, or
this attack, does not know fails the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, path, reverse

from safeconduct.accounts.actions import members, sessions
from safeconduct.accounts.actor import Actor
from safeconduct.people import queries
from safeconduct.people.facets import Referenced
from safeconduct.people.models import Found
from safeconduct.web.access import ACCESS, Access, Rule, Who
from safeconduct.web.cookies import SESSION, written
from tests import builders
from tests.attacks import world
from tests.attacks.world import NOWHERE, Held
from tests.builders import PASSPHRASE, Colleague

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
# Reached while signed in these lead on, or have no page of their own to show.
# These name a member or a team, who are no sealed records.
STAFF = {"member-disable", "member-factors", "member-change", "team-join", "team-leave", "team-keys", "recovery-stop"}
LEADS_ON = {"start", "sign-in", "unlock", "lock", "sign-out"}


@dataclass(frozen=True)
class Somebody:
    """A browser, and what it may do: ``teams`` hold what it may open; None where the desk must turn it away first."""

    browser: Client
    state: str = "in"  # in, out, locked, must change
    teams: tuple[str, ...] = ()
    guardian: bool = False
    lead: bool = False

    def admitted(self, rule: Rule) -> bool:
        return rule.who is Who.EVERYBODY or self.guardian or (rule.who is Who.LEAD_OR_GUARDIAN and self.lead)


def cookie(half: bytes) -> Client:
    browser = Client()
    browser.cookies[SESSION] = written(half)
    return browser


def locked(who: Colleague) -> Client:
    signed = sessions.sign_in(name=who.member.sign_in, passphrase=PASSPHRASE)
    sessions.lock(session=signed.session)
    return cookie(signed.half)


def with_first_passphrase(office: builders.Office) -> Client:
    added = members.add_member(
        by=office.guardian.actor, name="Fresh", sign_in="fresh", is_guardian=True, roles={office.team.pk: "lead"}
    )
    return cookie(sessions.sign_in(name="fresh", passphrase=added.first_passphrase).half)


def disabled(office: builders.Office) -> Client:
    gone = builders.member(office, "Gwen Gone", role="lead", guardian=True)
    browser = gone.client
    members.disable_member(by=office.guardian.actor, member=gone.member)
    return browser


ROLES: dict[str, Callable[[SimpleNamespace], Somebody]] = {
    "nobody": lambda scene: Somebody(Client(), "out"),
    "a made-up cookie": lambda scene: Somebody(cookie(bytes(range(32))), "out"),
    "disabled": lambda scene: Somebody(disabled(scene.office), "out"),
    "locked": lambda scene: Somebody(locked(scene.lead), "locked"),
    "first passphrase": lambda scene: Somebody(with_first_passphrase(scene.office), "must change"),
    "caseworker": lambda scene: Somebody(scene.worker.client, teams=("own",)),
    "lead": lambda scene: Somebody(scene.lead.client, teams=("own",), lead=True),
    "guardian elsewhere": lambda scene: Somebody(scene.outside.client, teams=("other",), guardian=True),
    "another team": lambda scene: Somebody(scene.neighbour.client, teams=("other",)),
    "another organisation": lambda scene: Somebody(scene.far.guardian.client, teams=("foreign",), guardian=True),
}


@pytest.fixture
def scene() -> SimpleNamespace:
    """Two teams and two organisations, each with everything a desk can hold; and what was here and is gone."""
    office, far = builders.office(), builders.other_office()
    housing = builders.team(office)
    worker, lead = builders.member(office), builders.member(office, "Lena Lead", role="lead")
    neighbour = builders.member(office, "Nona Neighbour", team=housing)
    outside = builders.member(office, "Olwen Outside", guardian=True, team=housing)
    own = world.hold(worker, office.team, "xqo")
    objects = {
        "own": own,
        "other": world.hold(neighbour, housing, "xqt"),
        "foreign": world.hold(far.guardian, far.team, "xqf"),
        "gone": replace(NOWHERE, **own.gone),
        "random": NOWHERE,
    }
    # A found page is its searcher's own: of the rest, nobody may open it.
    return SimpleNamespace(
        office=office, far=far, worker=worker, lead=lead, neighbour=neighbour, outside=outside, objects=objects
    )


@contextmanager
def undone() -> Iterator[None]:
    """Whatever an act did is taken back afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def ask(who: Somebody, method: str, address: str, form: dict[str, Any]) -> HttpResponse:
    browser = Client()
    browser.cookies.update(who.browser.cookies)
    with undone():
        if method == "POST":
            return browser.post(address, form)
        return browser.generic(method, address)


def steady(answer: HttpResponse) -> str:
    """A page without what differs from request to request: the form's token, the hour, what was sealed just now."""
    text = re.sub(r'name="(csrfmiddlewaretoken|held-form)" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"\b\d\d:\d\d\b", "", text)


def body(answer: HttpResponse, of: Held) -> str:
    """An answer without what differs from request to request, and without the handle that was asked for."""
    text = steady(answer)
    handles = (of.person, of.twin, of.case, of.event, of.deadline, of.found, of.paper, of.step, of.household)
    for handle in (*handles, of.narrative, *of.arrivals.values()):
        text = text.replace(str(handle), "HANDLE").replace(handle.hex, "HANDLE")
    return text


def holds(who: Somebody, name: str, of: str, whose: str) -> bool:
    """Whether this member's teams hold what is asked for; a found page is whoever searched's alone."""
    return of in who.teams and (name != "found" or whose == of)


def expected(who: Somebody, rule: Rule, name: str, method: str, held: bool) -> set[int]:
    """The statuses that the table of access allows."""
    if method not in rule.methods:
        return {405}
    if rule.access is Access.OUTSIDE:
        return {200, 302}
    if who.state == "out":
        return {302}
    if rule.access is Access.LOCKED_OK:
        return {200, 302}
    if who.state == "locked":
        return {403} if method == "POST" else {302}
    if who.state == "must change" and not rule.before_own_passphrase:
        return {302}
    if not who.admitted(rule):
        return {403}
    if rule.access is Access.RECORD or name in STAFF:
        return {200, 302, 303, 400, 403, 404, 409} if held else {404}
    return {200, 302, 400, 409}


@pytest.mark.parametrize("role", ROLES)
def test_every_address(scene: SimpleNamespace, role: str) -> None:
    who = ROLES[role](scene)
    mine = {"caseworker": "own", "another team": "other", "another organisation": "foreign"}.get(role, "")
    wrong: list[object] = []
    every_word = [word for of in scene.objects.values() for word in of.words]
    allowed = {word for team in who.teams for word in scene.objects[team].words}
    for pattern in world.patterns():
        name = pattern.name or ""
        rule = ACCESS[name]
        about = scene.objects if world.names_a_record(pattern) else {"own": scene.objects["own"]}
        answers: dict[tuple[str, str], tuple[int, str]] = {}
        for of, held in about.items():
            address = world.address(pattern, held)
            form = world.form_for(name, held) if "POST" in rule.methods else {}
            for method in METHODS if of == "own" else [one for one in METHODS if one in rule.methods]:
                answer = ask(who, method, address, form)
                is_held = holds(who, name, of, mine) or (
                    name in STAFF and _staff_of(who, name, of)
                )
                if answer.status_code not in expected(who, rule, name, method, is_held):
                    wrong.append((name, of, method, answer.status_code))
                answers[of, method] = answer.status_code, body(answer, held)
                said = answer.content.decode() + str(answer.headers)
                if shown := [word for word in every_word if word in said and word not in allowed]:
                    wrong.append((name, of, method, shown))
                if "no-store" not in answer.headers.get("Cache-Control", ""):
                    wrong.append((name, of, method, "may be kept by the browser"))
        if rule.access is Access.RECORD:
            wrong += [
                (name, of, method, "does not answer as a random handle does")
                for (of, method), told in answers.items()
                if not holds(who, name, of, mine) and method in rule.methods and told != answers["random", method]
            ]
    assert not wrong, wrong[:20]


def _staff_of(who: Somebody, name: str, of: str) -> bool:
    """Members and teams are staff: a guardian may end anybody's access in the organisation, keys or not."""
    if name in {"team-join", "team-keys"}:
        return of in who.teams
    return of in ({"foreign"} if who.teams == ("foreign",) else {"own", "other"})


def test_whoever_may_read_a_record_reads_it(scene: SimpleNamespace) -> None:
    """The control: the same requests, by whoever holds the record, do show the words that nobody else was shown."""
    own = scene.objects["own"]
    by_name = {pattern.name: pattern for pattern in world.patterns()}
    pages = ("person", "person-edit", "case", "case-edit", "found", "import-columns", "import-preview")
    shown: dict[str, list[str]] = {}
    for name in pages:
        said = scene.worker.client.get(world.address(by_name[name], own)).content.decode()
        shown[name] = [word for word in own.words if word in said]
    assert {name for name, words in shown.items() if not words} == set()
    assert len({word for words in shown.values() for word in words}) >= len(own.words) - 1


def test_no_form_is_taken_from_elsewhere(scene: SimpleNamespace) -> None:
    """Every address that takes a form refuses one without this desk's token, before anything else is looked at."""
    own = scene.objects["own"]
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(scene.office.guardian.client.cookies)
    for pattern in world.patterns():
        if "POST" in ACCESS[pattern.name or ""].methods:
            form = world.form_for(pattern.name or "", own)
            assert browser.post(world.address(pattern, own), form).status_code == 403, pattern.name


# Side doors


def text_of(who: Client, address: str) -> str:
    answer = who.get(address)
    return answer.content.decode() + str(answer.headers)


def test_queues_and_filters_show_nothing_of_other_teams(scene: SimpleNamespace) -> None:
    own, other, foreign = (scene.objects[name] for name in ("own", "other", "foreign"))
    browser = scene.neighbour.client
    strangers = [scene.worker.member, scene.lead.member, scene.far.guardian.member]
    asked = [
        f"{name}={value}"
        for name, values in {
            "team": [own.team.handle.hex, own.team.pk, foreign.team.handle.hex, "0", "None"],
            "worker": [value for one in strangers for value in (one.handle.hex, one.pk)],
            "topic": ["asylum", "'"],
            "kind": ["act_by", "x"],
            "state": ["closed", "all"],
        }.items()
        for value in values
    ]
    case = reverse("case", args=[other.case])
    for query in asked:
        for address in (reverse("today"), reverse("cases"), case + f"?queue=today&at=0&{query}&"):
            said = text_of(browser, f"{address}{'' if '?' in address else '?'}{query}")
            assert not [word for of in (own, foreign) for word in of.words if word in said], (address, query)
    for at in ("0", "1", "99999", "-1", "1e9", "٣", ""):
        said = text_of(browser, f"{case}?queue=today&at={at}")
        assert not [word for of in (own, foreign) for word in of.words if word in said]


def test_a_search_tells_nothing_of_what_other_teams_hold(scene: SimpleNamespace) -> None:
    """What another team or organisation holds answers as what nobody holds: the same page, the same length."""
    reference = Referenced(kind="uan", value="2718-2818-2845-9045")
    builders.person(scene.worker, "Quillfeather Oatsworth", references=[reference])
    held = ("Quillfeather Oatsworth", "kwilfether otswort", "2718-2818-2845-9045", "xqo/1")
    for who in (scene.neighbour, scene.outside, scene.far.guardian):
        pages = set()
        for text in (*held, "Vrambolt Dunskiraj", "3141-5926-5358-9793", "nb/0009"):
            answer = who.client.post(reverse("people-search"), {"q": text}, follow=True)
            assert answer.status_code == 200
            pages.add(steady(answer).replace(text, "TEXT"))
        assert len(pages) == 1


def test_adding_or_bringing_in_somebody_proposes_nobody_of_another_team(scene: SimpleNamespace) -> None:
    own = scene.objects["own"]
    browser, team = scene.neighbour.client, scene.objects["other"].team.handle.hex
    form = world.form_for("person-new", scene.objects["other"]) | {"none_of_them": ""}
    form["names-0-text"] = f"{own.words[0]} {own.words[1]}"
    said = browser.post(reverse("person-new"), form).content.decode()
    assert not [word for word in own.words[2:] if word in said]
    assert str(own.person) not in said
    upload = world.form_for("imports", own) | {"team": team}
    columns = browser.post(reverse("imports"), upload)["Location"]
    preview = browser.post(columns, world.form_for("import-columns", own))["Location"]
    said = text_of(browser, preview)
    assert not [word for word in own.words if word in said]
    assert str(own.person) not in said


def test_a_found_page_is_its_searchers_alone(scene: SimpleNamespace) -> None:
    own = scene.objects["own"]
    assert queries.found(by=scene.worker.actor, handle=own.found)[1]
    for who in (scene.lead, scene.office.guardian, scene.neighbour, scene.far.guardian):
        assert who.client.get(reverse("found", args=[own.found])).status_code == 404
    assert Found.objects.filter(handle=own.found).exists()
    members.disable_member(by=scene.office.guardian.actor, member=scene.worker.member)
    with pytest.raises(Exception, match="no longer kept"):
        queries.found(by=Actor(scene.worker.member, scene.worker.pair), handle=own.found)


def test_handles_of_one_record_do_not_open_through_another(scene: SimpleNamespace) -> None:
    """An event, a limit or a second person of somebody else's, named beneath a record of one's own."""
    own, other, foreign = (scene.objects[name] for name in ("own", "other", "foreign"))
    browser = scene.worker.client
    for name, key in (("event-correct", "event"), ("deadline-met", "deadline")):
        pages = set()
        for of in (other, foreign, NOWHERE):
            address = reverse(name, kwargs={"handle": own.case, key: getattr(of, key)})
            for method in (browser.get, browser.post):
                answer = method(address)
                assert answer.status_code == 404
                pages.add(body(answer, of))
        assert len(pages) == 1
    for of in (other, foreign, NOWHERE):
        address = reverse("person-not-same", kwargs={"handle": own.person, "other": of.person})
        assert browser.post(address, {"decision": "two"}).status_code == 404


# An address nobody classified


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page nobody classified")


def unclassified(patterns: list[URLPattern]) -> list[str]:
    """Addresses that the table of access does not know, or that this attack does not know how to ask for."""
    out = []
    for pattern in patterns:
        name = pattern.name or ""
        try:
            if name not in ACCESS:
                raise world.NoAddressKnown(name)
            world.address(pattern, NOWHERE)
            if "POST" in ACCESS[name].methods:
                world.form_for(name, NOWHERE)
        except world.NoAddressKnown:
            out.append(name or str(pattern.pattern))
    return out


def test_every_address_is_classified() -> None:
    assert unclassified(list(world.patterns())) == []


def test_an_unclassified_address_would_fail_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    added = [
        path("new", page, name="new-page"),
        path("nameless", page),
        path("about/<uuid:handle>", page, name="about"),
    ]
    assert unclassified([*world.patterns(), *added]) == ["new-page", "nameless", "about"]
    monkeypatch.setattr("tests.attacks.test_t11_every_url.ACCESS", {**ACCESS, "about": Rule(Access.RECORD)})
    assert unclassified([*world.patterns(), *added]) == ["new-page", "nameless", "about"]
