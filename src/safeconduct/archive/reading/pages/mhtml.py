"""A page as a browser saves it whole: MIME parts, the first page of HTML among them with where it was from.

Its `Date` says when somebody saved it, which is no date of the page.
"""

from dataclasses import replace
from email import errors, policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final

from ..bounds import MOST_BYTES, MOST_PARTS
from ..flags import letters
from ..shape import Flag, Flagged, Kind, NotRead, Reading, Unfit
from ..spans import in_order
from ..threads import reader_page
from . import html

_MOST_MHTML: Final = MOST_BYTES // 8
_MOST_DEEP: Final = 6
_MOST_HEADERS: Final = 256 * 1024


class _Part(EmailMessage):
    """A part, counted as it is made: `top` is the whole, so that a bomb of parts is refused while it is parsed."""

    def __init__(self, policy: policy.EmailPolicy | None = None) -> None:
        super().__init__(policy)
        self.top: _Part = self
        self.deep, self.parts, self.header_bytes = 0, 1, 0

    def attach(self, payload: "_Part") -> None:  # type: ignore[override]  # the parser attaches what this class made
        """Take a part in. Raises `NotRead`: too many, too deep."""
        payload.top, payload.deep = self.top, self.deep + 1
        self.top.parts += 1
        if payload.deep > _MOST_DEEP:
            raise NotRead(Unfit.TOO_DEEP)
        if self.top.parts > MOST_PARTS:
            raise NotRead(Unfit.TOO_MANY)
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        """Take a header in. Raises `NotRead`: more of them than any browser writes."""
        self.header_bytes += len(name) + len(value)
        if self.header_bytes > _MOST_HEADERS:
            raise NotRead(Unfit.TOO_MANY)
        super().set_raw(name, value)


_PARSER: Final = BytesParser(_Part, policy=policy.default)


def read(data: bytes) -> Reading:
    """The page of the file. Raises `NotRead`."""
    if len(data) > _MOST_MHTML:
        raise NotRead(Unfit.TOO_LARGE)
    try:
        whole = _PARSER.parsebytes(data)
        pages = [one for one in whole.walk() if one.get_content_type() in {"text/html", "application/xhtml+xml"}]
        cut = any(isinstance(one, errors.CloseBoundaryNotFoundDefect) for one in whole.defects)
        # Cut off between parts, what stands before the cut is sound; within the page, its end is missing.
        if not pages:
            raise NotRead(Unfit.TRUNCATED if cut else Unfit.NOT_SUCH)
        page = pages[0]
        body = page.get_payload(decode=True)
        charset = page.get_content_charset()
        place = letters(
            str(whole.get("Snapshot-Content-Location") or page.get("Content-Location") or "").strip()[:4000]
        )
    except (ValueError, LookupError, TypeError, AttributeError, errors.MessageError):
        raise NotRead(Unfit.DAMAGED) from None
    if not isinstance(body, bytes) or not body.strip():
        raise NotRead(Unfit.TRUNCATED if cut else Unfit.EMPTY)
    if reader_page.is_one(body):
        reading = reader_page.read(body, charset=charset)
    else:
        reading = html.read(body, charset=charset, address=place or None)
    marks = [Flag(Flagged.ABBREVIATED)] if cut else []
    return replace(
        reading, kind=Kind.MHTML, inside=reading.kind, address=reading.address or place or None,
        flags=in_order((*reading.flags, *marks)),
    )  # fmt: skip
