"""T11: every address of the desk × everybody × whatever it may be about × every method.

What is expected is worked out from the table of access and from which team holds what, never read off the answer. A
record that is not held must answer byte for byte as a handle that nobody ever gave out. An address that the table, or
this attack, does not know fails the run.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, path, reverse

from safeconduct.accounts.actions import members, sessions
from safeconduct.web.access import ACCESS, Access, Rule, Who
from safeconduct.web.cookies import SESSION, written
from tests import builders
from tests.attacks import world
from tests.attacks.answers import Somebody, ask, body, not_typed
from tests.attacks.world import NOWHERE
from tests.builders import PASSPHRASE, Colleague

pytestmark = pytest.mark.django_db
# These name a member, a team or an alarm about a member, which are no sealed records.
STAFF = {
    *("member-disable", "member-factors", "member-change", "team-join", "team-leave", "team-keys"),
    *("recovery-stop", "alarm-answer", "cover", "cover-end"),
}
# A method that a page does not take is refused before anything is asked of the session: tried by these two.
EVERY_METHOD = {"nobody", "caseworker"}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"})


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
    "nobody": lambda offices: Somebody(Client(), "out"),
    "a made-up cookie": lambda offices: Somebody(cookie(bytes(range(32))), "out"),
    "disabled": lambda offices: Somebody(disabled(offices.office), "out"),
    "locked": lambda offices: Somebody(locked(offices.lead), "locked"),
    "first passphrase": lambda offices: Somebody(with_first_passphrase(offices.office), "must change"),
    "caseworker": lambda offices: Somebody(offices.worker.client, teams=("own",)),
    "lead": lambda offices: Somebody(offices.lead.client, teams=("own",), lead=True),
    "guardian elsewhere": lambda offices: Somebody(offices.outside.client, teams=("other",), guardian=True),
    "another organisation": lambda offices: Somebody(offices.far.guardian.client, teams=("foreign",), guardian=True),
}

# What a page for everybody is asked about by those who may do no less than the caseworker, who asks about everything:
# a lead mostly about what they hold, the others about what they do not. What takes more than a caseworker's rights is
# asked about everything by everybody.
PLAIN_PAGES: dict[str, frozenset[str]] = {
    "lead": frozenset({"own", "random"}),
    "guardian elsewhere": frozenset({"own", "foreign", "random"}),
    "another organisation": frozenset({"own", "random"}),
}


def holds(who: Somebody, name: str, of: str, whose: str) -> bool:
    """Whether this member's teams hold what is asked for; a found page and a kept filter are one member's alone."""
    return of in who.teams and (name not in {"found", "calls-found", "filter-remove"} or whose == of)


def expected(who: Somebody, rule: Rule, name: str, method: str, held: bool) -> set[int]:
    """The statuses that the table of access allows."""
    if method not in rule.methods:
        return {405}
    if name == "feed":  # whoever has its secret reads it: days and counts
        return {200} if held else {404}
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
def test_every_address(offices: SimpleNamespace, role: str) -> None:
    who = ROLES[role](offices)
    mine = {"caseworker": "own", "another organisation": "foreign"}.get(role, "")
    wrong: list[object] = []
    every_word = [word for of in offices.objects.values() for word in of.words]
    allowed = {word for team in who.teams for word in offices.objects[team].words}
    for pattern in world.patterns():
        name = pattern.name or ""
        rule = ACCESS[name]
        about = {"own": offices.objects["own"]}
        if world.names_a_record(pattern):  # whoever is turned away at the door is told nothing of what stands behind
            about = offices.objects if who.state == "in" else about | {"random": NOWHERE}
            if role in PLAIN_PAGES and rule.who is Who.EVERYBODY:
                about = {of: held for of, held in about.items() if of in PLAIN_PAGES[role]}
        answers: dict[tuple[str, str], tuple[int, str]] = {}
        for of, held in about.items():
            address = world.address(pattern, held)
            form = world.form_for(name, held) if "POST" in rule.methods else {}
            methods = METHODS if of == "own" and role in EVERY_METHOD else rule.methods
            for method in methods if of in {"own", "random"} else methods - {"HEAD"}:
                if method == "HEAD" and role not in EVERY_METHOD:
                    continue  # as GET, without the page
                answer = ask(who, method, address, form)
                is_held = holds(who, name, of, mine) or (name in STAFF and _staff_of(who, name, of))
                is_held = is_held or (name == "feed" and of in {"own", "other", "foreign"})
                if answer.status_code not in expected(who, rule, name, method, is_held):
                    wrong.append((name, of, method, answer.status_code))
                answers[of, method] = answer.status_code, body(answer, held, address)
                said = not_typed(answer, form if method == "POST" else {})
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


def test_whoever_may_read_a_record_reads_it(offices: SimpleNamespace) -> None:
    """The control: the same requests, by whoever holds the record, do show the words that nobody else was shown."""
    own = offices.objects["own"]
    by_name = {pattern.name: pattern for pattern in world.patterns()}
    pages = (
        *("person", "person-edit", "case", "case-edit", "found", "import-columns", "import-preview"),
        *("papers", "paper", "paper-original", "account", "narrative-change", "history", "history-strike", "household"),
        *("person-same", "person-unmerge", "case-people", "case-intake", "case-urgent", "message", "message-html"),
        *("source", "passage", "note", "tag", "collection", "collection-timeline"),
    )
    shown: dict[str, list[str]] = {}
    for name in pages:
        browser = (offices.lead if name == "history-strike" else offices.worker).client
        ask = browser.get if "GET" in ACCESS[name].methods else browser.post
        said = ask(world.address(by_name[name], own)).content.decode()
        shown[name] = [word for word in own.words if word in said]
    said = offices.worker.client.get(reverse("person", args=[own.merged[0]])).content.decode()
    shown["one of two"] = [word for word in own.words if word in said]
    assert {name for name, words in shown.items() if not words} == set()
    assert len({word for words in shown.values() for word in words}) >= len(own.words) - 1


def test_no_form_is_taken_from_elsewhere(offices: SimpleNamespace) -> None:
    """Every address that takes a form refuses one without this desk's token, before anything else is looked at."""
    own = offices.objects["own"]
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(offices.office.guardian.client.cookies)
    for pattern in world.patterns():
        if "POST" in ACCESS[pattern.name or ""].methods:
            form = world.form_for(pattern.name or "", own)
            assert browser.post(world.address(pattern, own), form).status_code == 403, pattern.name


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
