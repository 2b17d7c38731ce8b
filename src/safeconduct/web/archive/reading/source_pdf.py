"""A source as a PDF, with the sheet that says where it is from."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from safeconduct.archive import beside, paper

from ...access import Request
from ...words import archive_sources as words
from ..installed import draws_pdf
from ..kept import Kept, opened
from . import provenance, source


def view(request: Request, handle: UUID) -> HttpResponse:
    """Draw it and hand it out. Of a source in confidence the log says that it left."""
    by = request.actor
    problem = ""
    if not draws_pdf():
        problem = str(words.NO_PDF)
    else:
        kept = opened(by, handle)
        beside.leaves(by, kept.source)
        try:
            drawn = paper.pdf(kept.reading, sheet(kept), _words())
        except paper.TooLong:
            problem = _("This source is too long for a PDF. Its page has all of it, and its bytes can be handed over.")
        else:
            response = HttpResponse(drawn, content_type="application/pdf")
            # A neutral name: what lands in a folder of downloads should not say what it is about.
            response.headers["Content-Disposition"] = 'attachment; filename="source.pdf"'
            return response
    kept = opened(by, handle)
    context = {**source.page(by, kept, page="", post=""), "problem": problem}
    return render(request, "archive/source.html", context, status=409)


def sheet(kept: Kept) -> paper.Sheet:
    """The provenance sheet: all that its page says of it."""
    rows = [(_("Title"), kept.title)] if kept.title else []
    for row in (*provenance.about(kept), *provenance.rows(kept)):
        values = row["values"] if "values" in row else [row["value"]]
        told = ", ".join(str(one["text"]) if isinstance(one, dict) else str(one) for one in values if one)
        if row.get("note"):
            told = f"{told} ({row['note']})"
        rows.append((row["label"], told or _("not known")))
    rows.append((_("What this shows"), provenance.existed_by(kept)))
    return paper.Sheet(kept.source.handle.hex, rows)


def _words() -> paper.Words:
    return paper.Words(
        language=get_language() or "en-gb",
        flag=lambda code: str(words.FLAGS[code]),
        gap=words.gap,
        post=words.post_line,
        sheet=_("Where this is from"),
        marks=_("To know before you rely on it"),
        limits=tuple(str(one) for one in words.LIMITS),
    )
