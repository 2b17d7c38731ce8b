"""Invented sources, and a log of their own, for the tests of capturing."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.archive.capture import Captured, Hop, LogProof
from safeconduct.archive.capture.fetching import response
from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.tree import MemoryStore, Tree

AT = datetime(2021, 4, 20, 12, 30, 15, 123456, tzinfo=UTC)
ADDRESS = "https://statement.example/2021/04/letter?page=2"
HTML = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>A letter of an invented minister</title></head>"
    "<body><h1>A letter</h1><p>Nobody will be moved before 1&nbsp;May.</p><p>لن ينقل أحد</p></body></html>"
).encode()


def wire(body: bytes = HTML, *, packed: bool = True) -> bytes:
    """An answer with a head that no library would have written so."""
    sent = gzip.compress(body, mtime=0) if packed else body
    head = b"HTTP/1.1 200 OK\r\ncontent-type:text/html; charset=utf-8\r\nX-Odd:   a  b  \r\n"
    coding = b"Content-Encoding: gzip\r\n" if packed else b""
    return head + coding + b"Content-Length: %d\r\n\r\n" % len(sent) + sent


def fetched(body: bytes = HTML, *, target: str = ADDRESS, packed: bool = True) -> Captured:
    """A page that came from an address, after a redirect."""
    came = wire(body, packed=packed)
    answer = response.take_apart_bytes(came)
    asked = "http://statement.example/letter"
    return Captured(
        target,
        AT,
        answer.media_type,
        answer.body,
        answer.status,
        answer.headers,
        came,
        asked,
        "198.51.100.7",
        (Hop(asked, 301, target),),
    )


def file(body: bytes = HTML, media_type: str = "text/html; charset=utf-8", target: str | None = None) -> Captured:
    """A file somebody gave."""
    return Captured(target, AT, media_type, body)


def logged(digest: bytes, *, size: int = 11, index: int = 6) -> tuple[LogProof, str]:
    """A log of ``size`` entries, number ``index`` of which commits to a hash; and its key in one line."""
    entry = b"safeconduct/journal-entry/1\0" + b"before" * 9 + digest + b"after" * 9
    leaves = [hashlib.sha256(b"%d" % number).digest() for number in range(size)]
    leaves[index] = hashlib.sha256(entry).digest()
    tree = Tree(MemoryStore())
    tree.append_many(leaves)
    key = Ed25519PrivateKey.generate()
    origin = "log.example/office"
    signed = checkpoint.sign(checkpoint.Checkpoint(origin, size, tree.root()), key)
    line = checkpoint.verifier_key(origin, key.public_key())
    return LogProof(entry, index, tuple(tree.inclusion_proof(index, size)), signed, line), line
