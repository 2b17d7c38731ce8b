"""T17: files that are not what they say, want more than they should, or carry something along.

Each is refused with a sentence, or made harmless; nothing of it reaches the disk unsealed; what was kept before stays.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from safeconduct.people import opening
from safeconduct.people.actions.papers import Sent, keep_papers
from safeconduct.people.models import PaperFile, Subject
from safeconduct.people.papers import files, media, preview, render
from safeconduct.people.papers.media import Media, NotKept, Unfit, recognise
from tests import builders
from tests.builders import Colleague
from tests.support import papers as made

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("https://elsewhere.invalid/")</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
RELS = (
    b'<Relationships><Relationship Type="attachedTemplate" Target="http://elsewhere.invalid/t.dotm"/></Relationships>'
)
WITHIN = b"%PDF-1.4\n1 0 obj<<>>endobj\n"


def bomb() -> bytes:
    """A letter whose body unpacks to a thousand times its size."""
    return made.docx({f"word/media/{at}.bin": bytes(1 << 24) for at in range(14)})


def slip(name: str) -> bytes:
    return made.docx({name: b"* * * * * root true"})


def encrypted_flag(data: bytes) -> bytes:
    """The same archive with each part marked as encrypted."""
    out = bytearray(data)
    for at in (hit.start() for hit in re.finditer(b"PK\x01\x02", data)):
        out[at + 8] |= 1
    return bytes(out)


HOSTILE: dict[str, tuple[Callable[[], bytes], Unfit]] = {
    "an SVG with a script": (lambda: SVG, Unfit.SVG),
    "an SVG behind a declaration": (lambda: b"<?xml version='1.0'?>\n<!-- a -->" + SVG, Unfit.SVG),
    "an SVG in UTF-16": (lambda: "\ufeff".encode("utf-16-le") + SVG.decode().encode("utf-16-le"), Unfit.SVG),
    "a web page": (lambda: HTML, Unfit.WEB_PAGE),
    "a web page behind blanks": (lambda: b" \r\n" * 4000 + HTML, Unfit.WEB_PAGE),
    "XML that reads a file": (lambda: XXE, Unfit.WEB_PAGE),
    "a program for Windows": (lambda: b"MZ\x90\0" + bytes(400), Unfit.PROGRAM),
    "a program for Linux": (lambda: b"\x7fELF\2\1\1" + bytes(400), Unfit.PROGRAM),
    "a script": (lambda: b"#!/bin/sh\nrm -rf ~\n", Unfit.PROGRAM),
    "an archive": (lambda: made.archive({"passport.pdf": b"%PDF-1.4"}), Unfit.ARCHIVE),
    "a bare end of an archive": (lambda: b"PK\x05\x06" + bytes(18), Unfit.ARCHIVE),
    "an archive of another kind": (lambda: b"Rar!\x1a\7\0" + bytes(100), Unfit.ARCHIVE),
    "a spreadsheet": (
        lambda: made.archive({"[Content_Types].xml": b"<T>spreadsheetml</T>", "xl/workbook.xml": b"<w/>"}),
        Unfit.SHEET,
    ),
    "an old Word letter": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Unfit.UNKNOWN),
    "bytes of no kind": (lambda: bytes(range(256)) * 4, Unfit.UNKNOWN),
    "a PDF behind something else": (lambda: b"hello\n" + made.pdf(), Unfit.UNKNOWN),
    "a PDF that is an archive": (lambda: made.pdf() + made.archive({"a.js": b"x"}), Unfit.TWO_THINGS),
    "a PDF with an archive before its end": (
        lambda: WITHIN + made.archive({"a.js": b"x"}) + b"\n%%EOF\n",
        Unfit.TWO_THINGS,
    ),
    "a PDF that is a web page": (lambda: b"%PDF-1.4\n" + HTML + b"\n%%EOF", Unfit.TWO_THINGS),
    "a PDF with a web page behind it": (lambda: made.pdf() + HTML, Unfit.TWO_THINGS),
    "a PDF without an end": (lambda: made.pdf()[:200], Unfit.DAMAGED),
    "a PDF of nothing": (lambda: b"%PDF-1.7\n%%EOF\n", Unfit.DAMAGED),
    "a PDF whose pages lead round in a ring": (
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj"
            b"\ntrailer<</Root 1 0 R>>\n%%EOF"
        ),
        Unfit.DAMAGED,
    ),
    "a PNG with something behind it": (lambda: made.png() + b"#!/bin/sh", Unfit.TWO_THINGS),
    "a PNG with an archive behind it": (lambda: made.png() + made.archive({"a": b"b"}), Unfit.TWO_THINGS),
    "a PNG cut short": (lambda: made.png()[:-20], Unfit.DAMAGED),
    "a PNG with a changed byte": (lambda: made.png().replace(b"IDAT", b"IDAU"), Unfit.DAMAGED),
    "a PNG of a flood of points": (lambda: made.png_of_size(100_000, 100_000), Unfit.TOO_MANY_PIXELS),
    "a PNG whose points are not there": (lambda: made.png_of_size(4000, 4000), Unfit.DAMAGED),
    "a JPEG cut short": (lambda: made.jpeg()[:200], Unfit.DAMAGED),
    "a JPEG with a web page behind it": (lambda: made.jpeg() + HTML, Unfit.TWO_THINGS),
    "a JPEG with an archive behind it": (lambda: made.jpeg() + made.archive({"a": b"b"}), Unfit.TWO_THINGS),
    "a JPEG with a PDF behind it": (lambda: made.jpeg() + made.pdf(), Unfit.TWO_THINGS),
    "a WebP with something behind it": (lambda: webp() + b"more", Unfit.TWO_THINGS),
    "a HEIC that does not add up": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\xff" * 9, Unfit.DAMAGED),
    "a film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42", Unfit.UNKNOWN),
    "a letter that is a bomb": (bomb, Unfit.TOO_LARGE_INSIDE),
    "a letter of very many parts": (lambda: made.docx({f"p{at}": b"" for at in range(2100)}), Unfit.TOO_LARGE_INSIDE),
    "a letter with a macro": (lambda: made.docx({"word/vbaProject.bin": b"x"}), Unfit.MACROS),
    "a letter of the kind with macros": (
        lambda: made.docx(types=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        Unfit.MACROS,
    ),
    "an OpenDocument letter with a macro": (lambda: made.odt({"Basic/Standard/m.xml": b"<m/>"}), Unfit.MACROS),
    "a letter whose XML reads a file": (lambda: made.docx({"word/styles.xml": XXE}), Unfit.FETCHES),
    "a letter that fetches its template": (lambda: made.docx({"word/_rels/settings.xml.rels": RELS}), Unfit.FETCHES),
    "a letter with a path upwards": (lambda: slip("../../../../etc/cron.d/x"), Unfit.DAMAGED),
    "a letter with a path of Windows": (lambda: slip("..\\..\\start.bat"), Unfit.DAMAGED),
    "a letter with a path from the root": (lambda: slip("/etc/cron.d/x"), Unfit.DAMAGED),
    "a letter with a drive": (lambda: slip("C:/start.bat"), Unfit.DAMAGED),
    "a letter with parts nobody can read": (lambda: encrypted_flag(made.docx()), Unfit.DAMAGED),
    "a letter with something behind it": (lambda: made.docx() + b"more", Unfit.TWO_THINGS),
    "a letter behind a program": (lambda: b"MZ" + made.docx(), Unfit.PROGRAM),
    "nothing": (lambda: b"", Unfit.EMPTY),
}


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "WEBP")
    return out.getvalue()


def judged(data: bytes) -> str:
    """How the desk takes a file: what it is, or why it is not kept. The drawing is part of it."""
    try:
        kind = recognise(data)
        if kind in media.DRAWN:
            preview.draw(data, kind)
    except NotKept as fault:
        return fault.code
    except preview.Damaged:
        return Unfit.DAMAGED
    return kind


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_for_what_it_is(what: str) -> None:
    make, code = HOSTILE[what]
    assert judged(make()) == code


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (made.pdf, Media.PDF),
        (lambda: made.pdf() + b"\r\n\0\0", Media.PDF),
        (made.jpeg, Media.JPEG),
        (lambda: made.jpeg(place=True), Media.JPEG),
        (lambda: made.jpeg() + made.jpeg(), Media.JPEG),  # as telephones do
        (made.png, Media.PNG),
        (webp, Media.WEBP),
        (made.docx, Media.DOCX),
        (made.odt, Media.ODT),
        (lambda: "She said “no”, 5 < 6 – وقال".encode(), Media.TEXT),
        (lambda: "\ufeffBOM and all".encode("utf-16"), Media.TEXT),
        (lambda: "Caf\xe9".encode("cp1252"), Media.TEXT),
    ],
)
def test_what_offices_really_have_is_kept(make: Callable[[], bytes], kind: Media) -> None:
    assert judged(make()) == kind


def test_a_zip_bomb_is_refused_by_what_it_says_before_any_of_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(*_: object, **__: object) -> None:
        raise AssertionError("something was unpacked")

    data = bomb()
    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    with pytest.raises(NotKept):
        recognise(data)


def test_a_part_that_says_it_is_small_and_is_not_is_read_no_further_than_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = made.docx({"word/styles.xml": b"<w>" + bytes(1 << 24)})
    read: list[int] = []
    real = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda self, n=-1: (read.append(n), real(self, n))[1])
    assert recognise(data) is Media.DOCX
    assert read
    assert all(0 < n <= 1 << 20 for n in read)


def test_where_a_photograph_was_taken_is_not_in_what_is_shown() -> None:
    data = made.jpeg(place=True)
    assert b"QUIETHARBOUR" in data
    shown = preview.draw(data, Media.JPEG).picture
    assert b"QUIETHARBOUR" not in shown
    assert b"Exif" not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_words_in_a_png_are_not_in_what_is_shown() -> None:
    from PIL.PngImagePlugin import PngInfo

    words, out = PngInfo(), io.BytesIO()
    words.add_text("Comment", "QUIETHARBOUR")
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=words)
    assert b"QUIETHARBOUR" in out.getvalue()
    assert b"QUIETHARBOUR" not in preview.draw(out.getvalue(), Media.PNG).picture


def test_a_page_is_never_drawn_larger_than_a_screen_needs() -> None:
    wide = made.png(5000, 100)
    tall = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    tall += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 900000]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    for data, kind in ((wide, Media.PNG), (tall, Media.PDF)):
        with Image.open(io.BytesIO(preview.draw(data, kind).picture)) as picture:
            assert picture.width <= preview.WIDTH
            assert picture.height <= render.MOST_HIGH


# The process that draws


def confined(code: str) -> str:
    """What a process says that has given everything up as the drawing one does, and then runs ``code``."""
    said = subprocess.run(
        [sys.executable, "-I", "-c", f"{PRELUDE}\nbound()\nassert confine()\n{TRY}\n{code}"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    return said.stdout.decode() + said.stderr.decode()[-200:]


PRELUDE = Path(render.__file__).read_text(encoding="utf-8").split("if __name__")[0] + "import socket, signal"
TRY = """
def tried(act):
    try:
        act()
    except OSError as fault:
        os.write(1, fault.strerror.encode())
    else:
        os.write(1, b"DONE")
