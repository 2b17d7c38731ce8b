"""The part of `world` that is about the archive: what its addresses name, and a form for each of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.attacks.held import Held


def named(name: str, of: Held) -> dict[str, object] | None:
    """What the address of a page names; None where it is no page of the archive that names something."""
    if name in {"passage-new", "note-new", "source-tags", "collect"}:
        return {"handle": of.source}
    if name.startswith("passage"):
        return {"address": of.passage, "form": "csl"}
    if name in {"note", "tag"}:
        return {"handle": of.note if name == "note" else of.tag}
    if name.startswith("collection-") or name == "collection":
        return {"handle": of.collection, "form": "bibtex"}
    if name == "sources-timeline":
        return {"handle": uuid4()}  # as sources-found
    if name in {"sources-found", "source-took"}:
        return {"handle": uuid4()}  # one member's own, in memory: tried in tests/web/archive
    if name == "source" or name.startswith("source-"):
        return {"handle": of.source, "number": 1, "other": of.person}  # no other post: tried there too
    if name.startswith("quarantine-"):
        return {"handle": of.refused}
    return None


def forms(of: Held, team: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """What a browser would send to each page that takes a form."""
    return {
        "passage-new": lambda: {"quote": "in one place alone", "at": ""},
        "passage-remove": lambda: {},
        "note-new": lambda: {"text": "A further note", "team": team, "passage": of.passage},
        "note": lambda: {"text": "Written anew", "revision": "1"},
        "source-tags": lambda: {"word": "further", "team": team},
        "collect": lambda: {"collection": of.collection.hex, "name": "", "team": team},
        "collections": lambda: {"name": "Further", "team": team},
        "collection-edit": lambda: {"name": "Renamed", "revision": "1"},
        "collection-items": lambda: {"do": "out", "item": str(of.item)},
        "sources-search": lambda: (
            dict.fromkeys(("author", "site", "kind", "since", "until", "cited", "confidence"), "")
            | {"q": " ".join(of.words[:2]) or "nobody"}
        ),
        "source-take": lambda: (
            {"addresses": "", "address": "", "team": "", "note": ""}
            | {"file": SimpleUploadedFile("said.txt", b"What others published.\n")}
        ),
        "source-took": lambda: {},
        "source-masks": lambda: {"do": "mask", "word": "letter", "whole": "on"},
        "source-read-anew": lambda: {},
        "source-remove": lambda: {"sure": "on"},
        "source-pdf": lambda: {},
        "source-stamp": lambda: {},
        "source-watch": lambda: {"do": "every", "every": "daily"},
        "source-hand-over": lambda: {"confided": "on", "masked": "on"},
        "collection-hand-over": lambda: {"confided": "on", "masked": "on", "named": "on"},
        "receive": lambda: {
            "file": SimpleUploadedFile("given.zip", b"PK\x05\x06" + bytes(18)),
            "keys": "",
            "certificates": "",
        },
        "quarantine-bytes": lambda: {},
        "quarantine-discard": lambda: {"because": "5", "sure": "on"},
    }
