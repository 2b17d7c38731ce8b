"""A PDF: its text page by page, as a kept library takes it out. A page that is a picture has none: flagged."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from .. import dates, flags, language
from ..bounds import MOST_PDF_BYTES, MOST_PDF_PAGES, MOST_RAW
from ..shape import DateRole, Flag, Flagged, Found, Kind, NotRead, Reading, SaidDate, Unfit
from ..spans import in_order
from .split import only
from .text import links_in, made

_BETWEEN: Final = "\n\n"


def read(data: bytes) -> Reading:
    """The text of a PDF as one post. Raises `NotRead`."""
    if len(data) > MOST_PDF_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    texts, about = _taken(data)
    raw = _BETWEEN.join(texts)
    bare = [
        Flag(Flagged.PAGES_WITHOUT_TEXT, sum(len(one) + 2 for one in texts[:at]))
        for at, text in enumerate(texts)
        if not text.strip()
    ]
    if len(bare) == len(texts):
        return Reading(
            Kind.PDF, about.get("Title") or None, about.get("Author") or None, None, None, "", (),
            flags=(Flag(Flagged.NO_TEXT), Flag(Flagged.PAGES_WITHOUT_TEXT)),
        )  # fmt: skip
    whole = in_order((*flags.in_text(raw), *bare))
    links = in_order(links_in(raw))
    post = made(1, raw, only(raw, 0, len(raw)), whole, links)
    title, author = about.get("Title") or post.title, about.get("Author") or post.author
    found_by = Found.METADATA if about.get("Author") else post.author_found_by
    # What made the file says when the file was made: that its text is as old is not said by that.
    made_at = _made(about.get("CreationDate") or "")
    chosen = dates.of_post(post.dates) or made_at

    post = replace(
        post, title=title, author=author, author_found_by=found_by, date=chosen.value if chosen else None,
        date_found_by=chosen.found_by if chosen else None, dates=(*post.dates, *((made_at,) if made_at else ())),
    )  # fmt: skip
    return Reading(
        Kind.PDF, title, author, post.date, post.date_found_by, raw, (post,), flags=whole, links=links,
        language=language.of(raw),
    )  # fmt: skip


def _taken(data: bytes) -> tuple[list[str], dict[str, str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise NotRead(Unfit.LOCKED) from None
        raise NotRead(Unfit.DAMAGED if b"%%EOF" in data[-2048:] else Unfit.TRUNCATED) from None
    try:
        count = len(document)
        if not count:
            raise NotRead(Unfit.EMPTY)
        if count > MOST_PDF_PAGES:
            raise NotRead(Unfit.TOO_MANY)
        texts, length = [], 0
        for number in range(count):
            text = _page(document, number)
            length += len(text) + len(_BETWEEN)
            if length > MOST_RAW:
                raise NotRead(Unfit.TOO_LARGE)
            texts.append(text)
        about = {name: " ".join(value.split())[:1000] for name, value in document.get_metadata_dict().items()}
    except pypdfium2.PdfiumError:
        raise NotRead(Unfit.DAMAGED) from None
    finally:
        document.close()
    return texts, about


def _page(document: Any, number: int) -> str:
    page = document[number]
    layer = page.get_textpage()
    try:
        text: str = layer.get_text_bounded()
    finally:
        layer.close()
        page.close()
    return flags.letters(text).replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")


def _made(written: str) -> SaidDate | None:
    """D:20200918093000+01'00'"""
    digits = written.removeprefix("D:")
    if len(digits) < 8 or not digits[:8].isdigit():
        return None
    form, length = ("%Y%m%d%H%M%S%z", 14) if digits[:14].isdigit() and len(digits) > 14 else ("%Y%m%d", 8)
    zone = digits[14:].replace("'", "") if length == 14 else ""
    try:
        at = datetime.strptime(digits[:length] + zone, form)  # noqa: DTZ007 - without a zone only its day is used
    except ValueError:
        return None
    value = dates.said(at.isoformat() if at.tzinfo else at.date().isoformat(), Found.METADATA, DateRole.SAID)
    return SaidDate(value.value, written, Found.METADATA, DateRole.SAID) if value else None
