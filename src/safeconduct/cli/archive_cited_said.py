"""What the commands about passages, notes and collections print: the shapes of their JSON, and the same as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.archive.citing.around import Item, Wrote
    from safeconduct.archive.citing.shown import Shown
    from safeconduct.archive.citing.timeline import Timeline
    from safeconduct.archive.citing.works import Work

# As `citing.lines.Style`, and the two that other programs read.
STYLES: Final = ("oscola", "harvard", "apa", "mla", "bibtex", "csl")


def passage(one: Shown, style: str) -> dict[str, Any]:
    """A passage. ``start`` and ``end`` count characters of the source's raw text."""
    return {
        "passage": one.address,
        "source": one.source.handle.hex,
        "post": one.number,
        "quote": one.anchor.quote,
        "prefix": one.anchor.prefix,
        "suffix": one.anchor.suffix,
        "start": one.anchor.start,
        "end": one.anchor.end,
        "orphan": one.is_orphan,
        "citation": citation(one.work, style),
    }


def passage_lines(said: dict[str, Any]) -> list[str]:
    """The same, as lines."""
    lines = [f"{said['passage']}  “{' '.join(said['quote'].split())}”"]
    if said["orphan"]:
        lines.append("    ORPHAN: the source as it is read now does not have these words there.")
    return [*lines, *(f"    {line}" for line in said["citation"].splitlines())]


def citation(work: Work, style: str) -> str:
    """A work in one style."""
    from safeconduct.archive.citing.lines import Style, line

    whole = records([work], style)
    return line(work, Style(style)) if whole is None else whole.rstrip("\n")


def records(works: Sequence[Work], style: str) -> str | None:
    """Works as one file for another program; None for a style of lines."""
    from safeconduct.archive.citing.records import bibtex, csl_json

    return {"bibtex": bibtex, "csl": csl_json}[style](works) if style in ("bibtex", "csl") else None


def item(one: Item, style: str) -> dict[str, Any]:
    """A source of a collection, or a passage of it."""
    return {
        "source": one.source.handle.hex,
        "passage": one.passage.address if one.passage else None,
        "quote": one.passage.anchor.quote if one.passage else None,
        "orphan": bool(one.passage and one.passage.is_orphan),
        "citation": citation(one.work, style),
    }


def wrote(one: Wrote) -> dict[str, Any]:
    """A note, a word or the name of a collection."""
    row = one.row
    return {
        "handle": row.handle.hex,
        "text": one.text,
        "team": row.team.name,
        "by": row.by.name,
        "at": row.at.isoformat(),
        "passage": one.passage or None,
    }


def timeline(one: Timeline) -> dict[str, Any]:
    """What is known of when: each by its date, and how many share the same days."""
    return {
        "total": one.total,
        "undated": one.undated,
        "spans": [
            {"first": span.first.isoformat(), "last": span.last.isoformat(), "count": span.count} for span in one.spans
        ],
        "dated": [
            {
                "date": each.said,
                "date_found_by": each.found_by,
                "source": each.source.handle.hex,
                "post": each.number,
                "title": each.title,
                "author": each.author,
                "passage": each.passage or None,
                "quote": each.quote or None,
            }
            for each in one.dated
        ],
    }


def dated_line(said: dict[str, Any]) -> str:
    """One of them, as a line."""
    what = f"“{' '.join(said['quote'].split())}”" if said["quote"] else said["title"]
    where = said["passage"] or (f"{said['source']}/{said['post']}" if said["post"] else said["source"])
    return f"{said['date'] or 'no date':25}  {where}  {what}".rstrip()
