"""What the stylesheets and templates may never contain: faint colours, one direction only, what the policy refuses."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "safeconduct" / "web"
EVERY_TEMPLATE = sorted((WEB / "templates").rglob("*.html"))
SHEETS = sorted((WEB / "static" / "desk").glob("*.css"))
STYLE = "\n".join(sheet.read_text("utf-8") for sheet in SHEETS)


def _palette(dark: bool) -> dict[str, str]:
    text = (WEB / "static" / "desk" / "paper.css").read_text("utf-8")
    light, night = text.split("@media (prefers-color-scheme: dark)", 1)
    pattern = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\s*;")
    colours = dict(pattern.findall(light))
    if dark:
        own = dict(pattern.findall(night))
        assert set(own) == set(colours), "each colour has a value in both themes"
        return own
    return colours


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two sRGB colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "soft", "accent", "accent-deep") for ground in ("paper", "sheet", "well")],
    *[(text, "tint") for text in ("ink", "soft", "accent")],
    *[(text, ground) for text in ("amber", "red") for ground in ("paper", "sheet")],
    *[(text, "amber-ground") for text in ("amber", "ink", "soft", "accent")],
    ("red", "red-ground"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-red", "red"),
]
MARK_PAIRS = [
    *[("edge", ground) for ground in ("paper", "sheet", "well")],
    *[("accent", ground) for ground in ("paper", "sheet", "well", "amber-ground")],
    *[("amber-edge", ground) for ground in ("paper", "sheet")],
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: bool) -> None:
    colours = _palette(dark)
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_edges_and_the_focus_mark_stand_out(mark: str, ground: str, dark: bool) -> None:
    colours = _palette(dark)
    assert _contrast(colours[mark], colours[ground]) >= 3


def test_contrast_is_counted_as_the_standard_counts_it() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_red_is_kept_for_what_destroys() -> None:
    rules = re.findall(r"([^{}]+)\{[^{}]*var\(--red\)[^{}]*\}", STYLE)
    assert rules
    assert all("danger" in rule for rule in rules)


# --- Stylesheets ----------------------------------------------------------------------------------------------------

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|min-width|min-height|max-height)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheets_serve_both_directions(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/|@media[^{]*", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    assert PHYSICAL.findall(text) == []


def test_a_physical_property_would_be_found() -> None:
    assert PHYSICAL.search("p { margin-left: 1px; }")
    assert PHYSICAL.search("p { text-align: right; }")
    assert not PHYSICAL.search("p { margin-inline-start: 1px; max-inline-size: 3px; }")


def test_stylesheets_fetch_nothing_from_elsewhere() -> None:
    assert set(re.findall(r'url\("([^"]+)"\)', STYLE)) == {"wordmark.svg"}
    assert "@import" not in STYLE
    assert "http" not in STYLE


# --- Templates ------------------------------------------------------------------------------------------------------


class _Strict(HTMLParser):
    """Collects what the content policy would refuse: inline style, inline script, handlers, addresses elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.refused.append(tag)
        for name, setting in attrs:
            if name == "style" or name.startswith("on"):
                self.refused.append(f"{tag} {name}")
            if name in ("src", "href", "action") and (setting or "").startswith(("http", "//", "javascript:", "data:")):
                self.refused.append(f"{tag} {name}={setting}")


@pytest.mark.parametrize("page", EVERY_TEMPLATE, ids=lambda page: page.name)
def test_templates_keep_to_the_content_policy(page: Path) -> None:
    reader = _Strict()
    reader.feed(re.sub(r"{%.*?%}|{{.*?}}", "x", page.read_text("utf-8")))
    assert reader.refused == []


def test_an_inline_style_would_be_found() -> None:
    reader = _Strict()
    reader.feed('<p style="x"><a onclick="y" href="https://example.org">z</a><script>1</script>')
    assert reader.refused == ["p style", "a onclick", "a href=https://example.org", "script"]


@pytest.mark.parametrize("page", EVERY_TEMPLATE, ids=lambda page: page.name)
def test_titles_never_carry_what_a_record_says(page: Path) -> None:
    titles = re.findall(r"{% block title %}(.*?){% endblock %}", page.read_text("utf-8"))
    allowed = {"{{ heading }}"}  # desk/form.html: words of the desk's own, see its contract
    assert [title for title in titles if "{{" in title and title not in allowed] == []
