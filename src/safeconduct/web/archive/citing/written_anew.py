"""What a team wrote, in other words: one form for a note and for the name of a collection; and removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from safeconduct.archive.actions import notes as acts
from safeconduct.archive.citing import around
from safeconduct.archive.citing.models import Collection, Note
from safeconduct.archive.faults import Changed

from ...access import Request
from ...words import archive_cited as words

Row = TypeVar("Row", Note, Collection)


@dataclass(frozen=True, slots=True)
class Anew:
    """Of one kind: its form, whose first field is what is written; its words; and the codes of what was done."""

    form: Callable[..., forms.Form]
    heading: str | Promise
    save: str | Promise
    remove: str | Promise
    remove_text: str | Promise
    done: str
    removed: str


def page(request: Request, row: Row, what: Anew, *, there: str, after: str = "") -> HttpResponse:
    """Show what is written, and write it anew or remove it. ``there`` is where it stands, ``after`` where it stood."""
    by, problem = request.actor, ""
    if request.method == "POST" and request.POST.get("then") == "remove":
        acts.remove(by=by, row=row)
        return redirect(f"{after or there}?done={what.removed}")
    form = what.form(request.POST or None, initial={"revision": row.revision})
    name = next(iter(form.fields))
    if not form.is_bound:
        form.initial[name] = around.words_of(by, row)
    elif form.is_valid():
        try:
            acts.rewrite(by=by, row=row, text=form.cleaned_data[name], read=form.cleaned_data["revision"])
        except acts.NotWritten:
            form.add_error(name, str(words.NOT_WRITTEN))
        except Changed:
            fresh = type(row)._default_manager.get(pk=row.pk)
            form = what.form({**request.POST.dict(), "revision": str(fresh.revision)})
            problem = _(
                "Somebody else saved this while you were writing. Nothing of theirs was overwritten, and what you typed"
                " is below. Look at theirs in another tab, then save again."
            )
        else:
            return redirect(f"{there}?done={what.done}")
    context = {
        "heading": what.heading,
        "form": form,
        "problem": problem,
        "save": what.save,
        "cancel_url": there,
        "remove_text": what.remove_text,
        "remove": what.remove,
    }
    return render(request, "archive/written.html", context, status=409 if problem else 200)
