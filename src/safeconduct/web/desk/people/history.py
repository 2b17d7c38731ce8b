"""What a record was before, change by change; and striking what should never have been written down."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.core.policy.facts import Act
from safeconduct.people import opening, policies
from safeconduct.people.actions.strike import strike_step
from safeconduct.people.facets import HistoryStep
from safeconduct.people.history import item_of
from safeconduct.people.keys import NotHeld

from ...access import Request
from ...forms import LineField
from ...words.history import FACETS
from ..pages import page_of
from .present_history import LONG, shown
from .whose import address, section, whose

DONE: Final = {"struck": gettext_lazy("Struck. What it said before is gone from this history.")}


class StrikeForm(forms.Form):
    """Why something is struck."""

    why = LineField(
        label=gettext_lazy("Why is it struck?"),
        error_messages={"required": gettext_lazy("Say why, in a few words: it stays in the history.")},
        help_text=gettext_lazy("Kept in its place. Do not repeat what is struck."),
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """Every change, newest first, opened after the entry that says so."""
    by = request.actor
    subject = opening.find(by, handle)
    part, steps = opening.open_history(by=by, subject=subject)
    may_strike = policies.allows(by, Act.STRIKE_HISTORY, policies.of_subject(by, subject))

    def strike_url(step: HistoryStep) -> str:
        item = item_of(part.keyed, step.facet, step.revision)
        return reverse("history-strike", args=[handle, item]) if may_strike else ""

    members = {member.handle: member.name for member in by.organisation.members.all()}
    changes = shown(steps, part.facets, members, strike_url)
    pages = page_of(len(changes), request.GET.get("page", ""), request.path, {}, rows=20)
    done = request.GET.get("done", "")
    context = {
        "section": section(subject),
        "about": whose(part),
        "back_url": address(subject),
        "changes": changes[pages.start : pages.start + 20],
        "pages": pages,
        "long": LONG,
        "notices": [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else [],
    }
    return render(request, "desk/history.html", context)


def strike(request: Request, handle: UUID, step: UUID) -> HttpResponse:
    """Ask why, then strike one step."""
    by = request.actor
    subject = opening.find(by, handle)
    policies.require(by, Act.STRIKE_HISTORY, policies.of_subject(by, subject))
    form = StrikeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        strike_step(by=by, subject=subject, item=step, why=form.cleaned_data["why"])
        return redirect(f"{reverse('history', args=[handle])}?done=struck")
    part, steps = opening.open_history(by=by, subject=subject)
    found = [one.content for one in steps if item_of(part.keyed, one.content.facet, one.content.revision) == step]
    if not found or found[0].struck_at:
        raise NotHeld("There is no such step, or it was struck already.")
    context = {
        "section": section(subject),
        "heading": _("Strike it from the history"),
        "eyebrow": FACETS[found[0].facet],
        "about": whose(part),
        "lede": _(
            "What this part said before that change is deleted and cannot be brought back. It stays on record that it"
            " was changed, when and by whom, and that you struck it. The same words may stand in other changes of this"
            " part: strike those as well. Backups made before keep it until they expire."
        ),
        "form": form,
        "save": _("Strike it"),
        "destroys": True,
        "cancel_url": reverse("history", args=[handle]),
    }
    return render(request, "desk/form.html", context)
