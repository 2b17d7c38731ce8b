"""Time-stamps by RFC 3161: an authority signs that it saw a hash at a time, so these bytes existed by then.

It says nothing about when they were published, nor who wrote them. Nobody is asked unless the office has chosen an
authority (`read_authorities`); asking shows them a hash, this machine's address and the time, and nothing else.
Ask two or more: one may vanish, or be found careless. A reply is kept whole, as it came, with the certificates it rests
on, and is judged at the time it names: that a certificate has expired since takes nothing from it.
"""

import hmac
import secrets
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from . import openssl
from .captured import MissingExtra, Unreached
from .fetching.reach import NotReached, place_of
from .fetching.steps import Way, ask

SECONDS: Final = 30.0
_MOST: Final = 256 * 1024
_GRANTED: Final = frozenset({"granted", "granted_with_mods"})
_FIRST, _LAST = timedelta(minutes=5), timedelta(days=1)
_TYPES: Final = (("Content-Type", "application/timestamp-query"), ("Accept", "application/timestamp-reply"))


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom the office chose to ask: a name it calls them, where they answer, and their certificates (PEM).

    Of the certificates those that vouch for themselves are trusted; the others complete the chain.
    """

    name: str
    address: str
    certificates: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A reply to keep: who gave it, the whole of it, and the certificates it rests on (PEM)."""

    authority: str
    reply: bytes
    chain: str


@dataclass(frozen=True, slots=True)
class StampedAt:
    """What a good stamp says: these bytes existed by ``at``. ``by`` is what checked it."""

    at: datetime
    signer: str
    serial: int
    policy: str
    by: str


class Unstamped(StrEnum):
    """Why there is no stamp, or why one is not believed."""

    NOT_REACHED = "not_reached"
    REFUSED = "refused"  # by the authority
    NOT_ONE = "not_one"
    OTHER_BYTES = "other_bytes"  # it is a stamp, of something else
    OTHER_QUESTION = "other_question"  # of the same bytes, but not the answer to what was asked
    NOT_TRUSTED = "not_trusted"
    NO_CHECKER = "no_checker"  # one library cannot read it, and the program openssl is not here


class NotStamped(Exception):
    """There is no stamp, or it is not believed. ``reason`` says why."""

    def __init__(self, reason: Unstamped, authority: str = "", *, unreached: Unreached | None = None) -> None:
        super().__init__(f"no stamp: {reason.replace('_', ' ')}")
        self.reason, self.authority, self.unreached = reason, authority, unreached


