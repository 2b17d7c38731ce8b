"""Messages saved by Outlook: read as any other, and refused where they are built to be read for ever."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.post.reading import files, outlook
from safeconduct.post.reading.letter import Letter, Refused, Unread
from tests.support.outlook import compound, msg

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HEADERS = (
    "From: MP Enquiries <mpenquiries@ho.example>\r\nTo: Office <office@mp.example>\r\n"
    "Date: Fri, 20 Nov 2026 09:30:00 +0000\r\nMessage-ID: <1.a@ho.example>\r\nReferences: <0.a@mp.example>\r\n\r\n"
)


def only(data: bytes) -> Letter:
    [found] = files.letters(data)
    assert isinstance(found, Letter), found
    return found


def test_a_message_is_read_by_its_headers() -> None:
    letter = only(msg(headers=HEADERS, subject="Your letter – IM/0001", attached=[("letter.txt", b"words " * 900)]))
    assert (letter.sender, letter.sender_name) == ("mpenquiries@ho.example", "MP Enquiries")
    assert (letter.message_id, letter.answers) == ("1.a@ho.example", ("0.a@mp.example",))
    assert (letter.subject, letter.plain, letter.sent_at) == ("Your letter – IM/0001", "There is no timescale.", AT)
    assert letter.to == ("office@mp.example",)
    assert [(one.name, len(one.data)) for one in letter.attached] == [("letter.txt", 5400)]
    assert (letter.media, letter.faults) == ("msg", ())


def test_without_headers_its_properties_are_asked() -> None:
    letter = only(msg(sent_at=AT, message_id="<2.b@ho.example>"))
    assert (letter.sender, letter.sender_name) == ("mpenquiries@ho.example", "MP Enquiries")
    assert (letter.to, letter.sent_at, letter.message_id) == (("office@mp.example",), AT, "2.b@ho.example")


def test_a_message_that_was_never_sent_has_no_day() -> None:
    assert only(msg()).faults == ("no_date",)
    assert only(msg(sent_at=datetime(1601, 1, 1, tzinfo=UTC))).sent_at is None


def test_its_text_is_made_of_its_html_where_there_is_no_other() -> None:
    letter = only(msg(body="", html="<p>No <b>date</b>.</p><script>x</script>", sent_at=AT))
    assert letter.plain == "No date."


def test_text_that_is_rtf_alone_is_not_read_and_says_so() -> None:
    letter = only(msg(body="", rtf=b"LZFu" * 20, sent_at=AT))
    assert (letter.plain, letter.faults) == ("", ("only_rtf",))
    assert only(msg(body="", sent_at=AT)).faults == ("no_text",)
    assert only(msg(rtf=b"LZFu" * 20, sent_at=AT)).faults == ()


@pytest.mark.parametrize("code_page", [709, 1, 2**31])
def test_an_alphabet_that_nobody_knows_breaks_nothing(code_page: int) -> None:
    [found] = files.letters(msg(body="", html="<p>x</p>", code_page=code_page))
    assert isinstance(found, Refused)
    assert found.code is Unread.DAMAGED


def test_a_stream_that_claims_more_than_the_file_has_is_not_read() -> None:
    data = compound({"__properties_version1.0": bytes(5000)}, {}, claims=2**31)
    [found] = files.letters(data)
    assert isinstance(found, Refused)
    assert found.code is Unread.DAMAGED


@pytest.mark.parametrize("at", range(24, 512, 61))
def test_a_damaged_file_is_refused_or_read_and_never_breaks(at: int) -> None:
    data = bytearray(msg(headers=HEADERS))
    data[at : at + 8] = b"\xff" * 8
    [found] = files.letters(bytes(data))
    assert isinstance(found, Letter | Refused)


@given(st.integers(512, 6000), st.binary(min_size=1, max_size=40))
def test_no_change_of_its_bytes_raises_anything_but_a_refusal(at: int, said: bytes) -> None:
    data = bytearray(msg(headers=HEADERS, attached=[("a", b"b")]))
    data[at : at + len(said)] = said
    with suppress(Refused):
        outlook.read(bytes(data))
