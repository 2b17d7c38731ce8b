"""Texts, pages, feeds and papers."""

from __future__ import annotations

from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.kinds import kind_of
from safeconduct.archive.reading.shape import Flagged, Found, Kind, Reading
from tests.archive.reading import made


def codes(reading: Reading) -> set[Flagged]:
    return {flag.code for flag in reading.flags}


def stands(reading: Reading) -> None:
    for post in reading.posts:
        assert reading.raw[post.start : post.end] == post.text
        for link in post.links:
            assert link.at is None or post.start <= link.at < post.end


def test_a_blog_saved_as_text_is_split_where_its_posts_end() -> None:
    reading = read_here(made.BLOG.encode())
    stands(reading)
    assert [post.title for post in reading.posts] == [
        "Cold rooms at the old mill",
        "What to bring on Thursday",
        "Ask for “Orla” at the door, and mention “the kettle”",
    ]
    assert [post.date for post in reading.posts] == ["2020-11-03", None, "2020-11-28"]
    inferred = [post.number for post in reading.posts if any(f.code is Flagged.EDGE_INFERRED for f in post.flags)]
    assert inferred == [2]


def test_a_page_gives_its_text_and_what_it_says_of_itself() -> None:
    reading = read_here(made.PAGE.encode())
    stands(reading)
    (post,) = reading.posts
    assert (reading.title, post.title, reading.author) == ("Cold rooms | The Lantern", "Cold rooms", "Ben Orrin")
    assert (reading.date, reading.date_found_by) == ("2020-11-03T07:00:00Z", Found.METADATA)
    assert (reading.language, reading.address) == ("en-GB", "https://lantern.example/cold")
    assert post.text.startswith("Cold rooms\n\nThe rooms at the old mill")
    assert [(link.text, link.target) for link in post.links] == [("the letters", "/more")]
    assert "Words nobody sees" not in reading.raw
    assert "changed" not in reading.raw
    assert Flagged.HIDDEN in codes(reading)


def test_a_page_of_several_posts_is_split_as_it_is_marked() -> None:
    reading = read_here(made.INDEX.encode())
    stands(reading)
    one, two = reading.posts
    assert (one.title, one.author, one.date, one.date_found_by) == ("One", "Ada Quill", "2021-03-02", Found.MARKUP)
    assert one.address == "https://lantern.example/2021/03/02/one/"
    assert Flagged.CUT_TEXT in {flag.code for flag in one.flags}
    assert (two.title, two.date, two.date_found_by) == ("Two", "2021-03-05", Found.TEXT)
    assert [date.value for date in two.dates] == ["2021-03-05", "2021-02-18"]


def test_a_page_without_marks_is_split_by_its_closing_lines_and_the_titles_say_where_its_posts_are() -> None:
    blocks = "".join(
        f'<div><h2><a href="https://l.example/{name}/">{name} is what this is about</a></h2>'
        f"<p>{made.PARAGRAPHS[0]}</p>{more}</div>"
        for name, more in (
            ("One", "<p><a>Continue reading “One is what this is about”</a></p>"),
            ("Two", f"<p>{made.PARAGRAPHS[1]}</p>"),
            ("Three", "<p><a>Continue reading “Three is what this is about”</a></p>"),
        )
    )
    reading = read_here(f"<html><body><main>{blocks}</main></body></html>".encode())
    stands(reading)
    assert [(post.title, post.address) for post in reading.posts] == [
        (f"{name} is what this is about", f"https://l.example/{name}/") for name in ("One", "Two", "Three")
    ]


def test_a_date_htmldate_makes_up_of_a_month_is_not_taken() -> None:
    page = "<html><body><h1>Cold</h1><p class='date'>November 2020</p>" + "<p>Words of no weight at all.</p>" * 20
    assert read_here(page.encode()).date is None


def test_a_broken_entity_of_a_page_stays_as_it_stands() -> None:
    reading = read_here(b"<html><body><p>There was a 41&#x i;ncrease in the number, it said.</p></body></html>")
    assert "41&#x i;ncrease" in reading.raw
    assert Flagged.BROKEN_ENTITY in codes(reading)


