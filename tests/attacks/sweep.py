"""A thief's tries with a copied folder: every 32 bytes of it as a key, and the keys that are really in use.

Read straight from the tables, with nothing of Django: what the thief has is a copy.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.core.sealing import boxes, envelopes
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.epochs import Epochs
from safeconduct.core.sealing.members import Lock
from safeconduct.core.sealing.passphrase import Cost, stretch

Ask = Callable[[str], list[tuple[Any, ...]]]
_CHUNK = 1 << 17
_PAGE = 1 << 12
_WRAPS = boxes.context("team-wraps") + b"\x01"


@dataclass(frozen=True, slots=True)
class Box:
    """Something sealed that one 32-byte key opens. ``derived``: try the key HKDF makes of the bytes, too."""

    name: str
    nonce: bytes
    sealed: bytes
    place: bytes
    derived: bool = False

    @classmethod
    def of(cls, name: str, box: bytes, place: bytes, *, derived: bool = False) -> Box:
        return cls(name, box[1:13], box[13:], place, derived)


def _hex(handle: object) -> str:
    return str(handle).replace("-", "")


def locks(ask: Ask, epoch_file: Path) -> list[Box]:
    """One of each thing a copied folder holds sealed; the epoch layer is off already, for the thief has its file."""
    epochs = Epochs.read(epoch_file)
    office = _hex(ask("SELECT handle FROM accounts_organisation")[0][0])
    subject, team, epoch, wrap = ask(
        "SELECT s.handle, t.handle, w.epoch, w.sealed FROM people_wrap w JOIN people_subject s ON s.id = w.subject_id"
        " JOIN accounts_team t ON t.id = w.team_id WHERE s.kind = 'person' ORDER BY w.id LIMIT 1"
    )[0]
    place = boxes.context("wrap", _hex(team), _hex(subject))
    member, sealed_key = ask("SELECT handle, sealed_key FROM accounts_member ORDER BY id LIMIT 1")[0]
    facet = ask(
        "SELECT s.handle, e.facet, e.schema, e.generation, e.revision, e.body FROM people_envelope e"
        " JOIN people_subject s ON s.id = e.subject_id WHERE e.facet = 'identity' ORDER BY e.id LIMIT 1"
    )[0]
    bound = envelopes.Place(office, _hex(facet[0]), *facet[1:5]).bound()
    out = [
        Box.of("a wrap", epochs.peel(epoch, bytes(wrap), place), place, derived=True),
        Box.of("a member's key", bytes(sealed_key), boxes.context("member-key", _hex(member))),
        Box.of("an envelope", bytes(facet[5]), bound),
    ]
    for token, kept in ask("SELECT token, kept FROM accounts_session WHERE kept IS NOT NULL LIMIT 1"):
        out.append(Box.of("a session", bytes(kept), boxes.context("session", bytes(token))))
    return out


def secrets(ask: Ask, epoch_file: Path, sign_in: str, passphrase: str) -> dict[str, bytes]:
    """Every key of the chain that this member's passphrase leads to, by name: none may lie anywhere."""
    epochs = Epochs.read(epoch_file)
    office = _hex(ask("SELECT handle FROM accounts_organisation")[0][0])
    number, member, salt, memory, passes, lanes, sealed = ask(
        "SELECT id, handle, salt, cost_memory_kib, cost_passes, cost_lanes, sealed_key FROM accounts_member"
        f" WHERE sign_in = '{sign_in}'"
    )[0]
    cost = Cost(memory, passes, lanes)
    pair = Lock(bytes(salt), cost, bytes(sealed)).open(passphrase, member=_hex(member))
    out = {
        "the stretched passphrase": stretch(passphrase, bytes(salt), cost),
        "the member's ML-KEM seed": pair.private[:64],
        "the member's X25519 key": pair.private[64:],
    }
    for team, epoch, bundle in ask(
        "SELECT t.handle, m.epoch, m.bundle FROM accounts_membership m JOIN accounts_team t ON t.id = m.team_id"
        f" WHERE m.member_id = {number}"
    ):
        layered = epochs.peel(epoch, bytes(bundle), boxes.context("bundle", _hex(team), _hex(member)))
        opened = TeamBundle.receive(layered, pair, organisation=office, team=_hex(team), member=_hex(member))
        out |= {
            "the team's secret": opened.wrap,
            "the team's pair": opened.pair,
            "the team's signing key": opened.signing,
            "the key of wraps": opened.key_for("wraps"),
            "the key of the log's bodies": opened.key_for("journal"),
            "the key of the roster": opened.key_for("roster"),
        }
        for subject, layer, wrap in ask(
            "SELECT s.handle, w.epoch, w.sealed FROM people_wrap w JOIN people_subject s ON s.id = w.subject_id"
            f" JOIN accounts_team t ON t.id = w.team_id WHERE w.team_id = (SELECT id FROM accounts_team WHERE"
            f" handle = '{team}')"
        ):
            place = boxes.context("wrap", _hex(team), _hex(subject))
            key = boxes.open_box(opened.key_for("wraps"), epochs.peel(layer, bytes(wrap), place), place)
            out[f"the key of subject {_hex(subject)}"] = key
            out[f"the facet key of subject {_hex(subject)}"] = envelopes.facet_key(key, "identity", 1)
    return out


