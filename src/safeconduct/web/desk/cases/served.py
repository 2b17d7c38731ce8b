"""A decision that came: what it was, how it was served, and the limits that run from it, looked at and then logged.

One page, two sendings. The first counts the limits; the second logs the decision with those left chosen, unless
something above was changed in between: then they are counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework.actions.served import log_decision
from safeconduct.casework.decisions import Decision, Found, Served, limits_from
from safeconduct.casework.faults import CaseworkFault, SentDayNeeded, ServedDaysDisagree
from safeconduct.casework.models import Case, Enquiry
from safeconduct.casework.queries import find_case, open_named
from safeconduct.core.calendar.days import NATIONS, BeyondCalendar, Nation
from safeconduct.people.facets import CaseHead

from ...access import Request
from ...forms import DayField, ProseField
from ...words import cases as case_words
from ...words import served as words
from ...words.dates import typed_again
from ...words.limits import NATIONS as NATION_NAMES
from .links import case_address
from .present_case import about
from .present_served import facts_shown, offers


class ServedForm(forms.Form):
    """What came, when, how, and where the person is. Days are checked against one another."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What was decided"),
        error_messages={"required": gettext_lazy("Choose what was decided: the limits go by it.")},
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[("", gettext_lazy("Choose")), *words.HOW.items()],
        error_messages={"required": gettext_lazy("Choose how it came.")},
    )
    sent_on = DayField(
        label=gettext_lazy("Day it was sent"),
        required=False,
        help_text=gettext_lazy(
            "The date on the letter, the postmark or the e-mail. Most appeals count from it. For example 7 nov or -3d."
        ),
    )
    received_on = DayField(
        label=gettext_lazy("Day it came"),
        required=False,
        help_text=gettext_lazy("When the person or their representative had it. Leave it empty if nobody knows."),
    )
    decided_on = DayField(
        label=gettext_lazy("Day of the decision, if it is another"),
        required=False,
        help_text=gettext_lazy("Only where the paper names a day before the one it was sent."),
    )
    letter_on = DayField(
        label=gettext_lazy("Day of the letter ending support"),
        required=False,
        help_text=gettext_lazy("Only after a grant, once that letter has come: the later of two days counts."),
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where they are"),
        choices=[*((one.value, NATION_NAMES[one]) for one in NATIONS), (words.ABROAD, words.OUTSIDE)],
    )
    detained = forms.BooleanField(label=gettext_lazy("They are in detention"), required=False)
    accelerated = forms.BooleanField(
        label=gettext_lazy("The papers say that it is an accelerated appeal from detention"), required=False
    )
    enquiry = forms.ChoiceField(
        label=gettext_lazy("Which letter it answers"),
        required=False,
        help_text=gettext_lazy("That letter's clock stops."),
    )
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("Sealed, together with what was decided and how it came: only your team can read it."),
    )

    def __init__(self, *args: Any, letters: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self._choose("decision", [("", _("Choose, or type its first letters")), *words.choices()])
        self.fields["decision"].widget.attrs["autofocus"] = not self.is_bound
        came = ["decision", "how"]
        if letters:
            self.name_letters(letters)
            came.append("enquiry")
        else:
            del self.fields["enquiry"]
        self.sections = (
            {"legend": _("What came"), "fields": came},
            {
                "legend": _("Which days"),
                "why": _("One of the first two is enough to begin with. The desk says where it needs the other."),
                "fields": ("sent_on", "received_on", "decided_on", "letter_on"),
            },
            {"legend": _("The person"), "fields": ("where", "detained", "accelerated")},
            {"legend": _("In your own words"), "fields": ("note",)},
        )

    def name_letters(self, letters: Sequence[tuple[str, str]]) -> None:
        """Say what each letter to choose from is called."""
        self._choose("enquiry", [("", _("None of them: their clocks run on")), *letters])

    def _choose(self, name: str, choices: Sequence[object]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("sent_on", "received_on", "decided_on", "letter_on"):
            if typed.get(name) and typed[name] > day_it_is():
                self.add_error(name, _("That day has not come yet."))
        said = {"sent_on", "received_on"} & set(typed)
        if len(said) == 2 and not typed["sent_on"] and not typed["received_on"]:
            self.add_error("sent_on", _("Give the day it was sent or the day it came."))
        if typed.get("sent_on") and typed.get("received_on") and typed["received_on"] < typed["sent_on"]:
            self.add_error("received_on", _("That is before the day it was sent. Check both."))
        if typed.get("detained") and typed.get("where") == words.ABROAD:
            self.add_error(
                "where", _("Somebody in detention is in the United Kingdom. Choose in which part, or untick.")
            )
        if typed.get("accelerated") and not typed.get("detained"):
            self.add_error(
                "accelerated", _("Such an appeal is for people in detention only. Tick that too, or untick.")
            )
        return typed

    def served(self, office: Nation) -> Served:
        """What the form says, once it is valid. Abroad, the bank holidays of the office's nation count."""
        typed, there = self.cleaned_data, self.cleaned_data["where"]
        return Served(
            decision=Decision(typed["decision"]),
            how=typed["how"],
            nation=office if there == words.ABROAD else Nation(there),
            abroad=there == words.ABROAD,
            **{
                name: typed[name]
                for name in ("sent_on", "received_on", "decided_on", "letter_on", "detained", "accelerated")
            },
        )

    def counted(self) -> str:
        """What the limits were counted from, to see whether it changed: open facts, in one line."""
        return ".".join(_plain(self.cleaned_data[name]) for name in _COUNTED_FROM)


_COUNTED_FROM = (
    *("decision", "how", "sent_on", "received_on", "decided_on", "letter_on"),
    *("where", "detained", "accelerated"),
)


def new(request: Request, handle: UUID) -> HttpResponse:
    """The form; then the limits beside it; then the decision is logged with them."""
    by, case = request.actor, find_case(request.actor, handle)
    if request.method != "POST":
        return _page(request, case, None)
    letters = list(case.enquiries.order_by("id"))
    office = _nation(by.organisation.nation)
    form = ServedForm(request.POST, letters=_routes(letters))
    if not form.is_valid():
        return _page(request, case, form)
    try:
        found = limits_from(form.served(office), today=day_it_is())
        if request.POST.get("counted") != form.counted():
            return _page(request, case, form, found, changed="counted" in request.POST)
        log_decision(
            by=by,
            case=case,
            enquiry=next((one for one in letters if one.handle.hex == form.cleaned_data.get("enquiry")), None),
            served=form.served(office),
            rules=request.POST.getlist("rules"),
            note=f"{words.noted(form.served(office))}\n{form.cleaned_data['note']}".strip(),
        )
    except (CaseworkFault, BeyondCalendar) as fault:
        form.add_error(_field_of(fault), str(fault))
        return _page(request, case, form)
    return redirect(case_address(request, case, done="decision"))


def _page(
    request: Request, case: Case, form: ServedForm | None, found: Found | None = None, *, changed: bool = False
) -> HttpResponse:
    """The page with what was typed; new, with where the office is and whether the case says they are held."""
    by, today = request.actor, day_it_is()
    opened, concerned = open_named(by=by, case=case)
    letters = _named(case.enquiries.order_by("id"), opened.content)
    if form is None:
        held = bool(opened.content.urgent.held_at)
        form = ServedForm(letters=letters, initial={"where": _nation(by.organisation.nation).value, "detained": held})
    elif letters:
        form.name_letters(letters)
    advises = by.organisation.gives_advice
    running = {(one.rule, one.on) for one in case.deadlines.filter(met_on__isnull=True)}
    context = {
        "section": "cases",
        "heading": _("A decision came"),
        "about": about(opened.content, concerned),
        "form": form,
        "found": found is not None,
        "offers": offers(found, today=today, advises=advises, running=running) if found else [],
        "facts": facts_shown(found) if found else [],
        "counted": form.counted() if found is not None else "",
        "nothing": words.NOTHING_FOUND,
        "notices": _notices(found is not None, changed=changed),
        "save": _("Log the decision and what is ticked") if found is not None else _("Show the time limits"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/served.html", context)


def _notices(found: bool, *, changed: bool) -> list[dict[str, str]]:
    if changed:
        return [{"text": str(words.CHANGED), "kind": "needs", "title": ""}]
    return [{"text": str(words.LOOK_BELOW), "kind": "info", "title": ""}] if found else []


def _nation(office: str) -> Nation:
    """Where an office is; for one that works everywhere, where the tribunals of most people are."""
    return Nation.ENGLAND_AND_WALES if office == Nation.ANY_UK else Nation(office)


def _routes(letters: Sequence[Enquiry]) -> list[tuple[str, str]]:
    """The letters by their route alone: enough to check a form, and nothing is opened for it."""
    return [(one.handle.hex, str(case_words.ROUTES[one.route])) for one in letters]


def _named(letters: Iterable[Enquiry], head: CaseHead) -> list[tuple[str, str]]:
    """The letters by where they went and what they ask."""
    out = []
    for one in letters:
        asks = head.enquiries[one.handle.hex].subject if one.handle.hex in head.enquiries else ""
        route = str(case_words.ROUTES[one.route])
        out.append((one.handle.hex, f"{route} · {asks}" if asks else route))
    return out


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return typed_again(value)
    return str(value or "")


_FIELDS: Mapping[type[Exception], str] = {
    SentDayNeeded: "sent_on",
    ServedDaysDisagree: "sent_on",
    BeyondCalendar: "sent_on",
}


def _field_of(fault: Exception) -> str | None:
    """The field a fault belongs to."""
    return _FIELDS.get(type(fault))
