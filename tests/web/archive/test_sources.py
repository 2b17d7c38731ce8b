"""The sources that are kept: listed, found, read, compared, masked, handed out and removed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from safeconduct.accounts.models import Session
from safeconduct.archive.actions import read_anew
from safeconduct.archive.models import Likeness, Post, Quarantined, Source, Stamp
from safeconduct.journal.models import Act, Entry
from safeconduct.web.archive import installed, once_told
from tests import builders

pytestmark = pytest.mark.django_db


def text(answer, status=200):
    assert answer.status_code == status
    shown = re.sub(r"<[^>]+>", "", re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.S))
    return " ".join(unescape(shown).split())


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def search(client, **asked):
    sent = client.post(reverse("sources-search"), asked)
    assert sent.status_code == 302
    return sent["Location"]


class TestList:
    def test_an_empty_archive_says_what_it_is_for(self):
        page = builders.office().guardian.client.get(reverse("sources"))
        assert "No source is kept yet" in text(page)

    def test_sources_are_listed_and_those_in_confidence_to_their_team_alone(self, kept):
        shown = text(kept.worker.client.get(reverse("sources")))
        assert "Open letter on the Harbour hotel" in shown
        assert "In confidence" in shown
        assert "1 file was refused" in shown
        assert acts()[-1] == Act.LISTED
        others = text(kept.outside.client.get(reverse("sources")))
        assert "Open letter on the Harbour hotel" in others
        assert "letter.txt" not in others
        # Nothing in confidence was listed for them.
        assert acts().count(Act.LISTED) == 1


class TestFinding:
    def test_what_was_typed_stands_in_no_address_and_is_marked_where_it_is_found(self, kept):
        browser = kept.worker.client
        where = search(browser, q="Featherby")
        assert "eatherby" not in where
        page = browser.get(where)
        assert "<mark>Featherby</mark>" in page.content.decode()
        assert "2 posts found" in text(page)

    def test_what_somebody_else_asked_for_is_not_shown(self, kept):
        where = search(kept.worker.client, q="Featherby")
        answer = kept.lead.client.get(where)
        assert answer.status_code == 302
        assert "Search again" in text(kept.lead.client.get(answer["Location"]))

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({"author": "Campaign"}, 1),
            ({"site": "https://campaign.example/other"}, 1),
            ({"q": "Harbour", "kind": "text"}, 2),
            ({"q": "Harbour", "kind": "text", "confidence": "no"}, 1),
            ({"q": "Harbour", "confidence": "yes"}, 1),
            ({"q": "Harbour", "cited": "yes"}, 0),
            ({"q": "Harbour", "since": "1 September 2020", "until": "30 September 2020"}, 1),
        ],
        ids=str,
    )
    def test_it_is_narrowed(self, kept, asked, count):
        browser = kept.worker.client
        shown = text(browser.get(search(browser, **asked)))
        assert (
            (f"{count} post found" if count == 1 else f"{count} posts found") in shown
            if count
            else ("Nothing was found" in shown)
        )

    def test_nothing_to_look_for_is_said_and_what_was_typed_stays(self, kept):
        page = kept.worker.client.post(reverse("sources-search"), {"q": "…", "author": ""})
        assert "There is no word in this" in text(page, 400)
        assert 'value="…"' in page.content.decode()

    def test_it_is_forgotten_after_an_hour(self, kept, monkeypatch):
        browser = kept.worker.client
        where = search(browser, q="Featherby")
        monkeypatch.setattr(once_told, "KEPT_SECONDS", -1)
        assert browser.get(where).status_code == 302

    @pytest.mark.parametrize("left", ["lock", "sign-out", "idle"])
    def test_it_goes_from_memory_with_the_lock_of_its_own_session(self, kept, left, settings):
        browser, other = kept.worker.client, kept.worker.client
        where, elsewhere = search(browser, q="Featherby"), search(other, q="Featherby")
        session, stays = Session.objects.order_by("-pk")[1], Session.objects.order_by("-pk")[0]
        assert once_told.holds(session.handle) == 1
        if left == "idle":
            Session.objects.filter(pk=session.pk).update(seen_at=session.seen_at - timedelta(days=1))
            browser.get(where)
        else:
            browser.post(reverse(left))
        assert once_told.holds(session.handle) == 0
        assert once_told.holds(stays.handle) == 1
        assert other.get(elsewhere).status_code == 200
        # A browser that was closed never comes back to be told that it is locked.
        settings.IDLE_MINUTES = -1
        once_told.sweep()
        assert once_told.holds(stays.handle) == 0


class TestReading:
    def test_a_thread_is_one_page_with_each_gap_in_its_place(self, kept):
        page = kept.worker.client.get(reverse("source", args=[kept.thread.handle]))
        body, shown = page.content.decode(), text(page)
        for number in range(1, kept.thread.posts.count() + 1):
            assert f'id="post-{number}"' in body
        assert "missing here" in shown or "goes on here" in shown or "deleted here" in shown
        assert kept.thread.sha256.hex() in body
        assert "No outside authority has stamped these bytes" in shown

    def test_each_stretch_says_where_it_is_in_the_raw_text(self, kept):
        from safeconduct.archive import queries

        page = kept.worker.client.get(reverse("source", args=[kept.letter.handle])).content.decode()
        raw = queries.shown(kept.worker.actor, kept.letter).raw
        pieces = re.findall(r'<span data-at="(\d+)">([^<]*)</span>', page)
        assert pieces
        assert all(raw.startswith(unescape(said), int(at)) for at, said in pieces)

    def test_posts_that_say_the_same_are_named_in_both_and_compared(self, kept):
        alike = Likeness.objects.get()
        for source, other in ((kept.copied, alike.of), (kept.letter, alike.post)):
            page = kept.worker.client.get(reverse("source", args=[source.handle]))
            number = source.posts.get().number
            there = reverse("source-differences", args=[source.handle, number, other.handle])
            assert there in page.content.decode()
            shown = kept.worker.client.get(there)
            assert "From the first to the second" in text(shown)
            assert "<ins>" in shown.content.decode()

    def test_of_many_copies_the_nearest_are_named_and_the_others_counted(self, kept, monkeypatch):
        from safeconduct.web.archive.reading import unrolled

        monkeypatch.setattr(unrolled, "_MOST_ALIKE", 0)
        page = kept.worker.client.get(reverse("source", args=[kept.letter.handle]), {"post": "1" * 5000})
        assert "1 more post elsewhere says the same" in text(page)

    def test_one_in_confidence_is_opened_under_an_entry_and_by_its_team_alone(self, kept):
        there = reverse("source", args=[kept.confided.handle])
        shown = text(kept.worker.client.get(there))
        assert "Zahraqanoor Canarysworth" in shown
        assert "From a nurse" in shown
        assert acts()[-1] == Act.OPENED_SOURCE
        assert kept.outside.client.get(there).status_code == 404

    def test_a_stamp_says_by_when_the_bytes_existed(self, kept):
        Stamp.objects.create(
            source=kept.letter,
            authority="Made-Up Authority",
            digest=kept.letter.file.digest,
            state="had",
            asked_at=kept.letter.at,
            at=kept.letter.at,
            token=b"token",
            chain="chain",
        )
        shown = text(kept.worker.client.get(reverse("source", args=[kept.letter.handle])))
        assert "These bytes existed by" in shown
        assert "Made-Up Authority stamped them" in shown

    def test_a_long_source_is_parted_and_each_post_is_found_on_its_part(self, kept, monkeypatch):
        from safeconduct.web.archive.reading import unrolled

        monkeypatch.setattr(unrolled, "ITEMS", 2)
        there = reverse("source", args=[kept.thread.handle])
        first = kept.worker.client.get(there)
        assert "Part 1 of" in text(first)
        last = Post.objects.filter(source=kept.thread).count()
        assert f'id="post-{last}"' not in first.content.decode()
        assert f'id="post-{last}"' in kept.worker.client.get(f"{there}?post={last}").content.decode()


class TestReadAnew:
    def test_it_says_what_may_change_and_asks_before_masks_go(self, kept, monkeypatch):
        browser, there = kept.worker.client, reverse("source-read-anew", args=[kept.confided.handle])
        assert there in browser.get(reverse("source", args=[kept.confided.handle])).content.decode()
        assert "It reads as it did" in text(browser.get(browser.post(there)["Location"]))
        browser.post(reverse("source-masks", args=[kept.confided.handle]), {"do": "mask", "word": "Zahraqanoor"})
        assert "What is masked is masked again" in text(browser.get(there))
        read = read_anew.look

        def otherwise(data, **how):
            return read(data.replace(b"Zahraqanoor", b"Zahra-qanoor"), **how)

        monkeypatch.setattr(read_anew, "look", otherwise)
        asked = browser.post(there)
        assert "does not stand in the new reading" in text(asked, 409)
        assert browser.post(there, {"fall": ""}).status_code == 200
        done = browser.get(browser.post(there, {"fall": "on"})["Location"])
        assert "look through it for other spellings" in text(done)
        assert "Zahra-qanoor" in text(done)
        assert browser.post(reverse("source-read-anew", args=[kept.letter.handle])).status_code == 302
        assert kept.outside.client.get(there).status_code == 404


class TestMasks:
    def test_a_name_is_masked_everywhere_and_shown_again(self, kept):
        there, browser = reverse("source-masks", args=[kept.letter.handle]), kept.worker.client
        sent = kept.worker.client.post(there, {"do": "mask", "word": "Quillan Featherby", "whole": "on"})
        page = kept.worker.client.get(sent["Location"])
        assert "Featherby" not in page.content.decode()
        assert "1 place is masked" in text(page)
        listed = kept.worker.client.get(there)
        assert "Featherby" not in listed.content.decode()
        assert "Nothing was found" in text(browser.get(search(browser, q="Featherby", kind="html")))
        assert kept.worker.client.get(reverse("source-captured-page", args=[kept.letter.handle])).status_code == 404
        handle = kept.letter.masks.get().handle.hex
        back = kept.worker.client.post(there, {"do": "unmask", "mask": [handle]})
        assert "Featherby" in kept.worker.client.get(back["Location"]).content.decode()

    @pytest.mark.parametrize("source", ["letter", "confided"])
    def test_words_that_stand_nowhere_are_said_and_stay(self, kept, source):
        there = reverse("source-masks", args=[getattr(kept, source).handle])
        page = kept.worker.client.post(there, {"do": "mask", "word": "Nobody Atall", "whole": "on"})
        assert "stand nowhere in this source" in text(page)
        assert 'value="Nobody Atall"' in page.content.decode()


class TestHandedOut:
    def test_the_page_as_captured_stands_in_a_frame_by_itself(self, kept):
        around = kept.worker.client.get(reverse("source-captured", args=[kept.letter.handle]))
        assert re.search(r"<iframe[^>]* sandbox[ >]", around.content.decode())
        assert "frame-src 'self'" in around["Content-Security-Policy"]
        page = kept.worker.client.get(reverse("source-captured-page", args=[kept.letter.handle]))
        assert page["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert b"Forty people" in page.content

    def test_a_pdf_has_a_neutral_name_and_one_in_confidence_leaves_under_an_entry(self, kept):
        if not installed.draws_pdf():
            pytest.skip("no library that sets type")
        answer = kept.worker.client.post(reverse("source-pdf", args=[kept.thread.handle]))
        assert answer["Content-Disposition"] == 'attachment; filename="source.pdf"'
        assert answer.content.startswith(b"%PDF")
        there = reverse("source-pdf", args=[kept.confided.handle])
        assert kept.worker.client.post(there).status_code == 404  # a lead hands over what came in confidence
        assert kept.lead.client.post(there).status_code == 200
        assert Act.EXPORTED in acts()

    def test_without_the_extra_a_source_is_read_and_the_pdf_says_what_is_missing(self, kept, monkeypatch):
        monkeypatch.setattr("safeconduct.web.archive.reading.source_pdf.draws_pdf", lambda: False)
        answer = kept.worker.client.post(reverse("source-pdf", args=[kept.letter.handle]))
        assert "install safeconduct with the extra" in text(answer, 409)


class TestGoing:
    def test_a_source_is_removed_once_that_was_confirmed(self, kept):
        there = reverse("source-remove", args=[kept.letter.handle])
        assert "Tick the box" in text(kept.worker.client.post(there, {}))
        assert kept.worker.client.post(there, {"sure": "on"}).status_code == 302
        assert not Source.objects.filter(pk=kept.letter.pk).exists()
        assert acts()[-1] == Act.REMOVED_SOURCE

    def test_refused_bytes_are_listed_handed_back_and_discarded(self, kept):
        assert "1 file was refused" in text(kept.worker.client.get(reverse("sources")))
        assert "kept apart" in text(kept.worker.client.get(reverse("quarantine")))
        answer = kept.worker.client.post(reverse("quarantine-bytes", args=[kept.refused.handle]))
        assert answer.content == b"PK\x03\x04 and nothing more"
        assert answer["Content-Disposition"] == 'attachment; filename="refused.bin"'
        assert answer["Content-Type"] == "application/octet-stream"
        there = reverse("quarantine-discard", args=[kept.refused.handle])
        assert "It stands in the log" in text(kept.worker.client.post(there, {"sure": "on"}))
        assert kept.worker.client.post(there, {"because": "2", "sure": "on"}).status_code == 302
        assert not Quarantined.objects.exists()
        said = text(kept.place.guardian.client.get(reverse("log")))
        assert "discarded a file that was refused" in said
        assert "what they should have been was taken in otherwise" in said
