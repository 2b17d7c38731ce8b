"""What a person told: each piece closed until somebody chooses to read it, and the form that writes one down."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.people import opening
from safeconduct.people.actions.account import add_narrative, change_narrative, take_out_narrative
from safeconduct.people.facets import Account, Narrative
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Changed, Opened

from ...access import Request
from ...forms import DayField, LineField, ProseField
from ...why_form import WhyForm
from ...words import dates
from .whose import address, whose

_OF: Final = frozenset({Subject.Kind.PERSON})
_CHANGED: Final = gettext_lazy(
    "Somebody else saved what this person told while you were writing. Nothing was overwritten and what you typed is"
    " below. Save again to keep it beside theirs."
)


class NarrativeForm(forms.Form):
    """One thing somebody told."""

    title = LineField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Seen without opening it: plain, and no more than a reader must know to choose."),
        error_messages={"required": gettext_lazy("Give it a title, so that nobody has to open it to know what it is.")},
    )
    told_on = DayField(label=gettext_lazy("When it was told"), required=False)
    told_by = LineField(
        label=gettext_lazy("Who told it"),
        required=False,
        help_text=gettext_lazy("Left empty: the person themselves. Else a relative, a doctor, an interpreter …"),
    )
    language = LineField(label=gettext_lazy("Language it was told in"), required=False)
    text = ProseField(
        label=gettext_lazy("What was told"),
        rows=14,
        max_length=200_000,
        help_text=gettext_lazy("Only what the work needs, in their words where you can. Nobody should tell it twice."),
        error_messages={"required": gettext_lazy("Write down what was told.")},
    )

    def narrative(self, handle: str) -> Narrative:
        """The narrative typed."""
        return Narrative(handle=handle, **self.cleaned_data)


def view(request: Request, handle: UUID) -> HttpResponse:
    """The list; the text of each is in the page and closed."""
    part = _open(request, handle)
    context = {
        "section": "people",
        "about": whose(part),
        "back_url": address(part.subject),
        "new_url": reverse("narrative-new", args=[handle]),
        "narratives": [_shown(handle, one) for one in _account(part).content.narratives],
    }
    return render(request, "desk/account.html", context)


def new(request: Request, handle: UUID) -> HttpResponse:
    """Write down something further."""
    part = _open(request, handle)
    form = NarrativeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            add_narrative(by=request.actor, person=part.subject, account=_account(part), narrative=form.narrative(""))
        except Changed:
            form.add_error(None, _CHANGED)
        else:
            return redirect("account", handle=handle)
    return _draw(request, part, form, heading=_("Write down what they told"))


def change(request: Request, handle: UUID, narrative: UUID) -> HttpResponse:
    """Change one of them, or take it out; either is kept in the history with its reason."""
    part = _open(request, handle)
    account = _account(part)
    before = next((one for one in account.content.narratives if one.handle == narrative.hex), None)
    if before is None:
        raise NotHeld("There is no such account, or it was taken out.")
    posted = request.POST if request.method == "POST" else None
    form, why = NarrativeForm(posted, initial=_initial(before)), WhyForm(posted)
    if posted is not None and why.is_valid() and ("gone" in posted or form.is_valid()):
        try:
            if "gone" in posted:
                take_out_narrative(
                    by=request.actor, person=part.subject, account=account, handle=narrative.hex, why=why.why()
                )
            else:
                typed = form.narrative(narrative.hex)
                change_narrative(by=request.actor, person=part.subject, account=account, narrative=typed, why=why.why())
        except Changed:
            form.add_error(None, _CHANGED)
        else:
            return redirect("account", handle=handle)
    return _draw(request, part, form, heading=_("Change what they told"), why=why)


def _open(request: Request, handle: UUID) -> opening.Part:
    by = request.actor
    return opening.open_part(by=by, subject=opening.find(by, handle, _OF), facet=Envelope.Facet.ACCOUNT)


def _account(part: opening.Part) -> Opened:
    opened = part.facets[Envelope.Facet.ACCOUNT]
    assert isinstance(opened.content, Account)
    return opened


def _initial(narrative: Narrative) -> dict[str, Any]:
    return {
        "title": narrative.title,
        "told_on": dates.typed_again(narrative.told_on),
        "told_by": narrative.told_by,
        "language": narrative.language,
        "text": narrative.text,
    }


def _shown(handle: UUID, narrative: Narrative) -> dict[str, Any]:
    told = [
        dates.plain(narrative.told_on) if narrative.told_on else "",
        _("told by %(who)s") % {"who": narrative.told_by} if narrative.told_by else "",
        narrative.language,
    ]
    return {
        "title": narrative.title,
        "told": [part for part in told if part],
        "text": narrative.text,
        "change_url": reverse("narrative-change", args=[handle, UUID(hex=narrative.handle)]),
    }


def _draw(
    request: Request, part: opening.Part, form: NarrativeForm, *, heading: str, why: WhyForm | None = None
) -> HttpResponse:
    context = {
        "section": "people",
        "heading": heading,
        "about": whose(part),
        "form": form,
        "why": why,
        "cancel_url": reverse("account", args=[part.subject.handle]),
    }
    return render(request, "desk/narrative.html", context)
