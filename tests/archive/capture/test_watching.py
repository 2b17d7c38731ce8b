"""Observations: only the source says that it is gone, and a change can be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.archive.capture import Captured, Hop, NotFetched, Unreached
from safeconduct.archive.capture.watching import Observation, PostChange, Seen, Why, compare_posts, observe
from safeconduct.archive.capture.watching.observing import statements
from safeconduct.archive.likeness import Change, Changed
from safeconduct.archive.reading import Reading
from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Post
from tests.archive.capture import made

WORDS = (
    "The office wrote on Monday that the centre in Farvale closes at the end of the month. Families were told on the"
    " same day to pack. Two of them have school places for September and asked to stay until then. Nobody answered."
)
MORE = (
    "A second letter came on Friday. It names another town and another date, and says that transport is arranged for"
    " everybody who lives there, without saying where to. The council had heard nothing of it until noon."
)


def page(*posts: str, title: str = "Letters from Farvale", head: str = "", around: str = "") -> bytes:
    articles = "".join(
        f"<article><h2>Letter {number}</h2><p>{post}</p></article>" for number, post in enumerate(posts, 1)
    )
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{around}<main>{articles}</main></body></html>".encode()
    )


BEFORE = made.fetched(page(WORDS, MORE), target="https://farvale.example/letters")


def then(body: bytes, status: int = 200, **changed: object) -> Captured:
    return replace(BEFORE, body=body, status=status, wire=None, **changed)  # type: ignore[arg-type]


def reader(source: Captured) -> Reading:
    """In this very process: what is read here is ours."""
    return read_here(source.body, name=source.target or "", media_type=source.media_type)


def seen(now: Captured | NotFetched, before: Captured = BEFORE) -> Observation:
    return observe(before, now, reader=reader)


def said(body: str, status: int = 200, **changed: object) -> Captured:
    return then(
        f"<html><head><title>Farvale</title></head><body><p>{body}</p></body></html>".encode(), status, **changed
    )


def test_the_same_bytes_are_unchanged() -> None:
    assert seen(then(BEFORE.body)) == Observation(Seen.UNCHANGED, 200, exact=True)


def test_other_bytes_that_say_the_same_are_unchanged() -> None:
    now = seen(then(page(WORDS, MORE, head='<meta name="nonce" content="77">')))
    assert (now.seen, now.exact, now.posts) == (Seen.UNCHANGED, False, ())


def test_a_change_can_be_read() -> None:
    now = seen(then(page(WORDS.replace("end of the month", "end of the year"), MORE)))
    assert now.seen == Seen.CHANGED
    (one,) = now.posts
    removed = [each.text for each in one.changes if each.what is Changed.REMOVED]
    added = [each.text for each in one.changes if each.what is Changed.ADDED]
    assert (removed, added) == (["month"], ["year"])


def post(number: int, title: str | None, text: str) -> Post:
    return Post(number, title, None, None, None, text, 0, len(text))


def test_posts_that_went_came_moved_and_changed_are_told_apart() -> None:
    buses = "Somebody else wrote about buses."
    before = [post(1, "One", WORDS), post(2, "Two", MORE), post(3, None, "Short.")]
    after = [post(1, None, "Short."), post(2, "Buses", buses), post(3, "One, again", WORDS + " Not yet.")]
    came, changed, went = compare_posts(before, after)
    assert came == PostChange(None, 2, "Buses", (Change(Changed.ADDED, f"Buses\n{buses}"),))
    assert (changed.before, changed.after) == (1, 3)
    assert [one.text for one in changed.changes if one.what is Changed.ADDED] == [", again", ". Not yet"]
    assert (went.before, went.after, went.title) == (2, None, "Two")
    assert [one.what for one in went.changes] == [Changed.REMOVED]


def test_a_post_of_the_same_title_is_the_same_post() -> None:
    (one,) = compare_posts(
        [post(1, "Prices", "Two pounds."), post(2, "B", "b")], [post(1, "Prices", "Nine."), post(2, "B", "b")]
    )
    assert (one.before, one.after) == (1, 1)


@pytest.mark.parametrize("reason", list(Unreached))
def test_what_was_not_fetched_is_unreachable(reason: Unreached) -> None:
    now = seen(NotFetched(reason))
    assert (now.seen, now.why, now.unreached) == (Seen.UNREACHABLE, Why.NOT_FETCHED, reason)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        pytest.param(said("Not here.", 404), Why.NOT_FOUND, id="404"),
        pytest.param(said("Slow down.", 429), Why.THROTTLED, id="429"),
        pytest.param(said("Too many requests"), Why.THROTTLED, id="throttle that says 200"),
        pytest.param(said("Checking your browser before you go on"), Why.THROTTLED, id="a service in front"),
        pytest.param(said("No.", 403), Why.REFUSED, id="403"),
        pytest.param(said("Who are you?", 401), Why.ASKED_TO_SIGN_IN, id="401"),
        pytest.param(said("Not in your country.", 451), Why.REFUSED, id="451"),
        pytest.param(said("Oh.", 500), Why.SERVER_FAILED, id="500"),
        pytest.param(said("Later.", 503), Why.THROTTLED, id="503"),
        pytest.param(said("Sorry! Page not found."), Why.NOT_FOUND, id="not found that says 200"),
        pytest.param(said("Sign in to continue"), Why.ASKED_TO_SIGN_IN, id="login in words"),
        pytest.param(said('Farvale <input name=p type="password">'), Why.ASKED_TO_SIGN_IN, id="login form"),
        pytest.param(
            said(
                "Welcome to Farvale",
                target="https://farvale.example/account/login?next=/letters",
                hops=(Hop("https://farvale.example/letters", 302, "/account/login?next=/letters"),),
            ),
            Why.ASKED_TO_SIGN_IN,
            id="sent to a login",
        ),
        pytest.param(then(b"<html><body><script>app()</script></body></html>"), Why.NOTHING_TO_READ, id="no words"),
        pytest.param(then(b""), Why.NOTHING_TO_READ, id="no bytes"),
    ],
)
def test_what_says_nothing_of_the_source_is_never_a_deletion(now: Captured, why: Why) -> None:
    found = seen(now)
    assert (found.seen, found.why) == (Seen.UNREACHABLE, why)


def test_gone_is_what_the_source_itself_says() -> None:
    assert seen(said("Gone.", 410)) == Observation(Seen.GONE, 410, Why.STATUS_GONE)
    for status in (200, 404):
        now = seen(said("This Post was deleted by the Post author. Learn more", status))
        assert (now.seen, now.why) == (Seen.GONE, Why.SAID_GONE)
        assert now.statement is not None
        assert now.statement.status in ("V", "M")


def test_words_quoted_in_a_page_that_is_still_there_say_nothing() -> None:
    quoting = page(WORDS, MORE + " The reply: this page has been withdrawn, too many requests, page not found.")
    assert seen(then(quoting)).seen == Seen.CHANGED
    # Nor do words that stood there all along.
    about = made.fetched(page("How to read the words: this page has been withdrawn."), target=BEFORE.target or "")
    assert seen(then(page("A guide to the words: this page has been withdrawn.")), about).seen == Seen.CHANGED


def test_a_long_page_about_something_else_is_a_change() -> None:
    other = " ".join(f"word{number} about a bus that leaves at {number}" for number in range(120))
    now = seen(then(page(other + " This page has been withdrawn.")))
    assert now.seen == Seen.CHANGED


def test_what_cannot_be_read_is_said_to_differ() -> None:
    now = seen(then(b"%PDF-1.7 nothing in it", media_type="application/pdf"))
    assert (now.seen, now.unread) == (Seen.CHANGED, True)


def test_every_statement_says_where_it_is_from() -> None:
    for one in statements():
        assert one.means in {"gone", Why.ASKED_TO_SIGN_IN, Why.THROTTLED, Why.NOT_FOUND}
        assert one.says == " ".join(one.says.casefold().split())
        assert one.status in ("V", "M")
