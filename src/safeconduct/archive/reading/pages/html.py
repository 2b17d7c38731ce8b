"""A page of HTML: its visible text, and the post or the posts in it.

Posts are what the markup says they are (`article`, `hentry`, `h-entry`), else what a blog's closing lines split, else
the page's main text as one.
"""

import re
from dataclasses import replace
from typing import Final

from .. import dates, flags, language
from ..bounds import MOST_POSTS
from ..shape import DateRole, Flag, Flagged, Found, Kind, Link, NotRead, Post, Reading, SaidDate, Unfit
from ..spans import in_order
from . import about, split
from .layout import Element, Laid, lay, parsed, values
from .text import decoded, made, posts_of, repeated_title

_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_POST: Final = re.compile(r"(?:^|\s)(?:hentry|h-entry)(?:$|\s)")
_NOT_A_POST: Final = re.compile(r"(?:^|[\s_-])(?:comment|reply|related|widget|teaser-list)(?:$|[\s_-])", re.I)
_SHORT_LINES: Final = 50
_NEAR: Final = 500
_MORE: Final = re.compile(r"^\W*(?:continue reading|read more|keep reading|read the rest)\b", re.I)


def text_of(data: bytes, *, charset: str | None = None) -> tuple[str, tuple[Flag, ...]]:
    """A page's HTML as text: in the charset it was sent or says it is in."""
    named = _CHARSET.search(data[:4096])
    return decoded(data, charset=charset or (named[1].decode("ascii") if named else None))


def read(data: bytes, *, charset: str | None = None, address: str | None = None) -> Reading:
    """A page. Raises `NotRead`."""
    source, more = text_of(data, charset=charset)
    laid = lay(parsed(source))
    raw = laid.raw
    if not raw.strip():
        raise NotRead(Unfit.NOT_SUCH)
    info = about.page(laid, source)
    whole = in_order((*flags.in_text(raw), *laid.flags, *more))
    links = in_order(laid.links)
    order = dates.order_in(raw)
    said = tuple(_post(number, laid, one, whole, links, order) for number, one in enumerate(_articles(laid), start=1))
    if len(said) > 1:
        posts = said
    elif len(found := _split(laid, said, whole, links)) > 1:
        posts = found
    else:
        posts = (_only(laid, info, said, whole, links),)
        whole = in_order((*whole, *repeated_title(raw, posts[0])))
    whole = in_order((*whole, *(flag for post in posts for flag in post.flags)))
    one = posts[0] if len(posts) == 1 else None
    chosen = next(iter(info.dates), None) if one is None else None
    return Reading(
        Kind.HTML, info.title or (one.title if one else None), one.author if one else info.author,
        one.date if one else chosen.value if chosen else None,
        one.date_found_by if one else chosen.found_by if chosen else None,
        raw, posts, flags=whole, links=links,
        language=info.language or language.of(raw), address=info.address or address,
    )  # fmt: skip


def _articles(laid: Laid) -> list[Element]:
    """The elements that the page says are posts, none inside another, with text in them."""
    found: list[Element] = []
    marked = laid.top.xpath("//article | //*[contains(@class,'entry')] | //*[@itemtype]")
    taken: set[Element] = set()
    for one in marked:
        kind = (one.get("itemtype") or "").rpartition("/")[2]
        is_post = one.tag == "article" or _POST.search(one.get("class") or "") or kind in {"BlogPosting", "NewsArticle"}
        if not is_post or _NOT_A_POST.search(one.get("class") or "") or not taken.isdisjoint(one.iterancestors()):
            continue
        start, end = laid.spans.get(one, (0, 0))
        if laid.raw[start:end].strip():
            taken.add(one)
            found.append(one)
    if len(found) > MOST_POSTS:
        raise NotRead(Unfit.TOO_MANY)
    return found


def _post(
    number: int, laid: Laid, element: Element, whole: tuple[Flag, ...], links: tuple[Link, ...], order: str | None
) -> Post:
    start, end = _trimmed(laid.raw, *laid.spans[element])
    heading = next((one for one in element.xpath(".//h1|.//h2|.//h3|.//h4") if _said(laid, one)), None)
    title = _said(laid, heading) if heading is not None else None
    post = made(number, laid.raw, split.Piece(start, end, title), whole, links, order=order)
    author, found_by = about.byline(laid, element)
    own = [one for one in about.marked(element) if one.role in {DateRole.PUBLISHED, DateRole.UPDATED}]
    post = replace(post, author=author or post.author, author_found_by=found_by or post.author_found_by,
                   language=language.said(_lang(element)) or post.language)  # fmt: skip
    post = _dated(post, tuple(own))
    if heading is not None:
        addresses = [*values(element, ".//a[@rel='bookmark']/@href"), *values(heading, ".//a/@href")]
        post = replace(post, address=addresses[0] if addresses else None)
    pictures = tuple(one for at, one in laid.pictures if start <= at <= end)[:500]
    if post.links and any(_MORE.match(link.text) for link in post.links[-3:]):
        post = replace(post, flags=(*post.flags, Flag(Flagged.CUT_TEXT, end)))
    return replace(post, pictures=pictures)


