"""T11 by the side doors: lists, filters, searches, proposals, and handles named beneath records of one's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import members
from safeconduct.accounts.actor import Actor
from safeconduct.people import queries
from safeconduct.people.facets import Referenced
from safeconduct.people.models import Found
from safeconduct.web.access import ACCESS
from tests import builders
from tests.attacks import world
from tests.attacks.answers import Somebody, ask, body, steady
from tests.attacks.world import NOWHERE

pytestmark = pytest.mark.django_db


def text_of(who: Client, address: str) -> str:
    answer = who.get(address)
    return answer.content.decode() + str(answer.headers)


def test_queues_and_filters_show_nothing_of_other_teams(offices: SimpleNamespace) -> None:
    own, other, foreign = (offices.objects[name] for name in ("own", "other", "foreign"))
    browser = offices.neighbour.client
    strangers = [offices.worker.member, offices.lead.member, offices.far.guardian.member]
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


def test_a_search_tells_nothing_of_what_other_teams_hold(offices: SimpleNamespace) -> None:
    """What another team or organisation holds answers as what nobody holds: the same page, the same length."""
    reference = Referenced(kind="uan", value="2718-2818-2845-9045")
    builders.person(offices.worker, "Quillfeather Oatsworth", references=[reference])
    held = ("Quillfeather Oatsworth", "kwilfether otswort", "2718-2818-2845-9045", "xqo/1")
    for who in (offices.neighbour, offices.outside, offices.far.guardian):
        pages = set()
        for text in (*held, "Vrambolt Dunskiraj", "3141-5926-5358-9793", "nb/0009"):
            answer = who.client.post(reverse("people-search"), {"q": text}, follow=True)
            assert answer.status_code == 200
            pages.add(steady(answer).replace(text, "TEXT"))
        assert len(pages) == 1


def test_adding_or_bringing_in_somebody_proposes_nobody_of_another_team(offices: SimpleNamespace) -> None:
    own = offices.objects["own"]
    browser, team = offices.neighbour.client, offices.objects["other"].team.handle.hex
    form = world.form_for("person-new", offices.objects["other"]) | {"none_of_them": ""}
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


def test_a_found_page_is_its_searchers_alone(offices: SimpleNamespace) -> None:
    own = offices.objects["own"]
    assert queries.found(by=offices.worker.actor, handle=own.found)[1]
    for who in (offices.lead, offices.office.guardian, offices.neighbour, offices.far.guardian):
        assert who.client.get(reverse("found", args=[own.found])).status_code == 404
    assert Found.objects.filter(handle=own.found).exists()
    members.disable_member(by=offices.office.guardian.actor, member=offices.worker.member)
    with pytest.raises(Exception, match="no longer kept"):
        queries.found(by=Actor(offices.worker.member, offices.worker.pair), handle=own.found)


def test_handles_of_one_record_do_not_open_through_another(offices: SimpleNamespace) -> None:
    """An event, a limit or a second person of somebody else's, named beneath a record of one's own."""
    own, other, foreign = (offices.objects[name] for name in ("own", "other", "foreign"))
    browser = offices.worker.client
    for name, key in (("event-correct", "event"), ("deadline-met", "deadline")):
        pages = set()
        for of in (other, foreign, NOWHERE):
            address = reverse(name, kwargs={"handle": own.case, key: getattr(of, key)})
            for method in (browser.get, browser.post):
                answer = method(address)
                assert answer.status_code == 404
                pages.add(body(answer, of))
        assert len(pages) == 1
    for name in ("person-not-same", "person-merge", "person-unmerge"):
        for of in (other, foreign, NOWHERE):
            address = reverse(name, kwargs={"handle": own.person, "other": of.person})
            assert browser.post(address, {"decision": "two", "reason": "it is said"}).status_code == 404, name


def test_what_is_kept_with_a_record_does_not_open_through_another(offices: SimpleNamespace) -> None:
    """Another's paper, the drawing of a page, something told or a step of a history, named beneath one's own record."""
    own, other, foreign = (offices.objects[name] for name in ("own", "other", "foreign"))
    browser = offices.lead.client
    reached = {
        **dict.fromkeys(("paper", "paper-original", "paper-remove"), "paper"),
        **{"paper-page": "drawn", "narrative-change": "narrative", "history-strike": "step"},
    }
    for name, key in reached.items():
        answers = set()
        for of in (other, foreign, NOWHERE):
            for handle in (own.person, own.twin, own.case):
                named = {"handle": handle, key if key != "drawn" else "paper": getattr(of, key)}
                address = reverse(name, kwargs=named | ({"number": 1} if name == "paper-page" else {}))
                for method in sorted(ACCESS[name].methods - {"HEAD"}):
                    form = world.form_for(name, own) if method == "POST" else {}
                    answer = ask(Somebody(browser), method, address, form)
                    said = body(answer, of).replace(str(handle), "HANDLE")
                    assert not [word for held in (other, foreign) for word in held.words if word in said], name
                    answers.add((answer.status_code, handle, method, said))
        assert {status for status, *_ in answers} == {404}, name
        assert len(answers) == 3 * len(ACCESS[name].methods - {"HEAD"}), name


def test_every_kind_of_record_keeps_what_is_with_it_from_strangers(offices: SimpleNamespace) -> None:
    """Papers, accounts, histories and erasing hang beneath persons, cases and households; and each facet has a form."""
    own = offices.objects["own"]
    for who in (offices.neighbour, offices.outside, offices.far.guardian):
        browser = Somebody(who.client)
        for name in ("papers", "account", "history", "erase", "narrative-new"):
            pages = set()
            for handle in (own.person, own.case, own.household, NOWHERE.person):
                answer = ask(browser, "GET", reverse(name, args=[handle]), {})
                assert answer.status_code == 404
                pages.add(steady(answer).replace(str(handle), "HANDLE"))
            assert len(pages) == 1, name
        for facet in ("identity", "contact", "needs", "status"):
            pages = set()
            for handle in (own.person, NOWHERE.person):
                answer = ask(browser, "GET", reverse("person-edit", args=[handle, facet]), {})
                assert answer.status_code == 404
                pages.add(steady(answer).replace(str(handle), "HANDLE"))
            assert len(pages) == 1, facet


def test_nobody_of_another_team_is_put_into_a_household_or_a_case(offices: SimpleNamespace) -> None:
    own, other, foreign = (offices.objects[name] for name in ("own", "other", "foreign"))
    browser = Somebody(offices.worker.client)
    for of in (other, foreign):
        for name in ("household-add", "case-person-add", "person-same"):
            pattern = next(one for one in world.patterns() if one.name == name)
            for typed in ({"person": of.person.hex}, {"q": f"{of.words[0]} {of.words[1]}", "person": ""}):
                form = world.form_for(name, own) | typed
                answer = ask(browser, "POST", world.address(pattern, own), form)
                said = answer.content.decode()
                assert answer.status_code in {200, 400, 404}, (name, typed.keys())
                assert of.person.hex not in said.replace(f'value="{of.person.hex}"', ""), name
                assert not [word for word in of.words[2:] if word in said], name
