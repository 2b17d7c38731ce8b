"""Words for passages, notes, words on sources, collections and timelines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.archive.citing.lines import Style

from . import dates

STYLES: Final[Mapping[str, Promise | str]] = {
    Style.OSCOLA: _("OSCOLA (law)"),
    Style.HARVARD: _("Harvard"),
    Style.APA: _("APA"),
    Style.MLA: _("MLA"),
}
# Files for other programs: what each is called, and for what.
RECORDS: Final[Mapping[str, Promise | str]] = {"bibtex": _("BibTeX"), "csl": _("CSL JSON, for Zotero and others")}

DONE: Final[Mapping[str, Promise]] = {
    "cited": _("Cited. Its address below stays."),
    "uncited": _("The passage was taken away. Its address leads nowhere from now on."),
    "noted": _("The note is kept, sealed for your team."),
    "note-changed": _("The note was changed."),
    "note-removed": _("The note was removed."),
    "tagged": _("The word is on this source."),
    "untagged": _("The word was taken off."),
    "collected": _("Added to the collection."),
    "begun": _("The collection is here. Add sources and passages from their own pages."),
    "renamed": _("Renamed."),
    "moved": _("Moved."),
    "taken-out": _("Taken out of the collection. It stays in the archive."),
    "collection-removed": _("The collection was removed. What was in it stays in the archive."),
}

ORPHAN: Final = _(
    "This passage is an orphan: the source as it is read now does not have these words there. They are shown as they"
    " were cited, and are attached to nothing else."
)
NOT_THERE: Final = _(
    "These words do not stand in one post of this source, letter for letter. Nothing was cited, and what you typed is"
    " kept. Spaces and quotation marks may differ; letters may not."
)
SEVERAL: Final = _("These words stand in several places. Choose the one you mean.")
NO_QUOTATION: Final = _("Paste at least one word, and no more than a page.")
NOT_WRITTEN: Final = _("Write something, and no more than a few pages.")
NOT_THEIRS: Final = _("This source is in confidence with another team: choose the team that holds it.")


def place(number: int, text: str) -> str:
    """Where words stand: `Post 3: … told them why …`."""
    return _now("Post %(number)d: %(text)s") % {"number": number, "text": text}


def later(day: str, *, stands: bool) -> str:
    """Whether the words stand on the page as it was captured later."""
    if stands:
        return _now("Captured again on %(day)s, changed: these words stand there as they were cited.") % {"day": day}
    return _now("Captured again on %(day)s, changed: these words do not stand there as they were cited.") % {"day": day}


def items(count: int) -> str:
    """`3 items`."""
    return ngettext("%(count)d item", "%(count)d items", count) % {"count": count}


def sources(count: int) -> str:
    """`3 sources`."""
    return ngettext("%(count)d source", "%(count)d sources", count) % {"count": count}


def span(first: date, last: date) -> str:
    """The days a date can mean, no more exactly than was said: `18 September 2020`, `September 2020`, `2020`."""
    if first == last:
        return dates.plain(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        return dates.month(first)
    return f"{dates.plain(first)} – {dates.plain(last)}"


def when(first: date | None, last: date | None) -> str:
    """The same; in words where nothing says of when."""
    return span(first, last) if first and last else _now("No date")


def drawn(count: int, first: str, last: str) -> str:
    """What a drawing of a timeline shows, for who does not see it. The list says the same."""
    return ngettext(
        "A drawing of %(count)d date from %(first)s to %(last)s. The list below says the same.",
        "A drawing of %(count)d dates from %(first)s to %(last)s. The list below says the same.",
        count,
    ) % {"count": count, "first": first, "last": last}
