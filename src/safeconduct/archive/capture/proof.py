"""That a hash stands in the log of an organisation, for whoever has neither the log nor this program.

An entry is the SHA-256 of what it commits to (docs/reference/log-format.md), and among that stands the SHA-256 of the
package. The entry's hash is a leaf of the tree whose root the checkpoint signs. What an entry commits to names the act,
the time, and member and team by numbers made at random; it names nobody.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.core.ledger import checkpoint, note, proofs
from safeconduct.core.ledger.errors import LedgerError
from safeconduct.core.ledger.hashing import leaf_hash


@dataclass(frozen=True, slots=True)
class LogProof:
    """``entry`` is all that the entry commits to; it is number ``index`` (from 0) of the tree the checkpoint signs.

    ``path`` are the hashes beside it, the lowest first; ``signed`` the checkpoint as a note, ``key`` its one-line key.
    """

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    signed: str
    key: str


class NotProven(Exception):
    """The hash is not in the entry, the entry not in the tree, or the tree not signed by this key."""


def check(proof: LogProof, digest: bytes) -> checkpoint.Checkpoint:
    """The checkpoint under which ``digest`` was in the log. Raises `NotProven`."""
    if len(digest) != hashlib.sha256().digest_size or digest not in proof.entry:
        raise NotProven("the hash is not in the entry")
    try:
        said = checkpoint.verify(proof.signed, proof.key)
        leaf = leaf_hash(hashlib.sha256(proof.entry).digest())
        proofs.verify_inclusion(leaf, proof.index, said.size, proof.path, said.root)
    except LedgerError as fault:
        raise NotProven(str(fault)) from fault
    return said


def steps(proof: LogProof) -> Iterator[tuple[bytes, bool]]:
    """The hashes on the way up, and whether each stands left of what was made so far."""
    place, last = proof.index, checkpoint.parse(proof.signed).size - 1
    for step in proof.path:
        left = bool(place & 1) or place == last
        yield step, left
        if left:
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1


def signature(proof: LogProof) -> tuple[bytes, bytes, bytes]:
    """What was signed, the signature (64 bytes) and the public key (32 bytes), as other programs take them."""
    key = note.parse_verifier_key(proof.key)
    said = note.parse_note(proof.signed)
    ours = next(one for one in said.signatures if (one.name, one.key_id) == (key.name, key.key_id))
    return said.text.encode(), ours.value, key.public.public_bytes_raw()


def as_json(proof: LogProof) -> dict[str, Any]:
    """All of it but the entry's bytes."""
    return {
        "index": proof.index,
        "path": [base64.b64encode(step).decode("ascii") for step in proof.path],
        "signed": proof.signed,
        "key": proof.key,
    }


def from_json(said: Mapping[str, Any], entry: bytes) -> LogProof:
    """The proof again. Raises `NotProven`: it is none."""
    try:
        path = tuple(base64.b64decode(step, validate=True) for step in said["path"])
        return LogProof(entry, int(said["index"]), path, str(said["signed"]), str(said["key"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise NotProven("the proof is damaged") from fault
