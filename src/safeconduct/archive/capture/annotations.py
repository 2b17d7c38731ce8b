"""A collection on its way to another office: its name, its order and its passages, as W3C Web Annotations.

One `AnnotationCollection` with one page. Each item is an `Annotation` whose target is a source of the folder, called by
its SHA-256 (RFC 6920), or a stretch of it, by a `TextQuoteSelector` and a `TextPositionSelector` over its raw text.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from .captured import NotPacked, Unsound

FILE: Final = "collection.json"
CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
MOST_BYTES: Final = 16 * 1024 * 1024
MOST_ITEMS: Final = 2_000
MOST_NAME: Final = 1_000
MOST_QUOTE: Final = 5_000
MOST_AROUND: Final = 1_000


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage: ``exact`` are the characters ``start`` to ``end`` of the source's raw text, as published."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """An item of a collection: a source by the SHA-256 of its bytes (hex), or a passage of it."""

    sha256: str
    quotation: Quotation | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """A collection, in its order."""

    name: str
    pieces: tuple[Piece, ...]


def write(gathered: Gathered, folders: dict[str, str]) -> bytes:
    """The file. ``folders`` says in which folder the source of each SHA-256 lies.

    Raises `NotPacked`: it is more than `read` would read.
    """
    items = [_annotation(one, folders[one.sha256]) for one in gathered.pieces if one.sha256 in folders]
    said = {
        "@context": CONTEXT,
        "id": uuid4().urn,
        "type": "AnnotationCollection",
        "label": gathered.name,
        "total": len(items),
        "first": {"id": uuid4().urn, "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    data = json.dumps(said, indent=1, ensure_ascii=False).encode("utf-8", "replace")
    if len(gathered.name) > MOST_NAME or len(items) > MOST_ITEMS or len(data) > MOST_BYTES:
        raise NotPacked(Unsound.TOO_LARGE)
    return data


def read(data: bytes, known: Sequence[str]) -> Gathered:
    """What such a file says. ``known`` are the SHA-256 of the folder's sources. Raises `NotPacked`."""
    if len(data) > MOST_BYTES:
        raise NotPacked(Unsound.TOO_LARGE)
    try:
        said = json.loads(data)
        if said["@context"] != CONTEXT or said["type"] != "AnnotationCollection":
            raise NotPacked(Unsound.DAMAGED)
        items = said["first"]["items"]
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise NotPacked(Unsound.TOO_LARGE)
        pieces = tuple(_piece(one) for one in items)
        name = " ".join(_text(said["label"], MOST_NAME).split())
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault
    if not name or any(one.sha256 not in known for one in pieces):
        raise NotPacked(Unsound.DAMAGED)
    return Gathered(name, pieces)


def _annotation(one: Piece, folder: str) -> dict[str, Any]:
    encoded = base64.urlsafe_b64encode(bytes.fromhex(one.sha256)).decode("ascii").rstrip("=")
    source = {"id": f"ni:///sha-256;{encoded}", "sha256": one.sha256, "folder": folder}
    if one.quotation is None:
        return {"id": uuid4().urn, "type": "Annotation", "motivation": "bookmarking", "target": source}
    said = one.quotation
    selector = [
        {"type": "TextQuoteSelector", "exact": said.exact, "prefix": said.prefix, "suffix": said.suffix},
        {"type": "TextPositionSelector", "start": said.start, "end": said.end},
    ]
    target = {"type": "SpecificResource", "source": source, "selector": selector}
    return {"id": uuid4().urn, "type": "Annotation", "motivation": "highlighting", "target": target}


def _piece(said: Any) -> Piece:
    target = _object(said["target"])
    source = _object(target.get("source", target))
    sha256 = _text(source["sha256"], 64)
    if "selector" not in target:
        return Piece(sha256)
    by_type = {one["type"]: one for one in target["selector"]}
    quote, place = _object(by_type["TextQuoteSelector"]), _object(by_type["TextPositionSelector"])
    start, end = place["start"], place["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ValueError("no such stretch")
    prefix, suffix = _text(quote["prefix"], MOST_AROUND), _text(quote["suffix"], MOST_AROUND)
    return Piece(sha256, Quotation(_text(quote["exact"], MOST_QUOTE), prefix, suffix, start, end))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no such object")
    return value


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("no such text")
    value.encode()  # JSON can say half of a letter, which nothing keeps: that is a `ValueError` too
    return value
