"""Which parts of the archive this desk has: sources are shown without the extra, and taken in only with it."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Final

_READS_WITH: Final = ("lxml", "trafilatura", "pypdfium2", "feedparser", "warcio", "surt", "pycld2")


@cache
def takes_in() -> bool:
    """Whether the libraries that read and pack files of others are here."""
    return all(importlib.util.find_spec(name) is not None for name in _READS_WITH)


@cache
def draws_pdf() -> bool:
    """Whether a PDF can be drawn: WeasyPrint is here, and the system's library that sets type."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return False
    return weasyprint.HTML is not None