def _split(laid: Laid, said: tuple[Post, ...], whole: tuple[Flag, ...], links: tuple[Link, ...]) -> tuple[Post, ...]:
    start, end = (said[0].start, said[0].end) if said else _main(laid)
    posts = posts_of(laid.raw, whole, links, start=start, end=end)
    return tuple(
        replace(one, address=one.links[0].target) if one.links and _is_title(one.links[0], one) else one
        for one in posts
    )


def _is_title(link: Link, post: Post) -> bool:
    """Whether a link is the title of a post, which then says where the post is."""
    return link.at == post.start and post.title is not None and link.text.startswith(post.title)


def _only(
    laid: Laid, info: about.About, said: tuple[Post, ...], whole: tuple[Flag, ...], links: tuple[Link, ...]
) -> Post:
    if said:
        post = said[0]
    else:
        start, end = _trimmed(laid.raw, *_main(laid))
        heads = [one for one in laid.top.xpath("//h1") if _said(laid, one)]
        title = _said(laid, heads[0]) if heads else info.title
        post = made(1, laid.raw, split.Piece(start, end, title), whole, links)
        post = replace(post, pictures=tuple(one for at, one in laid.pictures if start <= at <= end)[:500])
    if (info.author and info.author_found_by is Found.METADATA) or post.author is None:
        post = replace(post, author=info.author, author_found_by=info.author_found_by)
    post = _dated(post, info.dates)
    return replace(post, title=post.title or info.title, language=info.language or post.language)


def _dated(post: Post, more: tuple[SaidDate, ...]) -> Post:
    """A post with the dates that were marked, which count for more than those in its words."""
    inferred = tuple(one for one in more if one.found_by is Found.INFERRED)
    marked = tuple(one for one in more if one.found_by is not Found.INFERRED)
    found = (*marked, *post.dates)
    found = found if dates.of_post(found) else (*found, *inferred)
    chosen = dates.of_post(found)
    if chosen is None:
        return post
    own = post.flags
    days = {one.value[:10] for one in found if one.role is chosen.role and one.found_by is not Found.INFERRED}
    if len({day for day in days if len(day) == 10}) > 1 and not any(one.code is Flagged.DATES_DIFFER for one in own):
        own = (*own, Flag(Flagged.DATES_DIFFER, chosen.at))
    return replace(post, date=chosen.value, date_found_by=chosen.found_by, dates=dates.chosen_first(found), flags=own)


def _main(laid: Laid) -> tuple[int, int]:
    """The page's main text: as it is marked, else between the first and the last paragraph a kept extractor takes."""
    for path in ("//main", "//*[@role='main']", "//*[@itemprop='articleBody']"):
        for one in laid.top.xpath(path):
            start, end = laid.spans.get(one, (0, 0))
            if laid.raw[start:end].strip():
                return start, end
    return _extracted(laid) or (0, len(laid.raw))


def _extracted(laid: Laid) -> tuple[int, int] | None:
    from lxml import etree
    from trafilatura import extract

    source = etree.tostring(laid.top, method="html", encoding="unicode")
    try:
        text = extract(source, include_comments=False, include_tables=True, favor_recall=True, with_metadata=False)
    except Exception:  # its own faults on odd pages; then the whole page is its main text
        return None
    lines = [line.strip(" -|") for line in (text or "").splitlines()]
    places = [at for line in lines if len(line) > 20 and (at := laid.raw.find(line)) >= 0]
    if not places or sum(map(len, lines)) < 200:
        return None
    heads = [laid.spans[one][0] for one in laid.top.xpath("//h1") if _said(laid, one)]
    first = min(places)
    last = max(places)
    for line in lines[-_SHORT_LINES:]:  # short ones stand in menus too: those right behind count
        at = laid.raw.find(line, last) if line else -1
        last = at if 0 <= at - last < _NEAR else last
    end = laid.raw.find("\n\n", last)
    return min([*[at for at in heads if at < first][-1:], first]), len(laid.raw) if end < 0 else end


def _said(laid: Laid, element: Element) -> str:
    return " ".join(laid.raw[slice(*laid.spans.get(element, (0, 0)))].split())[:1000]


def _lang(element: Element) -> str | None:
    return next((one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang")), None)


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    piece = raw[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
