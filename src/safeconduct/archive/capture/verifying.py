"""Checking a package or a handed-over folder: in itself, and against what whoever edits it cannot make anew.

A package whose hashes were all refreshed after an edit agrees with itself, and passes other validators. Its own hash
is no longer the one that was stamped and logged.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from . import annotations, handing_over, leaving, stamps
from . import proof as log_proof
from .annotations import Gathered
from .captured import NotPacked, Unsound
from .handing_over import HandOver, about_of
from .packages import records, unpacking
from .proof import LogProof, NotProven
from .stamps import NotStamped, StampedAt, Unstamped


class Fault(StrEnum):
    """What is wrong. Each is reason enough not to rely on it."""

    NOT_ONE = "not_one"
    DAMAGED = "damaged"
    HOSTILE = "hostile"
    TOO_LARGE = "too_large"
    NOTHING_INSIDE = "nothing_inside"
    HASHES_DIFFER = "hashes_differ"  # from those the package claims
    RECORDS_DIFFER = "records_differ"  # from the digests they claim
    INDEX_DIFFERS = "index_differs"  # a player would show something else than lies there
    SUMS_DIFFER = "sums_differ"  # a file of the folder is missing, added or changed
    COLLECTION_DAMAGED = "collection_damaged"  # what was cited is not of these sources, or cannot be read
    PROOFS_DIFFER = "proofs_differ"  # what other programs check the log's proof by is not what was checked here
    STAMP_OF_OTHER_BYTES = "stamp_of_other_bytes"
    STAMP_NOT_TRUSTED = "stamp_not_trusted"
    STAMP_UNCHECKED = "stamp_unchecked"  # nothing here can check it
    NOT_IN_LOG = "not_in_log"
    NOT_AS_RECORDED = "not_as_recorded"  # not the bytes whose hash was given to compare with


class Doubt(StrEnum):
    """What the one who checks still has to compare with somebody else."""

    NOTHING_OUTSIDE = "nothing_outside"  # no stamp and no log: it agrees with itself, as an edit could have it
    AUTHORITY_UNKNOWN = "authority_unknown"  # the certificate it was judged by came with it
    LOG_KEY_UNKNOWN = "log_key_unknown"  # so did the log's key


_FROM_PACKAGE: Final = {
    Unsound.NOT_ONE: Fault.NOT_ONE,
    Unsound.DAMAGED: Fault.DAMAGED,
    Unsound.TOO_LARGE: Fault.TOO_LARGE,
    Unsound.HOSTILE: Fault.HOSTILE,
    Unsound.NOTHING_INSIDE: Fault.NOTHING_INSIDE,
    Unsound.HASHES_DIFFER: Fault.HASHES_DIFFER,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the one who checks knows without the folder: certificates of authorities (PEM), keys of logs (one line)."""

    certificates: str = ""
    log_keys: Collection[str] = ()


