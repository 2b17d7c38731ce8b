"""The pages on what became of a source: what was seen, what changed, another look, how often."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.archive import capture
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.masking import mask_word
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.capture.fetching import steps
from safeconduct.archive.models import Observation, Watch
from tests import builders
from tests.archive.capture.servers import Server, page
from tests.archive.test_watch import LETTER, office, server, taken, way_to

__all__ = ["office", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def text(answer: Any) -> str:
    """What a page says, without its marks."""
    assert answer.status_code == 200, answer
    said = re.sub(r"<[^>]+>", "", answer.content.decode().partition("<main")[2])
    return " ".join(html.unescape(said).split())


def look(browser: Client, address: str, **said: str) -> str:
    answer = browser.post(address, {"do": "look", **said})
    return text(browser.get(answer.url)) if answer.status_code == 302 else text(answer)


@pytest.fixture
def through(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server stands for the public network."""
    monkeypatch.setattr(capture, "fetch", lambda address, **_: steps.fetch(address, way=way_to(server)))
    return server


def test_what_changed_is_shown_word_by_word_and_masks_stay(office: Any, through: Server) -> None:
    named = LETTER.replace(b"The office wrote", b"Quillan Featherby says that the office wrote")
    through.says = page(named)
    source = taken(office, through)
    mask_word(by=office.guardian.actor, source=source, word="Quillan Featherby")
    browser, here = office.guardian.client, reverse("source-watch", args=[source.handle])
    assert "Nobody has looked again yet" in text(browser.get(here))
    assert "Unchanged" in look(browser, here)
    through.says = page(b"Wait", status="429 Too Many")
    said = look(browser, here)
    assert "Not reached" in said
    assert "That is no deletion" in said
    through.says = page(named.replace(b"end of the month", b"end of the year"))
    said = look(browser, here)
    assert "[gone: month]" in said
    assert "[new: year]" in said
    assert "Featherby" not in said
    assert "what stood there then" in said
    through.says = page(b"<title>Farvale</title><p>This page has been withdrawn.</p>")
    assert "Gone, by its own statement" in look(browser, here)
    changed = Observation.objects.get(outcome="changed")
    assert "[new: year]" in text(browser.get(here, {"seen": changed.handle.hex}))


def test_how_often_is_set_and_ended(office: Any, through: Server) -> None:
    source = taken(office, through)
    browser, here = office.guardian.client, reverse("source-watch", args=[source.handle])
    assert browser.post(here, {"do": "every", "every": "weekly"}).status_code == 302
    assert Watch.objects.get().every == "weekly"
    assert f"as {office.guardian.member.name} asked" in text(browser.get(here))
    assert browser.post(here, {"do": "every", "every": "hourly"}).status_code == 200
    assert browser.post(here, {"do": "every", "every": ""}).status_code == 302
    assert not Watch.objects.exists()


def test_where_nothing_can_be_returned_to_it_says_why(office: Any, through: Server) -> None:
    by = office.guardian
    file = take_in(by=by.actor, data=LETTER).source
    sealed = take_in_confidence(by=by.actor, team=office.team, data=LETTER, address=through.address).source
    for source, why in ((file, "came as a file"), (sealed, "came in confidence")):
        here = reverse("source-watch", args=[source.handle])
        assert why in text(by.client.get(here))
        assert why in look(by.client, here)
    assert through.came == 0
    assert not Watch.objects.exists()
    far = builders.other_office().guardian.client
    assert far.get(reverse("source-watch", args=[file.handle])).status_code == 404
