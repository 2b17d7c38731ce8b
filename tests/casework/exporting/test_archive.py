"""The file of an export, without a desk: what it is made of, and what is said of one that is something else."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from safeconduct.casework.exporting import archive, package, read_me, verify
from safeconduct.core.sealing.agefiles import FileKey, LockedKey
from tests.support.exports import (
    KEY,
    PASSPHRASE,
    Files,
    opened,
    put_together,
    sealed,
    taken_apart,
    true_manifest,
    unpadded,
)
from tests.support.needs import need

PAPER = "00112233445566778899aabbccddeeff"


def records() -> Iterator[bytes]:
    writer = archive.Writer(read_me.TEXT)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    yield writer.about(archive.About(archive.FORMAT, "0.1.0", at, "An office", {"0f" * 16: "Immigration"}, {"head": 3}))
    yield writer.lines("people", [b'{"handle":"01"}', b'{"handle":"02"}'])
    yield writer.paper(PAPER, b"A letter, as text.\n")
    yield writer.lines("people", [b'{"handle":"03"}'])
    yield writer.end(["people", "cases"])


def small(key: LockedKey = KEY) -> bytes:
    return b"".join(package.packaged(key, records()))


def code(data: bytes) -> str:
    with pytest.raises(package.BadExport) as told:
        opened(data).verify()
    assert "." in str(told.value)  # a sentence that says what to do
    return told.value.code


def test_what_is_written_is_read_in_its_order() -> None:
    export = opened(small())
    about, manifest = export.verify()
    assert (about.organisation, about.teams) == ("An office", {"0f" * 16: "Immigration"})
    assert manifest.counts == {"people": 3, "cases": 0, "papers": 1}
    with export.read(manifest) as reading:
        pieces = iter(reading)
        assert next(pieces) == ("people", 1, [b'{"handle":"01"}', b'{"handle":"02"}'])
        assert reading.paper(PAPER) == b"A letter, as text.\n"
        assert next(pieces) == ("people", 3, [b'{"handle":"03"}'])
        assert next(pieces, None) is None
    with export.read() as reading:
        next(iter(reading))
        with pytest.raises(package.BadExport):
            reading.paper("f" * 32)


def test_other_programs_read_all_of_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(small())) as outer:
        assert outer.testzip() is None
        assert outer.namelist() == ["READ-ME.txt", "key.age", "records.tar.age"]
        assert outer.read("READ-ME.txt").startswith(b"This is everything")
        assert outer.read("records.tar.age").startswith(b"age-encryption.org/v1\n-> X25519 ")
    files = taken_apart(small())  # Python's own reader of tars
    assert list(files) == [
        "export.json",
        "people/000001.jsonl",
        f"papers/{PAPER}",
        "people/000002.jsonl",
        "manifest.json",
    ]
    assert put_together(files) != small()  # sealed anew
    assert opened(put_together(files)).verify()[1].parts == opened(small()).verify()[1].parts  # Python's own writer


def test_debians_age_opens_it_with_the_passphrase(tmp_path: Path) -> None:
    need("age", shutil.which("age"))
    (tmp_path / "office.zip").write_bytes(small())
    shutil.unpack_archive(tmp_path / "office.zip", tmp_path)
    ours, theirs = os.openpty()  # age asks for a passphrase at a terminal, and nowhere else
    [command] = [line for line in read_me.TEXT.decode().splitlines() if line.strip().startswith("age ")]
    at_terminal = f"exec 3<>{os.ttyname(theirs)}; {command}"  # what a new session opens first is its terminal
    done = subprocess.Popen(["sh", "-c", at_terminal], cwd=tmp_path, start_new_session=True, stderr=subprocess.PIPE)
    os.write(ours, f"{PASSPHRASE}\n".encode())
    said = done.communicate(timeout=120)[1]
    assert done.returncode == 0, said
    os.close(ours)
    os.close(theirs)
    assert (tmp_path / "people" / "000001.jsonl").read_bytes() == b'{"handle":"01"}\n{"handle":"02"}\n'
    assert (tmp_path / "papers" / PAPER).read_bytes() == b"A letter, as text.\n"
    assert (tmp_path / "papers" / PAPER).stat().st_mode & 0o077 == 0


def test_its_passphrase_and_no_other_opens_it() -> None:
    data = small()
    found = verify.verify(io.BytesIO(data), f" {PASSPHRASE}\n")
    assert found["records"] == {"people": 3, "cases": 0, "papers": 1}
    assert (found["format"], found["teams"], found["made_at"]) == (1, ["Immigration"], "2026-11-20T00:00:00+00:00")
    with pytest.raises(package.BadExport, match="not the passphrase") as told:
        archive.Export.open(io.BytesIO(data), PASSPHRASE + "x")
    assert told.value.code == "another_passphrase"
    # The key of another export under the same passphrase opens nothing of this one.
    assert code(b"".join(package.packaged(LockedKey(FileKey.new(), KEY.locked), records()))) == "damaged"


def test_cut_anywhere_it_does_not_open() -> None:
    data = small()
    for at in (0, 10, 200, len(data) // 2, len(data) - 100, len(data) - 1):
        assert code(data[:at]) in {"damaged", "not_an_export"}
    whole = list(package.packaged(KEY, records()))
    assert code(b"".join(whole[:-1])) == "damaged"  # a download that stopped


def test_changed_anywhere_it_opens_the_same_or_not_at_all() -> None:
    data = small()
    before, refused = opened(data).verify(), 0
    for at in range(0, len(data), 7):
        try:
            # What is not sealed is the zip's own: dates and the like, of which nothing is believed.
            assert opened(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).verify() == before
        except package.BadExport:
            refused += 1
    assert refused > 0.9 * len(data) / 7


def test_a_read_me_that_says_something_else_is_refused() -> None:
    files = taken_apart(small())
    with zipfile.ZipFile(io.BytesIO(small())) as outer, zipfile.ZipFile(out := io.BytesIO(), "w") as changed:
        for name in outer.namelist():
            changed.writestr(name, b"Send the passphrase to us." if name == "READ-ME.txt" else outer.read(name))
    assert code(out.getvalue()) == "parts_differ"
    assert files


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"safeconduct sealed file 1\n{}\n", "old_form"),
        (b"age-encryption.org/v1\n-> X25519 x\n", "one_of_them"),
        (b"Our ref,Name\n", "not_an_export"),
        (b"", "not_an_export"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_another_file_is_said_to_be_one(data: bytes, says: str) -> None:
    assert code(data) == says


def test_another_zip_is_said_to_be_one() -> None:
    with zipfile.ZipFile(io.BytesIO(small())) as outer:
        inside: Files = {name: outer.read(name) for name in outer.namelist()}

    def zipped(files: Files, packing: int = zipfile.ZIP_STORED) -> bytes:
        with zipfile.ZipFile(out := io.BytesIO(), "w", packing) as anew:
            for name, content in files.items():
                anew.writestr(name, content)
        return out.getvalue()

    assert opened(zipped(inside)).verify() == opened(small()).verify()
    assert code(zipped(inside, zipfile.ZIP_DEFLATED)) == "not_an_export"
    assert code(zipped(inside | {"more": b""})) == "not_an_export"
    assert code(zipped(inside | {"key.age": bytes(65 * 1024)})) == "not_an_export"
    for key in (b"", b"age-encryption.org/v1\n-> X25519 x\n", b"age-encryption.org/v1\n-> scrypt c2FsdA 40\n"):
        with pytest.raises(package.BadExport, match="not an export"):
            archive.Export.open(io.BytesIO(zipped(inside | {"key.age": key})), PASSPHRASE)


WRONG: dict[str, Callable[[Files], bytes]] = {
    "newer": lambda files: put_together(
        files | {"export.json": files["export.json"].replace(b'"format": 1', b'"format": 2')}
    ),
    "part_differs": lambda files: put_together(files | {"export.json": b"{"}),
    "strange": lambda files: put_together(files | {"../people/000003.jsonl": b"{}\n"}),
    "strange ": lambda files: put_together(files | {"people/000003.jsonl": b"no end"}),
    "strange  ": lambda files: put_together(files | {"people/000003.jsonl": b""}),
    "strange   ": lambda files: sealed(b"".join(opened(put_together(files)).package.records(KEY.key)) + bytes(512)),
    "strange    ": lambda files: sealed(b"".join(opened(put_together(files)).package.records(KEY.key))[:-512]),
    "strange     ": lambda files: sealed(bytes(1024)),
    "part_differs ": lambda files: put_together(dict(reversed(files.items()))),
    "parts_differ": lambda files: put_together(files, manifest=true_manifest(files | {"people/000003.jsonl": b"{}\n"})),
    "parts_differ ": lambda files: put_together(
        files,
        manifest=true_manifest({n: c for n, c in files.items() if n != "manifest.json"}).replace(
            b'"people":3', b'"people":4'
        ),
    ),
    "part_differs  ": lambda files: put_together(files, manifest=b"[]"),
}


@pytest.mark.parametrize("says", WRONG)
def test_sealed_as_it_should_be_and_wrong_inside(says: str) -> None:
    files = taken_apart(small())
    del files["manifest.json"]
    assert code(WRONG[says](files)) == says.strip()


def test_a_link_a_long_name_and_a_file_of_somebodys_are_not_read() -> None:
    import tarfile

    for change in (
        {"type": tarfile.SYMTYPE, "linkname": "x"},
        {"uid": 1000},
        {"mtime": 5},
        {"name": "people/" + "x" * 300},
    ):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
            info = tarfile.TarInfo("export.json")
            info.mode = 0o600
            for name, value in change.items():
                setattr(info, name, value)
            tar.addfile(info)
        assert code(sealed(unpadded(out.getvalue()))) == "strange"


def test_the_second_reading_is_of_what_the_first_one_read() -> None:
    _, manifest = opened(small()).verify()
    files = taken_apart(small())
    other = put_together(files | {"people/000002.jsonl": b'{"handle":"04"}\n'})
    with opened(other).read(manifest) as reading, pytest.raises(package.BadExport, match="000002"):
        list(reading)
    less = put_together({name: content for name, content in files.items() if name != "people/000002.jsonl"})
    with opened(less).read(manifest) as reading, pytest.raises(package.BadExport, match="not as the manifest"):
        list(reading)


def test_no_more_than_a_little_of_it_is_in_memory() -> None:
    """What was taken in and has not come out yet, while 32 MiB of papers leave; and the other way round."""
    taken = 0

    def many() -> Iterator[bytes]:
        nonlocal taken
        writer = archive.Writer(read_me.TEXT)
        yield writer.about(archive.About(1, "0.1.0", datetime(2026, 11, 20, tzinfo=UTC), "", {}, {}))
        for number in range(32):
            paper = writer.paper(f"{number:032x}", bytes(1024 * 1024))
            taken += len(paper)
            yield paper
        yield writer.end([])

    out, given, most = io.BytesIO(), 0, 0
    for piece in package.packaged(KEY, many()):
        given += len(piece)
        most = max(most, taken - given)
        out.write(piece)
    assert most < 3 * 1024 * 1024

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal taken
            found = super().read(size)
            taken += len(found)
            return found

    export = archive.Export(package.Package(Counted(out.getvalue())), KEY.key)
    taken, given, most = 0, 0, 0
    for piece in export.package.records(KEY.key):
        given += len(piece)
        most = max(most, taken - given)
    assert given > 32 * 1024 * 1024
    assert most < 3 * 1024 * 1024


def test_lines_are_json() -> None:
    files = taken_apart(small()) | {"people/000002.jsonl": b"[]\n"}
    with pytest.raises(package.BadExport, match="Line 3 of people"):
        opened(put_together(files)).verify(verify.require_json)
    assert msgspec.json.decode(files["export.json"])["format"] == 1
