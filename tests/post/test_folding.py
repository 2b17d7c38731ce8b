"""What is new in a message and what it repeats: folded, never taken away, and only the new is labelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.post import labels
from safeconduct.post.reading.folding import Fold, fold, quoted, said

NEW = "Dear Member,\n\nThe application remains under consideration."
OLD = "We have passed your letter to HM Passport Office."


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("\n\n> {old}", id="marks"),
        pytest.param("\n\nOn Fri, 20 Nov 2026 at 09:00, Office <office@mp.example> wrote:\n> {old}", id="wrote"),
        pytest.param(
            "\n\nOn Friday 20 November 2026 at 09:00 Office of Rhian Made-Up MP\n<office@mp.example> wrote:\n\n{old}",
            id="wrapped",
        ),
        pytest.param("\n\n-----Original Message-----\nFrom: office@mp.example\n{old}", id="original"),
        pytest.param(
            "\n\n________________________________\nFrom: Office\nSent: 20 November 2026\nTo: MPAM\nSubject: x\n\n{old}",
            id="outlook",
        ),
        pytest.param("\n\nFrom: Office <office@mp.example>\nDate: Friday\nTo: MPAM\nSubject: x\n\n{old}", id="headers"),
        pytest.param("\n\n*From:* Office\n*Sent:* Friday\n*To:* MPAM\n\n{old}", id="bold headers"),
        pytest.param("\n\nAr Gwe, 20 Tach 2026 ysgrifennodd Office:\n> {old}", id="welsh"),
    ],
)
def test_what_is_quoted_is_not_said(between: str) -> None:
    text = NEW + between.format(old=OLD)
    assert said(text).strip() == NEW
    assert OLD in quoted(text)
    assert "transferred" not in labels.labels_of(said(text))
    assert "transferred" in labels.labels_of(quoted(text))


def test_answers_between_quoted_lines_are_new() -> None:
    text = "On Friday Office wrote:\n> When was it?\n\nIt was on 3 March.\n\n> Who decides?\n\nA caseworker in Leeds."
    assert " ".join(said(text).split()) == "It was on 3 March. A caseworker in Leeds."


def test_a_message_that_was_only_passed_on_is_what_was_passed_on() -> None:
    headers = "From: MPAM <mpam@ho.example>\nDate: Friday\nSubject: x\nTo: office@mp.example"
    forwarded = f"FYI\n\n---------- Forwarded message ---------\n{headers}\n\n{OLD}\n\n> our letter"
    assert said(forwarded, "Fwd: x").strip() == OLD
    plain = f"-----Original Message-----\nFrom: MPAM\nSent: Friday\nTo: office@mp.example\nSubject: x\n\n{OLD}"
    assert said(plain, "FW: x").strip() == OLD
    # Of a reply it is only what it answers.
    assert OLD not in said(plain, "RE: x")


def test_a_comment_on_what_is_passed_on_is_what_is_said() -> None:
    text = f"Sian, please ring them about this one on Monday.\n\n---------- Forwarded message ---------\n\n{OLD}"
    assert OLD not in said(text, "FW: x")


def test_below_a_signature_nothing_is_said() -> None:
    text = f"{NEW}\n-- \nMP Account Management\nThis email was received by the wrong team."
    assert said(text).strip() == NEW


def test_the_word_from_alone_is_no_header() -> None:
    text = "The letter came\nFrom: the team in Leeds\nand it says nothing new."
    assert {one.fold for one in fold(text)} == {Fold.NEW}


@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "> a",
                "On x y wrote:",
                "From: a",
                "Sent: b",
                "To: c",
                "-- ",
                "new words",
                "-----Original Message-----",
                "Begin forwarded message:",
            ]
        ),
        max_size=14,
    )
)
def test_the_passages_together_are_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert "\n".join(one.text for one in fold(text)) == text
