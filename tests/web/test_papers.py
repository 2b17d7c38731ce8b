"""The pages of papers: kept, listed, shown safely, taken out and removed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.journal.models import Act, Entry
from safeconduct.people.models import PaperFile, Subject
from safeconduct.people.papers import preview
from safeconduct.people.papers.media import Media
from tests import builders
from tests.builders import Colleague
from tests.support import papers as made

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    "kind": "refusal",
    "title": "The second refusal",
    "on": "3 may 2026",
    "source": "Their solicitor",
    "note": "Copy",
}


@pytest.fixture
def by() -> Colleague:
    return builders.office().guardian


@pytest.fixture
def person(by: Colleague) -> Subject:
    return builders.person(by, "Nasrin Karimi", safe_note="Never write to the house")


def send(browser: Client, about: Subject, *files: tuple[str, bytes], **said: str) -> HttpResponse:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return browser.post(reverse("papers", args=[about.handle]), {"file": sent, **SAID, **said})


def address(name: str, about: Subject, *more: object) -> str:
    return reverse(name, args=[about.handle, PaperFile.objects.get(subject=about).handle, *more])


def acts(act: str) -> int:
    return Entry.objects.filter(act=act).count()


class Places:
    """A line in which nobody has a place any more."""

    def __enter__(self) -> None:
        self.held = [preview.place(line) for line in (preview.LOOKING, preview.KEEPING) for _ in range(3)]
        for one in self.held:
            one.__enter__()

    def __exit__(self, *_fault: object) -> None:
        for one in self.held:
            one.__exit__(None, None, None)


def test_who_looks_while_others_draw_is_told_at_once_to_try_again(by: Colleague, person: Subject) -> None:
    """Six that draw or wait hold six of the server's eight threads: the seventh holds none."""
    send(by.client, person, ("refusal.pdf", made.pdf(1)))
    here, opened = address("paper-page", person, 1), acts(Act.OPENED_PAPER)
    with Places():
        answer = by.client.get(here)
        kept = send(by.client, person, ("more.pdf", made.pdf(1))).content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Try again in a moment" in answer.content.decode()
    assert acts(Act.OPENED_PAPER) == opened, "nothing was opened, so nothing is said to be"
    assert "send it again in a moment" in kept
    assert 'value="The second refusal"' in kept
    assert PaperFile.objects.count() == 1
    assert by.client.get(here).status_code == 200
    assert "try again" in by.client.get(address("paper", person)).content.decode()


def test_who_waits_longer_than_a_little_is_told_to_try_again_too() -> None:
    with preview._AT_ONCE, preview._AT_ONCE, pytest.raises(preview.Busy):
        preview.draw(made.png(), Media.PNG, line=preview.Line(preview.LOOKING.places, 0))


def test_a_paper_is_kept_and_listed_with_what_was_said_of_it(by: Colleague, person: Subject) -> None:
    answer = send(by.client, person, ("Nasrin Karimi refusal.pdf", made.pdf(2)))
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('papers', args=[person.handle])}?done=kept")
    page = by.client.get(answer["Location"]).content.decode()
    for said in ("Refusal", "The second refusal", "3 May 2026", "PDF", "2 pages", "Kept, sealed", "Never write to"):
        assert said in page
    assert "refusal.pdf" not in page  # the name of the file is not kept
    assert "<title>Papers" in page


def test_several_pages_are_kept_at_once(by: Colleague, person: Subject) -> None:
    send(by.client, person, ("1.png", made.png()), ("2.jpg", made.jpeg()), ("3.txt", b"A note"))
    assert PaperFile.objects.filter(subject=person).count() == 3
    assert acts(Act.ADDED_PAPER) == 1


def test_a_file_that_is_not_kept_says_which_and_why_and_keeps_what_was_typed(by: Colleague, person: Subject) -> None:
    answer = send(by.client, person, ("1.png", made.png()), ("passport.pdf", b"<svg xmlns='x'><script/></svg>"))
    page = answer.content.decode()
    assert "File 2: This is a drawing that can carry a program (SVG)." in page
    assert "None of them was kept." in page
    assert 'value="The second refusal"' in page
    assert not PaperFile.objects.exists()


