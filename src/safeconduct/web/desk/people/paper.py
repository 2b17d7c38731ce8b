"""One paper: what it is, drawn anew page by page; its original handed out; and its removal."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.people import opening
from safeconduct.people.actions.papers import remove_paper
from safeconduct.people.facets import Paper
from safeconduct.people.history import Why
from safeconduct.people.models import Subject
from safeconduct.people.papers import preview
from safeconduct.people.papers.media import DRAWN, ENDINGS, Media, decoded

from ...access import Request
from ...forms import LineField
from ...words import dates
from ...words import papers as words
from ..day.filters import address as with_query
from .papers import what
from .whose import address, section, whose

# Nothing in what is handed out may run, load or be framed, whatever a browser takes it for.
_STRICT: Final = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_TEXT_SHOWN: Final = 200_000
_SHOWN: Final = opening.WITH_PAPERS | {Subject.Kind.MESSAGE}


class RemovalForm(forms.Form):
    """Why a paper goes."""

    said = LineField(
        label=gettext_lazy("Why is it removed?"),
        error_messages={"required": gettext_lazy("Say why, in a few words: it is kept in the history.")},
        help_text=gettext_lazy("Kept in the history, sealed. Do not repeat what was in the paper."),
    )


def view(request: Request, handle: UUID, paper: UUID) -> HttpResponse:
    """The paper, opened after the entry that says so; its pages are drawn by `page`, each after an entry of its own."""
    by = request.actor
    subject = opening.find(by, handle, _SHOWN)
    kept = subject.kind in opening.WITH_PAPERS  # else it came with a message, and goes when that goes
    part, found = opening.open_paper(by=by, subject=subject, paper=paper)
    number = _number(request.GET.get("page", ""), found)
    here = reverse("paper", args=[handle, paper])
    context: dict[str, Any] = {
        "section": section(subject),
        "about": whose(part),
        "kind": words.KINDS.get(found.kind, words.KINDS["other"]),
        "title": found.title,
        "rows": _rows(found),
        "again_url": with_query(here, {"page": str(number)}),
        "page_url": reverse("paper-page", args=[handle, paper, number]) if found.pages else "",
        "page": number,
        "pages": found.pages,
        "previous_url": with_query(here, {"page": str(number - 1)}) if number > 1 else "",
        "next_url": with_query(here, {"page": str(number + 1)}) if number < found.pages else "",
        "text": _text(part, found),
        "not_shown": _not_shown(found),
        "papers_url": reverse("papers", args=[handle]) if kept else address(subject),
        "back": _("Papers") if kept else _("The message it came with"),
        "original_url": reverse("paper-original", args=[handle, paper]),
        "remove_url": reverse("paper-remove", args=[handle, paper]) if kept else "",
    }
    return render(request, "desk/paper.html", context)


def page(request: Request, handle: UUID, paper: UUID, number: int) -> HttpResponse:
    """One page as a picture drawn for this request and kept nowhere."""
    by = request.actor
    subject = opening.find(by, handle, _SHOWN)
    # Before the entry: who has to try again has opened nothing.
    with preview.place(preview.LOOKING):
        found, content = opening.read_paper(by=by, subject=subject, paper=paper)
        try:
            drawn = preview.draw(content, Media(found.media), page=number)
        except preview.CannotDraw:
            raise Http404 from None
    return _handed_out(drawn.picture, f"image/{drawn.form}", f'inline; filename="page.{drawn.form}"')


def original(request: Request, handle: UUID, paper: UUID) -> HttpResponse:
    """The file as it came, after the entry that says it was taken out. A browser saves it and shows nothing of it."""
    by = request.actor
    subject = opening.find(by, handle, _SHOWN)
    found, content = opening.read_paper(by=by, subject=subject, paper=paper, export=True)
    # A neutral name: what lands in a folder of downloads should not say whose it is or what.
    name = f"paper.{ENDINGS[Media(found.media)]}"
    return _handed_out(content, "application/octet-stream", f'attachment; filename="{name}"')


def remove(request: Request, handle: UUID, paper: UUID) -> HttpResponse:
    """Ask why, then remove the paper."""
    by = request.actor
    subject = opening.find(by, handle, opening.WITH_PAPERS)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        remove_paper(by=by, subject=subject, paper=paper, why=Why("removed", form.cleaned_data["said"]))
        return redirect(f"{reverse('papers', args=[handle])}?done=removed")
    part, found = opening.open_paper(by=by, subject=subject, paper=paper)
    context = {
        "section": section(subject),
        "heading": _("Remove a paper"),
        "eyebrow": words.KINDS.get(found.kind, words.KINDS["other"]),
        "about": whose(part),
        "lede": _(
            "Its file and everything said of it are deleted. The history keeps that there was one of this kind, when it"
            " was kept, and why it went. Backups made before keep it until they expire."
        ),
        "form": form,
        "save": _("Remove it"),
        "destroys": True,
        "cancel_url": reverse("paper", args=[handle, paper]),
    }
    return render(request, "desk/form.html", context)


def _handed_out(content: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = _STRICT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _number(asked: str, paper: Paper) -> int:
    return min(max(1, int(asked)), max(1, paper.pages)) if asked.isascii() and asked.isdigit() else 1


def _rows(paper: Paper) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("Day on the paper"), "value": dates.plain(paper.on) if paper.on else ""},
        {"label": _("Where it came from"), "value": paper.source},
        {"label": _("Kept"), "value": dates.plain(paper.added_on) if paper.added_on else ""},
        {"label": _("File"), "value": ", ".join(what(paper))},
    ]
    if paper.note:
        rows.append({"label": _("Note"), "value": {"text": paper.note}})
    return rows


def _text(part: opening.Part, paper: Paper) -> str:
    if paper.media != Media.TEXT:
        return ""
    return (decoded(opening.content_of(part, paper)) or "")[:_TEXT_SHOWN]


def _not_shown(paper: Paper) -> str:
    if paper.pages or paper.media == Media.TEXT:
        return ""
    if Media(paper.media) not in DRAWN:
        return _("Files of this kind are kept as they came and not shown here. Take out the original to read it.")
    if not preview.installed():
        return _(
            "This desk draws no papers: its extra part for that is not installed. Take out the original to read it."
        )
    return _("It cannot be shown here: it opens with a password only, or it came when nothing could be drawn.")