def read_authorities(path: Path) -> tuple[Authority, ...]:
    """The authorities an office chose, from a file of its own; none where there is no such file.

        [[authority]]
        name = "Example"
        address = "https://stamps.example/tsr"
        certificates = "example.pem"     beside the file

    Raises `ValueError`: the file says something else. `OSError`: certificates cannot be read.
    """
    if not path.exists():
        return ()
    found = tomllib.loads(path.read_text("utf-8")).get("authority", [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError("authorities are written as [[authority]]")
    chosen = []
    for row in found:
        if set(row) != {"name", "address", "certificates"} or not all(isinstance(value, str) for value in row.values()):
            raise ValueError("an authority has a name, an address and certificates")
        certificates = (path.parent / row["certificates"]).read_text("ascii")
        if not _split(certificates)[0]:
            raise ValueError("among the certificates of an authority is one that vouches for itself")
        chosen.append(Authority(row["name"], row["address"], certificates))
    if len({one.name for one in chosen}) != len(chosen):
        raise ValueError("each authority has a name of its own")
    return tuple(chosen)


def stamp(digest: bytes, authority: Authority, *, way: Way | None = None) -> bytes:
    """Ask for a stamp of a SHA-256: the reply (TimeStampResp, DER), which was checked. Raises `NotStamped`."""
    nonce = secrets.randbits(64) | 1 << 63
    way = way or Way(seconds=SECONDS, most=_MOST)
    try:
        heard = ask(
            place_of(authority.address),
            way=way,
            until=time.monotonic() + way.seconds,
            method="POST",
            headers=_TYPES,
            body=_query(digest, nonce),
        )
    except NotReached as fault:
        raise NotStamped(Unstamped.NOT_REACHED, authority.name, unreached=fault.reason) from fault
    if heard.status != 200:
        raise NotStamped(Unstamped.REFUSED, authority.name)
    try:
        check_stamp(heard.body, digest, authority.certificates)
        if _taken_apart(heard.body)[0]["nonce"].native != nonce:
            raise NotStamped(Unstamped.OTHER_QUESTION)
    except NotStamped as fault:
        raise NotStamped(fault.reason, authority.name) from fault
    return heard.body


def stamp_by_each(
    digest: bytes, authorities: Sequence[Authority], *, way: Way | None = None
) -> tuple[list[Stamp], list[NotStamped]]:
    """The stamps that could be had, and why the others could not: those are to be asked again (`try_again`)."""
    had: list[Stamp] = []
    missing: list[NotStamped] = []
    for authority in authorities:
        try:
            reply = stamp(digest, authority, way=way)
        except NotStamped as fault:
            missing.append(fault)
        else:
            had.append(Stamp(authority.name, reply, chain_of(reply, authority.certificates)))
    return had, missing


def try_again(tried: int, last: datetime) -> datetime:
    """When to ask an authority again that was asked ``tried`` times: after five minutes, then ever later, each day."""
    return last + min(_FIRST * (1 << min(max(tried, 1) - 1, 16)), _LAST)


def check_stamp(reply: bytes, digest: bytes, certificates: str) -> StampedAt:
    """What a reply says of a SHA-256, checked with certificates (PEM) at the time it names.

    Raises `NotStamped`. What rfc3161-client turns down is put to the program openssl: it turns down replies that others
    take, such as those whose certificates are not in the order of DER.
    """
    told, signed = _taken_apart(reply)
    imprint = told["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or not hmac.compare_digest(
        imprint["hashed_message"].native, digest
    ):
        raise NotStamped(Unstamped.OTHER_BYTES)
    anchors, others = _split(certificates)
    if not anchors:
        raise NotStamped(Unstamped.NOT_TRUSTED)
    at: datetime = told["gen_time"].native
    if _by_library(reply, digest, anchors):
        by = "rfc3161-client"
    else:
        try:
            agreed = openssl.check_stamp(reply, _query(digest), at, _pem(anchors), _pem(others))
        except FileNotFoundError:
            raise NotStamped(Unstamped.NO_CHECKER) from None
        if not agreed:
            raise NotStamped(Unstamped.NOT_TRUSTED)
        by = "openssl"
    return StampedAt(at, _signer(signed, [*anchors, *others]), told["serial_number"].native, told["policy"].native, by)


def chain_of(reply: bytes, certificates: str) -> str:
    """Every certificate a reply rests on (PEM): its own and those of its authority, each once."""
    _, signed = _taken_apart(reply)
    anchors, others = _split(certificates)
    return _pem(list(dict.fromkeys([*_inside(signed), *others, *anchors])))


def parted(certificates: str) -> tuple[str, str]:
    """Certificates that vouch for themselves, and the others (PEM). Raises `NotStamped`: they cannot be read."""
    anchors, others = _split(certificates)
    return _pem(anchors), _pem(others)


def anchors_of(certificates: str) -> list[tuple[str, str]]:
    """Of each certificate that vouches for itself: its name, and its SHA-256 as fingerprints are compared."""
    return [
        (one.subject.rfc4514_string(), one.fingerprint(SHA256()).hex(":").upper()) for one in _split(certificates)[0]
    ]


def _query(digest: bytes, once: int | None = None) -> bytes:
    tsp = _tsp()
    asked = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
        "cert_req": True,
    }
    if once is not None:
        asked["nonce"] = once
    made: bytes = tsp.TimeStampReq(asked).dump()
    return made


def _taken_apart(reply: bytes) -> tuple[Any, Any]:
    """What was signed (TSTInfo), and the signed structure around it."""
    try:
        answer = _tsp().TimeStampResp.load(reply, strict=True)
        if answer["status"]["status"].native not in _GRANTED:
            raise NotStamped(Unstamped.REFUSED)
        signed = answer["time_stamp_token"]["content"]
        told = signed["encap_content_info"]["content"].parsed
        if signed["encap_content_info"]["content_type"].native != "tst_info":
            raise NotStamped(Unstamped.NOT_ONE)
        told.native  # noqa: B018 - all of it is read at once, so that what is malformed is found here
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
        raise NotStamped(Unstamped.NOT_ONE) from fault
    return told, signed


def _by_library(reply: bytes, digest: bytes, anchors: Sequence[x509.Certificate]) -> bool:
    try:
        import rfc3161_client
    except ImportError as fault:
        raise MissingExtra("rfc3161-client") from fault
    builder = rfc3161_client.VerifierBuilder()
    for one in anchors:
        builder = builder.add_root_certificate(one)
    try:
        return builder.build().verify(rfc3161_client.decode_timestamp_response(reply), digest)
    except (ValueError, rfc3161_client.VerificationError):
        return False


def _inside(signed: Any) -> list[x509.Certificate]:
    try:
        return [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    except (ValueError, TypeError, AttributeError):
        return []


def _signer(signed: Any, others: Sequence[x509.Certificate]) -> str:
    (first, *_) = signed["signer_infos"]
    serial = first["sid"].chosen["serial_number"].native
    for one in (*_inside(signed), *others):
        if one.serial_number == serial:
            return one.subject.rfc4514_string()
    return ""


def _split(certificates: str) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """Those that vouch for themselves, and the others. Raises `NotStamped`: they cannot be read."""
    try:
        found = x509.load_pem_x509_certificates(certificates.encode("ascii"))
    except ValueError:
        raise NotStamped(Unstamped.NOT_TRUSTED) from None
    own = [one for one in found if one.subject == one.issuer]
    return own, [one for one in found if one.subject != one.issuer]


def _pem(found: Sequence[x509.Certificate]) -> str:
    return "".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in found)


def _tsp() -> Any:
    try:
        from asn1crypto import tsp
    except ImportError as fault:
        raise MissingExtra("asn1crypto") from fault
    return tsp
