"""A folder another office handed over is read in with what speaks for it, and not at all where it was edited."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.archive import capture, files, queries
from safeconduct.archive.actions.hand_over import hand_over, hand_over_zipped
from safeconduct.archive.actions.receive import read_in, read_in_zipped
from safeconduct.archive.capture import Doubt, Fault, HandOver, Known, stamps, verify
from safeconduct.archive.capture.stamps import Stamp as Given
from safeconduct.archive.faults import FileGone, NotSound
from safeconduct.archive.models import Source
from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.tree import ReadOnlyTree
from safeconduct.journal.store import DatabaseTiles
from tests import builders
from tests.archive.capture import made
from tests.archive.capture.authorities import Office
from tests.archive.capture.test_packages import changed_words, edited

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def authority(tmp_path: Path) -> Office:
    now = datetime.now(UTC)
    return Office(tmp_path / "authority", "First", now - timedelta(days=1), now + timedelta(days=9))


def given(authority: Office, package: bytes) -> HandOver:
    digest = hashlib.sha256(package).digest()
    reply = authority.answer(stamps._query(digest))
    stamp = Given("First", reply, stamps.chain_of(reply, authority.authority.certificates))
    return HandOver(package, (stamp,), made.logged(digest)[0], "A letter")


def test_it_is_read_in_as_it_is_and_handed_on(tmp_path: Path, authority: Office) -> None:
    by = builders.office().guardian.actor
    # A package of another version: the same source would not pack to these bytes here.
    package = edited(capture.pack(made.fetched()), lambda _files: None, refresh=True)
    assert package != capture.pack(made.fetched(), title="A letter of an invented minister")
    capture.hand_over([given(authority, package)], tmp_path / "given")
    (received,) = read_in(by=by, folder=tmp_path / "given", known=Known(authority.authority.certificates)).received
    source = received.taken.source
    assert queries.package(by, source) == package
    assert received.checked.doubts == [Doubt.LOG_KEY_UNKNOWN]
    assert (source.address, source.captured_at) == (made.ADDRESS, made.AT)
    (stamp,) = source.stamps.all()
    assert (stamp.state, stamp.authority, bytes(stamp.digest)) == ("had", "First", hashlib.sha256(package).digest())
    assert read_in(by=by, folder=tmp_path / "given").received[0].taken.again
    # Handed on, it has the stamp it came with, and the proof of our own log.
    key = Ed25519PrivateKey.generate()

    def signed(organisation: Any) -> tuple[str, str]:
        store, origin = DatabaseTiles(organisation), "log.example/ours"
        root = ReadOnlyTree(store, store.size()).root()
        note = checkpoint.sign(checkpoint.Checkpoint(origin, store.size(), root), key)
        return note, checkpoint.verifier_key(origin, key.public_key())

    hand_over(by=by, sources=[source], folder=tmp_path / "on", signed=signed)
    gone = hand_over_zipped(by=by, sources=[source], called="on", signed=signed)
    (tmp_path / "on.zip").write_bytes(b"".join(gone.pieces()))
    files.path_of(source.file.handle, files.WACZ).write_bytes(b"another")
    with pytest.raises(FileGone):
        b"".join(gone.pieces())
    known = Known(authority.authority.certificates, (checkpoint.verifier_key("log.example/ours", key.public_key()),))
    for handed in ("on", "on.zip"):
        verdict = verify(tmp_path / handed, known=known)
        assert verdict.good
        assert verdict.sources[0].doubts == []
        assert verdict.sources[0].log.startswith("log.example/ours ")
    assert read_in_zipped(by=by, data=(tmp_path / "on.zip").read_bytes()).received[0].taken.again


def test_of_an_edited_folder_nothing_is_taken_in(tmp_path: Path, authority: Office) -> None:
    by = builders.office().guardian.actor
    item = given(authority, capture.pack(made.fetched()))
    capture.hand_over([item], tmp_path / "given")
    package = tmp_path / "given" / "1" / "source.wacz"
    forged = edited(item.wacz, changed_words, refresh=True)
    sums = tmp_path / "given" / "SHA256SUMS"
    text = sums.read_text().replace(hashlib.sha256(item.wacz).hexdigest(), hashlib.sha256(forged).hexdigest())
    package.write_bytes(forged)
    sums.write_text(text)
    with pytest.raises(NotSound) as caught:
        read_in(by=by, folder=tmp_path / "given")
    assert Fault.STAMP_OF_OTHER_BYTES in caught.value.faults
    with pytest.raises(NotSound):
        read_in_zipped(by=by, data=b"PK\x03\x04 no zip")
    with pytest.raises(NotSound):
        read_in(by=by, folder=tmp_path)
    assert not Source.objects.exists()
