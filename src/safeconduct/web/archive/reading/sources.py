"""The sources that are kept: the list, the search, and what it found at an address that tells nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.archive import queries
from safeconduct.archive.finding import answers
from safeconduct.archive.finding.search import Wanted
from safeconduct.archive.finding.terms import Nothing, TooMuch

from ...access import Request
from ...desk.pages import ROWS, page_of
from ...forms import DayField, LineField
from ...words import archive_sources as words
from ...words.dates import typed_again
from .. import once_told
from ..installed import takes_in
from .listed import line, lines

# Of one source on a page of what was found.
_SNIPPETS: Final = 3
DONE: Final = {
    "removed": gettext_lazy("The source was removed. The log says that there was one."),
    "told-gone": gettext_lazy(
        "What came of what you sent is not kept any more, and addresses that still waited were dropped. What was taken"
        " in is in the list."
    ),
    "gone": gettext_lazy("What you asked for is not kept any more. Search again."),
}


class FindForm(forms.Form):
    """What to look for. All of it is sent, none of it stands in an address."""

    q = LineField(label=gettext_lazy("Words"), required=False, max_length=1000)
    author = LineField(label=gettext_lazy("Author"), required=False)
    site = LineField(label=gettext_lazy("Site"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Any kind")), *words.KINDS.items()],
    )
    since = DayField(label=gettext_lazy("Published from"), required=False)
    until = DayField(label=gettext_lazy("Published until"), required=False)
    cited = forms.ChoiceField(
        label=gettext_lazy("Cited"),
        required=False,
        choices=[
            ("", gettext_lazy("Cited or not")),
            ("yes", gettext_lazy("Cited")),
            ("no", gettext_lazy("Not cited")),
        ],
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("In confidence"),
        required=False,
        choices=[
            ("", gettext_lazy("Public and in confidence")),
            ("no", gettext_lazy("Public only")),
            ("yes", gettext_lazy("In confidence only")),
        ],
    )

    def clean_site(self) -> str:
        """The name of a site out of what was typed, which may be an address."""
        typed: str = self.cleaned_data["site"].strip().lower()
        return typed.rpartition("://")[2].partition("/")[0].removeprefix("www.")

    def asked(self) -> Asked:
        """What was asked for, to be kept."""
        return Asked(**self.cleaned_data)


class Asked(msgspec.Struct, frozen=True):
    """What a member asked for, as the form has it."""

    q: str = ""
    author: str = ""
    site: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    cited: str = ""
    confidence: str = ""

    def wanted(self) -> Wanted:
        """The same as the search takes it. Raises `Nothing`, `TooMuch`."""
        said = {"yes": True, "no": False}
        return Wanted(
            asked=self.q,
            author=self.author,
            since=self.since,
            until=self.until,
            kinds=frozenset({self.kind} if self.kind else ()),
            cited=said.get(self.cited),
            site=self.site,
            confidence=said.get(self.confidence),
        )


def view(request: Request) -> HttpResponse:
    """The list, newest first, with the box to search from."""
    by = request.actor
    rows = queries.sources(by).select_related("sealed_record")
    pages = page_of(rows.count(), request.GET.get("page", ""), reverse("sources"), {})
    done = request.GET.get("done", "")
    context = {
        **_around(FindForm()),
        "sources": lines(by, list(rows[pages.start : pages.start + ROWS])),
        "count_text": _counted(pages.count),
        "pages": pages,
        "refused": queries.quarantined(by).count(),
        "notices": [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else [],
    }
    return render(request, "archive/sources.html", context)


def search(request: Request) -> HttpResponse:
    """Look whether it can be asked for, and lead to what is found. What was typed goes into no address."""
    form = FindForm(request.POST)
    if form.is_valid():
        asked = form.asked()
        if asked == Asked():
            return redirect("sources")
        try:
            asked.wanted()
        except Nothing:
            form.add_error("q", _("There is no word in this. Type a word, or what stood between quotation marks."))
        except TooMuch:
            form.add_error("q", _("This is more than a search takes: at most sixteen words or quotations."))
        else:
            return redirect("sources-found", handle=once_told.keep(request, asked))
    return render(request, "archive/sources.html", {**_around(form), "searched": True, "sources": []}, status=400)


def found(request: Request, handle: UUID) -> HttpResponse:
    """What a search of this member's finds now, best first."""
    by = request.actor
    asked = once_told.of(request, handle)
    if not isinstance(asked, Asked):
        return redirect(f"{reverse('sources')}?done=gone")
    number = request.GET.get("page", "")[:9]
    first = (int(number) - 1) * ROWS if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    got = answers.find(by=by, wanted=asked.wanted(), first=first, most=ROWS)
    pages = page_of(got.total, number, reverse("sources-found", args=[handle]), {})
    context = {
        **_around(FindForm(initial=_typed(asked))),
        "searched": True,
        "narrowed": any(value for name, value in msgspec.structs.asdict(asked).items() if name != "q"),
        "sources": _grouped(got, asked),
        "count_text": words.found(got.total),
        "pages": pages,
        "timeline_url": reverse("sources-timeline", args=[handle]),
    }
    return render(request, "archive/sources.html", context)


def _grouped(got: answers.Answers, asked: Asked) -> list[dict[str, Any]]:
    """The answers of one page by source, each where its best one stands."""
    out: dict[UUID, dict[str, Any]] = {}
    for one in got.shown:
        row = out.get(one.source.handle)
        if row is None:
            said, how = one.post.date, one.post.date_found_by
            row = out[one.source.handle] = line(
                one.source, title=one.title or "", author=one.author or "", said=said, how=how
            )
        if len(row["snippets"]) >= _SNIPPETS or not (asked.q or one.snippet.pieces):
            row["more"] += 1
            continue
        row["snippets"].append(
            {
                "number": one.post.number,
                "url": f"{row['url']}?post={one.post.number}#post-{one.post.number}",
                "pieces": [{"text": piece.text, "hit": piece.hit} for piece in one.snippet.pieces],
                "before": one.snippet.before,
                "after": one.snippet.after,
            }
        )
    return list(out.values())


def _typed(asked: Asked) -> dict[str, Any]:
    whole = msgspec.structs.asdict(asked)
    return {**whole, "since": typed_again(asked.since), "until": typed_again(asked.until)}


def _around(form: FindForm) -> dict[str, Any]:
    return {"form": form, "may_take": takes_in(), "searched": False}


def _counted(count: int) -> str:
    return ngettext("%(count)d source", "%(count)d sources", count) % {"count": count}
