"""Malformed, cut off, huge and hostile files: a reason, and never anything else."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.archive import reading
from safeconduct.archive.reading import apart, bounds
from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import NotRead, Reading, Unfit
from tests.archive.reading import made
from tests.archive.reading.made import script, view, wacz, warc, zipped


def refused(data: bytes, read: Callable[..., Reading] = read_here) -> Unfit:
    with pytest.raises(NotRead) as why:
        read(data)
    return why.value.reason


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Unfit.EMPTY),
        (b" \n\t ", Unfit.EMPTY),
        (b"\x00\x01\x02\x03" * 100, Unfit.UNKNOWN),
        (b"\x7fELF" + bytes(200), Unfit.UNKNOWN),
        (gzip.compress(b"not records"), Unfit.UNKNOWN),
        (zipped({"word/document.xml": b"<w/>"}), Unfit.UNKNOWN),
        (zipped({"data/tweets.js": b"x"})[:-30], Unfit.TRUNCATED),
        (b"%PDF-1.7\nnothing more", Unfit.TRUNCATED),
        (b"%PDF-1.7\n" + b"x" * 50 + b"\n%%EOF", Unfit.DAMAGED),
        (b"<html><body><script>1</script></body></html>", Unfit.NOT_SUCH),
        (b'{"id": "1", "content": "<p>cut o', Unfit.TRUNCATED),
        (b"[" * 100_000, Unfit.TOO_DEEP),
        (b'{"a":' * 100_000, Unfit.TOO_DEEP),
        (b"<html>" + b"<div>" * 50_000 + b"x", Unfit.TOO_DEEP),
        (ENTITIES, Unfit.HOSTILE),
        (OUTSIDE, Unfit.HOSTILE),
        (OUTSIDE.decode().encode("utf-16"), Unfit.HOSTILE),
        (zipped({"data/tweets.js": b"[]", "../../etc/cron.d/x": b""}), Unfit.HOSTILE),
        (zipped({"data/tweets.js": b"[]", "C:\\x": b""}), Unfit.HOSTILE),
        (warc(("https://l.example/", "text/html", made.PAGE.encode()))[:200], Unfit.TRUNCATED),
        (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\nxx", Unfit.NOT_SUCH),
        (made.MHTML.encode()[:330], Unfit.TRUNCATED),
        (b"window.YTD.tweets.part0 = [{", Unfit.TRUNCATED),
        (b"window.YTD.direct_messages.part0 = []", None),
    ],
)  # fmt: skip
def test_each_is_refused_for_its_own_reason(data: bytes, reason: Unfit | None) -> None:
    if reason is None:  # not a kind of its own: it is only text, and no message is taken out of it
        assert len(read_here(data).posts) == 1
    else:
        assert refused(data) is reason


def test_a_zip_that_unpacks_without_end_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"data/tweets.js": b"window.YTD.tweets.part0 = [" + b" " * 8_000_000})
    assert len(bomb) < 20_000
    assert refused(bomb) is Unfit.HOSTILE
    monkeypatch.setattr("safeconduct.archive.reading.packages.zips.MOST_UNPACKED", 1000)
    assert refused(zipped({"data/tweets.js": script("tweets", [made.tweet(1, "x" * 2000)])})) is Unfit.TOO_LARGE


def test_an_entry_that_lies_about_its_length_gains_nothing() -> None:
    data = bytearray(zipped({"data/tweets.js": b" " * 3_000_000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) in {Unfit.HOSTILE, Unfit.DAMAGED}


def test_a_locked_zip_is_said_to_be() -> None:
    data = bytearray(zipped({"data/tweets.js": b"[]"}))
    for mark, away in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + away] |= 1
    assert refused(bytes(data)) is Unfit.LOCKED


def test_a_packed_answer_that_swells_is_stopped() -> None:
    swollen = ("https://l.example/", "text/html", zlib.compress(b" " * 40_000_000))
    assert refused(warc(swollen, encoding="deflate", gzip=False)) in {Unfit.HOSTILE, Unfit.TOO_LARGE}


def test_a_package_in_a_package_is_not_followed() -> None:
    inner = warc(("https://l.example/", "text/html", b"<p>x</p>"))
    assert refused(warc(("https://l.example/x", "text/plain", inner))) is Unfit.HOSTILE


def test_lists_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.archive.reading.threads.assembly.MOST_POSTS", 50)
    thread = view("0", "First", replies=[view(str(n), "Again") for n in range(1, 60)])
    assert refused(json.dumps(thread).encode()) is Unfit.TOO_MANY
    monkeypatch.setattr("safeconduct.archive.reading.pages.layout.MOST_TAGS", 100)
    assert refused(b"<html><body>" + b"<p>x</p>" * 300) is Unfit.TOO_MANY
    monkeypatch.setattr("safeconduct.archive.reading.packages.warc.MOST_RECORDS", 3)
    pages = [(f"https://l.example/{n}", "image/png", b"x") for n in range(6)]
    assert refused(warc(*pages)) is Unfit.TOO_MANY
    monkeypatch.setattr("safeconduct.archive.reading.packages.zips.MOST_NAMES", 5)
    assert refused(zipped({f"data/{n}.js": b"" for n in range(9)}, zipfile.ZIP_STORED)) is Unfit.TOO_MANY
    parts = b"--e\r\nContent-Type: text/plain\r\n\r\nx\r\n" * (bounds.MOST_PARTS + 5)
    assert (
        refused(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=e\r\n\r\n" + parts) is Unfit.TOO_MANY
    )


def test_a_text_longer_than_any_is_refused() -> None:
    assert refused(b"x " * (bounds.MOST_TEXT_BYTES // 2 + 1)) is Unfit.TOO_LARGE
    assert refused(b"x " * (bounds.MOST_RAW // 2 + 1)) is Unfit.TOO_LARGE


def test_a_listing_that_names_no_page_of_the_package_does_no_harm() -> None:
    package = wacz(warc(("https://l.example/", "text/html", b"<p>Words here</p>")), "javascript:alert(1)")
    assert read_here(package).address == "https://l.example/"


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_cut_or_changed_gives_a_reading_or_a_reason(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    at = data.draw(st.integers(0, max(len(cut) - 1, 0)))
    changed = cut[:at] + data.draw(st.binary(max_size=6)) + cut[at + data.draw(st.integers(0, 6)) :]
    try:
        read = read_here(changed)
    except NotRead:
        return
    for post in read.posts:
        assert read.raw[post.start : post.end] == post.text


WHOLE = (
    made.BLOG.encode(),
    made.PAGE.encode(),
    made.INDEX.encode(),
    made.FEED.encode(),
    made.MHTML.encode(),
    made.pdf("The rooms at the old mill"),
    made.THREAD.encode(),
    made.THREAD_PAGE.encode(),
    json.dumps({"ancestors": [made.status(1, "A")], "descendants": [made.status(2, "B", 1)]}).encode(),
    json.dumps({"thread": view("1", "A", replies=[view("2", "B")])}).encode(),
    zipped({"data/tweets.js": script("tweets", [made.tweet(5, "A")])}),
    warc(("https://l.example/", "text/html", made.PAGE.encode())),
    wacz(warc(("https://l.example/", "text/html", b"<p>x y z</p>")), "https://l.example/"),
)


@pytest.mark.parametrize("whole", WHOLE)
def test_a_process_that_can_do_nothing_else_reads_the_same(whole: bytes) -> None:
    assert reading.read(whole) == read_here(whole)


def test_a_child_that_was_ended_before_it_answered_took_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "child", lambda *_: os._exit(9))
    said, length = apart.ANSWERED.unpack_from(answer := apart.one(b"x", apart.Asked()))
    assert (said, answer[-length:].decode()) == (apart.NOT_READ, Unfit.TOO_COSTLY)


def test_what_was_refused_leaves_the_process_as_it_was() -> None:
    assert refused(b"", reading.read) is Unfit.EMPTY
    assert refused(b"[" * 100_000, reading.read) is Unfit.TOO_DEEP
    assert reading.read(b"And the next one is read as if nothing had been.").posts
