"""What a leaf is made of, written out by hand: a log kept for years has to be checked by what was written then."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest

from safeconduct.journal.commitments import Written, commit, opened
from safeconduct.journal.erasing import stump
from safeconduct.journal.models import Act, Entry

HANDLE, OFFICE, MEMBER, ABOUT, TEAM, FIRST, SECOND = (UUID(int=number) for number in range(1, 8))
AT = datetime(2026, 7, 1, 14, 30, 5, 7, tzinfo=UTC)
FULL = {"member": MEMBER, "about": ABOUT, "team": TEAM, "label": b"l" * 16, "body": b"sealed"}


def entry(**more: object) -> Entry:
    given = {"handle": HANDLE, "organisation": OFFICE, "at": AT, "act": Act.OPENED_CASE, "count": 12, "salt": b"s" * 16}
    return Entry(**given, commitment=b"c" * 32, **more)


def by_hand(start: bytes, *parts: bytes) -> bytes:
    return start + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@pytest.mark.parametrize("more", [FULL, {}, *({name: one} for name, one in FULL.items())], ids=str)
def test_a_leaf_and_a_stump_are_made_of_every_column(more: dict[str, object]) -> None:
    one = entry(**more)
    member, about, team = (more[name].bytes if name in more else b"" for name in ("member", "about", "team"))  # type: ignore[attr-defined]
    body = hashlib.sha256(b"sealed").digest() if "body" in more else b""
    whole = by_hand(
        b"safeconduct/journal-entry/1\0", b"s" * 16, HANDLE.bytes, OFFICE.bytes, b"2026-07-01T14:30:05.000007+00:00",
        b"opened_case", member, about, team, b"l" * 16 if "label" in more else b"", b"12", body,
    )  # fmt: skip
    assert opened(one, []) == whole
    assert commit(one, []) == hashlib.sha256(whole).digest()
    left = by_hand(
        b"safeconduct/erased-entry/1\0", HANDLE.bytes, OFFICE.bytes, b"2026-07-01T14:30:05.000007+00:00",
        b"opened_case", member, about, team, b"12", b"c" * 32,
    )  # fmt: skip
    assert stump(one) == hashlib.sha256(left).digest()


@pytest.mark.parametrize("length", [32, 64, 65, 300])
def test_a_leaf_commits_to_what_was_written_in_one_order(length: int) -> None:
    written = [Written(SECOND, 1, b"2" * length), Written(FIRST, 10, b"1" * 32), Written(FIRST, 9, b"0" * 32)]
    parts = [FIRST.bytes, b"9", b"0" * 32, FIRST.bytes, b"10", b"1" * 32, SECOND.bytes, b"1", b"2" * length]
    assert opened(entry(), written) == opened(entry(), []) + by_hand(b"", *parts)
    assert opened(entry(), reversed(written)) == opened(entry(), written)
