"""Citations in the styles of the field, and for other programs, whatever a source calls itself."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.archive.citing.lines import Style, line
from safeconduct.archive.citing.records import bibtex, csl, csl_json
from safeconduct.archive.citing.works import Said, Work, opening, plain, said

LETTER = Work(
    key="FJF6CYBM4N0D",
    kind="html",
    accessed=date(2026, 11, 22),
    title="Open letter on the Harbour hotel",
    author="Campaign of Made-Up Town",
    container="Made-Up Town",
    said=Said(2020, 9, 18),
    address="https://campaign.example/2020/09/letter",
    language="en",
    sha256="ab" * 32,
)
BARE = Work(key="0", kind="text", accessed=date(2026, 5, 2), opening="Forty people were moved")
HOSTILE = Work(
    key="x{},\\",
    kind="bluesky",
    accessed=date(2026, 1, 3),
    title='}, author={Nobody}} @online{x, \\input{/etc/passwd} 100% & $x_1^2$ ~#"\u202eevil\n\x00',
    author="رحیمی، محمد",
    said=Said(2021, inferred=True),
    address="https://a.example/<script>{}\\ %7B ü\u202e",
)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            Style.OSCOLA,
            "Campaign of Made-Up Town, ‘Open letter on the Harbour hotel’ (Made-Up Town, 18 September 2020)"
            " <https://campaign.example/2020/09/letter> accessed 22 November 2026",
        ),
        (
            Style.HARVARD,
            "Campaign of Made-Up Town (2020) ‘Open letter on the Harbour hotel’, Made-Up Town, 18 September."
            " Available at: https://campaign.example/2020/09/letter (Accessed: 22 November 2026).",
        ),
        (
            Style.APA,
            "Campaign of Made-Up Town. (2020, September 18). Open letter on the Harbour hotel. Made-Up Town."
            " Retrieved November 22, 2026, from https://campaign.example/2020/09/letter",
        ),
        (
            Style.MLA,
            "Campaign of Made-Up Town. “Open letter on the Harbour hotel.” Made-Up Town, 18 Sept. 2020,"
            " https://campaign.example/2020/09/letter. Accessed 22 Nov. 2026.",
        ),
    ],
)
def test_a_page_with_everything_known(style: Style, expected: str) -> None:
    assert line(LETTER, style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style.OSCOLA, "‘Forty people were moved’"),
        (Style.HARVARD, "‘Forty people were moved’ (no date). (Accessed: 2 May 2026)."),
        (Style.APA, "Forty people were moved. (n.d.). Retrieved May 2, 2026."),
        (Style.MLA, "“Forty people were moved.” Accessed 2 May 2026."),
    ],
)
def test_a_text_of_which_hardly_anything_is_known(style: Style, expected: str) -> None:
    assert line(BARE, style) == expected


@pytest.mark.parametrize("style", Style)
def test_an_inferred_date_is_told_from_one_that_was_said(style: Style) -> None:
    assert "[2021]" in line(HOSTILE, style)


@pytest.mark.parametrize("style", Style)
def test_a_name_from_right_to_left_is_kept_apart_and_nothing_turns_or_breaks_the_line(style: Style) -> None:
    written = line(HOSTILE, style)
    assert "\u2068رحیمی، محمد\u2069" in written
    assert not re.search("[\u202a-\u202e\n\x00]", written)
    assert "<script>" not in written


def test_bibtex_of_a_page() -> None:
    assert bibtex([LETTER]) == (
        "@online{FJF6CYBM4N0D,\n"
        "  author = {{Campaign of Made-Up Town}},\n"
        "  title = {{Open letter on the Harbour hotel}},\n"
        "  organization = {Made-Up Town},\n"
        "  date = {2020-09-18},\n"
        "  url = {https://campaign.example/2020/09/letter},\n"
        "  urldate = {2026-11-22},\n"
        "  langid = {en},\n"
        f"  note = {{SHA-256 of the archived bytes: {'ab' * 32}.}},\n"
        "}\n"
    )


def fields(entry: str) -> dict[str, str]:
    """An entry taken apart as BibTeX does: a field ends where its braces are even, whatever stands before one."""
    head = re.match(r"@online\{([A-Za-z0-9]+),\n", entry)
    assert head
    out, at = {"": head[1]}, head.end()
    while entry[at] != "}":
        name = re.compile(r"  (\w+) = \{").match(entry, at)
        assert name, entry[at:]
        depth, end = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[end], 0)
            end += 1
        out[name[1]] = entry[name.end() : end - 1]
        assert entry[end : end + 2] == ",\n"
        at = end + 2
    assert entry[at:] == "}\n"
    return out


def test_no_title_ends_its_field_or_becomes_a_command() -> None:
    found = fields(bibtex([HOSTILE]))
    assert list(found) == ["", "author", "title", "date", "url", "urldate", "note"]
    assert found["author"] == "{رحیمی، محمد}"
    assert r"{\textbackslash}input{\textbraceleft}/etc/passwd{\textbraceright} 100\% \& \$x\_1" in found["title"]
    assert found["url"] == "https://a.example/%3Cscript%3E%7B%7D%5C%7B%C3%BC"


AWKWARD = st.text(st.sampled_from("{}\\%$&#_^~\"'@,=\n\u202e\u2068aé庇🧡م\ud800\x00 "), max_size=12)


@given(AWKWARD, AWKWARD, AWKWARD, AWKWARD)
def test_whatever_a_source_calls_itself_the_records_are_well_formed(one: str, two: str, three: str, four: str) -> None:
    work = Work(key=one, kind=two, accessed=date(2026, 1, 1), title=one, author=two, container=three, address=four)
    assert "title" in fields(bibtex([work]))
    [item] = json.loads(csl_json([work]).encode("utf-8"))
    assert item["title"]
    for style in Style:
        assert "\n" not in line(work, style)
        line(work, style).encode("utf-8")


def test_csl_of_a_page() -> None:
    assert csl([LETTER]) == [
        {
            "id": "FJF6CYBM4N0D",
            "type": "webpage",
            "title": "Open letter on the Harbour hotel",
            "accessed": {"date-parts": [[2026, 11, 22]]},
            "author": [{"literal": "Campaign of Made-Up Town"}],
            "issued": {"date-parts": [[2020, 9, 18]]},
            "URL": "https://campaign.example/2020/09/letter",
            "container-title": "Made-Up Town",
            "language": "en",
            "note": f"SHA-256 of the archived bytes: {'ab' * 32}.",
        }
    ]
    assert csl([HOSTILE])[0]["issued"] == {"date-parts": [[2021]], "circa": True}


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2020", "2020"),
        ("2020-09", "2020-09"),
        ("2020-09-18", "2020-09-18"),
        ("2020-09-18T23:30:00+00:00", "2020-09-18"),
        ("September", None),
        ("2020-13", None),
        (None, None),
    ],
)
def test_a_date_is_as_exact_as_it_was_said(value: str | None, iso: str | None) -> None:
    found = said(value)
    assert (found.iso if found else None) == iso


def test_what_has_no_title_is_called_by_its_first_words() -> None:
    assert opening("a  b\n c") == "a b c"
    assert opening("w " * 25) == "w " * 20 + "…"
    assert plain("می\u200cروم \u202eabc\u2069\u00a0d\x07") == "می\u200cروم abc d"
