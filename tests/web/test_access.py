"""Every address has its terms, and what has none is refused."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, path, reverse

from safeconduct.web.access import ACCESS, Access, Who
from safeconduct.web.desk import urls
from tests import builders

pytestmark = pytest.mark.django_db


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page nobody classified")


def raises(_request: HttpRequest) -> HttpResponse:
    raise ValueError("Zehra Testname")


urlpatterns = [
    *urls.urlpatterns,
    path("unclassified", page, name="unclassified"),
    path("nameless", page),
    path("mistake", raises, name="settings"),
]


def address_of(pattern: URLPattern) -> str:
    """An address of this pattern, with handles nobody has."""
    by_kind = {"Facet": "identity", "Change": "on-leave", "IntConverter": 1, "Secret": "s" * 43}
    by_kind |= {"Address": "0" * 12, "Record": "csl"}
    named = {
        name: by_kind.get(type(converter).__name__, uuid4()) for name, converter in pattern.pattern.converters.items()
    }
    return reverse(pattern.name, kwargs=named)


EVERY = [pytest.param(one, id=one.name) for one in urls.urlpatterns]


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    assert {one.name for one in urls.urlpatterns} == set(ACCESS)
    assert len({one.name for one in urls.urlpatterns}) == len(urls.urlpatterns)


@override_settings(ROOT_URLCONF="tests.web.test_access")
@pytest.mark.parametrize("address", ["/unclassified", "/nameless"])
def test_an_address_without_terms_is_refused_even_to_a_guardian(address: str, caplog: pytest.LogCaptureFixture) -> None:
    browser = builders.office().guardian.client
    with caplog.at_level(logging.ERROR, logger="safeconduct.web"):
        answer = browser.get(address)
    assert answer.status_code == 404
    assert "nobody classified" not in answer.content.decode()
    assert "no terms in the table of access" in caplog.text


@pytest.mark.parametrize("pattern", EVERY)
def test_a_page_that_is_not_for_everybody_shows_nothing_without_a_session(pattern: URLPattern) -> None:
    builders.office()
    rule = ACCESS[str(pattern.name)]
    for method in sorted(rule.methods):
        answer = Client().generic(method, address_of(pattern))
        if rule.access is not Access.OUTSIDE:
            assert answer.headers["Location"] == reverse("sign-in")
            assert answer.content == b""


@pytest.mark.parametrize("pattern", EVERY)
def test_a_method_that_is_not_named_is_refused(pattern: URLPattern) -> None:
    browser = builders.office().guardian.client
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - ACCESS[str(pattern.name)].methods:
        answer = browser.generic(method, address_of(pattern))
        assert answer.status_code == 405
        assert answer.headers["Allow"] == ", ".join(sorted(ACCESS[str(pattern.name)].methods))


@pytest.mark.parametrize("pattern", [one for one in EVERY if ACCESS[str(one.id)].access is Access.RECORD])
def test_a_record_that_is_not_there_is_not_found_by_any_method(pattern: URLPattern) -> None:
    browser = builders.office().guardian.client
    for method in sorted(ACCESS[str(pattern.name)].methods):
        answer = browser.generic(method, address_of(pattern))
        assert answer.status_code in (302, 404)
        if answer.status_code == 302:
            assert ACCESS[str(pattern.name)].methods == {"POST"}


@pytest.mark.parametrize("pattern", [one for one in EVERY if ACCESS[str(one.id)].who is not Who.EVERYBODY])
def test_a_page_for_some_is_not_allowed_to_others(pattern: URLPattern) -> None:
    place = builders.office()
    browser = builders.member(place).client
    for method in sorted(ACCESS[str(pattern.name)].methods):
        assert browser.generic(method, address_of(pattern)).status_code == 403


@override_settings(ROOT_URLCONF="tests.web.test_access")
def test_a_mistake_of_ours_says_what_was_kept_and_repeats_nothing() -> None:
    browser = builders.office().guardian.client
    browser.raise_request_exception = False
    answer = browser.get("/mistake")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()
    assert "Zehra" not in answer.content.decode()


def test_no_form_of_the_desk_lets_a_browser_keep_what_is_typed() -> None:
    place = builders.office()
    browser = place.guardian.client
    for name in ("people", "person-new", "settings", "members", "member-new", "team-new", "passphrase", "office-days"):
        written = browser.get(reverse(name)).content.decode()
        for field in re.findall(r"<(?:input|textarea|select)[^>]*>", written):
            if 'type="hidden"' not in field:
                assert 'autocomplete="off"' in field, (name, field)
