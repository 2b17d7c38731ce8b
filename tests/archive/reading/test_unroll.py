"""The unrolled page: every post and every gap in its place, and not a character lost."""

from __future__ import annotations

import json

from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Flagged, Lack
from safeconduct.archive.reading.unroll import Lacking, Shown, Unrolled, unroll
from tests.archive.reading import made
from tests.archive.reading.made import status


def order(page: Unrolled) -> list[int | str]:
    return [one.post.number if isinstance(one, Shown) else f"{one.gap.kind}:{one.gap.about}" for one in page.items]


def test_a_gap_stands_where_its_post_should() -> None:
    page = unroll(read_here(made.THREAD.encode()))
    assert order(page) == [1, 2, "missing:3/", 3, "missing:5/5"]
    assert (page.posts, page.gaps, len(page.related)) == (3, 2, 2)
    context = {
        "ancestors": [],
        "descendants": [status(3, "Nothing.", 2, replies_count=1), status(4, "Indeed.", 2), status(5, "No.", 9)],
    }
    page = unroll(read_here(json.dumps(context).encode()))
    assert order(page) == ["missing:2", 1, "truncated:1", 2, "missing:9", 3]
    first = page.items[0]
    assert isinstance(first, Lacking)
    assert first.gap.kind is Lack.MISSING


def test_the_runs_of_a_post_are_its_text() -> None:
    for data in (made.THREAD, made.BLOG, made.PAGE, made.INDEX, made.FEED, made.THREAD_PAGE):
        reading = read_here(data.encode())
        for item in unroll(reading).items:
            if isinstance(item, Shown):
                pieces = zip(item.paragraphs, item.between, strict=True)
                assert "".join("".join(run.text for run in runs) + gap for runs, gap in pieces) == item.post.text
                for runs in item.paragraphs:
                    for run in runs:
                        assert reading.raw.startswith(run.text, run.start)


def test_only_an_http_address_can_be_followed() -> None:
    page = '<html><body><p>See <a href="javascript:alert(1)">this</a> and <a href="https://l.example/">that</a>.</p>'
    (item,) = unroll(read_here(page.encode())).items
    assert isinstance(item, Shown)
    targets = {run.text: run.target for runs in item.paragraphs for run in runs}
    assert targets == {"See ": None, "this": None, " and ": None, "that": "https://l.example/", ".": None}


def test_a_flag_is_shown_at_its_place_and_those_of_no_post_apart() -> None:
    page = unroll(read_here(b"The letter\n\nA 41&#x i;ncrease was seen in the second quarter."))
    (item,) = page.items
    assert isinstance(item, Shown)
    marked = [run.text for runs in item.paragraphs for run in runs if Flagged.BROKEN_ENTITY in run.codes]
    assert marked == ["&#x i;ncrease was seen in the second quarter."]
    assert {flag.code for flag in unroll(read_here(made.THREAD.encode())).apart} == {
        Flagged.REMOVABLE,
        Flagged.DATE_WITHOUT_YEAR,
    }
