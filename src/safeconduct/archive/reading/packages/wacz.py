"""A WACZ: a zip of WARCs, with a list of the pages it was made for."""

import json
import re
from typing import Final

from ..shape import NotRead, Unfit
from .warc import Record, main_record
from .zips import Zip, has_name

_ARCHIVE: Final = re.compile(r"archive/[^/]{1,200}\.warc(?:\.gz)?")
_PAGES: Final = "pages/pages.jsonl"
_PACKAGE: Final = "datapackage.json"
_MOST_PAGES_BYTES: Final = 16 * 1024 * 1024
_MOST_PAGES: Final = 100_000


def is_one(names: tuple[str, ...]) -> bool:
    """Whether the names in a zip are those of such a package."""
    return _PACKAGE in names and has_name(names, _ARCHIVE)


def main_record_of(data: bytes) -> tuple[Record, int]:
    """The record of the first page it lists, and how many other pages there are. Raises `NotRead`."""
    package = Zip(data)
    if not is_one(package.names):
        raise NotRead(Unfit.NOT_SUCH)
    wanted, listed = _listed(package)
    record, others = main_record([package.read(name) for name in package.matching(_ARCHIVE)], wanted=wanted)
    return record, max(others, listed - 1)


def _listed(package: Zip) -> tuple[str | None, int]:
    if _PAGES not in package.names:
        return None, 0
    lines = package.read(_PAGES, most=_MOST_PAGES_BYTES).splitlines()
    addresses = []
    for line in lines[:_MOST_PAGES]:
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(page, dict) and isinstance(page.get("url"), str):
            addresses.append(page["url"])
    return (addresses[0] if addresses else None), len(addresses)
