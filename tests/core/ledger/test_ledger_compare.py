"""A log held against a copy somebody kept: the first entry that disagrees is named, a damaged copy is told apart."""

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.checkpoint import Checkpoint
from safeconduct.core.ledger.compare import exported, first_difference, require_whole
from safeconduct.core.ledger.errors import BundleMalformed, CheckpointNotOfTree, TileMissing
from safeconduct.core.ledger.tiles import encode_bundle, entries_path, export
from safeconduct.core.ledger.tree import MemoryStore, Tree

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def entries(count: int) -> list[bytes]:
    return [sha256(f"entry {number}".encode()).digest() for number in range(count)]


def kept(count: int, folder: Path) -> bytes:
    """A log of so many entries, exported; its root."""
    tree = Tree(MemoryStore())
    tree.append_many(entries(count))
    note = checkpoint.sign(Checkpoint("log.example/office", count, tree.root()), KEY)
    export(tree.store, entries(count), count, folder, note)
    return tree.root()


@pytest.mark.parametrize("count", [1, 255, 256, 257, 600])
def test_an_export_gives_its_entries_back(count: int, tmp_path: Path) -> None:
    root = kept(count, tmp_path)
    assert list(exported(tmp_path, count)) == entries(count)
    require_whole(tmp_path, count, root)


def test_a_copy_of_another_root_is_not_believed(tmp_path: Path) -> None:
    kept(300, tmp_path)
    with pytest.raises(CheckpointNotOfTree):
        require_whole(tmp_path, 300, bytes(32))


def test_a_copy_without_some_of_its_entries_says_so(tmp_path: Path) -> None:
    kept(300, tmp_path)
    (tmp_path / entries_path(1, 44)).unlink()
    with pytest.raises(TileMissing, match="from 256 on"):
        list(exported(tmp_path, 300))
    (tmp_path / entries_path(1, 44)).write_bytes(encode_bundle(entries(43)))
    with pytest.raises(BundleMalformed, match="43 entries from 256 on, not 44"):
        list(exported(tmp_path, 300))


@pytest.mark.parametrize(
    ("ours", "theirs", "first"),
    [
        ([b"a", b"b", b"c"], [b"a", b"b"], None),
        ([b"a", b"b"], [b"a", b"b"], None),
        ([], [], None),
        ([b"a", b"x", b"y"], [b"a", b"b", b"c"], 1),
        ([b"x"], [b"a"], 0),
        ([b"a"], [b"a", b"b", b"c"], 1),
    ],
)
def test_the_first_difference_is_named(ours: list[bytes], theirs: list[bytes], first: int | None) -> None:
    assert first_difference(ours, theirs) == first
