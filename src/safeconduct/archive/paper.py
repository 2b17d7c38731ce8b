"""A source on paper: its unrolled text, every gap and flag in its place, and a sheet that says where it is from.

Drawn by WeasyPrint (the extra ``archive``) from HTML of our own, in which everything of the source is text. It opens no
address and no file but the system's fonts: Noto, of Debian's fonts-noto-core. Urdu is set in Naskh, since what is set
in Nastaliq cannot be read back out of a PDF.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from .reading.shape import Flagged, Gap, Post, Reading
from .reading.unroll import Lacking, Run, Shown, unroll

MOST_CHARACTERS: Final = 600_000
MOST_ITEMS: Final = 3_000
_PHONE: Final = re.compile(r"\+?\d[\d ().\u00a0-]{5,20}\d")
_STYLE: Final = """
@page { size: A4; margin: 20mm 18mm 22mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt }
        @bottom-left { content: string(reference); font-size: 8pt; font-family: "Noto Sans Mono", monospace } }
html { font: 10.5pt/1.5 "Noto Sans", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans Ethiopic", "Noto Sans Bengali",
       "Noto Sans Gurmukhi", "Noto Sans Devanagari", "Noto Sans Gujarati", "Noto Sans Tamil", "Noto Sans Sinhala",
       "Noto Sans Georgian", "Noto Sans CJK SC", sans-serif; color: #111 }
h1 { font-size: 17pt; line-height: 1.25; margin: 0 0 4mm }
h2 { font-size: 12.5pt; margin: 7mm 0 1mm; break-after: avoid }
.reference { string-set: reference content(); font-family: "Noto Sans Mono", monospace; font-size: 8.5pt }
.said, .note { color: #444; font-size: 9pt; margin: 0 0 2mm } .post { margin: 0 0 4mm }
.post p { margin: 0 0 2.5mm; text-align: start; overflow-wrap: anywhere }
.answer { border-inline-start: 1.5pt solid #999; padding-inline-start: 4mm }
.gap { border: 1pt dashed #555; padding: 2mm 3mm; margin: 3mm 0 }
.mark { font-size: 8pt; border: .5pt solid #555; padding: 0 1mm }
table { border-collapse: collapse; width: 100%; font-size: 9pt } th { text-align: start; width: 42mm; font-weight: 600 }
th, td { border-bottom: .5pt solid #bbb; padding: 1.2mm 1mm; vertical-align: top; overflow-wrap: anywhere }
.sheet { break-before: page }
"""


class TooLong(Exception):
    """The source is longer than what is put on paper; its bytes and its page have it all."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the paper says in words of its own, all of it plain text; the pages of the desk have them."""

    language: str
    flag: Callable[[Flagged], str]
    gap: Callable[[Gap], str]
    post: Callable[[Post], str]  # the line above a post: its number, who, when and how that was found
    sheet: str  # the heading of the sheet
    marks: str  # the heading of the list of what to know about the whole
    limits: Sequence[str]  # what all this does not show


@dataclass(frozen=True, slots=True)
class Sheet:
    """The provenance sheet: rows of a label and a value, such as the hash, the stamps and the place in the log."""

    reference: str
    rows: Sequence[tuple[str, str]]


def pdf(reading: Reading, sheet: Sheet, words: Words) -> bytes:
    """The paper, as PDF/UA with its text in it. Raises `TooLong`."""
    from weasyprint import HTML

    if len(reading.raw) > MOST_CHARACTERS or len(reading.posts) + len(reading.gaps) > MOST_ITEMS:
        raise TooLong
    drawn = HTML(string=page(reading, sheet, words), base_url=None, url_fetcher=fetcher())
    made: bytes = drawn.write_pdf(pdf_variant="pdf/ua-1", optimize_images=False)
    return made


def page(reading: Reading, sheet: Sheet, words: Words) -> str:
    """The HTML the paper is drawn from: everything of the source in it is text."""
    unrolled = unroll(reading)
    title = reading.title or next((post.title for post in reading.posts if post.title), None) or sheet.reference
    body = "".join(
        _gap(item, words) if isinstance(item, Lacking) else _post(item, words, alone=unrolled.posts == 1)
        for item in unrolled.items
    )
    rows = "".join(f"<tr><th scope=row>{escape(label)}</th><td>{_text(value)}</td></tr>" for label, value in sheet.rows)
    apart = dict.fromkeys(flag.code for flag in (*unrolled.apart, *(one for one in reading.flags if one.at is None)))
    marks = "".join(f"<li>{escape(words.flag(code))}</li>" for code in apart)
    known = f"<h2>{escape(words.marks)}</h2><ul>{marks}</ul>" if marks else ""
    limits = "".join(f"<p class=note>{escape(one)}</p>" for one in words.limits)
    return (
        f"<!doctype html><html lang={_quoted(words.language)}><head><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style></head><body><p class=reference>{escape(sheet.reference)}</p>"
        f"<h1{_way(title, reading.language)}>{_text(title)}</h1>{body}"
        f"<section class=sheet><h2>{escape(words.sheet)}</h2><table>{rows}</table>{known}{limits}</section>"
        "</body></html>"
    )


def _post(item: Shown, words: Words, *, alone: bool) -> str:
    post = item.post
    head = f"<h2{_way(post.title, post.language)}>{_text(post.title)}</h2>" if post.title and not alone else ""
    paragraphs = "".join(
        f"<p{_way(''.join(run.text for run in runs), post.language)}>{''.join(_run(run, words) for run in runs)}</p>"
        for runs in item.paragraphs
        if runs
    )
    return (
        f'<section class="post{" answer" if post.depth else ""}">{head}'
        f"<p class=said>{escape(words.post(post))}</p>{paragraphs}</section>"
    )


def _run(run: Run, words: Words) -> str:
    marks = "".join(f"<span class=mark>{escape(words.flag(code))}</span> " for code in run.codes)
    return marks + _text(run.text)


def _gap(item: Lacking, words: Words) -> str:
    return f"<p class=gap>{escape(words.gap(item.gap))}</p>"


def _text(text: str) -> str:
    """Text as HTML: line ends kept, control characters shown as a box, a number of a telephone never turned around."""
    shown = "".join("\ufffd" if unicodedata.category(one) == "Cc" and one not in "\n\t" else one for one in text)
    pieces, at = [], 0
    for match in _PHONE.finditer(shown):
        pieces += [escape(shown[at : match.start()]), f"<bdi dir=ltr>{escape(match[0])}</bdi>"]
        at = match.end()
    return "".join([*pieces, escape(shown[at:])]).replace("\n", "<br>")


def _way(text: str, language: str | None) -> str:
    """The direction of a paragraph, by its first letter that has one, and its language."""
    strong = next((way for one in text[:2000] if (way := unicodedata.bidirectional(one)) in {"L", "R", "AL"}), "L")
    named = f" lang={_quoted(language)}" if language else ""
    return f" dir={'ltr' if strong == 'L' else 'rtl'}{named}"


def _quoted(value: str) -> str:
    return f'"{escape(value, quote=True)}"'


def fetcher() -> Any:
    """What WeasyPrint asks for addresses: it opens none, and the paper is drawn without what would be there."""
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            return _fetch_nothing(url, headers)

    return Nothing()


def _fetch_nothing(*_asked: Any, **_more: Any) -> Any:
    raise ValueError("a paper opens no address")
