"""Passages, notes, collections and timelines, as their pages are used."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.archive import journaling, queries
from safeconduct.archive.actions.cite import cite_words, settle
from safeconduct.archive.actions.notes import add_note
from safeconduct.archive.citing import writing
from safeconduct.archive.citing.addresses import short
from safeconduct.archive.citing.models import Collected, Collection, Note, Passage, Tag
from safeconduct.archive.citing.timeline import Span
from safeconduct.archive.models import Observation, Source
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.journal.models import Act
from safeconduct.web.archive.citing.timeline import bars, ticks

pytestmark = pytest.mark.django_db

WORDS = "moved from the Harbour hotel at night"


def text(answer: HttpResponse) -> str:
    """What a page shows, with runs of white space made one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def cite(browser: Client, source: Source, quote: str, **more: str) -> Any:
    return browser.post(reverse("passage-new", args=[source.handle]), {"quote": quote, **more})


def passage(kept: SimpleNamespace, source: Source | None = None, quote: str = WORDS) -> str:
    return short(cite_words(by=kept.worker.actor, source=source or kept.letter, quote=quote).handle)


def test_pasted_words_become_a_passage_with_an_address_its_context_and_its_citations(kept: SimpleNamespace) -> None:
    browser = kept.worker.client
    answer = cite(browser, kept.letter, "moved from the  Harbour hotel\nat night")
    row = Passage.objects.get()
    there = reverse("passage", args=[short(row.handle)])
    assert answer.url == f"{there}?done=cited"
    page = browser.get(there)
    assert f"Forty people were <mark>{WORDS}</mark>. Quillan" in re.sub(r"</?span[^>]*>", "", page.content.decode())
    said = text(page)
    assert "‘Open letter on the Harbour hotel’ (18 September 2020) <" not in page.content.decode(), "it is escaped"
    assert (
        "Campaign of Made-Up Town, ‘Open letter on the Harbour hotel’ (18 September 2020) &lt;https://campaign" in said
    )
    assert all(style in said for style in ("OSCOLA", "Harvard", "APA", "MLA"))
    assert browser.get(there.lower()).url == there
    assert cite(browser, kept.letter, WORDS).url.startswith(there), "once is enough"
    bibtex = browser.get(reverse("passage-record", args=[short(row.handle), "bibtex"]))
    assert bibtex.content.decode().startswith(f"@online{{{short(row.handle)},")
    assert bibtex.headers["Content-Disposition"] == f'attachment; filename="{short(row.handle)}.bib"'
    [item] = json.loads(browser.get(reverse("passage-record", args=[short(row.handle), "csl"])).content)
    assert item["issued"] == {"date-parts": [[2020, 9, 18]]}
    assert WORDS in text(browser.get(reverse("source", args=[kept.letter.handle])))


def test_words_that_do_not_stand_there_are_given_back_and_those_that_stand_twice_ask_which(
    kept: SimpleNamespace,
) -> None:
    browser = kept.worker.client
    page = cite(browser, kept.letter, "moved from the harbour hotel").content.decode()
    assert "letter for letter" in page
    assert "moved from the harbour hotel</textarea>" in page
    assert "Paste at least one word" in cite(browser, kept.letter, "").content.decode()
    page = cite(browser, kept.letter, "the").content.decode()
    offered = re.findall(r'name="place" value="(\d+)-(\d+)"', page)
    assert len(offered) > 2
    start, end = offered[1]
    assert cite(browser, kept.letter, "the", place="0-1").status_code == 200, "none of those that were offered"
    cite(browser, kept.letter, "the", place=f"{start}-{end}")
    cite(browser, kept.letter, "the", at=offered[2][0])
    assert list(Passage.objects.order_by("pk").values_list("start", flat=True)) == [int(start), int(offered[2][0])]


def test_a_passage_in_confidence_is_the_teams_and_leaves_as_no_file(kept: SimpleNamespace) -> None:
    address = passage(kept, kept.confided, "letter of Zahraqanoor")
    page = kept.worker.client.get(reverse("passage", args=[address]))
    assert "<mark>letter of Zahraqanoor</mark>" in page.content.decode()
    assert "no file of it is handed out" in text(page)
    assert "Zahraqanoor" not in page.content.decode().partition("</title>")[0]
    assert kept.worker.client.get(reverse("passage-record", args=[address, "csl"])).status_code == 404
    for name in ("passage", "passage-remove"):
        assert kept.outside.client.get(reverse(name, args=[address])).status_code == 404
    assert kept.worker.client.get(reverse("passage", args=["ZZZZZZZZZZZZ"])).status_code == 404
    assert kept.worker.client.get(reverse("passage", args=["UUUUUUUUUUUU"])).status_code == 404


