"""The text of a source as its page shows it: posts and gaps in their places, and what to know where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from safeconduct.archive.copies import Alike
from safeconduct.archive.masking import FILLER
from safeconduct.archive.reading.shape import Post, Reading, SaidDate
from safeconduct.archive.reading.unroll import Lacking, Run, Shown, Unrolled

from ...words import archive_sources as words

ITEMS: Final = 100
# Of what one page holds, in characters: a long page has fewer posts on it.
CHARACTERS: Final = 150_000
# Of the posts that say the same as one; a petition can be copied a thousand times.
_MOST_ALIKE: Final = 10
_LONGEST_NUMBER: Final = 9
_MASKED: Final = re.compile(f"({FILLER}+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Items from ``start`` to ``end`` of those of a source: one page of its page."""

    number: int
    start: int
    end: int


def sheets(unrolled: Unrolled) -> list[Sheet]:
    """The items parted into pages; at least one."""
    out: list[Sheet] = []
    start = size = 0
    for at, item in enumerate(unrolled.items):
        length = len(item.post.text) if isinstance(item, Shown) else 0
        if at > start and (at - start >= ITEMS or size + length > CHARACTERS):
            out.append(Sheet(len(out) + 1, start, at))
            start, size = at, 0
        size += length
    return [*out, Sheet(len(out) + 1, start, len(unrolled.items))]


def sheet_of(unrolled: Unrolled, all_of_them: Sequence[Sheet], *, page: str, post: str) -> Sheet:
    """The one somebody asked for: the one that has the post ``post``, else number ``page``, else the first."""
    page, post = page[:_LONGEST_NUMBER], post[:_LONGEST_NUMBER]
    if post.isascii() and post.isdigit():
        for at, item in enumerate(unrolled.items):
            if isinstance(item, Shown) and item.post.number == int(post):
                return all_of_them[bisect_left([one.end - 1 for one in all_of_them], at)]
    number = int(page) if page.isascii() and page.isdigit() else 1
    return all_of_them[min(max(number, 1), len(all_of_them)) - 1]


def items(
    unrolled: Unrolled, sheet: Sheet, like: Mapping[int, Sequence[dict[str, Any]]], reading: Reading
) -> list[dict[str, Any]]:
    """What stands on one page. ``like``: lines about posts elsewhere that say the same, by number.

    What the source says of itself (its author, its language) is not said again at each post, nor that none has a date.
    """
    alone = unrolled.posts == 1
    dated = any(isinstance(item, Shown) and item.post.date for item in unrolled.items)
    out: list[dict[str, Any]] = []
    for item in unrolled.items[sheet.start : sheet.end]:
        if isinstance(item, Lacking):
            out.append({"gap": words.gap(item.gap), "answer": item.depth > 0})
            continue
        post = _post(item, like.get(item.post.number, ()), alone=alone, language=reading.language)
        if post["number"] > 1 and post["author"] == reading.author:
            post["author"] = ""
        out.append({**post, "undated": dated and not post["date"]})
    return out


def alike_lines(source: UUID, alike: Iterable[Alike], titles: Mapping[UUID, str]) -> dict[int, list[dict[str, Any]]]:
    """Lines about posts that say the same, by the number of ours. Those whose source is not in ``titles`` are not."""
    out: dict[int, list[dict[str, Any]]] = {}
    for one in alike:
        if one.source in titles:
            out.setdefault(one.number, []).append(
                {
                    "title": titles[one.source],
                    "number": one.other,
                    "share": words.share(one.containment),
                    "url": reverse("source-differences", args=[source, one.number, one.of]),
                }
            )
    return {number: _first(lines) for number, lines in out.items()}


def _first(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    more = len(lines) - _MOST_ALIKE
    return [*lines[:_MOST_ALIKE], {"more": more}] if more > 0 else lines


def _post(item: Shown, like: Sequence[dict[str, Any]], *, alone: bool, language: str | None) -> dict[str, Any]:
    post = item.post
    here = {code for runs in item.paragraphs for run in runs for code in run.codes}
    return {
        "number": post.number,
        "title": "" if alone else post.title or "",
        "author": post.author or "",
        "author_how": words.found_by(post.author_found_by),
        "date": words.said_date(post.date),
        "date_how": words.found_by(post.date_found_by),
        "dates": dates(post),
        "language": post.language or "",
        "spoken": words.language(post.language) if post.language != language else "",
        "links": [{"text": one.text, "target": one.target} for one in post.links if one.target != one.text],
        "answers": post.answers,
        "answer": post.depth > 0,
        "start": post.start,
        "end": post.end,
        "flags": [words.FLAGS[code] for code in item.codes if code not in here],
        "paragraphs": [[_run(run) for run in runs] for runs in item.paragraphs if runs],
        "pictures": [one.about or "" for one in post.pictures],
        "alike": like,
    }


def dates(post: Post) -> list[dict[str, str]]:
    """Every date that was found, where there is more to say than the one that was chosen."""
    return [_date(one) for one in post.dates] if len(post.dates) > 1 else []


def _date(one: SaidDate) -> dict[str, str]:
    return {
        "text": words.said_date(one.value),
        "written": one.written,
        "role": str(words.ROLES[one.role]),
        "how": words.found_by(one.found_by),
    }


def _run(run: Run) -> dict[str, Any]:
    """A stretch of text: pieces with where each begins in the raw text, and whether it is masked."""
    pieces, at = [], run.start
    for text in _MASKED.split(run.text):
        if text:
            pieces.append({"at": at, "text": text, "masked": text.startswith(FILLER)})
            at += len(text)
    return {"pieces": pieces, "target": run.target or "", "flags": [words.FLAGS[code] for code in run.codes]}
