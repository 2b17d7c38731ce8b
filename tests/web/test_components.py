"""The parts of the desk's pages, and what they draw."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy

from safeconduct.web.forms import LineField, NumberField

WEB = Path(__file__).resolve().parents[2] / "src" / "safeconduct" / "web"
TEMPLATES = WEB / "templates"
PAGES = sorted((TEMPLATES / "desk").glob("*.html"))
EVERY_TEMPLATE = sorted(TEMPLATES.rglob("*.html"))


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


# --- Pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_documents_its_context_and_compiles(page: Path) -> None:
    assert re.match(r"{% extends [^%]+ %}\n{% comment %}", page.read_text("utf-8"))
    assert get_template(f"desk/{page.name}")


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
    assert 'translate="no"' in drawn
    assert 'writingsuggestions="false"' in drawn


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


def test_the_error_summary_names_the_field_where_the_sentence_does_not() -> None:
    class Two(forms.Form):
        given = forms.CharField(label="Given name")
        day = forms.CharField(label="Day it came", error_messages={"required": "Say when it came."})
        hours = NumberField(label="Hours to wait", min_value=24, max_value=336)
        short = LineField(label="Title", max_length=3)

    drawn = draw("{% error_summary form %}", form=Two({"hours": "3", "short": "long"}))
    assert ">Given name: This field is required.</a>" in drawn
    assert ">Say when it came.</a>" in drawn
    assert ">Hours to wait: The least is 24.</a>" in drawn
    assert ">Title: The most is 3 characters; this has 4.</a>" in drawn
    assert ">Hours to wait: The most is 336.</a>" in draw("{% error_summary form %}", form=Two({"hours": "337"}))
    twice = Two({"given": "x", "day": "x", "hours": "30", "short": "x"})
    twice.add_error("given", "The year is too far away.")
    twice.add_error("day", "The year is too far away.")
    drawn = draw("{% error_summary form %}", form=twice)
    assert ">Given name: The year is too far away.</a>" in drawn
    assert ">Day it came: The year is too far away.</a>" in drawn
    assert ">Hours to wait: Write a whole number.</a>" in draw("{% error_summary form %}", form=Two({"hours": "soon"}))


def test_every_number_somebody_types_is_told_wrong_in_the_desks_words() -> None:
    """Django's own `IntegerField` serves for what no one sees."""
    plain = re.compile(r"forms\.IntegerField\((?!.*HiddenInput)")
    assert not [page.name for page in (WEB / "desk").glob("*.py") if plain.search(page.read_text("utf-8"))]


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


def test_a_value_that_is_worded_late_is_drawn() -> None:
    drawn = draw("{% value item %}", item=gettext_lazy("England and Wales"))
    assert drawn == '<span class="val" dir="auto">England and Wales</span>'


def test_a_filter_does_not_call_each_of_its_choices_optional() -> None:
    assert "(optional)" not in draw("{% filter_bar filters %}", filters={"form": Letter(), "chips": []})
