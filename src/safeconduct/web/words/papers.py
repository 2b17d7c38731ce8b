"""Words for papers: what they can be, what their files are, and why a file is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.people.papers.media import MOST_PIXELS, Media, Unfit

KINDS: Final[Mapping[str, Promise]] = {
    "passport": _("Passport"),
    "identity": _("Another identity paper"),
    "arc": _("ARC (application registration card)"),
    "brp": _("BRP (residence permit)"),
    "evisa": _("eVisa or share code page"),
    "decision": _("Decision letter"),
    "refusal": _("Refusal"),
    "letter": _("Letter"),
    "authority": _("Signed authority to act"),
    "medical": _("Medical paper"),
    "photo": _("Photograph"),
    "other": _("Something else"),
}

DRAWING: Final = _("Others are putting papers in at this moment. Nothing was kept; send it again in a moment.")

MEDIA: Final[Mapping[str, Promise]] = {
    Media.PDF: _("PDF"),
    Media.JPEG: _("JPEG picture"),
    Media.PNG: _("PNG picture"),
    Media.WEBP: _("WebP picture"),
    Media.HEIC: _("HEIC picture"),
    Media.TEXT: _("plain text"),
    Media.DOCX: _("Word letter (DOCX)"),
    Media.ODT: _("OpenDocument letter (ODT)"),
    Media.EML: _("message (EML)"),
    Media.MSG: _("message of Outlook (MSG)"),
}

_ALLOWED: Final = _("PDF, JPEG, PNG, WebP, HEIC, plain text, DOCX and ODT are kept.")

UNFIT: Final[Mapping[str, Promise]] = {
    Unfit.EMPTY: _("There is nothing in this file."),
    Unfit.TOO_LARGE: _("This file is larger than 20 MB."),
    Unfit.UNKNOWN: _("This is no kind of file the desk keeps."),
    Unfit.PROGRAM: _("This is a program, whatever its name says. Do not open it; ask whoever sent it."),
    Unfit.WEB_PAGE: _("This is a web page. Print it to a PDF and keep that."),
    Unfit.SVG: _("This is a drawing that can carry a program (SVG). Save it as PNG or PDF."),
    Unfit.ARCHIVE: _("This is an archive. Unpack it on your machine and keep the papers one by one."),
    Unfit.SHEET: _("This is a spreadsheet. Bring it in under Import, or print it to a PDF."),
    Unfit.TWO_THINGS: _(
        "This file is two things in one: something else is hidden in it or behind its end. Print it to a new PDF, or"
        " take a picture of it."
    ),
    Unfit.DAMAGED: _("This file is damaged or cut short: it does not open. Ask for it again, or scan it anew."),
    Unfit.TOO_MANY_PIXELS: _("This picture has more than %(millions)d million points. Save it smaller."),
    Unfit.TOO_LARGE_INSIDE: _("This file unpacks to far more than a letter can hold. Print it to a PDF."),
    Unfit.MACROS: _("There is a macro in this letter: a program that runs when it is opened. Print it to a PDF."),
    Unfit.FETCHES: _(
        "This letter fetches something from elsewhere when it is opened, which would tell others that you read it."
        " Print it to a PDF."
    ),
}


def unfit(code: Unfit) -> str:
    """Why a file is not kept, and what to do instead."""
    said = str(UNFIT[code])
    if code is Unfit.TOO_MANY_PIXELS:
        said %= {"millions": MOST_PIXELS // 1_000_000}
    return f"{said} {_ALLOWED}" if code is Unfit.UNKNOWN else said


def size(length: int) -> str:
    """`340 KB`, `2.1 MB`."""
    if length >= 1024 * 1024:
        return str(_("%(size).1f MB") % {"size": length / (1024 * 1024)})
    return str(_("%(size)d KB") % {"size": max(1, round(length / 1024))})


def pages(count: int) -> str:
    """`3 pages`."""
    return ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
