"""Taking sources in by a page: what came of each, what is refused, and what was typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from safeconduct.archive import faults
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.capture import Unreached
from safeconduct.archive.models import Observation, Quarantined, Source
from tests.web.archive.conftest import COPY, LETTER
from tests.web.archive.test_sources import text

pytestmark = pytest.mark.django_db


def file(data, name="said.txt"):
    return SimpleUploadedFile(name, data)


def send(who, *files, **typed):
    return who.client.post(reverse("source-take"), {"addresses": "", "file": list(files), **typed})


def test_one_file_leads_to_its_page(kept):
    answer = send(kept.worker, file(b"A statement that nobody kept.\n"), address="https://council.example/statement")
    page = kept.worker.client.get(answer["Location"])
    assert "Taken in. Its bytes are kept as they came." in text(page)
    assert "council.example/statement" in text(page)


def test_the_same_bytes_again_are_said_to_be_here(kept):
    answer = send(kept.worker, file(LETTER, "letter.html"))
    assert str(kept.letter.handle) in answer["Location"]
    assert "These bytes were here already" in text(kept.worker.client.get(answer["Location"]))
    assert Observation.objects.filter(source=kept.letter, outcome="taken_in").exists()


def test_of_several_each_is_told_and_one_that_is_refused_holds_up_none(kept):
    files = (
        file(COPY + b"\nAnd a line more.\n", "copied.txt"),
        file(b"%PDF-1.7 cut", "cut.pdf"),
        file(b"Other words.\n"),
    )
    browser = kept.worker.client
    answer = browser.post(reverse("source-take"), {"addresses": "", "file": list(files)})
    assert "cut.pdf" not in answer["Location"]
    shown = text(browser.get(answer["Location"]))
    assert "2 of 3" in shown
    assert "cut.pdf" in shown
    assert "Its bytes are kept apart" in shown
    assert "1 post is like an earlier one" in shown
    assert Quarantined.objects.count() == 2
    # Nobody else is told of it.
    assert "Search again" not in shown
    assert kept.lead.client.get(answer["Location"])["Location"].startswith(reverse("sources"))


def test_one_that_is_refused_alone_says_why_and_keeps_what_was_typed(kept):
    page = send(kept.worker, file(b"PK\x03\x04 cut"), address="https://council.example/typed")
    assert "Its bytes are kept apart, under Refused" in text(page)
    assert "https://council.example/typed" in page.content.decode()


def test_in_confidence_it_is_sealed_to_the_team(kept):
    answer = send(
        kept.worker,
        file(b"A roster of the hotel.\n"),
        in_confidence="on",
        team=kept.place.team.handle.hex,
        note="By hand",
    )
    row = Source.objects.latest("pk")
    assert (row.plane, row.team, row.sha256) == ("sealed", kept.place.team, None)
    assert "By hand" in text(kept.worker.client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Give an address, or choose a file"),
        ({"addresses": " ".join(f"https://a.example/{n}" for n in range(6))}, "At most 5 addresses"),
        ({"addresses": "https://a.example/1", "in_confidence": "on"}, "An address is public"),
    ],
    ids=["nothing", "too many", "in confidence"],
)
def test_what_cannot_be_taken_is_said(kept, typed, said):
    before = Source.objects.count()
    page = send(kept.worker, **typed)
    assert said in text(page)
    assert Source.objects.count() == before


def test_an_address_that_gives_nothing_says_nothing_about_the_source(kept, monkeypatch):
    def throttled(**_: object) -> None:
        raise faults.NotReached(Unreached.NO_PAGE)

    monkeypatch.setattr("safeconduct.web.archive.keeping.source_take.take_in_address", throttled)
    page = send(kept.worker, addresses="https://thread.example/1")
    assert "That does not mean the page is gone" in text(page)
    assert "https://thread.example/1" in page.content.decode()


def test_several_addresses_are_fetched_one_a_request_and_waited_for(kept, monkeypatch):
    def fetch(*, by, address):
        if address.endswith("1"):
            raise faults.NotReached(Unreached.NO_PAGE)
        if address.endswith("2"):
            shown.append(other.get(there).content.decode())
            other.post(there)
        return take_in(by=by, data=f"What stands at {address}.\n".encode())

    monkeypatch.setattr("safeconduct.web.archive.keeping.source_take.take_in_address", fetch)
    browser, shown = kept.worker.client, []
    other = Client()
    other.cookies = browser.cookies
    addresses = [f"https://a.example/{number}" for number in range(4)]
    there = browser.post(reverse("source-take"), {"addresses": "\n".join(addresses)})["Location"]
    page = browser.get(there)
    assert "Being fetched" in text(page)
    assert text(page).count("Waits for those before it") == 3
    assert Source.objects.filter(title__contains="a.example").count() == 0, "to look fetches nothing"
    assert "4 addresses you sent are still to be fetched" in text(browser.get(reverse("source-take")))
    browser.get(f"{there}?go")
    assert browser.post(there)["Location"] == there
    part = browser.post(there, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "That does not mean the page is gone" in part
    assert shown[0].count("Being fetched") == 1, "another page of it sees the same, and fetches nothing twice"
    end = browser.post(there, headers={"HX-Request": "true"})
    assert end.headers["HX-Redirect"] == there
    done = text(browser.get(there))
    assert "3 of 4" in done
    assert "Being fetched" not in done
    browser.post(reverse("lock"))
    assert kept.worker.client.get(there).status_code == 302


def test_without_the_extra_the_page_says_what_is_missing(kept, monkeypatch):
    monkeypatch.setattr("safeconduct.web.archive.keeping.source_take.takes_in", lambda: False)
    page = kept.worker.client.get(reverse("source-take"))
    assert "install safeconduct with the extra" in text(page)
    assert '<form class="sheet"' not in page.content.decode()
