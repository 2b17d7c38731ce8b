"""Threads: who answers whom, what is missing, and nothing of what is private."""

from __future__ import annotations

import json

import pytest

from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Flagged, Found, Gap, Kind, Lack, NotRead, Unfit
from tests.archive.reading import made
from tests.archive.reading.made import script, status, tweet, view, zipped


def test_a_thread_saved_as_text_keeps_its_cut_links_and_says_which_posts_are_missing() -> None:
    reading = read_here(made.THREAD.encode())
    assert [post.text[-2:] for post in reading.posts] == ["1/", "o…", "/5"]
    assert reading.author == "Ada Quill 🌿 @quill_of_mill"
    assert reading.gaps == (Gap(Lack.MISSING, 2, "3/"), Gap(Lack.MISSING, 3, "5/5"))
    assert [(one.posts, one.said_date) for one in reading.related] == [(11, "3 Feb"), (4, "28 Jan 2021")]
    assert sum(flag.code is Flagged.DATE_WITHOUT_YEAR for flag in reading.flags) == 1


def test_a_thread_without_numbers_is_one_post_and_says_so() -> None:
    plain = made.THREAD.replace(" 1/\n", "\n").replace(" 2/\n", "\n").replace(" 4/5", "")
    reading = read_here(plain.encode())
    assert len(reading.posts) == 1
    assert Flagged.UNNUMBERED in {flag.code for flag in reading.flags}


def test_fractions_in_a_sentence_number_nothing() -> None:
    text = made.THREAD.replace("It was not,", "It was not 24/\nseven,")
    assert len(read_here(text.encode()).posts) == 3


def test_a_thread_saved_as_a_page_takes_its_dates_from_identifiers() -> None:
    reading = read_here(made.THREAD_PAGE.encode())
    assert [post.text for post in reading.posts] == ["The heating was off. @orla said so.", "Nothing was done."]
    assert [post.author for post in reading.posts] == ["Ada Quill @quill_of_mill"] * 2
    first = reading.posts[0]
    assert (first.date, first.date_found_by) == ("2023-08-12T16:37:34.534Z", Found.ID)
    assert [link.target for link in first.links] == ["https://x.example/orla"]
    assert [one.about for one in reading.posts[1].pictures] == ["A boiler with no cover"]
    assert [(one.title_or_opening, one.posts) for one in reading.related] == [("What a cold room does.", 11)]


def test_a_context_without_its_status_has_a_gap_where_that_should_be() -> None:
    context = {
        "ancestors": [status(1, "The heating was off.")],
        "descendants": [status(3, "Nothing was done.", 2, edited_at="2023-08-13T00:00:00Z", replies_count=2)],
    }
    reading = read_here(json.dumps(context).encode())
    assert reading.kind is Kind.MASTODON
    assert reading.gaps == (Gap(Lack.MISSING, 1, "2", 2), Gap(Lack.TRUNCATED, 2, "2"))
    assert reading.posts[0].author == "Ada Quill @ada@mill.example"
    assert [flag.code for flag in reading.posts[1].flags] == [Flagged.EDITED]
    whole = {"status": status(2, "Staff were told.", 1, replies_count=1), "context": context}
    posts = read_here(json.dumps(whole).encode()).posts
    assert [(post.number, post.answers, post.depth) for post in posts] == [(1, None, 0), (2, 1, 1), (3, 2, 2)]


def test_replies_that_end_where_the_service_stops_are_said_to() -> None:
    context = {"ancestors": [], "descendants": [status(n, f"Answer {n}", 1) for n in range(2, 62)]}
    assert Flagged.CAPPED in {flag.code for flag in read_here(json.dumps(context).encode()).flags}


def test_a_content_warning_is_part_of_the_post_and_links_stay_in_their_place() -> None:
    one = status(1, 'See <a href="https://l.example/x">this</a>', spoiler_text="Cold, eviction")
    post = read_here(json.dumps(one).encode()).posts[0]
    assert post.text == "Cold, eviction\n\nSee this"
    assert post.links[0].at == post.text.index("this")


