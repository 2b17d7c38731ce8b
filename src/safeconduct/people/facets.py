"""What is inside an envelope: small typed structures, each with a version.

A structure is never edited in place once released: a new version is added with a function in `UPGRADES` that turns the
old into the new, kept for ever. An old envelope is upgraded when opened and rewritten when saved.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from .case_facets import Authority as Authority
from .case_facets import CaseEntry as CaseEntry
from .case_facets import CaseHead as CaseHead
from .case_facets import Concerns as Concerns
from .case_facets import Consent as Consent
from .case_facets import EnquiryHead as EnquiryHead
from .case_facets import Intake as Intake
from .case_facets import Outside as Outside
from .case_facets import Role as Role
from .case_facets import Task as Task
from .case_facets import Told as Told
from .case_facets import Urgent as Urgent
from .facet import Facet as Facet
from .facet import FacetUnreadable as FacetUnreadable
from .kept_facets import Account as Account
from .kept_facets import HistoryStep as HistoryStep
from .kept_facets import Narrative as Narrative
from .kept_facets import Paper as Paper
from .kept_facets import Papers as Papers
from .mail_facets import Attached as Attached
from .mail_facets import Directory as Directory
from .mail_facets import Mail as Mail
from .mail_facets import Reached as Reached
from .models import Envelope


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


class Rules(Facet, frozen=True):
    """What somebody said of being reached. Each channel: yes, no, ask (each time), or "" where nobody said."""

    phone: str = ""
    text: str = ""
    email: str = ""
    post: str = ""
    voicemail: str = ""
    when: str = ""
    answered_by: str = ""


class Way(Facet, frozen=True):
    """One way to reach somebody: phone, email, address, postcode, other. Its own ``rules`` come first."""

    kind: str
    value: str
    note: str = ""
    rules: Rules = Rules()


class Never(Facet, frozen=True):
    """Somebody who must hear nothing: ``kind`` is person, or a kind of authority (see `contact_rules`)."""

    kind: str
    who: str = ""


class Contact(Facet, frozen=True):
    """Ways of reaching a person, and what must be heeded before using any of them.

    ``code_word`` is what they and the office know each other by; ``since`` and ``said_by`` say when the rules were
    settled and who said so.
    """

    ways: tuple[Way, ...] = ()
    safe_note: str = ""
    rules: Rules = Rules()
    never: tuple[Never, ...] = ()
    code_word: str = ""
    since: date | None = None
    said_by: str = ""


class Needs(Facet, frozen=True):
    """What somebody needs to be spoken with and written to. Languages are BCP 47 tags (see `languages`).

    ``reads_none``: they cannot read any, so nothing written reaches them. ``interpreter`` is a tag, "none" where none
    is wanted, "" where nobody asked; ``gender``: woman, man, either, "".
    """

    speaks: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    other_language: str = ""
    reads_none: bool = False
    audio: bool = False
    interpreter: str = ""
    dialect: str = ""
    gender: str = ""
    access: str = ""


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


class Merge(Facet, frozen=True):
    """That another record is of the same person: who said so (a member's handle), when, why, and who held which.

    ``teams`` held this record on that day and ``their_teams`` the other one, by handle. Keys are never joined, so
    this is what taking the merge back has to find again.
    """

    person: str
    on: date
    by: str
    reason: str = ""
    teams: tuple[str, ...] = ()
    their_teams: tuple[str, ...] = ()


class Links(Facet, frozen=True):
    """What a person is tied to, by handle: households, who they are not, and which records are also of them.

    Which cases are theirs is in the team's index (`casework.queries.open_cases_of`). ``earlier_cases`` are those a
    record of version 1 named, which no index knows; none is ever added to them. ``left_households`` are those they are
    no longer in, whose histories still name them: for erasing.
    """

    not_same_as: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    merged_into: Merge | None = None
    merged_from: tuple[Merge, ...] = ()
    earlier_cases: tuple[str, ...] = ()
    left_households: tuple[str, ...] = ()


class InHousehold(Facet, frozen=True):
    """Somebody in a household: partner, child, parent, other. ``here``: they live at the household's address."""

    person: str
    role: str = "other"
    here: bool = True


class Household(Facet, frozen=True):
    """People who belong together, in the order to show them. Their names stay in their own records."""

    members: tuple[InHousehold, ...] = ()
    note: str = ""


TYPES: Final[Mapping[str, type[Facet]]] = {
    Envelope.Facet.IDENTITY: Identity,
    Envelope.Facet.CONTACT: Contact,
    Envelope.Facet.STATUS: Status,
    Envelope.Facet.LINKS: Links,
    Envelope.Facet.NEEDS: Needs,
    Envelope.Facet.HOUSEHOLD: Household,
    Envelope.Facet.HEAD: CaseHead,
    Envelope.Facet.ENTRY: CaseEntry,
    Envelope.Facet.PAPERS: Papers,
    Envelope.Facet.ACCOUNT: Account,
    Envelope.Facet.HISTORY: HistoryStep,
    Envelope.Facet.MAIL: Mail,
    Envelope.Facet.TASK: Task,
    Envelope.Facet.DIRECTORY: Directory,
}
VERSIONS: Final[Mapping[str, int]] = dict.fromkeys(TYPES, 1) | {
    Envelope.Facet.CONTACT: 2,
    Envelope.Facet.LINKS: 3,
    Envelope.Facet.HEAD: 3,
    Envelope.Facet.ENTRY: 2,
}


def _only_added(data: dict[str, Any]) -> dict[str, Any]:
    """The next version has more fields and each may be left out: what was written stands as it is."""
    return data


def _head_without_copies(data: dict[str, Any]) -> dict[str, Any]:
    """A head of version 1 held copies of each person's name and safe-contact note, and no role."""
    people = [{"person": one["person"], "role": Role.APPLICANT.value} for one in data.get("concerns", ())]
    return {**data, "concerns": people}


def _links_without_cases(data: dict[str, Any]) -> dict[str, Any]:
    """Links of version 1 named the person's cases."""
    return {
        **{name: value for name, value in data.items() if name != "cases"},
        "earlier_cases": data.get("cases", ()),
    }


# (facet, version) -> the function that makes plain data of that version into plain data of the next.
UPGRADES: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {
    (Envelope.Facet.CONTACT, 1): _only_added,
    (Envelope.Facet.HEAD, 1): _head_without_copies,
    (Envelope.Facet.HEAD, 2): _only_added,
    (Envelope.Facet.ENTRY, 1): _only_added,
    (Envelope.Facet.LINKS, 1): _links_without_cases,
    (Envelope.Facet.LINKS, 2): _only_added,
}


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
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError):
        raise FacetUnreadable("this record was written by a version of the program that this one cannot read") from None
