"""What is inside an envelope: small typed structures, each with a version.

A structure is never edited in place once released: a new version is added with a function in `UPGRADES` that turns the
old into the new, kept for ever. An old envelope is upgraded when opened and rewritten when saved.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from .models import Envelope


class FacetUnreadable(Exception):
    """An envelope opened, but what is in it is of a version this program does not know."""


class Facet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The base of every facet. Encoded as MessagePack."""


class SpelledName(Facet, frozen=True):
    """A name as somebody wrote it, and where it was seen. ``by_person``: it is how they give it themselves."""

    text: str
    source: str = ""
    by_person: bool = False
    seen_on: date | None = None


class Birth(Facet, frozen=True):
    """A date of birth as somebody asserted it. Parts not known are None; ``precision``: day, month, year, estimated."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    precision: str = "day"
    source: str = ""
    basis: str = "claimed"


class Identity(Facet, frozen=True):
    """Names with every spelling seen, and births as assertions; the first of each is the one to show."""

    names: tuple[SpelledName, ...] = ()
    births: tuple[Birth, ...] = ()


class Way(Facet, frozen=True):
    """One way to reach somebody: phone, email, address, postcode, other."""

    kind: str
    value: str
    note: str = ""


class Contact(Facet, frozen=True):
    """Ways of reaching a person, and the note that must be read before using any of them."""

    ways: tuple[Way, ...] = ()
    safe_note: str = ""


class Assertion(Facet, frozen=True):
    """Something somebody said of a person, and who said it."""

    value: str
    source: str = ""


class Referenced(Facet, frozen=True):
    """A reference as written and its kind (UAN, GWF, …: see core/names/references)."""

    kind: str
    value: str
    source: str = ""


class Status(Facet, frozen=True):
    """Nationality, immigration history, references."""

    nationalities: tuple[Assertion, ...] = ()
    references: tuple[Referenced, ...] = ()
    history: str = ""


class Links(Facet, frozen=True):
    """What a person is tied to, by handle: their cases, and the people somebody said they are not."""

    cases: tuple[str, ...] = ()
    not_same_as: tuple[str, ...] = ()


class Concerns(Facet, frozen=True):
    """A person a case concerns: their handle, the name to show, and the note to read before contact."""

    person: str
    shown_name: str
    safe_note: str = ""


class EnquiryHead(Facet, frozen=True):
    """The sealed part of an enquiry: what it asked, whom exactly it went to, and their reference for it."""

    subject: str = ""
    sent_to: str = ""
    their_reference: str = ""


class CaseHead(Facet, frozen=True):
    """The sealed head of a case."""

    our_reference: str = ""
    exact_kind: str = ""
    note: str = ""
    concerns: tuple[Concerns, ...] = ()
    enquiries: dict[str, EnquiryHead] = {}


class CaseEntry(Facet, frozen=True):
    """What somebody wrote about one event."""

    note: str = ""


TYPES: Final[Mapping[str, type[Facet]]] = {
    Envelope.Facet.IDENTITY: Identity,
    Envelope.Facet.CONTACT: Contact,
    Envelope.Facet.STATUS: Status,
    Envelope.Facet.LINKS: Links,
    Envelope.Facet.HEAD: CaseHead,
    Envelope.Facet.ENTRY: CaseEntry,
}
VERSIONS: Final[Mapping[str, int]] = dict.fromkeys(TYPES, 1)

# (facet, version) -> the function that makes plain data of that version into plain data of the next.
UPGRADES: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}


def encode(content: Facet) -> bytes:
    """The bytes that go into an envelope."""
    return msgspec.msgpack.encode(content)


def decode(facet: str, version: int, raw: bytes) -> Facet:
    """The facet at its newest version. Raises `FacetUnreadable`."""
    try:
        if version == VERSIONS[facet]:
            return msgspec.msgpack.decode(raw, type=TYPES[facet])
        if version > VERSIONS[facet]:
            raise KeyError(version)
        data = msgspec.msgpack.decode(raw)
        for step in range(version, VERSIONS[facet]):
            data = UPGRADES[facet, step](data)
        return msgspec.convert(data, TYPES[facet])
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError):
        raise FacetUnreadable("this record was written by a version of the program that this one cannot read") from None