def test_an_orphan_says_so_and_a_passage_is_taken_away(kept: SimpleNamespace) -> None:
    address, browser = passage(kept), kept.worker.client
    reading = queries.reading_of(kept.letter)
    raw = reading.raw.replace("from the Harbour", "out of the Harbour")
    with transaction.atomic():
        anew = replace(reading, raw=raw, posts=(replace(reading.posts[0], text=raw, start=0, end=len(raw)),))
        journaling.wrote(kept.worker.actor, Act.CITED_SOURCE, settle(kept.letter, anew, None, None))
    page = browser.get(reverse("passage", args=[address]))
    assert "This passage is an orphan" in text(page)
    assert WORDS in text(page)
    there = reverse("passage-remove", args=[address])
    assert "Its address will lead nowhere" in text(browser.get(there))
    assert "was taken away" in text(browser.post(there, follow=True))
    assert browser.get(there).status_code == 404


def test_a_source_that_changed_since_says_whether_the_words_stand_there(kept: SimpleNamespace) -> None:
    address, browser = passage(kept), kept.worker.client
    seen = {"source": kept.letter, "at": datetime.now(UTC), "by": kept.worker.member, "outcome": "changed"}
    for other, said in ((kept.copied, "do not stand there"), (kept.letter, "stand there as they were cited")):
        row = Observation.objects.create(other=other, **seen)
        assert said in text(browser.get(reverse("passage", args=[address])))
        row.delete()


def test_a_note_is_written_on_a_passage_changed_once_and_removed(kept: SimpleNamespace) -> None:
    address, browser = passage(kept), kept.worker.client
    team = kept.place.team.handle.hex
    said = {"text": "Ask Quillan's sister", "team": team, "passage": address}
    page = browser.post(reverse("note-new", args=[kept.letter.handle]), said, follow=True)
    assert "Ask Quillan" in text(page)
    assert "Ask Quillan" in text(browser.get(reverse("source", args=[kept.letter.handle])))
    assert "Ask Quillan" not in text(kept.outside.client.get(reverse("passage", args=[address])))
    there = reverse("note", args=[Note.objects.get().handle])
    assert kept.outside.client.get(there).status_code == 404
    assert browser.post(there, {"text": "Ask the town", "revision": "1"}).status_code == 302
    late = browser.post(there, {"text": "Typed meanwhile", "revision": "1"})
    assert (late.status_code, "Typed meanwhile</textarea>" in late.content.decode()) == (409, True)
    assert "Write something" in text(browser.post(there, {"text": " ", "revision": "2"}))
    browser.post(there, {"then": "remove"})
    assert not Note.objects.exists()


