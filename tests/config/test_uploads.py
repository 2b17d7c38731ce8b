"""Uploads: held in memory, bounded, never spooled."""

from __future__ import annotations

import tempfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from safeconduct.config import uploads

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def no_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any temporary file made while a request is read fails the test."""

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)


def test_a_large_file_stays_in_memory_whole() -> None:
    content = bytes(range(256)) * (4 * MEGABYTE // 256)
    request = RequestFactory().post("/", {"as_of": "today", "sheet": SimpleUploadedFile("office.csv", content)})
    sent = request.FILES["sheet"]
    assert isinstance(sent, InMemoryUploadedFile)
    assert sent.read() == content
    assert (sent.name, sent.size, request.POST["as_of"]) == ("office.csv", len(content), "today")


def test_two_files_do_not_run_together() -> None:
    request = RequestFactory().post(
        "/", {"a": SimpleUploadedFile("a.csv", b"first"), "b": SimpleUploadedFile("b.csv", b"second")}
    )
    assert (request.FILES["a"].read(), request.FILES["b"].read()) == (b"first", b"second")


def sent(*sizes: int) -> list[InMemoryUploadedFile]:
    files = {f"f{at}": SimpleUploadedFile("f.csv", bytes(size)) for at, size in enumerate(sizes)}
    request = RequestFactory().post("/", {"note": "typed", **files})
    assert request.POST["note"] == "typed"
    return [request.FILES[name] for name in files]


def test_of_a_file_over_the_bound_nothing_is_kept_but_that_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", MEGABYTE)
    large, small = sent(MEGABYTE + 1, 20)
    assert isinstance(large, uploads.FileTooLarge)
    assert (large.size, large.read()) == (0, b"")
    assert not isinstance(small, uploads.FileTooLarge)
    assert small.size == 20


def test_files_that_are_too_large_together_are_cut_where_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOADS_BYTES", 2 * MEGABYTE)
    first, second = sent(MEGABYTE, MEGABYTE + 1)
    assert (first.size, second.size) == (MEGABYTE, 0)
    assert isinstance(second, uploads.FileTooLarge)


def test_the_bound_itself_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", MEGABYTE)
    request = RequestFactory().post("/", {"sheet": SimpleUploadedFile("f.csv", bytes(MEGABYTE))})
    assert request.FILES["sheet"].size == MEGABYTE


def test_no_other_handler_is_in_force() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["safeconduct.config.uploads.MemoryUploadHandler"]
