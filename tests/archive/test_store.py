"""Taking in, keeping, masking and removing sources: what is on the disk, in the tables and in the log."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from safeconduct.archive import capture, checks, files, masking, queries
from safeconduct.archive.actions import quarantine
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.masking import mask_stretch, mask_word, unmask
from safeconduct.archive.actions.remove import remove
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.faults import FileGone, MaskedAlready, NoSource, NothingMasked, NotTakenIn
from safeconduct.archive.models import (
    Likeness,
    Mask,
    Observation,
    Post,
    Quarantined,
    ReadingCopy,
    SealedRecord,
    Source,
    SourceWrap,
)
from safeconduct.archive.policies import Refused
from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Unfit
from safeconduct.journal.models import Act, Entry
from tests import builders

UNUSED = quarantine.Because.UNUSED
pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"""<!doctype html><html lang="en"><head><title>Open letter on the Harbour hotel</title>
<meta name="author" content="Campaign of Made-Up Town"></head><body><article><h1>Open letter on the Harbour hotel</h1>
<p>18th September 2020</p><p>Forty people were moved from the Harbour hotel at night. Quillan Featherby, who lives
there, said that nobody told them why.</p><p>Ask Quillan  FEATHERBY about the buses.</p></article></body></html>
"""
TEXT = b"A letter that somebody handed over.\n\nIt says that the Harbour hotel closes on 4 December 2020.\n"


@pytest.fixture
def office() -> Any:
    return builders.office()


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def on_disk() -> set[str]:
    return {path.name for path in files.folder().rglob("*") if path.is_file()}


def is_sound(office: Any) -> bool:
    wrong = [*checks.sources_not_as_logged(office.organisation), *checks.files_not_as_logged(office.organisation)]
    return not wrong and not checks.sources_nobody_holds(office.organisation)


class TestPublic:
    def test_a_page_is_kept_whole_and_read(self, office):
        by = office.guardian.actor
        taken = take_in(by=by, data=PAGE, address="https://campaign.example/2020/09/letter")
        source = queries.source(by, taken.source.handle)
        assert bytes(source.sha256) == hashlib.sha256(PAGE).digest()
        assert (source.plane, source.kind, source.title) == ("public", "html", "Open letter on the Harbour hotel")
        package = queries.package(by, source)
        assert capture.unpack(package).body == PAGE
        assert capture.unpack(package).target == "https://campaign.example/2020/09/letter"
        assert f"{source.file.handle.hex}.wacz" in on_disk()
        shown = queries.shown(by, source)
        assert "moved from the Harbour hotel" in shown.raw
        [post] = source.posts.all()
        assert shown.raw[post.start : post.end] == shown.posts[0].text
        assert acts()[-1] == Act.TOOK_IN_SOURCE
        assert is_sound(office)

    def test_the_same_bytes_again_are_one_source_observed_twice(self, office):
        by = office.guardian.actor
        first = take_in(by=by, data=PAGE)
        again = take_in(by=by, data=PAGE, address="https://elsewhere.example/copy")
        assert (again.again, again.source) == (True, first.source)
        assert Source.objects.count() == Post.objects.count() == 1
        [seen] = Observation.objects.all()
        assert (seen.outcome, seen.address) == ("taken_in", "https://elsewhere.example/copy")
        assert is_sound(office)

    def test_a_post_on_two_pages_is_found_alike(self, office):
        by = office.guardian.actor
        first = take_in(by=by, data=PAGE)
        second = take_in(by=by, data=PAGE.replace(b"<html", b"<html data-copy"))
        [alike] = second.alike
        assert alike.source == first.source.handle
        assert (alike.containment, alike.resemblance) == (10_000, 10_000)
        assert Likeness.objects.count() == 1

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"", Unfit.EMPTY), (b"PK\x03\x04 and no more", Unfit.TRUNCATED), (bytes(range(256)) * 8, Unfit.UNKNOWN)],
    )
    def test_what_is_no_source_is_refused_and_its_bytes_are_kept_apart(self, office, data, reason):
        with pytest.raises(NotTakenIn) as refusal:
            take_in(by=office.guardian.actor, data=data)
        row = Quarantined.objects.get(handle=refusal.value.quarantined)
        assert (refusal.value.reason, row.reason) == (reason, reason)
        assert files.read(row.handle, files.REFUSED) == data
        assert not Source.objects.exists()
        assert acts()[-1] == Act.QUARANTINED
        assert is_sound(office)

    def test_what_was_refused_can_be_discarded_by_whom_brought_it_or_a_guardian(self, office):
        worker = builders.member(office)
        with pytest.raises(NotTakenIn):
            take_in(by=worker.actor, data=b"")
        with pytest.raises(NotTakenIn):
            take_in_confidence(by=worker.actor, team=office.team, data=b"")
        sealed, public = queries.quarantined(worker.actor)
        assert [row.reason for row in (sealed, public)] == ["empty", "empty"]
        with pytest.raises(Refused):
            quarantine.discard(by=builders.member(office, "Ifor Colleague").actor, row=public, because=UNUSED)
        with pytest.raises(Refused):
            quarantine.discard(by=worker.actor, row=sealed, because=UNUSED)
        for by, row in ((worker.actor, public), (office.guardian.actor, sealed)):
            quarantine.discard(by=by, row=row, because=UNUSED)
        assert not Quarantined.objects.exists()
        assert not on_disk() & {f"{public.handle.hex}.refused", sealed.handle.hex}
        assert is_sound(office)

    def test_another_organisation_does_not_see_it(self, office):
        taken = take_in(by=office.guardian.actor, data=PAGE)
        theirs = builders.other_office().guardian.actor
        with pytest.raises(NoSource):
            queries.source(theirs, taken.source.handle)
        for refused in (
            lambda: queries.shown(theirs, taken.source),
            lambda: queries.package(theirs, taken.source),
            lambda: mask_word(by=theirs, source=taken.source, word="Quillan"),
            lambda: remove(by=theirs, source=taken.source),
        ):
            with pytest.raises(Refused):
                refused()
        assert Source.objects.count() == 1

    def test_what_was_changed_on_the_disk_or_in_a_table_is_noticed(self, office):
        by = office.guardian.actor
        source = take_in(by=by, data=PAGE).source
        other = capture.pack(capture.Captured(None, source.captured_at, "text/html", PAGE + b" "))
        files.path_of(source.file.handle, files.WACZ).write_bytes(other)
        assert list(checks.files_not_as_logged(office.organisation)) == [source.handle.hex]
        with pytest.raises(FileGone):
            queries.package(by, source)
        Post.objects.update(author="Somebody Else")
        assert list(checks.sources_not_as_logged(office.organisation)) == [source.handle.hex]

    def test_a_reading_copy_that_was_changed_is_noticed(self, office):
        take_in(by=office.guardian.actor, data=PAGE)
        take_in(by=office.guardian.actor, data=TEXT)
        first, second = ReadingCopy.objects.order_by("pk")
        ReadingCopy.objects.filter(pk=first.pk).update(body=second.body)
        assert len(list(checks.sources_not_as_logged(office.organisation))) == 1

    def test_removing_takes_file_and_rows_and_the_log_keeps_that_it_was(self, office):
        by = office.guardian.actor
        source = take_in(by=by, data=PAGE).source
        with pytest.raises(Refused):
            remove(by=builders.member(office).actor, source=source)
        remove(by=by, source=source)
        assert not Source.objects.exists()
        assert not on_disk() & {f"{source.file.handle.hex}.wacz"}
        assert acts()[-1] == Act.REMOVED_SOURCE
        assert is_sound(office)

    def test_nothing_is_left_where_the_log_cannot_be_written(self, office, monkeypatch):
        from safeconduct.archive import journaling
        from safeconduct.journal.actions import JournalUnavailable

        def unavailable(**what: object) -> None:
            raise JournalUnavailable

        before = on_disk()
        monkeypatch.setattr(journaling, "record_write", unavailable)
        with pytest.raises(JournalUnavailable):
            take_in(by=office.guardian.actor, data=PAGE)
        with pytest.raises(JournalUnavailable):
            take_in(by=office.guardian.actor, data=b"")
        assert (Source.objects.count(), Quarantined.objects.count(), on_disk()) == (0, 0, before)


class TestMasks:
    def test_a_name_is_masked_wherever_it_stands_and_not_in_the_bytes(self, office):
        by = office.guardian.actor
        source = take_in(by=by, data=PAGE, address="https://campaign.example/quillan-featherby").source
        assert mask_word(by=by, source=source, word="Quillan Featherby") == 2
        shown = queries.shown(by, source)
        assert "featherby" not in shown.raw.lower()
        assert all("featherby" not in post.text.lower() for post in shown.posts)
        assert len(shown.raw) == len(queries.reading_of(source).raw)
        assert b"Quillan Featherby" in capture.unpack(queries.package(by, source)).body
        assert mask_word(by=by, source=source, word="quillan-featherby") == 1
        assert "featherby" not in (queries.source(by, source.handle).address or "")
        assert is_sound(office)

    def test_what_was_masked_is_not_found_any_more(self, office):
        from safeconduct.archive.finding.models import Findable

        by = office.guardian.actor
        source = take_in(by=by, data=PAGE).source
        assert "featherby" in Findable.objects.get().text
        mask_word(by=by, source=source, word="Featherby")
        assert "featherby" not in Findable.objects.get().text

    def test_masks_are_numbers_and_can_be_taken_back(self, office):
        by = office.guardian.actor
        source = take_in(by=by, data=PAGE).source
        mask_word(by=by, source=source, word="letter", whole=False)
        assert "etter" not in queries.source(by, source.handle).title
        with pytest.raises(MaskedAlready):
            mask_word(by=by, source=source, word="letter", whole=False)
        unmask(by=by, source=source, masks=list(Mask.objects.all()))
        assert queries.source(by, source.handle).title == "Open letter on the Harbour hotel"
        assert not Mask.objects.exists()
        assert is_sound(office)

    def test_a_stretch_is_masked_and_one_beyond_the_text_is_refused(self, office):
        by = office.guardian.actor
        source = take_in(by=by, data=TEXT).source
        mask_stretch(by=by, source=source, start=2, end=8)
        assert queries.shown(by, source).raw.startswith("A ██████ that")
        for start, end in ((5, 5), (-1, 3), (0, 10_000)):
            with pytest.raises(NothingMasked):
                mask_stretch(by=by, source=source, start=start, end=end)
        with pytest.raises(NothingMasked):
            mask_word(by=by, source=source, word="nowhere to be found")


class TestInConfidence:
    def test_everything_of_it_is_sealed_and_opens_with_an_entry(self, office):
        worker = builders.member(office)
        taken = take_in_confidence(
            by=worker.actor, team=office.team, data=TEXT, name="from-quillan.txt", note="Handed over by Quillan"
        )
        source = Source.objects.get()
        assert (source.title, source.address, source.sha256, source.posts.count()) == (None, None, None, 0)
        assert not ReadingCopy.objects.exists()
        raw = files.path_of(source.file.handle, files.SEALED).read_bytes()
        assert b"Harbour" not in raw
        assert len(raw) >= 16 * 1024
        before = len(acts())
        opened = queries.open_sealed(builders.member(office, "Ifor Colleague").actor, source)
        assert (opened.known.name, opened.known.note) == ("from-quillan.txt", "Handed over by Quillan")
        assert opened.reading.raw == taken.reading.raw
        assert Act.OPENED_SOURCE in acts()[before:]
        package = queries.package_in_confidence(worker.actor, source, leave=opened.leave)
        assert capture.unpack(package).body == TEXT
        assert is_sound(office)

    def test_another_team_neither_sees_nor_opens_it(self, office):
        source = take_in_confidence(by=office.guardian.actor, team=office.team, data=TEXT).source
        outside = builders.member(office, "Carys Elsewhere", team=builders.team(office, "Housing"))
        assert not queries.sources(outside.actor).exists()
        for act in (
            lambda: queries.open_sealed(outside.actor, source),
            lambda: mask_word(by=outside.actor, source=source, word="Harbour"),
            lambda: remove(by=outside.actor, source=source),
            lambda: take_in_confidence(by=outside.actor, team=office.team, data=TEXT),
        ):
            with pytest.raises(Refused):
                act()

    def test_the_same_bytes_again_are_one_source_also_under_later_keys(self, office):
        by = office.guardian.actor
        first = take_in_confidence(by=by, team=office.team, data=TEXT)
        assert take_in_confidence(by=by, team=office.team, data=TEXT).source == first.source
        assert Source.objects.count() == 1
        assert [one.address for one in Observation.objects.all()] == [None]
        assert is_sound(office)

    def test_what_is_no_source_is_kept_apart_sealed(self, office):
        data = b"PK\x03\x04 Quillan Featherby's letter"
        with pytest.raises(NotTakenIn):
            take_in_confidence(by=office.guardian.actor, team=office.team, data=data)
        row = Quarantined.objects.get()
        assert b"Quillan" not in files.read(row.handle, files.SEALED)
        assert is_sound(office)

    def test_removing_drops_its_key(self, office):
        by = office.guardian.actor
        source = take_in_confidence(by=by, team=office.team, data=TEXT).source
        with pytest.raises(Refused):
            remove(by=builders.member(office).actor, source=source)
        remove(by=by, source=source)
        assert not SourceWrap.objects.exists()
        assert not SealedRecord.objects.exists()
        assert acts()[-1] == Act.REMOVED_SOURCE

    def test_a_key_that_was_taken_away_is_noticed(self, office):
        take_in_confidence(by=office.guardian.actor, team=office.team, data=TEXT)
        SourceWrap.objects.all().delete()
        assert checks.sources_nobody_holds(office.organisation) == 1

    def test_an_older_record_put_back_is_noticed(self, office):
        by = office.guardian.actor
        first = take_in_confidence(by=by, team=office.team, data=TEXT).source
        take_in_confidence(by=by, team=office.team, data=TEXT + b"More.\n")
        other = SealedRecord.objects.exclude(source=first).get()
        SealedRecord.objects.filter(source=first).update(body=other.body)
        assert list(checks.sources_not_as_logged(office.organisation)) == [first.handle.hex]


def test_what_is_masked_is_masked_elsewhere_also_where_it_was_joined_to_another_word():
    was, now = (
        read_here(text.encode(), name="a.txt")
        for text in ("Amina Hassan\nPosted today. Amina Hassan left.", "Amina HassanPosted today. Amina Hassan left.")
    )
    under = masking.words(was, masking.find("Amina Hassan", was, None))
    shown = masking.masked(now, [place for word in under for place in word.stands(now, None)])
    assert "Hassan" not in shown.raw
    [plain] = masking.words(was, masking.find("left", was, None))
    assert "Amina Hassan" in masking.masked(now, plain.stands(now, None)).raw
