"""What is written down is true of the folders, leads somewhere, promises what it may, and says no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "safeconduct"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HEADINGS = ["Context", "Decision", "Consequences", "Status"]

PROMISE = (
    "Protects a copied disk or backup."
    " It does not protect what people open while an attacker controls the running server."
)
NOT_AUDITED = "Not independently audited"
WORDS = (
    PROMISE,
    NOT_AUDITED,
    "Recovery key holders are named; each use is witnessed.",
    "Changes to witnessed history are detectable; anything since the last checkpoint is not.",
    "Suppressed and rounded; our attack suite found no small count. That is not proof.",
    "Key destroyed on this date; backups expire by that date; copies partners took are listed, not recalled.",
    "We hold little, publish counts of demands, and tell the person unless a court forbids it.",
)
# Nobody can keep these.
NEVER = ("zero-knowledge", "zero knowledge", "end-to-end", "tamper-proof", "anonymised", "securely deleted")


def read(page: Path) -> str:
    """A page's text with its lines joined, so that a sentence is found wherever it was wrapped."""
    return " ".join(page.read_text("utf-8").split())


def rooms(heading: str) -> dict[str, list[str]]:
    """The rooms of one table of the map, each with the files to begin at."""
    text = (DOCS / "explanation" / "map.md").read_text("utf-8")
    table = text.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| `([\w/]+)/` \| .+ \| (.+) \|$", table, flags=re.MULTILINE)
    return {name: re.findall(r"`([\w.]+)`", files) for name, files in rows}


def folders(under: Path) -> set[str]:
    """The packages directly in a folder."""
    return {one.name for one in under.iterdir() if (one / "__init__.py").exists()}


def test_the_map_has_every_room_and_no_other() -> None:
    assert set(rooms("room")) == folders(PACKAGE)
    assert {name.removeprefix("core/") for name in rooms("room of the core")} == folders(PACKAGE / "core")


def test_the_map_begins_at_files_that_exist() -> None:
    named = {**rooms("room"), **rooms("room of the core")}
    missing = [
        f"{room}/{file}" for room, files in named.items() for file in files if not (PACKAGE / room / file).exists()
    ]
    assert not missing


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts(page: Path) -> None:
    assert re.findall(r"^## (.+)$", page.read_text("utf-8"), flags=re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    inside = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert not [link for link in inside if not (page.parent / link).exists()]


def test_the_index_lists_every_page() -> None:
    listed = set(LINK.findall((DOCS / "README.md").read_text("utf-8")))
    assert listed == {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}


def test_the_promise_stands_where_it_is_read() -> None:
    for page in (ROOT / "README.md", DOCS / "explanation" / "threats.md"):
        assert PROMISE in read(page)
        assert NOT_AUDITED in read(page)
    threats = read(DOCS / "explanation" / "threats.md")
    assert not [sentence for sentence in WORDS if sentence not in threats]


@pytest.mark.parametrize("word", NEVER)
def test_nothing_is_promised_that_nobody_can_keep(word: str) -> None:
    shown = [*PAGES, *(PACKAGE / "web").rglob("*.html"), *(PACKAGE / "web" / "words").glob("*.py")]
    assert not [str(page.relative_to(ROOT)) for page in shown if word in read(page).lower()]
