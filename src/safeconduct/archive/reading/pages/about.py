"""What a page says about itself outside its text: title, author, dates, language, address, and how each was found."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from .. import dates
from ..bounds import MOST_TITLE
from ..language import said
from ..shape import DateRole, Found, SaidDate
from .layout import Element, Laid, values

_PUBLISHED: Final = frozenset(
    {
        *("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.issued"),
        *("dcterms.created", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date"),
        *("citation_publication_date", "og:article:published_time"),
    }
)
_UPDATED: Final = frozenset(
    {
        *("article:modified_time", "datemodified", "dcterms.modified", "last-modified", "og:updated_time"),
    }
)
_AUTHOR: Final = frozenset(
    {
        *("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author"),
    }
)
_TITLE: Final = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_BYLINE: Final = re.compile(r"(?:^|[\s_-])(?:byline|author|p-author|entry-author|post-author)(?:$|[\s_-])", re.I)
_MOST_JSON: Final = 2_000_000
_MOST_NODES: Final = 2_000


@dataclass(frozen=True, slots=True)
class About:
    """``dates`` in the order they should be believed in. All as the page gives them."""

    title: str | None
    author: str | None
    author_found_by: Found | None
    dates: tuple[SaidDate, ...]
    language: str | None
    address: str | None


def page(laid: Laid, source: str) -> About:
    """What the page as a whole says of itself. ``source`` is its HTML."""
    top = laid.top
    meta = dict(reversed([(name.lower(), value) for name, value in _metas(top)]))
    linked = list(_linked_data(top))
    title = next((meta[name] for name in _TITLE if meta.get(name)), "".join(top.xpath("//title[1]//text()")))
    author = next((meta[name] for name in meta if name in _AUTHOR and not meta[name].startswith("http")), None)
    author = author or next(filter(None, (_name(one.get("author")) for one in linked)), None)
    found = Found.METADATA if author else None
    if author is None:
        author, found = byline(laid, top)
    address = next(iter(values(top, "//link[@rel='canonical']/@href")), None) or meta.get("og:url")
    when = [*_dated(meta.items()), *_dated_linked(linked), *marked(top)]
    if address and (one := dates.in_address(address)):
        when.append(one)
    if not any(one.role is DateRole.PUBLISHED for one in when) and (one := _by_rule_of_thumb(source)):
        when.append(one)
    language = said(next(iter(values(top, "/html/@lang")), None)) or said(meta.get("content-language"))
    return About(_line(title or "") or None, _line(author or "") or None, found, _once(when), language, address)


def byline(laid: Laid, element: Element) -> tuple[str | None, Found | None]:
    """Who a page or a post is by, as its markup says: `rel=author`, or a byline's class."""
    marked_so = element.xpath(".//*[@rel='author' or @itemprop='author' or @class]")
    for one in sorted(marked_so[:5000], key=lambda each: each.get("rel") != "author"):
        if one.get("rel") == "author" or one.get("itemprop") == "author" or _BYLINE.search(one.get("class") or ""):
            start, end = laid.spans.get(one, (0, 0))
            text = re.sub(r"^(?:posted\s+)?by:?\s+", "", _line(laid.raw[start:end]), flags=re.I)
            if text and len(text) <= 120:
                return text, Found.MARKUP
    return None, None


def marked(element: Element) -> list[SaidDate]:
    """Dates of `<time datetime>` below an element: those said to be of publishing or updating before the others."""
    found = []
    for one in element.xpath(".//time[@datetime] | .//abbr[@title][contains(@class,'published')]")[:200]:
        kind = f"{one.get('class') or ''} {one.get('itemprop') or ''}".lower()
        role = DateRole.UPDATED if "updated" in kind and "published" not in kind else DateRole.PUBLISHED
        if "modified" in kind:
            role = DateRole.UPDATED
        if (said_date := dates.said(one.get("datetime") or one.get("title") or "", Found.MARKUP, role)) is not None:
            found.append(said_date)
    return sorted(found, key=lambda each: each.role is DateRole.UPDATED)


def _metas(top: Element) -> Iterator[tuple[str, str]]:
    for one in top.xpath("//meta[@content]")[:2000]:
        name = one.get("property") or one.get("name") or one.get("itemprop") or one.get("http-equiv") or ""
        value = _line(one.get("content"))
        if name and value:
            yield name, value


def _dated(pairs: Any) -> Iterator[SaidDate]:
    for names, role in ((_PUBLISHED, DateRole.PUBLISHED), (_UPDATED, DateRole.UPDATED)):
        for name, value in pairs:
            if name in names and (one := dates.said(value, Found.METADATA, role)):
                yield one


def _dated_linked(linked: list[dict[str, Any]]) -> Iterator[SaidDate]:
    for key, role in (("datePublished", DateRole.PUBLISHED), ("dateModified", DateRole.UPDATED)):
        for one in linked:
            if isinstance(value := one.get(key), str) and (found := dates.said(value, Found.METADATA, role)):
                yield found


def _linked_data(top: Element) -> Iterator[dict[str, Any]]:
    """The things that JSON-LD in the page describes and that have a date or an author."""
    for script in top.xpath("//script[@type='application/ld+json']")[:20]:
        text = script.text or ""
        if len(text) > _MOST_JSON:
            continue
        try:
            todo = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_NODES):
            if not todo:
                break
            node = todo.pop(0)
            if isinstance(node, list):
                todo += node[:200]
            elif isinstance(node, dict):
                if "datePublished" in node or ("author" in node and "headline" in node):
                    yield node
                todo += [node[key] for key in ("@graph", "mainEntity") if key in node]


def _name(author: Any) -> str | None:
    if isinstance(author, list):
        return ", ".join(filter(None, (_name(one) for one in author[:20]))) or None
    if isinstance(author, dict):
        author = author.get("name")
    return author if isinstance(author, str) and not author.startswith("http") else None


def _by_rule_of_thumb(source: str) -> SaidDate | None:
    """What htmldate makes of the page, where it names a day. The first of a month is what it makes of a month."""
    from htmldate import find_date

    try:
        found = find_date(source[:2_000_000], extensive_search=False, original_date=True, outputformat="%Y-%m-%d")
    except Exception:  # its own faults on odd pages are many, and only mean that there is no date
        return None
    if not found or found.endswith("-01") or not _is_written(date.fromisoformat(found), source):
        return None
    return SaidDate(found, found, Found.INFERRED, DateRole.PUBLISHED)


def _is_written(day: date, source: str) -> bool:
    year, number = str(day.year), str(day.day)
    return any(re.search(rf"(?<!\d)0?{number}(?!\d)", source[max(0, one.start() - 30) : one.end() + 30])
               for one in re.finditer(rf"(?<!\d){year}(?!\d)", source))  # fmt: skip


def _once(found: list[SaidDate]) -> tuple[SaidDate, ...]:
    return tuple({(one.value, one.role): one for one in reversed(found)}.values())[::-1]


def _line(text: str) -> str:
    return " ".join(text.split())[:MOST_TITLE]
