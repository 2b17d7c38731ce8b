"""The tree against the roots others published, against another implementation, and against its own verifiers."""

from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.ledger.audit import ComparedTiles, audit
from safeconduct.core.ledger.errors import (
    ConsistencyMismatch,
    EntriesLeftOver,
    EntriesMissing,
    InclusionMismatch,
    IndexOutOfRange,
    LedgerError,
    ProofWrongLength,
    SizeOutOfRange,
    TileDiffers,
    TileMalformed,
    TileMissing,
)
from safeconduct.core.ledger.hashing import EMPTY_ROOT, leaf_hash, root_of
from safeconduct.core.ledger.tree import (
    MemoryStore,
    ReadOnlyTree,
    Tree,
    verify_consistency,
    verify_inclusion,
)

# The eight entries, and the roots after each, that implementations of certificate transparency test with.
KNOWN_ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

# Where tiles fill and levels begin: 256, 512 and 65,536 entries.
EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100, 255, 256, 257, 258, 511, 512, 513, 767, 768, 1000, 1024, 1025]
LARGE = 65_536 + 512 + 3


def entry(number: int) -> bytes:
    return sha256(b"entry %d" % number).digest()


def grown(size: int) -> Tree:
    tree = Tree(MemoryStore())
    tree.append_many(entry(number) for number in range(size))
    return tree


@pytest.fixture(scope="module")
def large() -> Tree:
    return grown(LARGE)


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(max(EDGES)):
        tree.append_entry(entry(number))
    return tree


@pytest.mark.parametrize(("size", "root"), list(enumerate(KNOWN_ROOTS)))
def test_roots_are_those_of_certificate_transparency(size: int, root: str) -> None:
    tree = Tree(MemoryStore())
    tree.append_many(KNOWN_ENTRIES[:size])
    assert tree.root().hex() == root
    assert root_of(KNOWN_ENTRIES[:size]).hex() == root