@dataclass(slots=True)
class Checked:
    """One source that was checked. ``existed_by`` is the earliest time of a stamp that holds."""

    sha256: str
    target: str | None = None
    captured_at: datetime | None = None
    stamped: list[StampedAt] = field(default_factory=list)
    log: str = ""  # "origin size index", of a proof that holds
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def existed_by(self) -> datetime | None:
        return min((one.at for one in self.stamped), default=None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``faults`` are those of the folder itself; each source has its own. ``gathered``: a collection with it."""

    sources: tuple[Checked, ...]
    faults: tuple[Fault, ...] = ()
    gathered: Gathered | None = None

    @property
    def good(self) -> bool:
        """Nothing is wrong, and of every source somebody outside says so: see also the doubts of each."""
        return (
            not self.faults
            and bool(self.sources)
            and not any(one.faults or Doubt.NOTHING_OUTSIDE in one.doubts for one in self.sources)
        )

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault, each once."""
        return tuple(dict.fromkeys([*self.faults, *(fault for one in self.sources for fault in one.faults)]))


def verify(path: Path, *, known: Known | None = None, recorded: bytes | None = None) -> Verdict:
    """Check a package, or a folder that was handed over, also zipped. Raises `OSError`: it cannot be read.

    ``recorded`` is the SHA-256 that a package is known to have had, as the log of whoever keeps it says.
    """
    known = known or Known()
    if path.is_dir():
        return verify_folder(path, known)[0]
    if path.stat().st_size > unpacking.MOST_BYTES:
        return Verdict((), (Fault.TOO_LARGE,))
    data = path.read_bytes()
    if _is_folder(data):
        return verify_zipped(data, known)[0]
    item = HandOver(data)
    checked = check_one(item, known)
    if recorded is not None:
        checked.doubts.clear()
        if recorded != item.digest:
            checked.faults.append(Fault.NOT_AS_RECORDED)
    return Verdict((checked,))


def check_one(item: HandOver, known: Known) -> Checked:
    """Check one source with all that speaks for it."""
    checked = Checked(item.digest.hex())
    _check_package(item.wacz, checked)
    for one in item.stamps:
        _check_stamp(one, item.digest, known, checked)
    if item.proof is not None:
        _check_proof(item.proof, item.digest, known, checked)
    if not checked.stamped and not checked.log:
        checked.doubts.append(Doubt.NOTHING_OUTSIDE)
    return checked


def verify_folder(folder: Path, known: Known) -> tuple[Verdict, tuple[HandOver, ...]]:
    """The verdict on a folder, and the very sources it is about: the folder is read once. Raises `OSError`."""
    try:
        files = handing_over.files_in(folder)
    except NotPacked as fault:
        return Verdict((), (_FROM_PACKAGE[fault.reason],)), ()
    return verify_files(files, known)


def verify_zipped(data: bytes, known: Known) -> tuple[Verdict, tuple[HandOver, ...]]:
    """The same of a folder that came as one file."""
    try:
        files = handing_over.unzipped(data)
    except NotPacked as fault:
        return Verdict((), (_FROM_PACKAGE[fault.reason],)), ()
    return verify_files(files, known)


def verify_files(files: dict[str, bytes], known: Known) -> tuple[Verdict, tuple[HandOver, ...]]:
    """The same of the files of a folder, by their paths in it."""
    try:
        items = handing_over.items_of(files)
    except NotPacked as fault:
        return Verdict((), (_FROM_PACKAGE[fault.reason],)), ()
    faults = [] if _sums(files) else [Fault.SUMS_DIFFER]
    if not _proofs_agree(files, items):
        faults.append(Fault.PROOFS_DIFFER)
    gathered = None
    try:
        if annotations.FILE in files:
            known_here = [str(row.get("bytes_sha256")) for row in about_of(files)["items"]]
            gathered = annotations.read(files[annotations.FILE], known_here)
    except NotPacked:
        faults.append(Fault.COLLECTION_DAMAGED)
    return Verdict(tuple(check_one(item, known) for item in items), tuple(faults), gathered), items


def _is_folder(data: bytes) -> bool:
    """Whether a zip holds a folder that was handed over, rather than a package."""
    try:
        return handing_over.ABOUT in handing_over.unzipped(data)
    except NotPacked:
        return False


def _proofs_agree(files: dict[str, bytes], items: Sequence[HandOver]) -> bool:
    """Whether the files other programs check a proof by are those of the proof: both are made from the same."""
    for row, item in zip(about_of(files)["items"], items, strict=True):
        if item.proof is not None:
            made: dict[str, bytes] = {}
            try:
                leaving.write_proof(item.proof, item.digest, str(row["folder"]), made)
            except NotProven:
                continue  # which is said of the source itself
            if any(files.get(path) != data for path, data in made.items()):
                return False
    return True


def _sums(files: dict[str, bytes]) -> bool:
    claimed: dict[str, str] = {}
    for line in files.get(handing_over.SUMS, b"").decode("utf-8", "replace").splitlines():
        value, _, path = line.partition("  ")
        claimed[path] = value
    held = {path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path != handing_over.SUMS}
    return claimed == held


def _check_package(wacz: bytes, checked: Checked) -> None:
    try:
        source = unpacking.unpack(wacz)
        checked.target, checked.captured_at = source.target, source.captured_at
        files = unpacking.files_of(wacz)
        for path, data in files.items():
            if path.startswith("archive/"):
                _check_records(path, data, files, checked)
    except NotPacked as fault:
        checked.faults.append(_FROM_PACKAGE[fault.reason])


def _check_records(path: str, data: bytes, files: dict[str, bytes], checked: Checked) -> None:
    """Every record has the digest it claims, and what our own index says of it is so."""
    name = path.removeprefix("archive/")
    lying: dict[tuple[int, int], tuple[str | None, str]] = {}
    for record in records.read(data):
        if not record.sound:
            checked.faults.append(Fault.RECORDS_DIFFER)
            return
        lying[record.at, record.length] = (record.target, record.date.strftime("%Y%m%d%H%M%S"))
    try:
        for line in files.get("indexes/index.cdx", b"").splitlines():
            _, when, said = line.decode().split(" ", 2)
            row = json.loads(said)
            place = (int(row["offset"]), int(row["length"]))
            if row["filename"] == name and lying.get(place) != (row["url"], when):
                checked.faults.append(Fault.INDEX_DIFFERS)
                return
    except (ValueError, KeyError, TypeError):
        checked.faults.append(Fault.INDEX_DIFFERS)


def _check_stamp(one: stamps.Stamp, digest: bytes, known: Known, checked: Checked) -> None:
    try:
        if known.certificates:
            try:
                checked.stamped.append(stamps.check_stamp(one.reply, digest, known.certificates))
            except NotStamped as fault:
                if fault.reason != Unstamped.NOT_TRUSTED:
                    raise
            else:
                return
        checked.stamped.append(stamps.check_stamp(one.reply, digest, one.chain))
        checked.doubts.append(Doubt.AUTHORITY_UNKNOWN)
    except NotStamped as fault:
        checked.faults.append(
            {Unstamped.OTHER_BYTES: Fault.STAMP_OF_OTHER_BYTES, Unstamped.NO_CHECKER: Fault.STAMP_UNCHECKED}.get(
                fault.reason, Fault.STAMP_NOT_TRUSTED
            )
        )


def _check_proof(held: LogProof, digest: bytes, known: Known, checked: Checked) -> None:
    try:
        said = log_proof.check(held, digest)
    except NotProven:
        checked.faults.append(Fault.NOT_IN_LOG)
        return
    checked.log = f"{said.origin} {said.size} {held.index}"
    if held.key not in known.log_keys:
        checked.doubts.append(Doubt.LOG_KEY_UNKNOWN)