def test_bytes_of_no_charset_are_said_to_be() -> None:
    reading = read_here("Café at the mill, they said – twice.".encode("cp1252"))
    assert reading.raw.startswith("Café at the mill")
    assert Flagged.BADLY_DECODED in codes(reading)
    utf16 = read_here("Café at the mill".encode("utf-16"))
    assert utf16.raw == "Café at the mill"
    named = read_here("<html><head><meta charset=iso-8859-9></head><body>Işıl".encode("iso-8859-9"))
    assert named.raw == "Işıl"


def test_marks_that_turn_text_around_and_controls_are_flagged() -> None:
    assert {Flagged.TURNED, Flagged.CONTROLS} <= codes(read_here("a \u202egpj.exe\u202c b \x07 c".encode()))


def test_a_feed_gives_its_entries_and_their_dates() -> None:
    reading = read_here(made.FEED.encode())
    stands(reading)
    assert (reading.kind, reading.title) == (Kind.FEED, "The Lantern")
    one, two = reading.posts
    assert (one.title, one.author, one.date, one.date_found_by) == (
        "Cold rooms", "Ben Orrin", "2020-11-03T07:00:00Z", Found.FEED,
    )  # fmt: skip
    assert one.text == "Cold rooms\n\nThe rooms were cold. More"
    assert [reading.raw[link.at :][:4] for link in one.links] == ["More"]
    assert (two.title, two.date, two.text) == ("No date", None, "No date\n\nPlain words & no date, on 3 May.")


def test_a_page_saved_whole_is_read_and_its_saving_is_no_date_of_it() -> None:
    reading = read_here(made.MHTML.encode())
    stands(reading)
    assert (reading.kind, reading.inside, reading.address) == (Kind.MHTML, Kind.HTML, "https://lantern.example/cold")
    assert reading.posts[0].title == "Cold rooms"
    bare = made.MHTML.replace(made.base64.encodebytes(made.PAGE.encode()).decode(), "PHA+Q29sZCByb29tcy48L3A+\n")
    assert read_here(bare.encode()).date is None


def test_a_pdf_gives_its_text_and_says_which_pages_have_none() -> None:
    reading = read_here(made.pdf("The rooms at the old mill were cold", "", "and nobody came, on 3 May 2020"))
    stands(reading)
    assert (reading.title, reading.author) == ("Cold rooms", "Ben Orrin")
    assert (reading.date, reading.date_found_by) == ("2020-11-03T07:00:00Z", Found.METADATA)
    assert "and nobody came" in reading.raw
    assert Flagged.PAGES_WITHOUT_TEXT in codes(reading)
    pictures = read_here(made.pdf("", ""))
    assert pictures.posts == ()
    assert Flagged.NO_TEXT in codes(pictures)


def test_what_a_file_is_is_seen_from_its_bytes() -> None:
    for data, kind in (
        (made.BLOG.encode(), Kind.TEXT),
        (made.PAGE.encode(), Kind.HTML),
        (made.FEED.encode(), Kind.FEED),
        (made.MHTML.encode(), Kind.MHTML),
        (made.pdf("x"), Kind.PDF),
        (made.THREAD.encode(), Kind.THREAD_READER),
        (made.THREAD_PAGE.encode(), Kind.THREAD_READER),
        (made.warc(("https://l.example/", "text/html", b"<p>x")), Kind.WARC),
        (made.script("tweets", []), Kind.X_ARCHIVE),
        (b"[Updated] A text that begins with a bracket", Kind.TEXT),
        ("سلام، این یک متن است".encode(), Kind.TEXT),
    ):
        assert kind_of(data, "anything.bin") is kind


def test_an_empty_source_of_addresses_is_not_mistaken_for_a_link() -> None:
    reading = read_here(b"See https://lantern.example/a, and www.mill.example. Not lantern.example alone.")
    assert [link.target for link in reading.links] == ["https://lantern.example/a", "www.mill.example"]
