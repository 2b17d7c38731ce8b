"""Showing an archived page as it came, so that nothing of it runs and nothing is asked for.

A view sends these headers and these bytes, from wherever it likes: the policy gives the page an origin of its own. What
the page was made of elsewhere (pictures, styles, frames) is not there: it is shown from its own bytes. One thing the
policy does not cover: for a link that says so, and for a frame, Chromium opens a line to whom it names before it asks
the policy. Where nothing is loaded from elsewhere neither has an effect, so in the bytes that are shown, never in those
that are kept, they are called something else.
"""

import re
from dataclasses import dataclass
from typing import Final

from .captured import Captured

POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:;"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
# What else may be shown is text; of everything unknown nothing is.
_SHOWN: Final = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
# In these a tag's bytes are those of ASCII, so that none can hide from `_OPENS_A_LINE`.
_CHARSETS: Final = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-12\d\d|windows-874|koi8-[ru]|macintosh", re.ASCII
)
_SAID: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I | re.ASCII)
_OPENS_A_LINE: Final = re.compile(rb"<(?=(?:link|i?frame)[\s/>])", re.I)
_HEAD: Final = 4096
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, which outrank every header


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole head of an answer, and its body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def shown(source: Captured) -> Shown | None:
    """How to show a page, or None for what is no page or in no charset that is safe: that is handed over as a file."""
    kind = _SHOWN.get(source.media_type.partition(";")[0].strip().lower())
    charset = _charset(source)
    if kind is None or charset is None or source.body.startswith(_OTHER_MARKS):
        return None
    headers = (
        ("Content-Type", f"{kind}; charset={charset}"),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-DNS-Prefetch-Control", "off"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cache-Control", "no-store"),
    )
    return Shown(headers, _OPENS_A_LINE.sub(b"<not-", source.body) if kind == "text/html" else source.body)


def _charset(source: Captured) -> str | None:
    """The charset the answer says, or the page itself, or UTF-8. It is always sent, so that no page chooses another."""
    said = _SAID.search(source.media_type) or _SAID.search(source.body[:_HEAD].decode("latin-1"))
    charset = said[1].lower() if said else "utf-8"
    return charset if _CHARSETS.fullmatch(charset) else None