def test_stubs_of_a_bluesky_thread_become_gaps_and_offsets_count_bytes() -> None:
    words = "Kälte 🌿 see lantern.example/cold"
    start = len("Kälte 🌿 see ".encode())
    facet = {
        "index": {"byteStart": start, "byteEnd": len(words.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://lantern.example/cold"}],
    }
    far = {"index": {"byteStart": 5, "byteEnd": 9000}, "features": [{"uri": "https://nowhere.example/"}]}
    cut = view("4", "And more.")
    cut["post"]["replyCount"] = 3
    thread = view(
        "2", words, facets=[facet, far],
        parent=view("1", "The heating was off."),
        replies=[
            {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x/app.bsky.feed.post/b", "blocked": True},
            view("3", "Yes.", replies=[{"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x/n"}]),
            cut,
        ],
    )  # fmt: skip
    reading = read_here(json.dumps({"thread": thread}).encode())
    assert [post.text for post in reading.posts] == ["The heating was off.", words, "Yes.", "And more."]
    assert [(post.answers, post.depth) for post in reading.posts] == [(None, 0), (1, 1), (2, 2), (2, 2)]
    assert sorted((gap.kind, gap.after, gap.about) for gap in reading.gaps) == [
        (Lack.BLOCKED, 2, "at://x/app.bsky.feed.post/b"),
        (Lack.MISSING, 3, "at://x/n"),
        (Lack.TRUNCATED, 4, "3"),
    ]
    (link,) = reading.posts[1].links
    assert reading.raw[link.at :].startswith("lantern.example/cold")
    assert reading.posts[0].date == "2023-08-12T16:10:37.123Z"
    assert reading.posts[0].address == "https://bsky.app/profile/ada.example/post/1"


def x_archive(**more: bytes) -> bytes:
    opening = "The heating was off all winter at the old mill, and nobody came to look at it"
    files = {
        "data/tweets.js": script(
            "tweets",
            [
                tweet(1690402154881925121, "Second &amp; last https://t.co/x", 1690402154881925120,
                      entities={"urls": [{"url": "https://t.co/x", "expanded_url": "https://lantern.example/cold"}]}),
                tweet(1690402154881925120, opening + "… https://t.co/abc"),
            ],
        ),
        "data/tweets-part1.js": script("tweets", [tweet(1690402154881925200, "An answer to somebody", 55)]),
        "data/note-tweet.js": script(
            "note_tweet",
            [{"noteTweet": {"noteTweetId": "9", "createdAt": "2023-08-12T16:10:37.000Z",
                            "core": {"text": opening + ", nor did anybody answer the letters we sent."}}}],
        ),
        "data/account.js": script("account", [{"account": {"username": "quill_of_mill", "accountDisplayName": "Ada"}}]),
        "data/direct-messages.js": b"window.YTD.direct_messages.part0 = [ {not even JSON} ]",
    }  # fmt: skip
    return zipped({**files, **more})


def test_an_account_archive_is_read_in_order_and_its_long_posts_are_joined() -> None:
    reading = read_here(x_archive())
    assert reading.kind is Kind.X_ARCHIVE
    first, second, third = reading.posts
    assert first.text.endswith("the letters we sent.")
    assert Flagged.JOIN_INFERRED in {flag.code for flag in first.flags}
    assert (second.text, second.answers, second.author) == ("Second & last https://t.co/x", 1, "Ada @quill_of_mill")
    assert [link.target for link in second.links] == ["https://lantern.example/cold"]
    assert reading.gaps == (Gap(Lack.MISSING, 2, "55", 3),)
    assert third.date == "2023-08-12T16:10:37Z"


def test_private_messages_are_never_opened_and_their_presence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile

    opened: list[str] = []
    plain = zipfile.ZipFile.open

    def watched(self: zipfile.ZipFile, name: zipfile.ZipInfo | str, *rest: object, **more: object) -> object:
        opened.append(name if isinstance(name, str) else name.filename)
        return plain(self, name, *rest, **more)  # type: ignore[arg-type]

    data = x_archive()
    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    reading = read_here(data)
    assert Flagged.PRIVATE_INSIDE in {flag.code for flag in reading.flags}
    assert sorted(opened) == ["data/account.js", "data/note-tweet.js", "data/tweets-part1.js", "data/tweets.js"]


def test_half_a_letter_and_a_nul_are_shown_as_such_and_flagged() -> None:
    reading = read_here(json.dumps(status(1, "Cold \ud83c and \x00 dark")).encode())
    assert reading.raw == "Cold \ufffd and \ufffd dark"
    assert [flag.code for flag in reading.flags] == [Flagged.BADLY_DECODED] * 2


def test_a_script_is_never_run() -> None:
    with pytest.raises(NotRead) as refused:
        read_here(b"window.YTD.tweets.part0 = (function () { return [] })()")
    assert refused.value.reason is Unfit.DAMAGED


def test_json_that_is_no_thread_is_refused_as_such() -> None:
    with pytest.raises(NotRead) as refused:
        read_here(b'{"hello": ["world"]}')
    assert refused.value.reason is Unfit.NOT_SUCH
