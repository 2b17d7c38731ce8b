"""The HTML of a message: made safe to show, and made into plain text.

What is safe runs nothing, fetches nothing and looks like nothing of the desk's own: no styles, no pictures from
elsewhere, no forms, no links that can be followed by accident. An address behind a link is shown beside its text.
"""

import re
from html.parser import HTMLParser
from typing import Final

import nh3

_TAGS: Final = frozenset(
    {
        *("p", "br", "div", "span", "blockquote", "pre", "hr"),
        *("b", "strong", "i", "em", "u", "s", "sub", "sup", "small"),
        *("ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
# Taken away with everything in them: what is in the others stays as text.
_WITH_CONTENT: Final = frozenset({"script", "style", "template", "title", "noscript"})
_APART: Final = frozenset({"p", "div", "table", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_LINE: Final = frozenset({"br", "tr", "li", "dt", "dd", "hr"})
# Deeper than this nothing is meant to be read, and whoever draws it has to keep it all in mind.
_MOST_DEEP: Final = 400
_MOST_TAGS: Final = 60_000
_NEVER_DEEP: Final = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "p", "li", "td", "tr", "th", "dt", "dd", "font"}
)
_MOST_SHOWN: Final = 400_000


def clean(html: str) -> str:
    """What may be shown of HTML from anywhere. Links are text, their address beside them."""
    if not _is_readable(html):
        return ""
    out = _LINK_OR_END.sub(_Written(), _sound(html))
    return out if len(out) <= _MOST_SHOWN else ""


def to_text(html: str) -> str:
    """The words of HTML, a line for each line of it. Quotations stand behind `>`."""
    if not _is_readable(html):
        return ""
    sound = _sound(html)
    if len(sound) > 2 * _MOST_SHOWN:
        return ""
    reader = _Words()
    # Of what `_sound` gives every tag is closed and nothing is a comment: what the reader below is slow with.
    reader.feed(sound)
    reader.close()
    return reader.text()


def _sound(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS | {"a"}),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={name: set(some) for name, some in _ATTRIBUTES.items()} | {"a": {"href"}},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
        strip_comments=True,
    )


_LINK_OR_END: Final = re.compile(r"<a(?: href=\"([^\"<>]*)\")?[^<>]*>|</a>")


class _Written:
    """Writes out the address of each link behind its text, where the text does not say it already."""

    def __init__(self) -> None:
        self._address, self._from = "", 0

    def __call__(self, match: re.Match[str]) -> str:
        if match.group(0) != "</a>":
            self._address, self._from = match.group(1) or "", match.end()
            return ""
        address, words = self._address[:300], match.string[self._from : match.start()]
        self._address = ""
        shown = address.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        return f" ({address})" if shown and shown not in words else ""


# Possessive: a tag that never ends is looked at once.
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")


def _is_readable(html: str) -> bool:
    """Whether it is no deeper, and of no more tags, than anything that is meant to be read."""
    if html.count("<") > _MOST_TAGS:
        return False
    deepest = now = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() not in _NEVER_DEEP:
            now = max(0, now - 1) if match.group(1) else now + 1
            deepest = max(deepest, now)
    return deepest <= _MOST_DEEP


class _Words(HTMLParser):
    """Collects the words of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the reader's shape
        if tag in _APART:
            self._break(twice=True)
        elif tag in _LINE:
            self._break()
        if tag == "blockquote":
            self._quoted += 1
        elif tag in ("td", "th") and self._lines[-1]:
            self._lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _APART:
            self._break(twice=True)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)

    def handle_data(self, data: str) -> None:
        self._lines[-1] += re.sub(r"\s+", " ", data)

    def _break(self, *, twice: bool = False) -> None:
        if self._lines[-1].strip():
            self._lines[-1] = self._line(self._lines[-1])
            self._lines.append("")
        if twice and len(self._lines) > 1 and self._lines[-2]:
            self._lines[-1:] = ["", ""]

    def _line(self, words: str) -> str:
        return ("> " * min(self._quoted, 3)) + words.strip()

    def text(self) -> str:
        last = self._lines[-1]
        lines = [*self._lines[:-1], self._line(last) if last.strip() else ""]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
