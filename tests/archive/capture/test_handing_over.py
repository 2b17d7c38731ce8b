"""A folder that was handed over: checked by the commands of its own page, read in again, caught where it was edited."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeconduct.archive.capture import (
    Doubt,
    Fault,
    HandOver,
    Known,
    NotPacked,
    NotProven,
    NotStamped,
    Unsound,
    hand_over,
    pack,
    read_folder,
    stamps,
    unpack,
    verify,
)
from safeconduct.archive.capture import proof as log_proof
from safeconduct.archive.capture.stamps import Stamp
from tests.archive.capture import made
from tests.archive.capture.authorities import Office
from tests.archive.capture.test_packages import changed_words, edited
from tests.support.needs import need


def stamped(office: Office, digest: bytes) -> Stamp:
    reply = office.answer(stamps._query(digest))
    return Stamp(office.name, reply, stamps.chain_of(reply, office.authority.certificates))


@pytest.fixture(scope="session")
def items(offices: tuple[Office, Office]) -> tuple[HandOver, HandOver]:
    """A page with two stamps and a proof, and a file with nothing that speaks for it."""
    package = pack(made.fetched(), title="A letter")
    digest = hashlib.sha256(package).digest()
    proof, _ = made.logged(digest)
    full = HandOver(package, tuple(stamped(office, digest) for office in offices), proof, "A letter <of> somebody")
    return full, HandOver(pack(made.file(b"plain", "text/plain")))


@pytest.fixture
def folder(items: tuple[HandOver, HandOver], tmp_path: Path) -> Path:
    target = tmp_path / "for somebody"
    hand_over(items, target, name="Letters")
    return target


def known(offices: tuple[Office, Office], items: tuple[HandOver, ...]) -> Known:
    assert items[0].proof
    return Known("".join(office.authority.certificates for office in offices), (items[0].proof.key,))


def commands(folder: Path) -> list[str]:
    """What the page says to type, each as it would be copied."""
    page = (folder / "HOW TO CHECK.html").read_text("utf-8")
    return [html.unescape(block) for block in re.findall(r"<pre>(.*?)</pre>", page, flags=re.DOTALL)]


def typed(folder: Path) -> list[int]:
    """How each block of commands ends, in a plain shell that stops at the first that fails."""
    need("openssl", shutil.which("openssl"))
    return [
        subprocess.run(["sh", "-e", "-c", block], cwd=folder, capture_output=True, check=False).returncode
        for block in commands(folder)
    ]


def test_the_page_checks_everything_without_us(folder: Path) -> None:
    # The sums, two stamps, and the log; of the second source there is nothing to type.
    assert typed(folder) == [0, 0, 0, 0]
    page = (folder / "HOW TO CHECK.html").read_text("utf-8")
    assert "A letter &lt;of&gt; somebody" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=", page)
    for words in ("existed by the time", "not show when they were published", "Not independently audited"):
        assert words in " ".join(page.split())
    assert "nobody outside the office says by when" in page


def test_the_page_notices_an_edit(folder: Path) -> None:
    package = folder / "1" / "source.wacz"
    package.write_bytes(edited(package.read_bytes(), changed_words, refresh=True))
    sums, *others = typed(folder)
    assert sums != 0
    assert all(code != 0 for code in others)


@pytest.mark.parametrize("name", ["step-01", "step-04", "signature", "entry", "checkpoint", "signed"])
def test_the_page_notices_an_edit_of_the_proof(folder: Path, name: str) -> None:
    file = folder / "1" / "log" / name
    data = bytearray(file.read_bytes())
    data[60 % len(data)] ^= 1
    file.write_bytes(bytes(data))
    assert typed(folder)[3] != 0


@pytest.mark.parametrize(("size", "index"), [(1, 0), (2, 1), (3, 2), (7, 6), (8, 0), (300, 256), (1000, 777)])
def test_the_commands_climb_any_tree(tmp_path: Path, size: int, index: int) -> None:
    package = pack(made.file())
    proof, _ = made.logged(hashlib.sha256(package).digest(), size=size, index=index)
    hand_over([HandOver(package, proof=proof)], tmp_path / "out")
    assert typed(tmp_path / "out") == [0, 0]


def test_a_folder_is_found_good_and_read_in_elsewhere(
    folder: Path, items: tuple[HandOver, HandOver], offices: tuple[Office, Office]
) -> None:
    verdict = verify(folder, known=known(offices, items))
    full, bare = verdict.sources
    assert not verdict.all_faults
    assert full.doubts == []
    assert [one.signer for one in full.stamped] == ["CN=First signer", "CN=Second signer"]
    assert full.existed_by is not None
    assert full.log == "log.example/office 11 6"
    assert (full.target, full.captured_at) == (made.ADDRESS, made.AT)
    # One that nobody outside speaks for agrees with itself, and that is said.
    assert bare.doubts == [Doubt.NOTHING_OUTSIDE]
    assert not verdict.good
    assert verify(folder).sources[0].doubts == [Doubt.AUTHORITY_UNKNOWN] * 2 + [Doubt.LOG_KEY_UNKNOWN]
    _, again = read_folder(folder)
    assert unpack(again[0].wacz) == made.fetched()
    assert [one.reply for one in again[0].stamps] == [one.reply for one in items[0].stamps]
    assert again[0].proof == items[0].proof
    for one in again[0].stamps:
        assert stamps.check_stamp(one.reply, again[0].digest, one.chain)


def test_a_package_edited_with_refreshed_hashes_is_caught(
    items: tuple[HandOver, HandOver], tmp_path: Path, offices: tuple[Office, Office]
) -> None:
    """Everything that an editor can make anew is made anew: the package's hashes, the folder's sums, its own words."""
    forged = edited(items[0].wacz, changed_words, refresh=True)
    assert b"9&nbsp;May" in unpack(forged).body
    alone = tmp_path / "alone.wacz"
    alone.write_bytes(forged)
    assert verify(alone).sources[0].doubts == [Doubt.NOTHING_OUTSIDE]
    assert not verify(alone).good
    assert verify(alone, recorded=items[0].digest).all_faults == (Fault.NOT_AS_RECORDED,)
    with pytest.raises(NotStamped):
        hand_over([replace(items[0], wacz=forged)], tmp_path / "refused")
    with pytest.raises(NotProven):
        hand_over([replace(items[0], wacz=forged, stamps=())], tmp_path / "refused")
    hand_over([items[0]], tmp_path / "out")
    assert verify(tmp_path / "out", known=known(offices, items)).good
    refreshed(tmp_path / "out", "1/source.wacz", forged)
    verdict = verify(tmp_path / "out", known=known(offices, items))
    assert verdict.all_faults == (Fault.STAMP_OF_OTHER_BYTES, Fault.NOT_IN_LOG)


def test_an_editor_with_an_authority_of_their_own_is_told_apart(
    items: tuple[HandOver, HandOver], tmp_path: Path, offices: tuple[Office, Office]
) -> None:
    forged = edited(items[0].wacz, changed_words, refresh=True)
    digest = hashlib.sha256(forged).digest()
    now = datetime.now(UTC)
    own = Office(tmp_path / "own", "First", now.replace(year=now.year - 1), now.replace(year=now.year + 1))
    proof, _ = made.logged(digest)
    hand_over([HandOver(forged, (stamped(own, digest),), proof)], tmp_path / "out")
    (source,) = verify(tmp_path / "out", known=known(offices, items)).sources
    assert not source.faults
    assert source.doubts == [Doubt.AUTHORITY_UNKNOWN, Doubt.LOG_KEY_UNKNOWN]


def refreshed(folder: Path, name: str, data: bytes) -> None:
    """Put a file into a folder, and its hash into the sums."""
    (folder / name).write_bytes(data)
    sums = folder / "SHA256SUMS"
    rows = dict(line.split("  ", 1)[::-1] for line in sums.read_text().splitlines())
    rows[name] = hashlib.sha256(data).hexdigest()
    sums.write_text("".join(f"{value}  {path}\n" for path, value in sorted(rows.items())))


def test_an_index_that_shows_something_else_is_caught(items: tuple[HandOver, HandOver], tmp_path: Path) -> None:
    def elsewhere(files: dict[str, bytes]) -> None:
        files["indexes/index.cdx"] = files["indexes/index.cdx"].replace(b"letter?page=2", b"letter?page=3")

    package = tmp_path / "one.wacz"
    package.write_bytes(edited(items[0].wacz, elsewhere, refresh=True))
    assert Fault.INDEX_DIFFERS in verify(package).all_faults


def test_a_folder_with_more_or_less_in_it_is_caught(folder: Path) -> None:
    (folder / "more.txt").write_text("x")
    assert verify(folder).faults == (Fault.SUMS_DIFFER,)
    (folder / "more.txt").unlink()
    assert verify(folder).faults == ()
    (folder / "1" / "stamps" / "2.tsr").unlink()
    assert verify(folder).faults == (Fault.DAMAGED,)
    (folder / "link").symlink_to("/etc/passwd")
    with pytest.raises(NotPacked) as caught:
        read_folder(folder)
    assert caught.value.reason == Unsound.HOSTILE


def test_a_proof_for_others_that_is_not_ours_is_caught(folder: Path) -> None:
    refreshed(folder, "1/log/step-02", bytes(32))
    assert verify(folder).faults == (Fault.PROOFS_DIFFER,)


def test_what_is_no_folder_of_ours_is_said(tmp_path: Path) -> None:
    assert verify(tmp_path).faults == (Fault.NOT_ONE,)
    (tmp_path / "about.json").write_text('{"format": "safeconduct/hand-over/1", "items": [{}]}')
    assert verify(tmp_path).faults == (Fault.DAMAGED,)
    (tmp_path / "text.wacz").write_text("x")
    assert verify(tmp_path / "text.wacz").all_faults == (Fault.NOT_ONE,)


def test_a_proof_of_another_tree_or_key_does_not_hold(items: tuple[HandOver, HandOver]) -> None:
    proof = items[0].proof
    assert proof is not None
    digest = items[0].digest
    assert log_proof.check(proof, digest).size == 11
    other, key = made.logged(digest)
    for wrong in (
        replace(proof, key=key),
        replace(proof, signed=other.signed),
        replace(proof, index=5),
        replace(proof, path=proof.path[:-1]),
        replace(proof, entry=proof.entry + b"x"),
        replace(proof, entry=proof.entry.replace(digest, bytes(32))),
        replace(proof, signed="nothing"),
    ):
        with pytest.raises(NotProven):
            log_proof.check(wrong, digest)
