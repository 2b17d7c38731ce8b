"""The visible text of a page, laid out as a reader sees it: one line for each line, blank lines between paragraphs.

Nothing of it is run or fetched, and no character that is there is changed but runs of white space between words. What a
reader would not have seen (scripts, hidden elements) is left out; that hidden text was there is flagged.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from ..bounds import MOST_DEEP, MOST_FLAGS, MOST_LINKS, MOST_RAW, MOST_TAGS
from ..shape import Flag, Flagged, Link, NotRead, Picture, Unfit

Element = Any  # lxml has no types of its own

_UNSEEN: Final = frozenset(
    {
        *("script", "style", "template", "noscript", "head", "title", "iframe", "object", "embed", "svg"),
        *("math", "select", "textarea", "audio", "video", "canvas", "datalist"),
    }
)
_APART: Final = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "article", "section", "ul", "ol"),
        *("dl", "table", "figure", "header", "footer", "main", "aside", "nav", "form", "hr"),
    }
)
_LINE: Final = frozenset(
    {
        *("div", "li", "tr", "dt", "dd", "address", "body", "caption", "details", "summary", "fieldset"),
        *("figcaption", "legend", "option", "tbody", "thead", "tfoot"),
    }
)
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


@dataclass(slots=True)
class Laid:
    """The text, and where each element's part of it stands. ``top`` is the element all are below."""

    raw: str
    top: Element
    spans: dict[Element, tuple[int, int]]
    links: tuple[Link, ...] = ()
    pictures: tuple[tuple[int, Picture], ...] = ()
    flags: tuple[Flag, ...] = ()


def parsed(text: str) -> Element:
    """The tree of a page. Entities of its own, other files and addresses are never opened. Raises `NotRead`."""
    from lxml import etree

    if text.count("<") > 4 * MOST_TAGS:  # each element is opened and closed: more than that is not built up first
        raise NotRead(Unfit.TOO_MANY)
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        top = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as fault:
        raise NotRead(Unfit.DAMAGED) from fault
    if top is None:
        raise NotRead(Unfit.EMPTY)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise NotRead(Unfit.TOO_DEEP)
    return top


def lay(top: Element, *, drop: Callable[[Element], bool] | None = None) -> Laid:
    """Lay a tree out. ``drop`` says which elements are left out besides. Raises `NotRead`: too many, deep or long."""
    from lxml import etree

    out = _Out()
    pictures: list[tuple[int, Picture]] = []
    links: list[Element] = []
    deep = 0
    walk = etree.iterwalk(top, events=("start", "end"))
    for count, (event, element) in enumerate(walk):
        if count > 2 * MOST_TAGS:
            raise NotRead(Unfit.TOO_MANY)
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            deep += 1
            if deep > MOST_DEEP:
                raise NotRead(Unfit.TOO_DEEP)
            if _is_unseen(element, tag, out) or (drop is not None and drop(element)):
                walk.skip_subtree()
                out.unseen.add(element)
                continue
            out.open(element, tag)
            if tag == "img" and len(pictures) < MOST_LINKS:
                source = element.get("src") or element.get("data-src") or ""
                pictures.append((out.length, Picture(element.get("alt") or "", source[:4000])))
            elif tag == "a" and element.get("href") and len(links) < MOST_LINKS:
                links.append(element)
        else:
            deep -= 1
            if element in out.unseen:
                out.unseen.discard(element)
            else:
                out.close(element, tag)
            if element is not top:
                out.words(element.tail)
    raw = "".join(out.pieces)
    found = (
        Link(raw[slice(*out.spans[one])].strip(), one.get("href").strip()[:4000], out.spans[one][0]) for one in links
    )
    return Laid(raw, top, out.spans, tuple(found), tuple(pictures), tuple(out.flags))


def values(element: Element, path: str) -> list[str]:
    """The texts at a path, as plain ones: those of lxml keep the whole tree alive and are of a class of its own."""
    return [str(one) for one in element.xpath(path)]


def text_of(html: str) -> Laid:
    """A fragment of HTML, as a post of a service or a feed's entry holds one, laid out. Raises `NotRead`."""
    return lay(parsed(f"<div>{html}</div>"))


def _is_unseen(element: Element, tag: str, out: "_Out") -> bool:
    if tag in _UNSEEN or not tag:
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        if len(out.flags) < MOST_FLAGS and "".join(element.itertext()).strip():
            out.flags.append(Flag(Flagged.HIDDEN, out.length))
        return True
    return False


@dataclass(slots=True)
class _Out:
    """What was written so far, and the white space that is owed before the next word."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    lines: int = 0  # line ends owed
    space: bool = False
    as_is: int = 0  # how many `pre` are open
    waiting: list[Element] = field(default_factory=list)  # opened, and nothing written since
    spans: dict[Element, tuple[int, int]] = field(default_factory=dict)
    unseen: set[Element] = field(default_factory=set)
    flags: list[Flag] = field(default_factory=list)

    def open(self, element: Element, tag: str) -> None:
        self._break(tag)
        if tag == "pre":
            self.as_is += 1
        elif tag in {"td", "th"} and self.length and not self.lines:
            self._put("\t")
        self.waiting.append(element)
        self.words(element.text)

    def close(self, element: Element, tag: str) -> None:
        if self.waiting and self.waiting[-1] is element:
            self.waiting.pop()
            self.spans[element] = (self.length, self.length)
        else:
            self.spans[element] = (self.spans[element][0], self.length)
        if tag == "pre":
            self.as_is -= 1
        self._break(tag)
        if tag == "br":
            self.lines = min(self.lines + 1, 2) if self.length else 0
            self.space = False

    def words(self, text: str | None) -> None:
        if not text:
            return
        if self.as_is:
            self._put(text)
            return
        plain = _SPACE.sub(" ", text)
        if plain.startswith(" "):
            self.space = self.space or (self.length > 0 and not self.lines)
            plain = plain[1:]
        if not plain:
            return
        ends = plain.endswith(" ")
        self._put(plain[:-1] if ends else plain)
        self.space = ends

    def _break(self, tag: str) -> None:
        owed = 2 if tag in _APART else 1 if tag in _LINE else 0
        if owed:
            self.space = False
            if self.length:
                self.lines = max(self.lines, owed)

    def _put(self, text: str) -> None:
        before = "\n" * self.lines if self.lines else " " if self.space else ""
        self.lines, self.space = 0, False
        for one in self.waiting:
            self.spans[one] = (self.length + len(before), 0)
        self.waiting.clear()
        self.pieces.append(before + text)
        self.length += len(before) + len(text)
        if self.length > MOST_RAW:
            raise NotRead(Unfit.TOO_LARGE)