def tried(data: bytes, boxes_: Iterable[Box]) -> list[tuple[int, str]]:
    """Where 32 bytes of ``data`` open one of the boxes, and which. Every offset is tried; a window equal to the one
    before it (a run of one byte) is not tried twice."""
    found: list[tuple[int, str]] = []
    direct = [(one.name, one.nonce, one.sealed, one.place) for one in boxes_]
    derived = [one for one in boxes_ if one.derived]
    no_salt, previous = bytes(32), b""
    for at in range(len(data) - 31):
        key = data[at : at + 32]
        if key == previous:
            continue
        previous = key
        cipher = AESGCM(key)
        for name, nonce, sealed, place in direct:
            try:
                cipher.decrypt(nonce, sealed, place)
            except InvalidTag:
                continue
            found.append((at, name))
        for one in derived:
            made = hmac.digest(hmac.digest(no_salt, key, "sha256"), _WRAPS, "sha256")
            try:
                AESGCM(made).decrypt(one.nonce, one.sealed, one.place)
            except InvalidTag:
                continue
            found.append((at, f"{one.name}, derived"))
    return found


def _chunks(path: Path, seen: set[bytes]) -> Iterator[tuple[int, bytes]]:
    """Runs of pages that were not in ``seen``, each with the 31 bytes after it: a backup repeats the folder's pages."""
    data = path.read_bytes()
    last, run = max(len(data) - 31, 0), -1
    for start in range(0, last, _PAGE):
        page = hashlib.sha256(data[start : start + _PAGE + 31]).digest()
        if page in seen or (run >= 0 and start - run >= _CHUNK):
            if run >= 0:
                yield run, data[run : start + 31]
            run = -1
        if page not in seen and run < 0:
            run = start
        seen.add(page)
    if run >= 0:
        yield run, data[run:]


def _job(work: tuple[str, int, bytes, list[Box]]) -> list[str]:
    name, start, data, boxes_ = work
    return [f"{what} opens with the bytes at {start + at} of {name}" for at, what in tried(data, boxes_)]


def sweep(paths: Iterable[Path], boxes_: list[Box]) -> tuple[list[str], int]:
    """Every window of every file, each page once: what opened, and how many bytes were tried."""
    seen: set[bytes] = set()
    work = [(path.name, start, data, boxes_) for path in paths for start, data in _chunks(path, seen)]
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = [one for each in pool.map(_job, work) for one in each]
    return found, sum(len(data) - 31 for _, _, data, _ in work)


def half(cookie: str) -> bytes:
    """The 32 bytes of a session's cookie."""
    return base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
