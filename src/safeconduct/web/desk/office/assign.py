"""Giving out cases: found by filters, ticked, and given to a member in one act; or taken."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.accounts.models import Member
from safeconduct.accounts.queries import colleagues
from safeconduct.agenda.queries import MOST_COUNTED
from safeconduct.casework.actions.assign import MOST, assign
from safeconduct.casework.due import next_items
from safeconduct.casework.faults import NotAWorkerHere, TooManyCases
from safeconduct.casework.load import led
from safeconduct.casework.models import Case
from safeconduct.casework.queries import list_cases, open_listed

from ...access import Request
from ...words.due import number
from ..cases.cases import lines
from ..day.filters import MINE, NOBODY, Filters, address
from ..pages import ROWS, page_of

FILTERS: Final = ("worker", "team", "topic")
TICKED: Final = "ticked"
EVERY: Final = "every"


class AssignForm(forms.Form):
    """Which cases, and to whom. A case is ticked in the list, beside its name."""

    case = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    which = forms.ChoiceField(label=gettext_lazy("Which cases"), widget=forms.RadioSelect)
    to = forms.ChoiceField(label=gettext_lazy("Give them to"))

    def __init__(self, *args: Any, by: Actor, shown: list[Case], count: int, **named: Any) -> None:
        super().__init__(*args, **named)
        leads = led(by)
        case, which, to = (self.fields[name] for name in ("case", "which", "to"))
        assert isinstance(case, forms.MultipleChoiceField)
        assert isinstance(which, forms.ChoiceField)
        assert isinstance(to, forms.ChoiceField)
        case.choices = [(one.handle.hex, "") for one in shown]
        every = ngettext("The one case found", "All %(count)s cases found", count) % {"count": number(count)}
        which.choices = [(TICKED, _("Those ticked below")), *([(EVERY, every)] if leads else [])]
        to.choices = [(MINE, _("Me: I take them"))]
        if leads:
            here = colleagues(by).filter(memberships__team__in=leads).exclude(pk=by.member.pk)
            to.choices += [(NOBODY, _("Nobody yet")), *((one.handle.hex, one.name) for one in here)]
        self.initial.setdefault("which", TICKED)

    def clean(self) -> dict[str, Any]:
        """At least one case."""
        typed = super().clean() or self.cleaned_data
        if typed.get("which") == TICKED and not typed.get("case"):
            self.add_error("which", _("Tick at least one case."))
        return typed


def view(request: Request) -> HttpResponse:
    """Open cases by the filters of the address, a page at a time; a form sent here gives some of them out."""
    by, path = request.actor, reverse("assign")
    filters = Filters(by, FILTERS, request.GET.dict())
    found = list_cases(by, filters.wanted())
    count = found[: MOST_COUNTED + 1].count()
    pages = page_of(count, request.GET.get("page", ""), path, filters.chosen, most=MOST_COUNTED)
    shown = list(found[pages.start : pages.start + ROWS])
    form = AssignForm(request.POST if request.method == "POST" else None, by=by, shown=shown, count=count)
    if form.is_valid():
        typed = form.cleaned_data
        handles = typed["case"]
        if typed["which"] == EVERY:
            handles = list(found.values_list("handle", flat=True)[: MOST + 1])
        try:
            given = assign(by=by, cases=handles, worker=_worker(by, typed["to"]))
        except NotAWorkerHere as fault:
            form.add_error("to", str(fault))
        except TooManyCases as fault:
            form.add_error("which", str(fault))
        else:
            return redirect(address(path, {**filters.chosen, "given": str(given)}))
    listed = open_listed(by=by, cases=shown)
    ticked = set(request.POST.getlist("case"))
    rows = [
        {"line": line, "handle": one.case.handle.hex, "ticked": one.case.handle.hex in ticked}
        for line, one in zip(lines(listed, next_items(shown), today=day_it_is()), listed, strict=True)
    ]
    context = {
        "rows": rows,
        "form": form,
        "filters": filters.bar(path),
        "pages": pages,
        "count_text": _("%(count)s open cases") % {"count": number(count)} if shown else "",
        "leads": bool(led(by)),
        "notices": _notices(request.GET.get("given", "")),
    }
    return render(request, "desk/assign.html", context)


def _worker(by: Actor, to: str) -> Member | None:
    if to == NOBODY:
        return None
    return by.member if to == MINE else by.organisation.members.get(handle=UUID(to))


def _notices(given: str) -> list[dict[str, str]]:
    if not (given.isascii() and given.isdigit() and len(given) < 6):
        return []
    count = int(given)
    text = ngettext("%(count)d case changed hands.", "%(count)d cases changed hands.", count) % {"count": count}
    return [{"text": text, "kind": "done", "title": ""}]
