"""Sources as one folder that can be checked without this program: what is in it, and reading it in elsewhere.

    HOW TO CHECK.html     what to type, and what it shows
    SHA256SUMS            the hash of every file
    about.json            what this program reads: which files belong together
    1/source.wacz         the package
    1/stamps/1.tsr        a reply of an authority, as it came; 1.roots.pem and 1.chain.pem what it rests on
    1/log/entry           what the log's entry commits to; step-01 … the hashes on the way up; the signed checkpoint
    collection.json       the collection's name, order and passages, where they were let go along: see `annotations`

Nothing of the folder is secret, and nothing in it depends on this program.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import proof as log_proof
from .captured import NotPacked, Unsound
from .packages import unpacking
from .packages.unpacking import is_plain
from .proof import LogProof, NotProven
from .stamps import Stamp

FORMAT: Final = "safeconduct/hand-over/1"
ABOUT, SUMS, PAGE = "about.json", "SHA256SUMS", "HOW TO CHECK.html"
PACKAGE: Final = "source.wacz"
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
            items.append(HandOver(files[f"{at}/{PACKAGE}"], had, proof, str(row["title"])))
        except (KeyError, TypeError, ValueError, NotProven) as fault:
            raise NotPacked(Unsound.DAMAGED) from fault
    return tuple(items)
