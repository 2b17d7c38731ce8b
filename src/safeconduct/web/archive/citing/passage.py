"""A passage: cited, shown in its context with the lines that name its source, and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions.cite import NotThere, SeveralPlaces, cite, cite_words, uncite
from safeconduct.archive.citing import around, lines, records
from safeconduct.archive.citing.addresses import NoAddress, short
from safeconduct.archive.citing.models import Passage
from safeconduct.archive.citing.shown import Shown, find, there_later
from safeconduct.archive.citing.works import Work
from safeconduct.archive.faults import NoSource
from safeconduct.archive.models import Source

from ...access import Request
from ...words import archive_cited as words
from ...words import dates
from ..reading.beside_source import chosen, kept_in, note_line, source_address
from .cited_forms import CiteForm, NoteForm

_AROUND: Final = 60
TYPES: Final = {"bibtex": ("application/x-bibtex", "bib"), "csl": ("application/vnd.citationstyles.csl+json", "json")}


def new(request: Request, handle: UUID) -> HttpResponse:
    """Cite words of a source; where they stand in several places, ask which is meant."""
    by = request.actor
    source = queries.source(by, handle)
    form = CiteForm(request.POST) if request.method == "POST" else CiteForm()
    if form.is_bound and form.is_valid():
        try:
            row = _cite(by, source, form, request.POST.get("place", ""))
        except NotThere:
            form.add_error("quote", str(words.NOT_THERE))
        except SeveralPlaces as fault:
            form = CiteForm(request.POST, places=_places(by, source, fault.places))
            form.add_error("place", str(words.SEVERAL))
        else:
            return redirect(f"{reverse('passage', args=[short(row.handle)])}?done=cited")
    context = {
        "section": "archive",
        "heading": _("Cite a passage"),
        "lede": _("The words get a short address of their own, which stays. They are kept as they were published."),
        "form": form,
        "save": _("Cite"),
        "cancel_url": source_address(source),
    }
    return render(request, "desk/form.html", context)


def view(request: Request, address: str) -> HttpResponse:
    """A passage in its context, how it is cited, and what was written about it."""
    by = request.actor
    one = _found(by, address)
    if request.path != reverse("passage", args=[one.address]):
        return redirect("passage", address=one.address)
    teams = around.teams_for(by, one.source)
    post_language = one.work.language or ""
    context = {
        "passage": one,
        "quote": one.anchor.quote,
        "language": post_language,
        "orphan": words.ORPHAN if one.is_orphan else "",
        "later": _later(by, one),
        "title": one.work.title or one.work.opening,
        "author": one.work.author or "",
        "in_confidence": one.source.plane == Source.Plane.SEALED,
        "source_url": source_address(one.source, None if one.is_orphan else one.number),
        "facts": _facts(request, one),
        "citations": citations(one.work),
        "records": [] if one.source.plane == Source.Plane.SEALED else _records(one),
        "notes": [note_line(each) for each in around.notes_of(by, one.source) if each.passage == one.address],
        "note_form": NoteForm(teams=teams, auto_id="note-%s", initial={"passage": one.address}) if teams else None,
        "note_url": reverse("note-new", args=[one.source.handle]),
        "collections": kept_in(by, one.source, one.row.pk),
        "collect_url": f"{reverse('collect', args=[one.source.handle])}?passage={one.address}" if teams else "",
        "remove_url": reverse("passage-remove", args=[one.address]),
        "notices": chosen(request.GET.get("done", "")),
    }
    return render(request, "archive/passage.html", context)


def remove(request: Request, address: str) -> HttpResponse:
    """Ask, then take a passage away."""
    one = _found(request.actor, address)
    if request.method == "POST":
        uncite(by=request.actor, passage=one.row)
        there = reverse("source", args=[one.source.handle])
        return redirect(f"{there}?done=uncited")
    context = {
        "section": "archive",
        "heading": _("Take this passage away?"),
        "lede": _(
            "Its address will lead nowhere: whoever has it in a letter or a footnote finds nothing there. Notes on it"
            " go with it, and it leaves its collections. The source stays."
        ),
        "form": forms.Form(),
        "save": _("Take it away"),
        "destroys": True,
        "cancel_url": reverse("passage", args=[one.address]),
    }
    return render(request, "desk/form.html", context)


def record(request: Request, address: str, form: str) -> HttpResponse:
    """A passage's source as a file for another program. Of one in confidence no file is handed out."""
    one = _found(request.actor, address)
    if one.source.plane == Source.Plane.SEALED:
        raise NoSource("What came in confidence leaves as no file.")
    return as_file([one.work], form, one.address)


def as_file(works: Sequence[Work], form: str, name: str) -> HttpResponse:
    """Works as BibTeX or CSL JSON, to be kept under a name that says nothing."""
    media, ending = TYPES[form]
    text = records.bibtex(works) if form == "bibtex" else records.csl_json(works)
    answer = HttpResponse(text, content_type=f"{media}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def citations(work: Work) -> list[dict[str, str]]:
    """A work in each style."""
    return [{"style": str(words.STYLES[style]), "text": lines.line(work, style)} for style in lines.Style]


def _found(by: Actor, address: str) -> Shown:
    try:
        return find(by, address)
    except NoAddress:
        raise NoSource("There is no such passage.") from None


def _cite(by: Actor, source: Source, form: CiteForm, place: str) -> Passage:
    typed = form.cleaned_data
    try:
        return cite_words(by=by, source=source, quote=typed["quote"])
    except SeveralPlaces as fault:
        for _number, start, end in fault.places:
            if place == f"{start}-{end}" or (not place and typed["at"] == start):
                return cite(by=by, source=source, start=start, end=end)
        raise


def _places(by: Actor, source: Source, places: Sequence[tuple[int, int, int]]) -> list[tuple[str, str]]:
    [(_source, reading)] = around.read(by, [source]).values()
    out = []
    for number, start, end in places[:50]:
        text = " ".join(reading.raw[max(0, start - _AROUND) : end + _AROUND].split())
        out.append((f"{start}-{end}", words.place(number, f"… {text} …")))
    return out


def _facts(request: HttpRequest, one: Shown) -> list[dict[str, Any]]:
    """What is known of the passage, as rows of a summary."""
    address = request.build_absolute_uri(reverse("passage", args=[one.address]))
    stands = _("post %(number)d, characters %(start)d to %(end)d of the raw text") % {
        "number": one.number,
        "start": one.anchor.start,
        "end": one.anchor.end,
    }
    cited = _("%(day)s, by %(member)s") % {"day": dates.instant(one.row.at).text, "member": one.row.by.name}
    return [
        {"label": _("Address"), "value": one.address, "note": address},
        {"label": _("Stood at") if one.is_orphan else _("Stands at"), "value": stands},
        {"label": _("Cited"), "value": cited},
    ]


def _later(by: Actor, one: Shown) -> dict[str, str] | None:
    found = there_later(by, one)
    if found is None:
        return None
    other, stands = found
    return {"text": words.later(dates.plain(other.captured_on), stands=stands), "url": source_address(other)}


def _records(one: Shown) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": reverse("passage-record", args=[one.address, form])}
        for form, name in words.RECORDS.items()
    ]
