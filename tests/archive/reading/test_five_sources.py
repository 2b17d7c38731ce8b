"""The five real documents kept beside the project: what each must give, checked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.archive.likeness import compare, shingles
from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Flagged, Found, Kind, Reading

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def sources(shared: Path) -> dict[str, Reading]:
    folder = shared / "sources"
    if not folder.is_dir():
        pytest.skip("the five sources are absent")
    return {path.name[:3]: read_here(path.read_bytes(), name=path.name) for path in sorted(folder.glob("*.txt"))}


def codes(reading: Reading) -> list[Flagged]:
    return [flag.code for flag in reading.flags]


def test_every_post_is_a_stretch_of_the_raw_text(sources: dict[str, Reading]) -> None:
    assert len(sources) == 5
    for reading in sources.values():
        for number, post in enumerate(reading.posts, start=1):
            assert post.number == number
            assert reading.raw[post.start : post.end] == post.text
            assert post.language == "en"


def test_pages_of_several_posts_are_split_into_nine_and_eleven(sources: dict[str, Reading]) -> None:
    assert [len(sources[name].posts) for name in ("001", "004")] == [9, 11]
    for name in ("001", "004"):
        inferred = [p for p in sources[name].posts if any(f.code is Flagged.EDGE_INFERRED for f in p.flags)]
        assert len(inferred) == 2, "two posts of each have no line that says they continue"
        assert all("Continue reading" not in post.text for post in inferred)
    assert sources["001"].posts[3].title == "How can we be practical with the people living in the hostels and hotels"
    assert sources["004"].posts[5].title.startswith("Asylum seekers forced to travel miles")  # type: ignore[union-attr]


def test_three_posts_are_shared_and_the_nearest_others_are_strangers(sources: dict[str, Reading]) -> None:
    first = [shingles(post.text) for post in sources["001"].posts]
    second = [shingles(post.text) for post in sources["004"].posts]
    scores = sorted(
        ((compare(a, b), one, other) for one, a in enumerate(first, 1) for other, b in enumerate(second, 1)),
        key=lambda each: -each[0].jaccard,
    )
    assert {(one, other) for _, one, other in scores[:3]} == {(6, 11), (4, 10), (3, 9)}
    assert [score.containment for score, _, _ in scores[:2]] == [1.0, 1.0]
    assert scores[2][0].containment == pytest.approx(0.988, abs=0.001)
    assert scores[3][0].jaccard < 0.07
    assert compare(shingles(sources["001"].raw), shingles(sources["004"].raw)).jaccard < 0.4


def test_the_thread_has_nine_posts_and_names_six_others(sources: dict[str, Reading]) -> None:
    thread = sources["000"]
    assert thread.kind is Kind.THREAD_READER
    assert len(thread.posts) == 9
    assert thread.gaps == ()
    assert {post.author for post in thread.posts} == {"Daniel Sohege 🧡 @stand_for_all"}
    assert [len(post.links) for post in thread.posts] == [0, 0, 0, 1, 1, 0, 0, 0, 0]
    for number in (4, 5):
        post = thread.posts[number - 1]
        assert post.text.endswith("…")
        assert [flag.code for flag in post.flags] == [Flagged.CUT_LINK]
    assert [one.posts for one in thread.related] == [18, 6, 16, 5, 25, 20]
    assert [one.said_date for one in thread.related] == ["11 Oct", "9 Oct", "7 Oct", "7 Oct", "5 Oct", "5 Oct"]
    assert codes(thread).count(Flagged.DATE_WITHOUT_YEAR) == 6
    assert Flagged.REMOVABLE in codes(thread)
    assert {post.date for post in thread.posts} == {None}, "its year is said nowhere"


def test_the_broken_entity_is_flagged_and_the_text_left_alone(sources: dict[str, Reading]) -> None:
    article = sources["003"]
    assert codes(article) == [Flagged.REPEATED_TITLE, Flagged.BROKEN_ENTITY]
    at = article.flags[1].at
    assert at is not None
    assert article.raw[at - 2 : at + 15] == "41&#x i;ncrease i"
    assert article.raw.startswith(f"{article.title}\n\n{article.title}\n")


def test_dates_are_what_was_written_and_nothing_more(sources: dict[str, Reading]) -> None:
    posts = sources["001"].posts
    expected = ["2020-09-28", "2020-09-23", None, None, "2020-09-18", None, "2020-09-18", "2020-09-22", None]
    assert [post.date for post in posts] == expected
    assert {post.date_found_by for post in posts if post.date} == {Found.TEXT}
    assert posts[0].dates[0].written == "28.9.2020"
    assert posts[7].dates[0].written == "22.9.2020"
    later = {post.number: post.date for post in sources["004"].posts if post.date}
    assert later == {
        1: "2021-04-07",
        3: "2020-12-04",
        4: "2020-11-23",
        5: "2020-11-25",
        6: "2020-11-17",
        7: "2020-11-02",
    }
    assert sources["002"].date is None
    assert sources["003"].date is None, "a year of copyright is no date"


def test_no_break_spaces_stay(sources: dict[str, Reading]) -> None:
    assert [sources[name].raw.count("\xa0") for name in ("001", "002", "004")] == [18, 8, 30]
