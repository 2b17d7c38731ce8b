"""What a decision is made from: plain facts, built by the rooms that own them, fetched by nobody here.

Handles are the random ones rows are known by outside the database; nothing here is a name. What a fact means
is said in ``policies/schema.cedarschema``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """Everything a member may ask to do, by its name in the policy files."""

    OPEN_PERSON = "OpenPerson"
    CHANGE_PERSON = "ChangePerson"
    OPEN_CASE = "OpenCase"
    CHANGE_CASE = "ChangeCase"
    LOG_EVENT = "LogEvent"
    OPEN_HOUSEHOLD = "OpenHousehold"
    CHANGE_HOUSEHOLD = "ChangeHousehold"
    MERGE = "Merge"
    EXPORT_PAPER = "ExportPaper"
    OPEN_HISTORY = "OpenHistory"
    STRIKE_HISTORY = "StrikeHistory"
    ASK_ERASURE = "AskErasure"
    ERASE = "Erase"
    LIST_CERTIFICATES = "ListCertificates"
    TAKE_IN_MAIL = "TakeInMail"
    OPEN_MESSAGE = "OpenMessage"
    FILE_MESSAGE = "FileMessage"
    OPEN_DIRECTORY = "OpenDirectory"
    CHANGE_DIRECTORY = "ChangeDirectory"
    ASSIGN = "Assign"
    SEE_LOAD = "SeeLoad"
    EXPORT_OFFICE = "ExportOffice"
    READ_ARCHIVE = "ReadArchive"
    TAKE_IN_SOURCE = "TakeInSource"
    WATCH_SOURCE = "WatchSource"
    WATCH_DUE = "WatchDue"
    MASK_SOURCE = "MaskSource"
    CITE_SOURCE = "CiteSource"
    HAND_OVER_SOURCE = "HandOverSource"
    REMOVE_SOURCE = "RemoveSource"
    TAKE_IN_CONFIDENCE = "TakeInConfidence"
    OPEN_SEALED_SOURCE = "OpenSealedSource"
    CHANGE_SEALED_SOURCE = "ChangeSealedSource"
    HAND_OVER_SEALED_SOURCE = "HandOverSealedSource"
    REMOVE_SEALED_SOURCE = "RemoveSealedSource"
    OPEN_NOTES = "OpenNotes"
    CHANGE_NOTES = "ChangeNotes"
    SET_COVER = "SetCover"
    MAKE_FEED = "MakeFeed"
    LIST_PEOPLE = "ListPeople"
    LIST_AGENDA = "ListAgenda"
    BRING_IN = "BringIn"
    UNDO_BRING_IN = "UndoBringIn"
    OPEN_LOG = "OpenLog"
    CHANGE_MEMBERSHIP = "ChangeMembership"
    INVITE_MEMBER = "InviteMember"
    CREATE_TEAM = "CreateTeam"
    DISABLE_MEMBER = "DisableMember"
    SET_OFFICE_DAYS = "SetOfficeDays"
    OPEN_ORGANISATION_LOG = "OpenOrganisationLog"
    EXPORT_LOG = "ExportLog"
    SET_TRIPWIRE = "SetTripwire"
    ANSWER_ALARM = "AnswerAlarm"
    CHANGE_OWN_PASSPHRASE = "ChangeOwnPassphrase"  # noqa: S105 -- the name of an act
    CHANGE_OWN_FACTORS = "ChangeOwnFactors"
    REMOVE_FACTORS = "RemoveFactors"
    SET_LEAVE = "SetLeave"
    SET_GUARDIAN = "SetGuardian"
    RENEW_KEYS = "RenewKeys"
    MAKE_KITS = "MakeKits"
    TRY_KITS = "TryKits"
    OPEN_OWN_KIT = "OpenOwnKit"
    STOP_RECOVERY = "StopRecovery"


@dataclass(frozen=True, slots=True)
class Member:
    """Who acts. ``caseworker_in`` and ``lead_of`` hold handles of teams; a lead need not be in both."""

    handle: str
    organisation: str
    caseworker_in: frozenset[str]
    lead_of: frozenset[str]
    guardian: bool
    disabled: bool
    unlocked: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    handle: str


@dataclass(frozen=True, slots=True)
class Team:
    handle: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Person:
    """A sealed person, and the teams that hold it."""

    handle: str
    organisation: str
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A sealed case, and the teams that hold it."""

    handle: str
    organisation: str
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Household:
    """A sealed household, and the teams that hold it."""

    handle: str
    organisation: str
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Message:
    """A sealed message, and the teams that hold it."""

    handle: str
    organisation: str
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A source others published, and the member (handle) who took it in."""

    handle: str
    organisation: str
    taken_in_by: str


@dataclass(frozen=True, slots=True)
class SealedSource:
    """A source supplied in confidence, and the teams that hold it."""

    handle: str
    organisation: str
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was brought in: into which team, and by which member (handles)."""

    handle: str
    organisation: str
    team: str
    brought_in_by: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the organisation keeps about one of its members; ``handle`` is that member's."""

    handle: str
    organisation: str


Resource = Organisation | Team | Person | Case | Household | Message | Source | SealedSource | Import | Account


@dataclass(frozen=True, slots=True)
class Request:
    """May this member do this act on this resource?"""

    actor: Member
    act: Act
    resource: Resource


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer.

    ``policies`` are the ids of the policies that decided it: the permits of an allowed request, the forbids of
    a refused one; none where nothing permitted it. ``errors`` are what went wrong in deciding, always none in
    an allowed request; they may quote handles, so they are for a developer's eyes, not for a page.
    """

    allowed: bool
    policies: tuple[str, ...]
    errors: tuple[str, ...] = ()
