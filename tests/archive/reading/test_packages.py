"""WARC and WACZ: the page they were made for, and that there are others."""

from __future__ import annotations

import gzip
import json

import pytest

from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Flagged, Kind, NotRead, Unfit
from tests.archive.reading import made

PAGE = ("https://lantern.example/cold", "text/html; charset=utf-8", made.PAGE.encode())
PICTURE = ("https://lantern.example/a.png", "image/png", b"\x89PNG")
OTHER = ("https://lantern.example/other", "text/html", b"<html><body><p>Another page.</p></body></html>")
THREAD = (
    "https://mill.example/api/v1/statuses/1",
    "application/json",
    json.dumps(made.status(1, "Cold.")).encode(),
)


@pytest.mark.parametrize("gzipped", [True, False])
def test_the_page_of_a_warc_is_read_whatever_stands_before_it(gzipped: bool) -> None:
    reading = read_here(made.warc(PICTURE, PAGE, gzip=gzipped))
    assert (reading.kind, reading.inside, reading.address) == (Kind.WARC, Kind.HTML, PAGE[0])
    assert reading.posts[0].title == "Cold rooms"
    assert Flagged.OTHERS_INSIDE not in {flag.code for flag in reading.flags}


def test_a_wacz_is_read_for_the_page_it_lists_first() -> None:
    package = made.wacz(made.warc(OTHER, PAGE), PAGE[0], OTHER[0])
    reading = read_here(package)
    assert (reading.kind, reading.inside, reading.address) == (Kind.WACZ, Kind.HTML, PAGE[0])
    assert Flagged.OTHERS_INSIDE in {flag.code for flag in reading.flags}
    assert read_here(made.wacz(made.warc(OTHER, PAGE))).raw == "Another page."


def test_an_answer_that_was_packed_is_unpacked_and_a_thread_in_a_warc_is_a_thread() -> None:
    packed = (PAGE[0], PAGE[1], gzip.compress(PAGE[2]))
    assert read_here(made.warc(packed, encoding="gzip")).posts[0].title == "Cold rooms"
    assert read_here(made.warc(THREAD)).inside is Kind.MASTODON


def test_an_answer_that_was_a_refusal_is_no_page() -> None:
    with pytest.raises(NotRead) as refused:
        read_here(made.warc(PAGE, status="404 Not Found"))
    assert refused.value.reason is Unfit.NOT_SUCH
