"""The parts of the desk's pages: what they draw, and what the stylesheets and templates may never contain."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.urls import path

WEB = Path(__file__).resolve().parents[2] / "src" / "safeconduct" / "web"
TEMPLATES = WEB / "templates"
PAGES = sorted((TEMPLATES / "desk").glob("*.html"))
EVERY_TEMPLATE = sorted(TEMPLATES.rglob("*.html"))
SHEETS = sorted((WEB / "static" / "desk").glob("*.css"))
STYLE = "\n".join(sheet.read_text("utf-8") for sheet in SHEETS)


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


# Every address a template calls by name, so that the parts can be tried apart from the pages behind them.
_NAMES = {found for page in EVERY_TEMPLATE for found in re.findall(r'{% url "([a-z-]+)"', page.read_text("utf-8"))}
urlpatterns = [path(f"{found}/", _nothing, name=found) for found in sorted(_NAMES)]
pytestmark = pytest.mark.urls(__name__)


def draw(source: str, **context: Any) -> str:
    """What a piece of template draws, with runs of white space made one space."""
    return re.sub(r"\s+", " ", Template("{% load desk %}" + source).render(Context(context)))


class Letter(forms.Form):
    """A form with one field of each kind the desk uses."""

    on = forms.CharField(label="When")
    on.desk_kind = "day"  # type: ignore[attr-defined]
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea, help_text="Only what is needed.")
    kind = forms.ChoiceField(label="What happened", choices=[("a", "Answered"), ("c", "Chased")])
    same = forms.ChoiceField(label="One person?", choices=[("y", "Same"), ("n", "Two")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="I am sure", required=False)
    ref = forms.CharField(label="Reference", required=False)
    ref.desk_kind = "ref"  # type: ignore[attr-defined]
    ref.desk_why = "So that the next sheet adds only what is new."  # type: ignore[attr-defined]
    revision = forms.CharField(widget=forms.HiddenInput, initial="4")


# --- Colour ---------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_documents_its_context_and_compiles(page: Path) -> None:
    assert re.match(r"{% extends [^%]+ %}\n{% comment %}", page.read_text("utf-8"))
    assert get_template(f"desk/{page.name}")


@pytest.mark.parametrize("page", EVERY_TEMPLATE, ids=lambda page: page.name)
def test_titles_never_carry_what_a_record_says(page: Path) -> None:
    titles = re.findall(r"{% block title %}(.*?){% endblock %}", page.read_text("utf-8"))
    allowed = {"{{ heading }}"}  # desk/form.html: words of the desk's own, see its contract
    assert [title for title in titles if "{{" in title and title not in allowed] == []


@pytest.mark.parametrize("page", ["403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context(page: str) -> None:
    drawn = render_to_string(f"{page}.html")
    assert drawn.count("<h1>") == 1
    assert "<nav" not in drawn


def test_the_shell_is_drawn_for_a_member_and_keeps_secrets_out_of_the_title() -> None:
    shell = {"organisation": "An invented office", "member": {"name": "Sian"}, "demo": True, "single_keys": False}
    person = {"name": "Dilovan Barzani", "safe": "Never ring before noon."}
    drawn = render_to_string("desk/person.html", {"shell": shell, "person": person, "csrf_token": "x"})
    title = re.search(r"<title>(.*?)</title>", drawn, re.DOTALL)
    assert title
    assert "Dilovan" not in title[1]
    assert 'data-keys="off"' in drawn
    assert drawn.count("Never ring before noon.") == 1
    assert "Every person here is invented" in drawn
    assert '<a class="skip" href="#main">' in drawn


def test_a_wrong_form_is_told_in_the_title_above_the_heading_and_at_the_field() -> None:
    form = Letter({"on": "", "note": "kept as typed", "kind": "a", "same": "y"})
    drawn = render_to_string("desk/form.html", {"form": form, "heading": "Log it", "section": "", "csrf_token": "x"})
    assert "<title>Error: Log it" in drawn
    assert drawn.index("There is a problem") < drawn.index("<h1>")
    assert 'href="#id_on"' in drawn
    assert "kept as typed" in drawn


# --- Fields ---------------------------------------------------------------------------------------------------------


def test_a_field_joins_its_hint_and_its_error_to_the_input() -> None:
    form = Letter({"on": ""})
    drawn = draw("{% field form.on %}", form=form)
    assert 'for="id_on"' in drawn
    assert 'aria-describedby="id_on-hint id_on-error"' in drawn
    assert 'id="id_on-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "-3d" in drawn


def test_a_field_lets_the_browser_keep_and_send_nothing() -> None:
    drawn = draw("{% field form.note %}", form=Letter())
    assert 'autocomplete="off"' in drawn
    assert 'spellcheck="false"' in drawn


def test_a_form_may_ask_for_completion_of_its_own() -> None:
    class SignIn(forms.Form):
        word = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    assert 'autocomplete="current-password"' in draw("{% field form.word %}", form=SignIn())


@pytest.mark.parametrize(("field", "runs"), [("on", "ltr"), ("ref", "ltr"), ("note", "auto")])
def test_free_text_runs_as_it_is_written_and_references_left_to_right(field: str, runs: str) -> None:
    assert f'dir="{runs}"' in draw("{% field bound %}", bound=Letter()[field])


def test_a_field_keeps_what_was_typed_and_escapes_it() -> None:
    drawn = draw("{% field form.note %}", form=Letter({"note": "<b>left</b>"}))
    assert "&lt;b&gt;left&lt;/b&gt;" in drawn


def test_optional_fields_say_so_and_questions_say_why() -> None:
    drawn = draw("{% field form.ref %}", form=Letter())
    assert "(optional)" in drawn
    assert "adds only what is new" in drawn
    assert "(optional)" not in draw("{% field form.on %}", form=Letter())


def test_choices_stand_in_a_fieldset_with_their_question() -> None:
    drawn = draw("{% field form.same %}", form=Letter({}))
    assert re.search(r'<fieldset[^>]*aria-describedby="id_same-error"', drawn)
    assert "<legend" in drawn
    assert drawn.count('type="radio"') == 2


def test_fields_draws_all_of_a_form_and_its_hidden_parts() -> None:
    drawn = draw("{% fields form %}", form=Letter())
    assert all(f'name="{name}"' in drawn for name in Letter.base_fields)
    assert 'type="hidden" name="revision" value="4"' in drawn


def test_fields_stand_in_sections_when_the_form_has_them() -> None:
    form = Letter()
    form.sections = [{"legend": "The letter", "fields": ["on", "note"]}]  # type: ignore[attr-defined]
    drawn = draw("{% fields form %}", form=form)
    assert "<legend>The letter</legend>" in drawn
    assert 'name="kind"' not in drawn


def test_the_error_summary_sends_a_reader_to_each_field() -> None:
    form = Letter({"kind": "a"})
    form.add_error(None, "Somebody saved this first.")
    drawn = draw("{% error_summary form %}", form=form)
    assert 'href="#id_on"' in drawn
    assert 'href="#id_same_0"' in drawn
    assert "<li>Somebody saved this first.</li>" in drawn


def test_the_error_summary_reads_repeating_parts_too() -> None:
    formset = forms.formset_factory(Letter, extra=0)(
        {"n-TOTAL_FORMS": "1", "n-INITIAL_FORMS": "0", "n-0-on": "", "n-0-kind": "c"}, prefix="n"
    )
    formset.forms[0].empty_permitted = False
    drawn = draw("{% error_summary None groups %}", groups=[{"key": "n", "formset": formset}])
    assert 'href="#id_n-0-on"' in drawn


@pytest.mark.parametrize("form", [None, Letter(), Letter({"on": "x", "kind": "a", "same": "y", "revision": "4"})])
def test_nothing_wrong_draws_no_error_summary(form: forms.Form | None) -> None:
    assert draw("{% error_summary form %}", form=form).strip() == ""


# --- Names, numbers, days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("محمد رحیمی", "s-arab"),
        ("ተስፋይ ሃይለ", "s-ethi"),
        ({"text": "دیلۆڤان بارزانی", "lang": "ckb"}, 'lang="ckb"'),
        ("Dilovan Barzani", '<bdi class="name" dir="auto">'),
        ("Олена", '<bdi class="name" dir="auto">'),
        ("", '<bdi class="name" dir="auto">'),
    ],
)
def test_a_name_is_isolated_and_set_for_its_script(name: object, mark: str) -> None:
    drawn = draw("{% name name %}", name=name)
    assert drawn.startswith("<bdi")
    assert 'dir="auto"' in drawn
    assert mark in drawn


@pytest.mark.parametrize("tag", ["name", "phone", "reference", "day", "value"])
def test_every_small_part_escapes_what_it_is_given(tag: str) -> None:
    drawn = draw("{% " + tag + " text %}", text="<script>x</script>")
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_phone_number_stays_left_to_right_and_is_no_link() -> None:
    drawn = draw("{% phone text %}", text="07700 900467")
    assert drawn == '<bdi class="num" dir="ltr">07700 900467</bdi>'


def test_contacts_stand_under_the_safe_contact_rule() -> None:
    items = [{"label": "Phone", "text": "07700 900467", "kind": "phone"}]
    drawn = draw("{% contacts items safe %}", items=items, safe="Never leave a message.")
    assert drawn.index("Never leave a message.") < drawn.index("07700 900467")


def test_a_summary_row_without_a_value_says_that_it_is_not_known() -> None:
    rows = [{"label": "Born", "values": []}, {"label": "Sent", "value": "today", "change_url": "/x"}, {"label": "Why"}]
    drawn = draw("{% summary rows %}", rows=rows)
    assert drawn.count("Not known") == 2
    assert 'href="/x">Change<span class="vh"> Sent</span>' in drawn


# --- Rows, clocks, what happened ------------------------------------------------------------------------------------

CLOCK = {
    "what": "Appeal: act by",
    "due": {"text": "Friday 20 November 2026", "iso": "2026-11-20"},
    "state": "The last day is Saturday 21 November",
    "needs": True,
    "steps": ["Decision sent Saturday 7 November (day 0).", "14 days."],
    "readings": [{"why": "if the weekend rule applies", "last_day": "Monday 23 November", "status": "secondary"}],
    "status": "unconfirmed",
    "source": "SI 2014/2604",
}


def test_a_clock_explains_itself_and_says_when_its_rule_is_unconfirmed() -> None:
    drawn = draw("{% clock clock %}", clock=CLOCK)
    assert 'datetime="2026-11-20"' in drawn
    assert "Decision sent Saturday 7 November (day 0)." in drawn
    assert "secondary source" in drawn
    assert "Unconfirmed" in drawn
    assert "SI 2014/2604" in drawn


def test_a_stopped_clock_has_no_day_and_nothing_to_unfold() -> None:
    drawn = draw("{% clock clock %}", clock={"what": "Reply due", "due": None, "state": "Answered on 3 July"})
    assert "Answered on 3 July" in drawn
    assert "<details" not in drawn
    assert "<time" not in drawn


def test_a_row_of_today_says_what_who_and_why() -> None:
    row = {"url": "/c", "verb": "Chase", "who": "ተስፋይ ሃ.", "ref": "IM/0102", "why": "No reply.", "needs": True}
    drawn = draw("{% agenda_row row %}", row=row)
    assert "row needs" in drawn
    assert re.search(r'<a class="row-link" href="/c"><span class="verb">Chase</span> <span class="who"><bdi', drawn)
    assert "No reply." in drawn
    assert "<details" not in drawn
    assert "<details" in draw("{% agenda_row row %}", row=row | {"clock": CLOCK})


def test_a_timeline_draws_its_entries_in_the_order_given() -> None:
    events = [
        {"title": "Answered", "on": "3 July", "note": "<i>"},
        {"title": "Sent", "on": "2 June", "corrected": "No."},
    ]
    drawn = draw("{% timeline events %}", events=events)
    assert drawn.index("Answered") < drawn.index("Sent")
    assert "&lt;i&gt;" in drawn
    assert 'class="corrected"' in drawn


def test_an_empty_timeline_teaches_what_goes_there() -> None:
    assert "Nothing has been logged yet" in draw("{% timeline events %}", events=[])


def test_a_proposal_gives_its_reasons_and_leaves_the_choice() -> None:
    sides = [{"name": "Mohamad Raheemi", "where": "Row 12"}, {"name": "محمد رحیمی", "where": "Row 40"}]
    card = {"title": "Two rows", "sides": sides, "reasons": ["The same reference"], "field": Letter()["same"]}
    drawn = draw("{% proposal card %}", card=card)
    assert "The same reference" in drawn
    assert drawn.count('type="radio"') == 2
    assert "checked" not in drawn
    assert "What speaks against it" not in drawn


def test_filters_begin_unfiltered_and_each_chip_takes_one_away() -> None:
    class Filters(forms.Form):
        kind = forms.ChoiceField(choices=[("", "All kinds")], required=False)

    drawn = draw("{% filter_bar filters %}", filters={"form": Filters()})
    assert 'class="chips"' not in drawn
    chips = [{"label": "Mine", "remove_url": "?"}]
    assert 'href="?"' in draw("{% filter_bar filters %}", filters={"form": Filters(), "chips": chips})


def test_progress_is_told_in_words_too() -> None:
    drawn = draw("{% progress 'Sealing' 34 100 '34 of 100 rows' %}")
    assert '<progress id="progress" max="100" value="34">34 of 100 rows</progress>' in drawn
    assert '<p class="num">34 of 100 rows</p>' in drawn


def test_save_and_next_stands_only_in_a_queue_and_carries_its_place() -> None:
    queued = draw('{% include "components/buttons.html" with next="/cases/x" %}')
    assert '<input type="hidden" name="next" value="/cases/x">' in queued
    assert queued.index("Save and next") < queued.index('value="stay"')
    assert "Save and next" not in draw('{% include "components/buttons.html" with next="" %}')