def test_a_file_over_the_limit_keeps_what_was_typed(
    by: Colleague, person: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.config.uploads.MAX_UPLOAD_BYTES", 1000)
    page = send(by.client, person, ("large.png", made.png(400, 400) + bytes(2000))).content.decode()
    assert "A file may be at most 20 MB" in page
    assert 'value="The second refusal"' in page
    assert not PaperFile.objects.exists()


def test_too_many_at_once_and_none_at_all(by: Colleague, person: Subject) -> None:
    page = send(by.client, person, *((f"{at}.txt", b"A note") for at in range(13))).content.decode()
    assert "At most 12 files at once." in page
    assert "Choose a file to keep." in send(by.client, person).content.decode()
    assert "There is nothing in one of these files." in send(by.client, person, ("empty.txt", b"")).content.decode()
    assert not PaperFile.objects.exists()


def test_a_paper_is_shown_page_by_page_after_an_entry_each(by: Colleague, person: Subject) -> None:
    send(by.client, person, ("letter.pdf", made.pdf(3)))
    page = by.client.get(address("paper", person) + "?page=2").content.decode()
    assert acts(Act.OPENED_PAPER) == 1
    assert "Page 2 of 3" in page
    picture = re.search(r'<img src="([^"]+)"', page)
    assert picture is not None
    answer = by.client.get(picture[1])
    assert acts(Act.OPENED_PAPER) == 2
    assert answer.content.startswith(b"\x89PNG")
    strict(answer)
    assert answer["Content-Type"] == "image/png"
    assert by.client.get(address("paper-page", person, 4)).status_code == 404


def strict(answer: HttpResponse) -> None:
    """Whatever a browser takes it for, it runs nothing, loads nothing, and is not kept."""
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_text_is_shown_as_text(by: Colleague, person: Subject) -> None:
    send(by.client, person, ("note.txt", 'He said: 5 < 6 & "so" — وقال'.encode()))
    page = by.client.get(address("paper", person)).content.decode()
    assert "5 &lt; 6 &amp; &quot;so&quot; — وقال" in page
    assert "<img" not in page


def test_what_cannot_be_shown_says_so_and_is_kept(by: Colleague, person: Subject) -> None:
    send(by.client, person, ("letter.docx", made.docx()))
    page = by.client.get(address("paper", person)).content.decode()
    assert "kept as they came and not shown here" in page
    assert by.client.get(address("paper-page", person, 1)).status_code == 404


def test_without_the_extra_part_papers_are_kept_and_it_is_said(
    by: Colleague, person: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "installed", lambda: False)
    send(by.client, person, ("letter.pdf", made.pdf()))
    assert "cannot show them" in by.client.get(reverse("papers", args=[person.handle])).content.decode()
    assert "draws no papers" in by.client.get(address("paper", person)).content.decode()


def test_the_original_is_handed_out_by_a_form_under_a_name_that_says_nothing(by: Colleague, person: Subject) -> None:
    data = made.pdf()
    send(by.client, person, ("letter.pdf", data))
    assert by.client.get(address("paper-original", person)).status_code == 405
    answer = by.client.post(address("paper-original", person))
    assert answer.content == data
    strict(answer)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert acts(Act.EXPORTED) == 1
    assert acts(Act.OPENED_PAPER) == 0


def test_a_paper_is_removed_with_a_reason(by: Colleague, person: Subject) -> None:
    send(by.client, person, ("note.txt", b"A note"))
    there = address("paper-remove", person)
    assert "Say why" in by.client.post(there, {"said": ""}).content.decode()
    assert by.client.post(there, {"said": "It was about a neighbour"}).status_code == 302
    assert not PaperFile.objects.exists()
    page = by.client.get(reverse("history", args=[person.handle])).content.decode()
    assert "A paper was removed" in page
    assert "It was about a neighbour" in page
    assert "The second refusal" not in page
    assert by.client.get(there).status_code == 404


def test_a_person_and_a_case_lead_to_what_is_kept_with_them(by: Colleague, person: Subject) -> None:
    case = builders.case(by, person)
    send(by.client, case.subject, ("note.txt", b"A note"))
    for name, about in (("person", person), ("case", case)):
        page = by.client.get(reverse(name, args=[about.handle])).content.decode()
        assert reverse("papers", args=[about.handle]) in page
        assert reverse("history", args=[about.handle]) in page
    assert reverse("account", args=[case.handle]) not in page
    assert by.client.get(reverse("account", args=[case.handle])).status_code == 404


def test_nobody_else_finds_a_paper(person: Subject, by: Colleague) -> None:
    send(by.client, person, ("note.txt", b"A note"))
    housing = builders.team(builders.Office(by.member.organisation, by, by.actor.teams[0]))
    stranger = builders.member(
        builders.Office(by.member.organisation, by, housing), "Other Worker", team=housing
    ).client
    for there in (address("paper", person), address("paper-page", person, 1), reverse("papers", args=[person.handle])):
        assert stranger.get(there).status_code == 404
    assert stranger.post(address("paper-original", person)).status_code == 404
    assert stranger.get(reverse("paper", args=[person.handle, UUID(int=3)])).status_code == 404