"""


@pytest.mark.parametrize(
    "act",
    [
        "lambda: os.open('/etc/passwd', os.O_RDONLY)",
        "lambda: os.open('/tmp/left-behind', os.O_WRONLY | os.O_CREAT)",
        "lambda: os.listdir('/')",
        "lambda: os.unlink('/tmp/left-behind')",
        "lambda: socket.socket()",
        "lambda: os.fork()",
        "lambda: os.execv('/bin/true', ['true'])",
        "lambda: os.kill(os.getppid(), 0)",
        "lambda: os.setuid(0)",
        "lambda: os.memfd_create('x')",
    ],
)
def test_the_process_that_draws_can_do_nothing_else(act: str) -> None:
    assert confined(f"tried({act})") == os.strerror(1)


def test_the_control_a_process_that_gave_nothing_up_can() -> None:
    said = subprocess.run(
        [sys.executable, "-I", "-c", f"{PRELUDE}\n{TRY}\ntried(lambda: os.open('/etc/passwd', os.O_RDONLY))"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert said.stdout == b"DONE"


def test_the_process_that_draws_has_bounded_memory() -> None:
    assert "MemoryError" in confined("bytearray(render_memory)".replace("render_memory", str(render.MEMORY)))


def test_the_process_that_draws_is_given_no_environment_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, object]] = []
    real = subprocess.Popen

    def watched(*arguments: object, **named: object) -> object:
        given.append(named)
        return real(*arguments, **named)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(subprocess, "Popen", watched)
    preview.draw(made.png(), Media.PNG)
    (named,) = given
    assert named["env"] == {}
    assert named["cwd"] == "/"
    assert named.get("close_fds", True) is True


def test_where_nothing_can_be_confined_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_ask", lambda *_: (render.UNCONFINED, b""))
    with pytest.raises(preview.NotHere):
        preview.draw(made.png(), Media.PNG)


@pytest.mark.parametrize("answer", [b"", b"1 png 5\n<svg>", b"1 svg 5\n<svg>", b"x", b"1 png 9\n\x89PNG\r\n\x1a\n"])
def test_an_answer_that_is_no_picture_is_not_handed_on(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    monkeypatch.setattr(preview, "_ask", lambda *_: (0, answer))
    with pytest.raises(preview.Damaged):
        preview.draw(made.png(), Media.PNG)


# At the desk


@pytest.fixture
def by() -> Colleague:
    return builders.office().guardian


@pytest.fixture
def person(by: Colleague) -> Subject:
    return builders.person(by, "Nasrin Karimi")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "what", ["an SVG with a script", "a PDF that is an archive", "a letter that is a bomb", "nothing"]
)
def test_the_page_says_why_and_loses_nothing(by: Colleague, person: Subject, what: str) -> None:
    keep_papers(by=by.actor, subject=person, sent=[Sent(b"Kept before", "letter")])
    browser: Client = by.client
    sent = {"file": SimpleUploadedFile("passport.pdf", HOSTILE[what][0](), "application/pdf"), "kind": "passport"}
    page = browser.post(reverse("papers", args=[person.handle]), sent | {"title": "Typed before"}).content.decode()
    assert "There is a problem" in page
    assert 'value="Typed before"' in page
    assert PaperFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_plain_byte_touches_the_disk(by: Colleague, person: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept, drawn and handed out: whatever is written anywhere is sealed, and no temporary file is asked for."""
    written: list[bytes] = []
    real = os.fdopen

    def watched(*arguments: object, **named: object) -> object:
        stream = real(*arguments, **named)  # type: ignore[call-overload]  # handed on as it came
        put = stream.write
        return _Watched(stream, lambda data: (written.append(bytes(data)), put(data))[1])

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was asked for")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr(os, "fdopen", watched)
    data, word = made.jpeg(place=True), b"QUIETHARBOUR"
    browser = by.client
    browser.post(reverse("papers", args=[person.handle]), {"file": SimpleUploadedFile("a.jpg", data), "kind": "photo"})
    paper = PaperFile.objects.get(subject=person)
    browser.get(reverse("paper-page", args=[person.handle, paper.handle, 1]))
    assert word in browser.post(reverse("paper-original", args=[person.handle, paper.handle])).content
    assert written
    assert not any(word in one or data[:64] in one for one in written)
    assert word not in files.path_of(paper.handle).read_bytes()
    assert opening.read_paper(by=by.actor, subject=person, paper=paper.handle)[1] == data


class _Watched:
    def __init__(self, stream: object, write: Callable[[bytes], object]) -> None:
        self._stream, self.write = stream, write

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()  # type: ignore[attr-defined]  # a stream
