"""The log as a folder: paths, bundles, what an export writes and what it refuses to write over."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.checkpoint import Checkpoint
from safeconduct.core.ledger.errors import (
    BundleMalformed,
    CheckpointNotOfTree,
    EntriesLeftOver,
    EntriesMissing,
    EntryTooLong,
    ExportConflicts,
    ExportGoesBack,
    LedgerError,
    NoteUnsigned,
    OriginMismatch,
    SignerUnknown,
    TileDiffers,
    TileMissing,
    TilePathMalformed,
)
from safeconduct.core.ledger.tiles import (
    FolderTiles,
    TileName,
    decode_bundle,
    encode_bundle,
    entries_path,
    export,
    tile_path,
    tiles_of,
    verify_folder,
)
from safeconduct.core.ledger.tree import MemoryStore, Tree

ORIGIN = "log.example/office"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = checkpoint.verifier_key(ORIGIN, KEY.public_key())


def entries(count: int, name: str = "entry") -> list[bytes]:
    return [sha256(f"{name} {number}".encode()).digest() for number in range(count)]


def exported(leaves: Sequence[bytes], folder: Path, origin: str = ORIGIN) -> Tree:
    """Grow a log of these entries and export all of it."""
    tree = Tree(MemoryStore())
    tree.append_many(leaves)
    export(tree.store, leaves, tree.size, folder, signed(tree, origin))
    return tree


def signed(tree: Tree, origin: str = ORIGIN) -> str:
    return checkpoint.sign(Checkpoint(origin, tree.size, tree.root()), KEY)


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (0, 1000, 256, "tile/0/x001/000"),
        (3, 1_234_067, 256, "tile/3/x001/x234/067"),
        (0, 1234, 5, "tile/0/x001/234.p/5"),
        (63, 0, 255, "tile/63/000.p/255"),
    ],
)
def test_paths_are_those_of_the_specification(level: int, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path
    assert TileName.parse(path) == TileName(level, index, width)
    bundle = path.replace(f"tile/{level}/", "tile/entries/")
    assert entries_path(index, width) == bundle
    assert TileName.parse(bundle) == TileName(None, index, width)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_every_path_reads_back(level: int | None, index: int, width: int) -> None:
    name = TileName(level, index, width)
    assert TileName.parse(name.path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/x001/x234",
        "tile/0/000.p",
        "tile/0/000.p/0",
        "tile/0/000.p/05",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../0/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
    ],
)
def test_a_path_has_one_spelling(path: str) -> None:
    with pytest.raises(TilePathMalformed):
        TileName.parse(path)


def test_a_bundle_is_lengths_and_entries() -> None:
    assert encode_bundle([b"\x9f\x86", b"", b"\x60"]).hex(" ") == "00 02 9f 86 00 00 00 01 60"
    assert encode_bundle([bytes(32)]).hex() == "0020" + "00" * 32


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_read_back(leaves: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(leaves)) == leaves


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x01", b"\x00\x02\x61", b"\x00\x00\x00", b"\x00\x00" * 257])
def test_a_torn_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BundleMalformed):
        decode_bundle(data)


def test_an_entry_too_long_for_its_length_is_refused() -> None:
    assert decode_bundle(encode_bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(EntryTooLong):
        encode_bundle([bytes(65_536)])


def test_beyond_the_last_entry_a_folder_has_no_tile(tmp_path: Path) -> None:
    exported(entries(256), tmp_path)
    none = tmp_path / tile_path(0, 1, 0)
    none.parent.mkdir()
    none.touch()
    assert [FolderTiles(tmp_path, 256).get(0, index) is None for index in (0, 1, 2)] == [False, True, True]


def test_the_specifications_example_tree_has_these_tiles() -> None:
    names = list(tiles_of(70_000))
    assert len(names) == 273 + 1 + 1 + 1 + 1
    assert [name.path for name in names[272:]] == [
        "tile/0/272",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [name.path for name in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_an_export_is_complete_and_verifies(size: int, tmp_path: Path) -> None:
    tree = exported(entries(size), tmp_path)
    wanted = {name.path for name in tiles_of(size)} | {"checkpoint"}
    wanted |= {TileName(None, name.index, name.width).path for name in tiles_of(size) if name.level == 0}
    assert set(files(tmp_path)) == wanted
    assert verify_folder(tmp_path, VKEY) == Checkpoint(ORIGIN, size, tree.root())


def test_entries_disclose_only_their_commitments(tmp_path: Path) -> None:
    exported(entries(300), tmp_path)
    assert len(files(tmp_path)["tile/entries/000"]) == 256 * 34
    assert len(files(tmp_path)["tile/entries/001.p/44"]) == 44 * 34


def test_a_later_export_continues_the_folder_and_keeps_what_was_there(tmp_path: Path) -> None:
    exported(entries(300), tmp_path)
    before = files(tmp_path)
    tree = exported(entries(700), tmp_path)
    after = files(tmp_path)
    assert before.keys() <= after.keys()
    assert {path for path in before if before[path] != after[path]} == {"checkpoint"}
    assert verify_folder(tmp_path, VKEY).root == tree.root()
    exported(entries(700), tmp_path)
    assert files(tmp_path) == after


def test_a_kill_in_the_middle_of_a_file_does_not_spoil_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tile/0").mkdir(parents=True)
    (tmp_path / "tile/0/000.new").write_bytes(b"half a ti")
    exported(entries(300), tmp_path)
    assert verify_folder(tmp_path, VKEY).size == 300


@pytest.mark.parametrize("forked", [0, 100, 299])
def test_another_history_is_not_written_over_the_first(forked: int, tmp_path: Path) -> None:
    exported(entries(300), tmp_path)
    before = files(tmp_path)
    history = [*entries(300)[:forked], *entries(700, "other")[forked:]]
    with pytest.raises(ExportConflicts):
        exported(history, tmp_path)
    assert files(tmp_path) == before


def test_a_folder_of_another_log_does_not_pass_for_the_one_that_was_asked_for(tmp_path: Path) -> None:
    exported(entries(3), tmp_path)
    assert verify_folder(tmp_path, VKEY, ORIGIN).size == 3
    with pytest.raises(OriginMismatch):
        verify_folder(tmp_path, VKEY, "log.example/elsewhere")


def test_another_log_is_not_written_into_the_folder(tmp_path: Path) -> None:
    exported(entries(300), tmp_path)
    before = files(tmp_path)
    with pytest.raises(ExportConflicts):
        exported(entries(300), tmp_path, origin="log.example/elsewhere")
    assert files(tmp_path) == before


def test_the_log_does_not_go_back(tmp_path: Path) -> None:
    exported(entries(300), tmp_path)
    before = files(tmp_path)
    with pytest.raises(ExportGoesBack):
        exported(entries(299), tmp_path)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(ExportConflicts):
        exported(entries(299), tmp_path)
    assert files(tmp_path) == {path: data for path, data in before.items() if path != "checkpoint"}


@pytest.mark.parametrize("path", ["tile/0/000.p/5", "tile/entries/000.p/5", "tile/1/000.p/1", "tile/1/000.p/2"])
def test_a_spoilt_file_of_an_earlier_export_is_noticed(path: str, tmp_path: Path) -> None:
    exported(entries(5), tmp_path)
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\x00\x20" + bytes(32) * 5)
    with pytest.raises(ExportConflicts):
        exported(entries(300), tmp_path)


def test_a_file_that_is_no_part_of_a_log_is_noticed(tmp_path: Path) -> None:
    exported(entries(5), tmp_path)
    (tmp_path / "tile/0/notes.txt").write_text("words")
    with pytest.raises(TilePathMalformed):
        exported(entries(5), tmp_path)


def test_the_checkpoint_must_be_of_the_tree_and_signed(tmp_path: Path) -> None:
    tree = Tree(MemoryStore())
    tree.append_many(entries(5))
    smaller = checkpoint.sign(Checkpoint(ORIGIN, 4, tree.root(4)), KEY)
    forked = checkpoint.sign(Checkpoint(ORIGIN, 5, bytes(32)), KEY)
    for note in (smaller, forked):
        with pytest.raises(CheckpointNotOfTree):
            export(tree.store, entries(5), 5, tmp_path, note)
    with pytest.raises(NoteUnsigned):
        export(tree.store, entries(5), 5, tmp_path, str(Checkpoint(ORIGIN, 5, tree.root())))
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("given_entries", "fault"),
    [
        (entries(299), EntriesMissing),
        (entries(301), EntriesLeftOver),
        ([*entries(299), bytes(32)], TileDiffers),
        ([bytes(32), *entries(300)[1:]], TileDiffers),
    ],
)
def test_entries_that_are_not_those_of_the_tree_give_no_checkpoint(
    given_entries: list[bytes], fault: type[Exception], tmp_path: Path
) -> None:
    tree = Tree(MemoryStore())
    tree.append_many(entries(300))
    with pytest.raises(fault):
        export(tree.store, given_entries, 300, tmp_path, signed(tree))
    assert not (tmp_path / "checkpoint").exists()


def test_every_file_of_an_export_is_verified(tmp_path: Path) -> None:
    exported(entries(700), tmp_path)
    for path, data in files(tmp_path).items():
        file = tmp_path / path
        for place in (0, len(data) // 2, len(data) - 1):
            file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises(LedgerError):
                verify_folder(tmp_path, VKEY)
        file.write_bytes(data[:-34])
        with pytest.raises(LedgerError):
            verify_folder(tmp_path, VKEY)
        file.unlink()
        with pytest.raises(TileMissing):
            verify_folder(tmp_path, VKEY)
        file.write_bytes(data)
    assert verify_folder(tmp_path, VKEY).size == 700


def test_a_whole_other_log_is_refused_by_its_signature(tmp_path: Path) -> None:
    exported(entries(5), tmp_path)
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(SignerUnknown):
        verify_folder(tmp_path, checkpoint.verifier_key(ORIGIN, stranger.public_key()))


def test_a_recomputed_log_is_refused_by_the_root(tmp_path: Path) -> None:
    """All tiles agree with the entries, and only the signed root tells."""
    exported(entries(300), tmp_path / "true")
    exported(entries(300, "other"), tmp_path / "false")
    (tmp_path / "false/checkpoint").write_bytes((tmp_path / "true/checkpoint").read_bytes())
    with pytest.raises(CheckpointNotOfTree):
        verify_folder(tmp_path / "false", VKEY)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=4))
def test_any_series_of_exports_into_one_folder_verifies(sizes: list[int]) -> None:
    from tempfile import TemporaryDirectory  # one folder for each example, which a fixture cannot give

    with TemporaryDirectory() as name:
        for size in sorted(sizes):
            exported(entries(size), Path(name))
            assert verify_folder(Path(name), VKEY).size == size


def test_the_page_on_the_format_shows_a_folder_that_can_be() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/log-format.md").read_text(encoding="utf-8")
    shown = [TileName.parse(path) for path in re.findall(r"^    (tile/\S+)", page, re.MULTILINE)]
    tiles = set(tiles_of(1235 * 256 + 5))
    assert len(shown) == 5
    for name in shown:
        assert (name if name.level is not None else TileName(0, name.index, name.width)) in tiles
