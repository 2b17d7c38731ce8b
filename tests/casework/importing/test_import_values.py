"""What cells say: kinds, routes, replies, births, ways to reach somebody, and references of the office's own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.casework.importing.births import read_birth
from safeconduct.casework.importing.contact import read_emails, read_phones, read_postcode, safe_contact
from safeconduct.casework.importing.own_reference import own_key
from safeconduct.casework.importing.phrases import KINDS, event_of, read_kind, read_reply, read_route

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("ASYLUM (child)", "asylum"),
        ("Asylum – delay", "asylum"),
        ("asylum support", "support_accommodation"),
        ("Hotel move", "support_accommodation"),
        ("Spouse visa", "family"),
        ("Family reunion", "family"),
        ("ILR", "settlement_citizenship"),
        ("EUSS", "settlement_citizenship"),
        ("Citizenship", "settlement_citizenship"),
        ("Visit visa refusal", "visit_work_study"),
        ("Skilled worker", "visit_work_study"),
        ("Passport - urgent", "passport_travel"),
        ("Travel doc", "passport_travel"),
        ("detention", "detention_removal"),
        ("Reporting", "reporting"),
        ("eVisa problem", "status_documents"),
        ("e-visa problem", "status_documents"),
        ("Potholes", "other"),
        ("", "other"),
    ],
)
def test_kinds_of_case_are_read_broadly(written: str, kind: str) -> None:
    assert read_kind(written).value == kind
    assert kind in KINDS


@pytest.mark.parametrize("scheme", ["ARAP", "ACRS", "Homes for Ukraine", "Hong Kong BNO", "NRM / trafficking"])
def test_a_scheme_that_says_who_somebody_is_stays_out_of_the_open_kind(scheme: str) -> None:
    assert (read_kind(scheme).value, read_kind(scheme).sure) == ("other", True)


@pytest.mark.parametrize(
    ("written", "route"),
    [
        ("MPAM", "ho_mp"),
        ("UKVI MP Enquiries", "ho_mp"),
        ("MP urgent enquiries", "ho_mp_urgent"),
        ("minister", "ho_minister"),
        ("HMPO MP hotline", "hmpo_hotline"),
        ("Migrant Help", "migrant_help"),
        ("FOI team", "foi"),
        ("DSAR", "sar"),
        ("UKVI complaints", "complaint"),
        ("the council", "other"),
    ],
)
def test_routes_are_read(written: str, route: str) -> None:
    assert read_route(written).value == route


@pytest.mark.parametrize(
    ("said", "shape", "event"),
    [
        ("ack only", "acknowledgement_only", "acknowledged"),
        ("holding reply", "holding_reply", "holding_reply"),
        ("complex - outside service standards", "outside_standards", "holding_reply"),
        ("Your case is not straightforward", "outside_standards", "holding_reply"),
        ("no timeframe", "no_timeframe", "holding_reply"),
        ("asked for consent form", "consent_required", "holding_reply"),
        ("passed to HMPO", "transferred", "holding_reply"),
        ("sent to wrong MP", "wrong_recipient", "holding_reply"),
        ("about someone else (!)", "wrong_person", "holding_reply"),
        ("granted!", "granted", "decided"),
        ("refused, appeal rights", "refused", "decided"),
        ("visa not granted", "refused", "decided"),
        ("full reply", "substantive", "answered"),
        ("visa issued 3 March", "granted", "decided"),
    ],
)
def test_replies_are_read_by_what_they_amount_to(said: str, shape: str, event: str) -> None:
    reading = read_reply(said)
    assert (reading.value, reading.sure, event_of(reading.value)) == (shape, True, event)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "letter dated 3rd",
        "will be granted in due course",
        "not approved yet",
        "awaiting decision, should be approved",
        "delay, then granted?",
        "no decision made",
        "will let us know when visa issued",
    ],
)
def test_a_reply_that_may_not_answer_leaves_the_enquiry_open_and_unsure_texts_are_said(said: str) -> None:
    reading = read_reply(said)
    assert event_of(reading.value) == "holding_reply"


@pytest.mark.parametrize("said", ["", "letter dated 3rd", "delay, then granted", "not approved yet"])
def test_texts_that_cannot_be_told_are_marked_so(said: str) -> None:
    assert not read_reply(said).sure


@pytest.mark.parametrize(
    ("written", "precision", "parts", "doubt"),
    [
        ("20/03/1956", "day", (1956, 3, 20), ""),
        ("08/11/1987", "day", (1987, 11, 8), ""),
        ("2011-02-19", "day", (2011, 2, 19), ""),
        ("1 Jan 1977", "day", (1977, 1, 1), ""),
        ("abt 2001", "estimated", (2001, None, None), ""),
        ("1998?", "estimated", (1998, None, None), ""),
        ("1998/99", "estimated", (1998, None, None), ""),
        ("aged 34", "estimated", (1992, None, None), ""),
        ("34 yrs", "estimated", (1992, None, None), ""),
        ("Mar 1998", "month", (1998, 3, None), ""),
        ("1998", "year", (1998, None, None), ""),
        ("DOB: 1 March 1998", "day", (1998, 3, 1), ""),
        ("", "unknown", (None, None, None), ""),
        ("not known", "unknown", (None, None, None), ""),
        ("32 Nov 1990", "unknown", (None, None, None), "not_read"),
        ("03/25/1985", "unknown", (None, None, None), "not_read"),
        ("1/1/2030", "unknown", (None, None, None), "in_future"),
        ("12/06/1375", "unknown", (None, None, None), "other_calendar"),
        ("1/1/1850", "unknown", (None, None, None), "too_long_ago"),
        ("34", "unknown", (None, None, None), "not_read"),
    ],
)
def test_births_keep_their_precision_and_their_words(
    written: str, precision: str, parts: tuple[int | None, ...], doubt: str
) -> None:
    birth = read_birth(written, today=TODAY)
    assert (birth.precision, (birth.year, birth.month, birth.day), birth.doubt) == (precision, parts, doubt)
    assert birth.as_written == written


def test_a_real_day_and_a_column_of_ages_are_read() -> None:
    assert read_birth(date(1977, 1, 1), today=TODAY).full == date(1977, 1, 1)
    assert read_birth("34", today=TODAY, ages=True).year == 1992


@given(st.text(max_size=25))
def test_no_text_in_a_birth_cell_raises(text: str) -> None:
    assert read_birth(text, today=TODAY).precision


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("do NOT write to address", "no_post"),
        ("Don't write", "no_post"),
        ("no letters please", "no_post"),
        ("do not call", "no_phone"),
        ("DON'T TEXT", "no_text"),
        ("never email", "no_email"),
        ("do not leave a voicemail", "no_message"),
        ("do not contact husband", "no_contact"),
        ("safe to text only", "one_way_only"),
        ("WhatsApp only", "one_way_only"),
        ("only call between 9 and 11", "ask_first"),
        ("husband reads her post", "watched"),
    ],
)
def test_how_somebody_may_be_reached_is_noticed(text: str, caution: str) -> None:
    found = safe_contact((f"interpreter needed\n{text}",))
    assert found is not None
    assert found.note == text
    assert caution in found.cautions


@pytest.mark.parametrize("text", ["interpreter needed", "line one\nline two", "mum is Mariam too", "", "hotel, room 4"])
def test_other_notes_are_no_cautions(text: str) -> None:
    assert safe_contact((text,)) is None


@pytest.mark.parametrize(
    ("text", "numbers", "rest"),
    [
        ("07700 900467", ("07700 900467",), ""),
        ("07700 900467 / 07700 900468", ("07700 900467", "07700 900468"), ""),
        ("+44 7700 900467", ("+44 7700 900467",), ""),
        ("07700 900467 (wife)", ("07700 900467",), "wife"),
        ("ask Sian", (), "ask Sian"),
        ("", (), ""),
    ],
)
def test_telephone_numbers_are_kept_as_written(text: str, numbers: tuple[str, ...], rest: str) -> None:
    found = read_phones(text)
    assert (found.numbers, found.rest, found.zero_restored) == (numbers, rest, False)


def test_a_zero_that_a_spreadsheet_dropped_is_put_back_and_said() -> None:
    found = read_phones("7700900467")
    assert (found.numbers, found.zero_restored) == (("07700900467",), True)


def test_mail_addresses_and_postcodes_are_found() -> None:
    assert read_emails("a@example.org; B <b@example.org>") == ("a@example.org", "b@example.org")
    assert read_postcode("1 High Street, zz1 2ab") == "ZZ1 2AB"
    assert read_postcode("nowhere") == ""


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("IM/0001", "im - 0001 ", True),
        ("IM/0001", "IM 0001", True),
        ("0012", "12", True),
        ("IM/0001", "IM/00/01", False),
        ("IM/0001", "IM/1", False),
        ("IM/0001", "IM/0002", False),
    ],
)
def test_own_references_compare_across_ways_of_typing(one: str, two: str, same: bool) -> None:
    assert (own_key(one) == own_key(two)) is same


def test_a_reference_without_a_letter_or_digit_is_none() -> None:
    assert own_key(" - ") == ""
