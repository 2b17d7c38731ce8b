"""References: told apart by shape, kept as typed, never refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.names import Caution, Kind, normal, recognise, warn

ONE = [
    ("7209-4056-1125-5762", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("7209 4056 1125 5762", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("7209405611255762", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("7209–4056–1125–5762", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("٧٢٠٩-٤٠٥٦-١١٢٥-٥٧٦٢", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("UAN: 7209-4056-1125-5762", Kind.UAN, "7209-4056-1125-5762", "verified"),
    ("GWF012345678", Kind.GWF, "GWF012345678", "verified"),
    ("gwf 012345678", Kind.GWF, "GWF012345678", "verified"),
    ("IHS123456789", Kind.IHS, "IHS123456789", "verified"),
    ("12345678", Kind.HO_NUMBER, "012345678", "verified"),
    ("S7089061", Kind.HO_FILE, "S7089061", "unconfirmed"),
    ("a1234567/2", Kind.HO_FILE, "A1234567/2", "unconfirmed"),
    ("TN5/123456", Kind.PORT, "TN5/123456", "unconfirmed"),
    ("12/03/01234/001", Kind.ASYLUM_SUPPORT, "12/03/01234/001", "unconfirmed"),
    ("AS/12/03/01234", Kind.AST, "AS/12/03/01234", "unconfirmed"),
    ("PA/01234/2024", Kind.FTT, "PA/01234/2024", "verified"),
    ("HU 01234 2024", Kind.FTT, "HU/01234/2024", "verified"),
    ("AA/01234/2014", Kind.FTT, "AA/01234/2014", "verified"),
    ("UI-2024-001234", Kind.UT, "UI-2024-001234", "verified"),
    ("JR/2801/2019", Kind.UT_JR, "JR/2801/2019", "verified"),
    ("JR-2024-LON-000123", Kind.UT_JR, "JR-2024-LON-000123", "unconfirmed"),
    ("AC-2024-LON-003989", Kind.ADMIN_COURT, "AC-2024-LON-003989", "verified"),
    ("CO/1234/2017", Kind.ADMIN_COURT, "CO/1234/2017", "verified"),
    ("HX/12345", Kind.BAIL, "HX/12345", "verified"),
    ("MPAM/0123456/26", Kind.HO_LETTER, "MPAM/0123456/26", "verified"),
    ("W12 345 678", Kind.SHARE_CODE, "W12345678", "unconfirmed"),
    ("943 476 5919", Kind.NHS, "9434765919", "unconfirmed"),
    ("P-000000", Kind.PHSO, "P-000000", "unconfirmed"),
    ("IC-123456-A1B2", Kind.ICO, "IC-123456-A1B2", "unconfirmed"),
    ("ARC/X123456", Kind.ARC, "ARCX123456", "unconfirmed"),
    ("Ab 12 c", Kind.OTHER, "AB12C", "unconfirmed"),
]


@pytest.mark.parametrize(("typed", "kind", "form", "status"), ONE, ids=[line[0] for line in ONE])
def test_one_reference(typed: str, kind: Kind, form: str, status: str) -> None:
    assert [(found.kind, found.normal, found.status) for found in recognise(typed)] == [(kind, form, status)]
    assert warn(kind, typed) is None
    if kind is not Kind.UAN or ":" not in typed:
        assert normal(kind, typed) == form


@pytest.mark.parametrize(
    "typed",
    [
        "S7089061 / 7209-4056-1125-5762",
        "S7089061/7209-4056-1125-5762",
        "S7089061 7209-4056-1125-5762",
        "S7089061, 7209-4056-1125-5762",
        "S7089061;7209-4056-1125-5762",
        "S7089061 and 7209-4056-1125-5762",
        "S7089061\n7209-4056-1125-5762",
        "HO ref: S7089061 | UAN 7209-4056-1125-5762",
        "S7089061 / 7209-4056-1125-5762 / S7089061",
    ],
)
def test_two_references_in_one_cell(typed: str) -> None:
    found = recognise(typed)
    assert [(one.kind, one.normal) for one in found] == [
        (Kind.HO_FILE, "S7089061"),
        (Kind.UAN, "7209-4056-1125-5762"),
    ]
    assert warn(Kind.UAN, typed) is Caution.SEVERAL


def test_a_number_with_slashes_of_its_own_is_not_split() -> None:
    assert [one.normal for one in recognise("PA/01234/2024 / A1234567/2")] == ["PA/01234/2024", "A1234567/2"]


def test_the_value_stays_as_typed() -> None:
    assert recognise("gwf 012345678")[0].value == "gwf 012345678"


@pytest.mark.parametrize("typed", ["", "   ", "n/a", "to follow", "-", "see notes"])
def test_text_without_a_digit_is_no_reference(typed: str) -> None:
    assert recognise(typed) == ()


@pytest.mark.parametrize(
    ("kind", "typed", "caution"),
    [
        (Kind.UAN, "", Caution.EMPTY),
        (Kind.UAN, "7209-4056-1125", Caution.NOT_THE_USUAL_SHAPE),
        (Kind.UAN, "S7089061", Caution.LOOKS_LIKE_ANOTHER_KIND),
        (Kind.NHS, "943 476 5918", Caution.CHECK_DIGIT),
        (Kind.OTHER, "9" * 61, Caution.TOO_LONG),
        (Kind.OWN, "IM/0001", None),
        (Kind.OTHER, "whatever 12", None),
        (Kind.PASSPORT, "123456789", None),
        (Kind.PASSPORT, "7209-4056-1125-5762", Caution.LOOKS_LIKE_ANOTHER_KIND),
        (Kind.BAIL, "7209-4056-1125-5762", None),
    ],
)
def test_warnings(kind: Kind, typed: str, caution: Caution | None) -> None:
    assert warn(kind, typed) is caution


@given(st.text(max_size=80))
def test_any_text_is_read_without_refusal(text: str) -> None:
    found = recognise(text)
    assert all(one.normal and one.value for one in found)
    assert len({(one.kind, one.normal) for one in found}) == len(found)
    for kind in Kind:
        warn(kind, text)
        normal(kind, text)


@given(st.from_regex(r"\A[0-9]{4}(-[0-9]{4}){3}\Z"), st.sampled_from(["-", "", " "]))
def test_every_uan_has_one_normal_form(uan: str, between: str) -> None:
    assert [(one.kind, one.normal) for one in recognise(uan.replace("-", between))] == [(Kind.UAN, uan)]
