"""Messages as they travel, hostile ones among them: read within bounds, or refused with a reason."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.post.reading import files, html, mbox
from safeconduct.post.reading.letter import MOST_BYTES, Letter, Refused, Unread

PLAIN = (
    b"From: MP Enquiries <MPEnquiries@HO.example>\r\nTo: office@mp.example\r\n"
    b"Subject: =?utf-8?q?Your_letter_=E2=80=93_x?=\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
    b"Message-ID: <1.A@HO.example>\r\n\r\nDear Member,\r\n\r\nIt was granted."
)


def only(data: bytes) -> Letter:
    [found] = files.letters(data)
    assert isinstance(found, Letter), found
    return found


def why(data: bytes) -> Unread:
    [found] = files.letters(data)
    assert isinstance(found, Refused)
    return found.code


def test_a_plain_message_is_read() -> None:
    letter = only(PLAIN)
    assert (letter.sender, letter.sender_name, letter.to) == (
        "mpenquiries@ho.example",
        "MP Enquiries",
        ("office@mp.example",),
    )
    assert letter.subject == "Your letter – x"
    assert letter.sent_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert letter.message_id == "1.A@ho.example"
    assert letter.plain == "Dear Member,\n\nIt was granted."
    assert letter.faults == ()


def test_text_is_made_of_html_where_there_is_no_other() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@ho.example", "x"
    message.set_content("<p>Dear Member,</p><p>Not <b>decided</b>.<br>No date.</p><style>p{}</style>", subtype="html")
    letter = only(message.as_bytes())
    assert letter.plain == "Dear Member,\n\nNot decided.\nNo date."
    assert letter.faults == ("no_date",)


def test_files_that_came_with_it_are_told_from_its_text() -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "a@ho.example", "Fri, 20 Nov 2026 09:00:00 +0000"
    message.set_content("See the letter.")
    message.add_attachment(b"%PDF-1.4 ...", maintype="application", subtype="pdf", filename="../../letter\u202e.pdf")
    message.add_attachment("inside", subtype="plain", filename="note.txt")
    letter = only(message.as_bytes())
    assert letter.plain.strip() == "See the letter."
    assert [(one.name, one.data[:6]) for one in letter.attached] == [
        ("../../letter.pdf", b"%PDF-1"),
        ("note.txt", b"inside"),
    ]


def test_a_message_in_a_message_is_a_file() -> None:
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Inner", "b@ho.example"
    inner.set_content("hidden words")
    outer = EmailMessage()
    outer["From"] = "a@ho.example"
    outer.set_content("Outer words.")
    outer.add_attachment(inner)
    letter = only(outer.as_bytes())
    assert "hidden words" not in letter.plain
    assert [one.name for one in letter.attached] == ["Inner.eml"]
    assert b"hidden words" in letter.attached[0].data


def nested(depth: int) -> bytes:
    return b"From: a@ho.example\r\n" + b"Content-Type: message/rfc822\r\n\r\nFrom: b@x.example\r\n" * depth + b"\r\nend"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", Unread.EMPTY, id="empty"),
        pytest.param(b"\n \r\n", Unread.EMPTY, id="blank"),
        pytest.param(b"just some notes\nfrom a meeting\n", Unread.NOT_MAIL, id="notes"),
        pytest.param(b"PK\x03\x04zip", Unread.NOT_MAIL, id="archive"),
        pytest.param(b'{"a": 1}', Unread.NOT_MAIL, id="json"),
        pytest.param(PLAIN + b"x" * MOST_BYTES, Unread.TOO_LARGE, id="too large"),
        pytest.param(
            b"From: a@b.example\r\nX-A: " + b"y" * 200_000 + b"\r\n\r\nx", Unread.HEADERS_TOO_LARGE, id="header"
        ),
        pytest.param(
            b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"From: a@b.example\r\n\r\nx",
            Unread.NOT_MAIL,
            id="many headers",
        ),
        pytest.param(nested(60), Unread.TOO_DEEP, id="nested"),
        pytest.param(nested(5_000), Unread.TOO_DEEP, id="nested deep"),
        pytest.param(
            b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
            Unread.TOO_MANY_PARTS,
            id="parts without a type",
        ),
        *(
            pytest.param(
                b"From: a@b.example\r\nContent-Type: multipart/mixed; "
                + said
                + b"\r\n\r\n"
                + b"--ab\r\n\r\n" * 100_000,
                Unread.TOO_MANY_PARTS,
                id=f"boundary as {said!r}",
            )
            for said in (b"boundary*0=a; boundary*1=b", b"boundary\r\n =ab", b'boundary="a\\b"', b"boundary(x)=ab")
        ),
        pytest.param(
            b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\nContent-Type: text/plain; "
            + b"a=b; " * 200_000
            + b"\r\n\r\nx",
            Unread.HEADERS_TOO_LARGE,
            id="header of a part",
        ),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Unread.DAMAGED, id="msg cut short"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, Unread.DAMAGED, id="msg of nonsense"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(data: bytes, code: Unread) -> None:
    assert why(data) is code


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"Content-Type: text/plain; charset=nonsense\r\n\r\ncaf\xe9", id="unknown charset"),
        pytest.param(b"Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9", id="wrong charset"),
        pytest.param(b"Content-Type: text/plain; charset=utf-7\r\n\r\ncaf\xe9", id="odd charset"),
        pytest.param(b"Content-Type: text/plain; charset=windows-1252\r\n\r\ncaf\xe9", id="said charset"),
    ],
)
def test_a_charset_that_is_wrong_costs_no_letter(body: bytes) -> None:
    assert only(b"From: a@ho.example\r\n" + body).plain == "café"


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape"])
def test_what_is_no_charset_is_not_undone(name: str) -> None:
    """Undoing 20 MB of punycode would take hours."""
    letter = only(f"From: a@ho.example\r\nContent-Type: text/plain; charset={name}\r\n\r\n".encode() + b"a-\\x41" * 99)
    assert letter.plain == "a-\\x41" * 99
    assert "charset" in letter.faults


def test_nothing_that_is_not_seen_stays_in_the_text() -> None:
    letter = only(b"From: a@ho.example\r\nSubject: a\0b\x1b[31m\r\n\r\nli\0ne\x07\xc2\x9b one\r\nline two\xc2\x85")
    assert (letter.subject, letter.plain) == ("ab[31m", "line one\nline two")


@pytest.mark.parametrize(
    "head",
    [
        b"From: =?utf-8?q?=FF=FE?= <a@ho.example>",
        b'From: "unclosed <a@ho.example>',
        b"From: a@ho.example\r\nDate: the day after tomorrow",
        b"From: a@ho.example\r\nDate: Fri, 99 Nov 99999 99:99:99 +9999",
        b"From: a@ho.example\r\nContent-Type: ;;;=;\r\nContent-Disposition: ;filename*=''%",
        b"From: a@ho.example\r\nContent-Type: multipart/mixed",
        b'From: a@ho.example\r\nContent-Type: multipart/alternative; boundary=""',
        b"From: a@ho.example\r\nTo: " + b"<" * 5000,
        b"From: a@ho.example\r\nTo: " + b"(" * 5000 + b" b@mp.example",
        b"From: a@ho.example\r\nContent-Transfer-Encoding: base64",
        b"Subject: nobody wrote this",
        b"From: a@ho.example\r\nReferences: " + b"<a@b> " * 2000,
    ],
)
def test_damaged_headers_are_survived(head: bytes) -> None:
    letter = only(head + b"\r\n\r\nSome words.")
    assert len(letter.answers) <= 60


@given(st.binary(max_size=600))
def test_no_bytes_at_all_raise_anything_but_a_refusal(tail: bytes) -> None:
    for start in (
        b"",
        b"From: a@ho.example\r\n",
        b"From: a@ho.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    ):
        list(files.letters(start + tail))


def test_an_mbox_gives_each_of_its_messages() -> None:
    box = (
        b"From a@ho.example Fri Nov 20 09:00:00 2026\n"
        + PLAIN.replace(b"\r\n", b"\n")
        + b"\n>From here on it is quoted.\n\nFrom 9 March 2026 everybody has 42 days.\n\n"
    )
    box += b"From b@ho.example Fri Nov 20 10:00:00 2026\nFrom: b@ho.example\n\nSecond.\n\nFrom the heart.\n"
    first, second = files.letters(box)
    assert isinstance(first, Letter)
    assert isinstance(second, Letter)
    assert first.plain.endswith("From here on it is quoted.\n\nFrom 9 March 2026 everybody has 42 days.")
    assert second.plain == "Second.\n\nFrom the heart."


def test_one_bad_message_of_an_mbox_does_not_stop_the_others() -> None:
    box = b"From a Fri Nov 20 09:00:00 2026\n\nnot a header\n\n"
    box += b"From b Fri Nov 20 10:00:00 2026\nFrom: b@ho.example\n\nSecond.\n"
    first, second = files.letters(box)
    assert isinstance(first, Refused)
    assert isinstance(second, Letter)


def test_a_long_message_of_an_mbox_is_not_held_whole() -> None:
    stream = io.BytesIO(b"From a Fri Nov 20 09:00:00 2026\nFrom: a@ho.example\n\n" + b"x\n" * (MOST_BYTES // 2 + 5000))
    stream.seek(0, io.SEEK_END)
    stream.write(b"\nFrom b Fri Nov 20 09:00:00 2026\nFrom: b@ho.example\n\nSecond.\n")
    stream.seek(0)
    first, second = mbox.messages(stream)
    assert len(first) == MOST_BYTES + 1
    assert second == b"From: b@ho.example\n\nSecond."


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=http://t.example/x.gif onerror=alert(1)>",
        '<img src="data:image/svg+xml;base64,AAAA">',
        "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
        "<iframe src=//t.example></iframe><object data=x></object><embed src=x>",
        "<a href='javascript:alert(1)'>x</a><a href='http://t.example/?a=1' ping=//t.example>y</a>",
        "<p style='background:url(http://t.example/x)'>x</p><style>@import url(//t.example)</style>",
        "<form action=//t.example><input name=a autofocus onfocus=alert(1)><button>go</button></form>",
        "<link rel=stylesheet href=//t.example><base href=//t.example><meta http-equiv=refresh content='0;url=//t'>",
        "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<table background=//t.example><td background=//t.example>x",
        "<video src=//t.example poster=//t.example><audio src=//t.example><source srcset=//t.example>",
    ],
)
def test_html_is_left_with_nothing_that_runs_or_fetches(hostile: str) -> None:
    shown = html.clean(f"<div>before{hostile}after</div>").lower()
    tags = shown.replace("(http://t.example/?a=1)", "")
    for word in (
        "script",
        "onerror",
        "onload",
        "onfocus",
        "src",
        "href",
        "style",
        "t.example",
        "alert",
        "<a",
        "<img",
        "<form",
    ):
        assert word not in tags
    assert "before" in shown


def test_html_shows_where_a_link_leads_as_text() -> None:
    shown = html.clean(
        '<p>See <a href="https://www.gov.uk/x?a=1&b=2">our page</a> or'
        ' <a href="mailto:a@b.example">a@b.example</a>.</p>'
    )
    assert shown == "<p>See our page (https://www.gov.uk/x?a=1&amp;b=2) or a@b.example.</p>"


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 50_000,
        "<b " * 60_000,
        "<a href=x>" * 40_000,
        "<!--" * 60_000,
        "&" * 200_000,
        "<blockquote>" * 20_000,
        "<" + "a" * 400_000,
    ],
)
def test_html_that_is_nothing_but_tags_is_not_drawn(bomb: str) -> None:
    assert len(html.clean(bomb)) <= 400_000 * 5
    assert isinstance(html.to_text(bomb), str)


def test_a_quotation_in_html_is_marked_in_the_text() -> None:
    assert (
        html.to_text("<p>New.</p><blockquote>Old.<blockquote>Older.</blockquote></blockquote>")
        == "New.\n\n> Old.\n\n> > Older."
    )