@pytest.mark.parametrize("size", EDGES)
def test_roots_and_paths_are_those_of_pymerkle(size: int, large: Tree, oracle: pymerkle.InmemoryTree) -> None:
    assert large.root(size) == oracle.get_root(size) == root_of(entry(number) for number in range(size))
    for index in {0, size // 3, size - 2, size - 1} - {-1}:
        theirs = oracle.prove_inclusion(index + 1, size)
        assert sorted([large.leaf(index), *large.inclusion_proof(index, size)]) == sorted(theirs.path)
        verify_inclusion(large.leaf(index), index, size, large.inclusion_proof(index, size), theirs.compute_root())


@pytest.mark.parametrize("size", EDGES)
def test_every_smaller_tree_is_proved_to_be_the_beginning(
    size: int, large: Tree, oracle: pymerkle.InmemoryTree
) -> None:
    for old in {*range(min(size, 20)), size // 2, size - 1, size}:
        old_root = oracle.get_root(old) if old else EMPTY_ROOT
        verify_consistency(old, size, old_root, oracle.get_root(size), large.consistency_proof(old, size))


@given(st.integers(1, LARGE), st.data())
def test_proofs_hold_at_any_size(size: int, data: st.DataObject) -> None:
    tree = ReadOnlyTree(_shared(), size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    verify_inclusion(leaf_hash(entry(index)), index, size, tree.inclusion_proof(index), tree.root())
    verify_consistency(old, size, tree.root(old), tree.root(), tree.consistency_proof(old))


@given(st.integers(2, 2000), st.data())
def test_a_proof_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    tree = ReadOnlyTree(_shared(), size)
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    proof, root = tree.inclusion_proof(index), tree.root()
    with pytest.raises(InclusionMismatch):
        verify_inclusion(leaf_hash(b"something else"), index, size, proof, root)
    with pytest.raises(LedgerError):
        verify_inclusion(tree.leaf(index), other, size, proof, root)
    with pytest.raises(ProofWrongLength):
        verify_inclusion(tree.leaf(index), index, size, proof[:-1], root)
    with pytest.raises(ProofWrongLength):
        verify_inclusion(tree.leaf(index), index, size, [*proof, root], root)
    step = data.draw(st.integers(0, len(proof) - 1))
    with pytest.raises(InclusionMismatch):
        verify_inclusion(tree.leaf(index), index, size, [*proof[:step], root, *proof[step + 1 :]], root)


@given(st.integers(2, 2000), st.data())
def test_another_history_is_not_consistent(size: int, data: st.DataObject) -> None:
    tree = ReadOnlyTree(_shared(), size)
    old = data.draw(st.integers(1, size - 1))
    proof = tree.consistency_proof(old)
    forked = root_of([*(entry(number) for number in range(old - 1)), b"another last entry"])
    with pytest.raises(ConsistencyMismatch):
        verify_consistency(old, size, forked, tree.root(), proof)
    with pytest.raises(ConsistencyMismatch):
        verify_consistency(old, size, tree.root(old), forked, proof)
    with pytest.raises(ProofWrongLength):
        verify_consistency(old, size, tree.root(old), tree.root(), proof[:-1])
    with pytest.raises(ProofWrongLength):
        verify_consistency(old, size, tree.root(old), tree.root(), [*proof, forked])


def test_equal_and_empty_trees_need_no_proof_and_are_still_compared() -> None:
    root = root_of([b"one"])
    verify_consistency(1, 1, root, root, [])
    verify_consistency(0, 1, EMPTY_ROOT, root, [])
    with pytest.raises(ConsistencyMismatch):
        verify_consistency(1, 1, EMPTY_ROOT, root, [])
    with pytest.raises(ConsistencyMismatch):
        verify_consistency(0, 1, root, root, [])
    with pytest.raises(ProofWrongLength):
        verify_consistency(1, 1, root, root, [root])
    with pytest.raises(SizeOutOfRange):
        verify_consistency(2, 1, root, root, [])


@given(st.lists(st.integers(0, 300), max_size=8))
def test_the_tree_is_the_same_however_entries_arrive(pieces: list[int]) -> None:
    tree = Tree(MemoryStore())
    for piece in pieces:
        before = tree.size
        assert tree.append_many(entry(before + number) for number in range(piece)) == before + piece
    assert tree.root() == ReadOnlyTree(_shared(), sum(pieces)).root()


def test_appending_one_by_one_returns_each_index_and_each_root() -> None:
    tree = Tree(MemoryStore())
    for number in range(600):
        assert tree.append(entry(number)) == number
        assert tree.root() == ReadOnlyTree(_shared(), number + 1).root()


def test_an_append_that_fails_leaves_the_tree_as_it_was() -> None:
    class Breaks(MemoryStore):
        fails = False

        def put(self, level: int, index: int, hashes: bytes) -> None:
            if self.fails and level == 1:
                raise OSError("no space left")
            super().put(level, index, hashes)

    store = Breaks()
    tree = Tree(store)
    tree.append_many(entry(number) for number in range(200))
    root, store.fails = tree.root(), True
    with pytest.raises(OSError, match="no space"):
        tree.append_many(b"never confirmed %d" % number for number in range(100))
    assert (tree.size, tree.root()) == (200, root)
    store.fails = False
    tree.append_many(entry(number) for number in range(200, 300))
    assert tree.root() == ReadOnlyTree(_shared(), 300).root()


def test_tiles_are_those_the_specification_counts() -> None:
    store = MemoryStore()
    Tree(store).append_many(b"%d" % number for number in range(70_000))
    widths: dict[int, list[int]] = {}
    for (level, _), hashes in sorted(store.tiles.items()):
        widths.setdefault(level, []).append(len(hashes) // 32)
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [(None, TileMissing), (b"", TileMissing), (bytes(32 * 3), TileMissing), (bytes(33), TileMalformed)],
)
def test_a_tile_that_is_missing_short_or_torn_is_an_error(spoilt: bytes | None, fault: type[Exception]) -> None:
    tree = grown(300)
    assert isinstance(tree.store, MemoryStore)
    if spoilt is None:
        del tree.store.tiles[0, 1]
    else:
        tree.store.tiles[0, 1] = spoilt
    with pytest.raises(fault):
        tree.root()
    with pytest.raises(fault):
        tree.append(b"next")


def test_a_tile_too_long_is_an_error() -> None:
    tree = grown(300)
    tree.store.put(0, 1, bytes(257 * 32))
    with pytest.raises(TileMalformed):
        tree.root()


@pytest.mark.parametrize("index", [-1, 5])
def test_entries_outside_the_tree_have_no_proof(index: int) -> None:
    tree = grown(5)
    with pytest.raises(IndexOutOfRange):
        tree.inclusion_proof(index)
    with pytest.raises(IndexOutOfRange):
        tree.leaf(index)
    with pytest.raises(IndexOutOfRange):
        verify_inclusion(bytes(32), index, 5, [], bytes(32))


def test_sizes_the_log_does_not_have_are_refused() -> None:
    tree = grown(5)
    for size in (-1, 6):
        with pytest.raises(SizeOutOfRange):
            tree.root(size)
        with pytest.raises(SizeOutOfRange):
            tree.consistency_proof(size)
    with pytest.raises(SizeOutOfRange):
        Tree(MemoryStore(), -1)


def test_the_audit_finds_a_changed_tile_wherever_it_is() -> None:
    """A root alone would not: it is hashed from the right edge of the tiles."""
    tree = grown(1000)
    assert isinstance(tree.store, MemoryStore)
    entries = [entry(number) for number in range(1000)]
    assert audit(tree.store, entries, 1000) == tree.root()
    for place, hashes in list(tree.store.tiles.items()):
        tree.store.tiles[place] = bytes(32) + hashes[32:]
        with pytest.raises(TileDiffers):
            audit(tree.store, entries, 1000)
        del tree.store.tiles[place]
        with pytest.raises(TileMissing):
            audit(tree.store, entries, 1000)
        tree.store.tiles[place] = hashes
    assert audit(tree.store, entries, 1000) == tree.root()


def test_the_audit_finds_changed_missing_and_added_entries() -> None:
    tree = grown(600)
    entries = [entry(number) for number in range(600)]
    with pytest.raises(TileDiffers):
        audit(tree.store, [*entries[:100], b"changed", *entries[101:]], 600)
    with pytest.raises(EntriesMissing):
        audit(tree.store, entries[:-1], 600)
    with pytest.raises(EntriesLeftOver):
        audit(tree.store, [*entries, b"one more"], 600)


def test_the_audit_holds_one_tile_a_level() -> None:
    compared = ComparedTiles(_shared())
    tree = Tree(compared)
    for start in range(0, 5000, 500):
        tree.append_many(entry(number) for number in range(start, start + 500))
    assert tree.root() == ReadOnlyTree(_shared(), 5000).root()
    assert compared.get(0, 0) is None
    assert compared.get(0, 19) is not None
    assert compared.get(9, 0) is None


_STORES: list[MemoryStore] = []


def _shared() -> MemoryStore:
    """One large store for the properties, which may not ask for fixtures."""
    if not _STORES:
        store = grown(LARGE).store
        assert isinstance(store, MemoryStore)
        _STORES.append(store)
    return _STORES[0]