def test_where_the_log_cannot_be_written_a_public_source_is_shown_without_what_the_team_wrote(
    kept: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, address = kept.worker.client, passage(kept)
    for source in (kept.letter, kept.confided):
        add_note(by=kept.worker.actor, team=kept.place.team, source=source, text="Ask the nurse")

    def refused(**_: Any) -> None:
        raise JournalUnavailable("the log cannot be written")

    monkeypatch.setattr(writing, "record_read", refused)
    page = browser.get(reverse("source", args=[kept.letter.handle]))
    assert page.status_code == 200
    assert address in page.content.decode()
    assert "what your teams wrote about this source was not opened" in text(page)
    assert "Ask the nurse" not in text(page)
    assert browser.get(reverse("source", args=[kept.confided.handle])).status_code == 503
    monkeypatch.undo()
    assert "Ask the nurse" in text(browser.get(reverse("source", args=[kept.letter.handle])))


def test_a_word_finds_the_sources_it_was_put_on(kept: SimpleNamespace) -> None:
    browser, team = kept.worker.client, kept.place.team.handle.hex
    for source in (kept.letter, kept.confided):
        browser.post(reverse("source-tags", args=[source.handle]), {"word": "Harbour hotel", "team": team})
    tag = Tag.objects.get()
    page = browser.get(reverse("tag", args=[tag.handle]))
    assert "Open letter on the Harbour hotel" in text(page)
    assert "in confidence" in text(page)
    assert "2 sources" in text(browser.get(reverse("collections")))
    assert kept.outside.client.get(reverse("tag", args=[tag.handle])).status_code == 404
    browser.post(reverse("source-tags", args=[kept.confided.handle]), {"take": tag.handle.hex})
    assert list(tag.sources.all()) == [kept.letter]


def collected(kept: SimpleNamespace, browser: Client) -> Collection:
    """A collection of a passage, a public source and one in confidence."""
    team = kept.place.team.handle.hex
    there = reverse("collect", args=[kept.letter.handle])
    browser.post(f"{there}?passage={passage(kept)}", {"name": "What became of it", "team": team})
    row = Collection.objects.get()
    for source in (kept.thread, kept.confided):
        browser.post(reverse("collect", args=[source.handle]), {"collection": row.handle.hex, "team": team})
    return row


def test_a_collection_has_an_order_and_one_bibliography(kept: SimpleNamespace) -> None:
    browser = kept.worker.client
    row = collected(kept, browser)
    there = reverse("collection", args=[row.handle])
    page = browser.get(f"{there}?style=apa")
    assert "What became of it" in text(page)
    assert "What became of it" not in page.content.decode().partition("</title>")[0]
    assert "Campaign of Made-Up Town. (2020, September 18)." in text(page)
    assert "in no file" in text(page)
    first, second, third = Collected.objects.order_by("place")
    for do, item in (("up", third), ("down", first), ("up", third)):
        browser.post(reverse("collection-items", args=[row.handle]), {"do": do, "item": item.pk})
    assert list(row.items.order_by("place")) == [third, first, second]
    file = browser.get(reverse("collection-record", args=[row.handle, "csl"])).content.decode()
    assert len(json.loads(file)) == 2
    assert "Zahraqanoor" not in file
    browser.post(reverse("collection-items", args=[row.handle]), {"do": "out", "item": third.pk})
    late = browser.post(reverse("collection-items", args=[row.handle]), {"do": "out", "item": third.pk})
    assert late.status_code == 409
    edit = reverse("collection-edit", args=[row.handle])
    assert "Renamed" in text(browser.post(edit, {"name": "Renamed", "revision": "1"}, follow=True))
    assert browser.post(edit, {"name": "Again", "revision": "1"}).status_code == 409
    assert kept.outside.client.get(there).status_code == 404
    browser.post(edit, {"then": "remove"})
    assert not Collection.objects.exists()
    assert "Choose a collection" in text(browser.post(reverse("collect", args=[kept.letter.handle]), {"name": ""}))


def test_a_timeline_is_drawn_and_listed_alike(kept: SimpleNamespace) -> None:
    browser = kept.worker.client
    page = browser.get(reverse("collection-timeline", args=[collected(kept, browser).handle]))
    alike(page.content.decode(), dated=["18 September 2020"])
    assert "No date" in text(page)
    asked = browser.post(reverse("sources-search"), {"q": "Harbour"}).url
    assert f'href="{asked}/timeline"' in browser.get(asked).content.decode()
    found = browser.get(f"{asked}/timeline")
    alike(found.content.decode(), dated=["18 September 2020"])
    assert "in confidence" in text(found)
    assert "Handed on from a page of Made-Up Town" in text(found), "the first words of what has no title"
    assert kept.lead.client.get(f"{asked}/timeline").status_code == 302


def alike(page: str, *, dated: list[Any]) -> None:
    drawn = re.findall(r"<title>(.+?): (\d+)</title></rect>", page)
    listed = [
        (re.sub(r"<[^>]+>", "", heading), str(part.count("<li data-row>")))
        for heading, part in re.findall(r"<h3>(.*?)</h3>(.*?)</ul>", page, re.DOTALL)
    ]
    assert sorted(drawn) == sorted(one for one in listed if one[0] != "No date")
    assert [one for one, _ in drawn] == dated


def test_under_a_drawing_stand_years_months_or_days_whichever_way_it_runs() -> None:
    day, month = Span(date(2020, 9, 18), date(2020, 9, 18), 2), Span(date(2020, 9, 1), date(2020, 9, 30), 1)
    assert [one.text for one in ticks([month, day])] == ["1 September 2020", "17 September 2020"]
    year = Span(date(2021, 1, 1), date(2021, 12, 31), 1)
    assert [one.text for one in ticks([month, year])] == [
        "September 2020",
        "January 2021",
        "May 2021",
        "September 2021",
    ]
    assert [one.text for one in ticks([month, Span(date(2031, 1, 1), date(2031, 1, 1), 1)])][:2] == ["2020", "2023"]
    pale, solid = bars([month, day])
    assert (pale.exact, solid.exact, pale.x, solid.height) == (False, True, "0.00%", 96)
    turned = bars([month, day], turned=True)
    assert float(turned[1].x[:-1]) + float(solid.x[:-1]) + float(solid.width[:-1]) == pytest.approx(100, abs=0.02)
