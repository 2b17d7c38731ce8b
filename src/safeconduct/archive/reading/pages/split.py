"""Where one post of a blog's page ends and the next begins.

Such a page cuts its posts short and ends each with a line that names it: Continue reading “Title”. A post begins at the
line that is that title. One that is short enough has no such line: it begins at the first line nobody else claims.
"""

import re
from dataclasses import dataclass
from typing import Final

from ..bounds import MOST_POSTS, MOST_TITLE
from ..shape import NotRead, Unfit

_CONTINUE: Final = re.compile(
    r"^[^\S\n]*(?:continue reading|read more|read the rest of|keep reading|weiterlesen|lire la suite)[^\S\n]*:?"
    r"[^\S\n]*[“\"«„‘'](?P<title>[^\n]{1,1000})[”\"»“’'][^\S\n]*[→»….]*[^\S\n]*$",
    re.I | re.M,
)
_LINE: Final = re.compile(r"[^\n]*\S[^\n]*")
_LONGEST_TITLE: Final = 200
_LEAST_UNCLAIMED: Final = 120  # shorter than this it is a caption or a menu, not a post


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the raw text that is one post. ``inferred``: nothing says so but the layout. ``cut``: it goes on."""

    start: int
    end: int
    title: str | None
    inferred: bool = False
    cut: bool = False


def only(raw: str, start: int, end: int) -> Piece:
    """All of it as one post, titled by its first line where that looks like a title."""
    start, end = _trimmed(raw, start, end)
    return Piece(start, end, _title_at(raw, start, end))


def at_continuations(raw: str, start: int, end: int) -> tuple[Piece, ...]:
    """The posts between two offsets. Empty where no line says that a post continues elsewhere."""
    closings = list(_CONTINUE.finditer(raw, start, end))
    if len(closings) > MOST_POSTS:
        raise NotRead(Unfit.TOO_MANY)
    pieces: list[Piece] = []
    behind = start
    for closing in closings:
        title = closing["title"].strip()
        head = _line_that_is(title, raw, behind, closing.start())
        if head is None:
            begin, _ = _trimmed(raw, behind, closing.start())
            pieces.append(Piece(begin, closing.end(), title, inferred=True, cut=True))
        else:
            pieces += _unclaimed(raw, behind, head[0])
            pieces.append(Piece(head[0], closing.end(), raw[slice(*head)].strip(), cut=True))
        behind = closing.end()
    if closings:
        pieces += _unclaimed(raw, behind, end)
    return tuple(pieces)


def _unclaimed(raw: str, start: int, end: int) -> list[Piece]:
    start, end = _trimmed(raw, start, end)
    title = _title_at(raw, start, end)
    if end - start < _LEAST_UNCLAIMED or title is None:
        return []
    return [Piece(start, end, title, inferred=True)]


def _line_that_is(title: str, raw: str, start: int, end: int) -> tuple[int, int] | None:
    wanted = _plain(title)
    for line in _LINE.finditer(raw, start, end):
        if _plain(line[0]) == wanted:
            return line.start() + len(line[0]) - len(line[0].lstrip()), line.end()
    return None


def _title_at(raw: str, start: int, end: int) -> str | None:
    """The first line, where it is short, ends no sentence half way and something follows it."""
    first = raw[start:end].partition("\n")[0].strip()
    if not first or len(first) > min(_LONGEST_TITLE, MOST_TITLE) or not raw[start + len(first) : end].strip():
        return None
    return None if first[-1] in ",;:" else first


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    piece = raw[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
