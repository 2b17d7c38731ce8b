"""Sources as one folder that can be checked without this program, and such a folder read in elsewhere.

    HOW TO CHECK.html     what to type, and what it shows
    SHA256SUMS            the hash of every file
    about.json            what this program reads: which files belong together
    1/source.wacz         the package
    1/stamps/1.tsr        a reply of an authority, as it came; 1.roots.pem and 1.chain.pem what it rests on
    1/log/entry           what the log's entry commits to; step-01 … the hashes on the way up; the signed checkpoint

Nothing of the folder is secret, and nothing in it depends on this program.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import proof as log_proof
from . import stamps
from .captured import Captured, NotPacked, Unsound
from .how_to_check import page_of
from .packages import unpacking
from .packages.unpacking import is_plain, unpack
from .proof import LogProof, NotProven
from .stamps import Stamp

FORMAT: Final = "safeconduct/hand-over/1"
ABOUT, SUMS, PAGE = "about.json", "SHA256SUMS", "HOW TO CHECK.html"
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HandOver:
    """One source with all that speaks for it. ``title`` is what to call it on the page; it may be empty."""

    wacz: bytes
    stamps: tuple[Stamp, ...] = ()
    proof: LogProof | None = None
    title: str = ""

    @property
    def digest(self) -> bytes:
        """SHA-256 of the package: what was stamped, and what the log holds."""
        return hashlib.sha256(self.wacz).digest()


def hand_over(items: Sequence[HandOver], folder: Path, *, name: str = "", now: datetime | None = None) -> None:
    """Write a folder that must not be there yet. Raises as `files_for`, and `FileExistsError`."""
    files = files_for(items, name=name, now=now)
    folder.mkdir()
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def files_for(items: Sequence[HandOver], *, name: str = "", now: datetime | None = None) -> dict[str, bytes]:
    """The files of such a folder, by their paths in it. ``name`` is that of the collection.

    A stamp or a proof that does not hold is not handed over: raises `NotStamped`, `NotProven`, and `NotPacked` of a
    package that is not sound.
    """
    made_at = (now or datetime.now(UTC)).astimezone(UTC)
    files: dict[str, bytes] = {}
    about: list[dict[str, Any]] = []
    for number, item in enumerate(items, 1):
        about.append(_write_one(item, str(number), files))
    said = {"format": FORMAT, "name": name, "made_at": made_at.isoformat(timespec="seconds"), "items": about}
    files[ABOUT] = json.dumps(said, indent=1, ensure_ascii=False).encode()
    files[PAGE] = page_of(said, files).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    files[SUMS] = sums.encode()
    return files


def zipped(files: dict[str, bytes], folder: str) -> bytes:
    """Such a folder as one file, under a folder of its own. Packages are compressed already: nothing is again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for path, data in sorted(files.items()):
            package.writestr(f"{folder}/{path}", data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a folder that came as one file, whatever the folder in it is called. Raises `NotPacked`."""
    found = unpacking.files_of(data)
    heads = {path.partition("/")[0] for path in found}
    if ABOUT not in found and len(heads) == 1:
        return {path.partition("/")[2]: content for path, content in found.items()}
    return found


def read_folder(folder: Path) -> tuple[dict[str, bytes], tuple[HandOver, ...]]:
    """The files of a folder and the sources in it, as they say they are: see `verifying` for whether that is so.

    Raises `NotPacked`: it is no such folder, or is damaged, hostile or too large. `OSError`: it cannot be read.
    """
    files = files_in(folder)
    return files, items_of(files)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its path in it. Raises `NotPacked`: a link, a device, too many or too large."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise NotPacked(Unsound.HOSTILE)
        if path.is_dir():
            continue
        name = path.relative_to(folder).as_posix()
        left -= path.stat().st_size
        if left < 0 or len(found) == MOST_FILES:
            raise NotPacked(Unsound.TOO_LARGE)
        if not is_plain(name):
            raise NotPacked(Unsound.HOSTILE)
        found[name] = path.read_bytes()
    return found


def about_of(files: dict[str, bytes]) -> dict[str, Any]:
    """What a folder says of itself. Raises `NotPacked`."""
    if ABOUT not in files:
        raise NotPacked(Unsound.NOT_ONE)
    try:
        said = json.loads(files[ABOUT])
        if said["format"] != FORMAT or not isinstance(said["items"], list):
            raise NotPacked(Unsound.NOT_ONE)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault
    return dict(said)


def items_of(files: dict[str, bytes]) -> tuple[HandOver, ...]:
    """The sources of a folder. Raises `NotPacked`."""
    items = []
    for row in about_of(files)["items"]:
        try:
            at = str(row["folder"])
            had = tuple(
                Stamp(
                    str(one["authority"]),
                    files[f"{at}/{one['reply']}"],
                    (files[f"{at}/{one['roots']}"] + files[f"{at}/{one['chain']}"]).decode("ascii"),
                )
                for one in row["stamps"]
            )
            held = row["log"]
            proof = None if held is None else log_proof.from_json(held, files[f"{at}/log/entry"])
            items.append(HandOver(files[f"{at}/source.wacz"], had, proof, str(row["title"])))
        except (KeyError, TypeError, ValueError, NotProven) as fault:
            raise NotPacked(Unsound.DAMAGED) from fault
    return tuple(items)


def proofs_agree(files: dict[str, bytes], items: Sequence[HandOver]) -> bool:
    """Whether the files other programs check a proof by are those of the proof: both are made from the same."""
    for row, item in zip(about_of(files)["items"], items, strict=True):
        if item.proof is not None:
            made: dict[str, bytes] = {}
            try:
                _write_proof(item.proof, item.digest, str(row["folder"]), made)
            except NotProven:
                continue  # which is said of the source itself
            if any(files.get(path) != data for path, data in made.items()):
                return False
    return True


def _write_one(item: HandOver, at: str, files: dict[str, bytes]) -> dict[str, Any]:
    source: Captured = unpack(item.wacz)
    files[f"{at}/source.wacz"] = item.wacz
    rows = []
    for number, one in enumerate(item.stamps, 1):
        told = stamps.check_stamp(one.reply, item.digest, one.chain)
        roots, others = stamps.parted(one.chain)
        reply, anchors, chain = (f"stamps/{number}.{end}" for end in ("tsr", "roots.pem", "chain.pem"))
        files[f"{at}/{reply}"] = one.reply
        files[f"{at}/{anchors}"] = roots.encode("ascii")
        files[f"{at}/{chain}"] = others.encode("ascii")
        row = {"authority": one.authority, "reply": reply, "roots": anchors, "chain": chain}
        rows.append({**row, "at": told.at.isoformat(), "seconds": int(told.at.timestamp()), "chained": bool(others)})
    return {
        "folder": at,
        "title": item.title,
        "address": source.target,
        "captured_at": source.captured_at.astimezone(UTC).isoformat(),
        "media_type": source.media_type,
        "sha256": item.digest.hex(),
        "bytes_sha256": hashlib.sha256(source.body).hexdigest(),
        "stamps": rows,
        "log": None if item.proof is None else _write_proof(item.proof, item.digest, at, files),
    }


def _write_proof(proof: LogProof, digest: bytes, at: str, files: dict[str, bytes]) -> dict[str, Any]:
    said = log_proof.check(proof, digest)
    text, value, public = log_proof.signature(proof)
    sides = []
    for number, (step, left) in enumerate(log_proof.steps(proof), 1):
        name = f"log/step-{number:02}"
        files[f"{at}/{name}"] = step
        sides.append({"file": name, "left": left})
    key = Ed25519PublicKey.from_public_bytes(public)
    files[f"{at}/log/entry"] = proof.entry
    files[f"{at}/log/checkpoint"] = proof.signed.encode()
    files[f"{at}/log/signed"] = text
    files[f"{at}/log/signature"] = value
    files[f"{at}/log/key.pem"] = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        **log_proof.as_json(proof),
        "origin": said.origin,
        "size": said.size,
        "begins": proof.entry.index(digest) + 1,
        "steps": sides,
    }
