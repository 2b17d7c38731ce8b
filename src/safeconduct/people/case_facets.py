"""What is inside the envelopes of a case: its head, what was written of its events, and what is to be done."""

from datetime import date
from enum import StrEnum

import msgspec

from .facet import Facet


class Role(StrEnum):
    """In which role a case concerns somebody."""

    CONSTITUENT = "constituent"
    APPLICANT = "applicant"
    DEPENDANT = "dependant"
    REPRESENTATIVE = "representative"
    SPONSOR = "sponsor"
    SOLICITOR = "solicitor"
    RELATIVE_ABROAD = "relative_abroad"


class Concerns(Facet, frozen=True):
    """A person a case concerns, by handle (hex), and in which role. Who they are is in their own record alone."""

    person: str
    role: Role = Role.CONSTITUENT


class EnquiryHead(Facet, frozen=True):
    """The sealed part of an enquiry: what it asked, whom exactly it went to, and their reference for it.

    ``questions`` are what it asks, one by one, so that a reply can be held against each. ``unit`` is who has it there.
    """

    subject: str = ""
    sent_to: str = ""
    their_reference: str = ""
    questions: tuple[str, ...] = ()
    unit: str = ""


class Authority(Facet, frozen=True):
    """A signed authority to act: whom it names, whom it covers, from and until when, and whether it was seen."""

    names: str = ""
    covers: str = ""
    signed_on: date | None = None
    until: date | None = None
    seen: bool = False


class Intake(Facet, frozen=True):
    """What an office asks before it acts. ``constituent``: yes, no, apart (no constituents here), "" not checked.

    ``agrees``: whether they said that the office may write about them (yes, no, "" not asked), which is no signed
    authority; ``agreed_on`` the day they said so.
    The interpreter's fields are as in `Needs`, and go before it where they are filled in.
    """

    constituent: str = ""
    checked_how: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    agrees: str = ""
    agreed_on: date | None = None
    authorities: tuple[Authority, ...] = ()
    notice_on: date | None = None
    notice_how: str = ""
    notice_language: str = ""
    interpreter: str = ""
    dialect: str = ""
    gender: str = ""


class Outside(Facet, frozen=True):
    """Somebody around a case without a record of their own, because they act and are not helped: a solicitor.

    Typed, not a subject: nothing else is kept of them, and they are searched for nowhere.
    """

    role: str
    name: str
    organisation: str = ""
    reach: str = ""
    note: str = ""


class Told(Facet, frozen=True):
    """Somebody who was told of a removal, how, by which member (handle), and at what time in London (ISO 8601).

    ``rung`` is what they were told as (see `casework.rungs`), "" for anybody else; ``note`` what they said.
    ``event`` is the entry of the timeline that says so too (its handle, hex): taken back there, it counts no more.
    """

    who: str
    how: str = ""
    by: str = ""
    at: str = ""
    rung: str = ""
    note: str = ""
    event: str = ""


class Consent(Facet, frozen=True):
    """What the person agreed to or refused, as asked: ``answer`` is yes, no or "" where nobody has asked yet."""

    to: str
    answer: str = ""
    on: date | None = None


class Urgent(Facet, frozen=True):
    """What a night's work to stop a removal needs at hand. The day itself is open (`Case.removal_on`).

    ``time`` is London's, as written on the papers. The solicitor and others who act stand in ``CaseHead.outside``.
    ``medical``, ``children`` and ``documents`` are what whoever tries to stop it will be asked.
    """

    time: str = ""
    flight: str = ""
    to: str = ""
    held_at: str = ""
    held_since: date | None = None
    held_phone: str = ""
    reference: str = ""
    papers_served_on: date | None = None
    consents: tuple[Consent, ...] = ()
    told: tuple[Told, ...] = ()
    medical: str = ""
    children: str = ""
    documents: str = ""
    note: str = ""


class CaseHead(Facet, frozen=True):
    """The sealed head of a case; whom it concerns first of all is the first of ``concerns``."""

    our_reference: str = ""
    exact_kind: str = ""
    note: str = ""
    concerns: tuple[Concerns, ...] = ()
    enquiries: dict[str, EnquiryHead] = msgspec.field(default_factory=dict)
    outside: tuple[Outside, ...] = ()
    intake: Intake = Intake()
    urgent: Urgent = Urgent()


class CaseEntry(Facet, frozen=True):
    """What somebody wrote about one event.

    Of a reply also: which of its letter's questions it answered (their places, from 0), the unit it came from, the
    reference it gave, and the message it was (a subject's handle, hex). Of a call: who rang, where not the person.
    """

    note: str = ""
    answered: tuple[int, ...] = ()
    unit: str = ""
    reference: str = ""
    message: str = ""
    caller: str = ""


class Task(Facet, frozen=True):
    """What somebody means to do on a case, in their own words."""

    what: str = ""
    done_note: str = ""
