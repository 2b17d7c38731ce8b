"""Who may reach which page, by the name of its address. An address that is not here is refused.

This is the outer door only: what a page does is decided again by policy in the act it calls. What stands
here is about the session and the part somebody has in the organisation; which team holds which record is asked where
records are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import HttpRequest

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Membership, Session


class Access(StrEnum):
    """What a page asks of the session."""

    OUTSIDE = "outside"  # nothing: it shows nobody's work
    LOCKED_OK = "locked_ok"  # a session, locked or not
    SIGNED_IN = "signed_in"  # an unlocked session
    RECORD = "record"  # the same, and the address names a sealed record: not held and not allowed look alike


class Who(StrEnum):
    """Which part somebody must have."""

    EVERYBODY = "everybody"
    GUARDIAN = "guardian"
    LEAD_OR_GUARDIAN = "lead_or_guardian"


READS: Final = frozenset({"GET", "HEAD"})
POSTS: Final = frozenset({"POST"})


@dataclass(frozen=True, slots=True)
class Rule:
    """The terms of one page."""

    access: Access
    methods: frozenset[str] = READS
    who: Who = Who.EVERYBODY
    # Reachable while the first passphrase, which somebody else has seen, is still to be replaced.
    before_own_passphrase: bool = False

    def admits(self, actor: Actor) -> bool:
        """Whether the member's part in the organisation is the one asked for."""
        if self.who is Who.EVERYBODY or actor.member.is_guardian:
            return True
        leads = any(one.role == Membership.Role.LEAD for one in actor.memberships.values())
        return self.who is Who.LEAD_OR_GUARDIAN and leads


_PAGE: Final = Rule(Access.SIGNED_IN)
_FORM: Final = Rule(Access.SIGNED_IN, READS | POSTS)
_ACT: Final = Rule(Access.SIGNED_IN, POSTS)
_RECORD: Final = Rule(Access.RECORD)
_RECORD_FORM: Final = Rule(Access.RECORD, READS | POSTS)
_RECORD_ACT: Final = Rule(Access.RECORD, POSTS)
_GUARDIAN_FORM: Final = Rule(Access.SIGNED_IN, READS | POSTS, Who.GUARDIAN)

ACCESS: Final[Mapping[str, Rule]] = {
    # Coming in and going out
    "start": Rule(Access.OUTSIDE, READS | POSTS),
    "sign-in": Rule(Access.OUTSIDE, READS | POSTS),
    "promise": Rule(Access.OUTSIDE),
    "recovery": Rule(Access.OUTSIDE, READS | POSTS),
    "recovery-finish": Rule(Access.OUTSIDE, READS | POSTS),
    "recovery-stop": _FORM,
    "unlock": Rule(Access.LOCKED_OK, READS | POSTS, before_own_passphrase=True),
    "lock": Rule(Access.LOCKED_OK, POSTS, before_own_passphrase=True),
    "sign-out": Rule(Access.LOCKED_OK, POSTS, before_own_passphrase=True),
    "passphrase": Rule(Access.SIGNED_IN, READS | POSTS, before_own_passphrase=True),
    "sign-in-key": Rule(Access.OUTSIDE, POSTS),
    "unlock-key": Rule(Access.LOCKED_OK, POSTS),
    "draft-keep": Rule(Access.LOCKED_OK, POSTS),
    "draft-open": _ACT,
    "draft-drop": Rule(Access.LOCKED_OK, POSTS),
    "factors": _PAGE,
    "code-add": _FORM,
    "code-remove": _FORM,
    "key-add": _FORM,
    "key-remove": _RECORD_FORM,
    "keys": _PAGE,
    # The office
    "settings": _FORM,
    "office-days": _GUARDIAN_FORM,
    "guardian": Rule(Access.SIGNED_IN, READS, Who.GUARDIAN),
    "kits-new": _GUARDIAN_FORM,
    "kit": _GUARDIAN_FORM,
    "kit-confirm": _GUARDIAN_FORM,
    "drill": _GUARDIAN_FORM,
    "members": _PAGE,
    "member-new": _GUARDIAN_FORM,
    "member-disable": _GUARDIAN_FORM,
    "member-change": _GUARDIAN_FORM,
    "member-factors": _GUARDIAN_FORM,
    "cover": _FORM,
    "cover-end": _ACT,
    "team-new": _GUARDIAN_FORM,
    "team-join": Rule(Access.SIGNED_IN, READS | POSTS, Who.LEAD_OR_GUARDIAN),
    "team-leave": Rule(Access.SIGNED_IN, READS | POSTS, Who.LEAD_OR_GUARDIAN),
    "team-keys": _FORM,
    "log": Rule(Access.SIGNED_IN, READS, Who.GUARDIAN),
    "alarms": Rule(Access.SIGNED_IN, READS, Who.GUARDIAN),
    "alarm-answer": Rule(Access.SIGNED_IN, POSTS, Who.GUARDIAN),
    "tripwire": _GUARDIAN_FORM,
    # People
    "people": _PAGE,
    "people-search": _ACT,
    "found": _RECORD,
    "person-new": _FORM,
    "person": _RECORD,
    "person-edit": _RECORD_FORM,
    "person-not-same": _RECORD_ACT,
    "person-same": _RECORD_FORM,
    "person-merge": _RECORD_FORM,
    "person-unmerge": _RECORD_FORM,
    "household-new": _RECORD_FORM,
    "household": _RECORD,
    "household-add": _RECORD_FORM,
    "household-edit": _RECORD_FORM,
    # Kept with a record
    "papers": _RECORD_FORM,
    "paper": _RECORD,
    "paper-page": _RECORD,
    "paper-original": _RECORD_ACT,
    "paper-remove": _RECORD_FORM,
    "account": _RECORD,
    "narrative-new": _RECORD_FORM,
    "narrative-change": _RECORD_FORM,
    "history": _RECORD,
    "erase": _RECORD_FORM,
    "erasures": _PAGE,
    "erasure": _RECORD,
    "history-strike": _RECORD_FORM,
    # Mail
    "tray": _FORM,
    "message": _RECORD_FORM,
    "message-html": _RECORD,
    "message-aside": _RECORD_ACT,
    "message-back": _RECORD_ACT,
    "message-incident": _RECORD_FORM,
    "incidents": _PAGE,
    "incident": _RECORD_FORM,
    # Casework
    "today": _PAGE,
    "week": _PAGE,
    "load": Rule(Access.SIGNED_IN, READS, Who.LEAD_OR_GUARDIAN),
    "assign": _FORM,
    "filters": _ACT,
    "filter-remove": _RECORD_ACT,
    "feed-own": _FORM,
    # Read by programs that have no session: its secret is all there is.
    "feed": Rule(Access.OUTSIDE),
    "cases": _PAGE,
    "case": _RECORD_FORM,
    "case-new": _RECORD_FORM,
    "case-edit": _RECORD_FORM,
    "case-close": _RECORD_FORM,
    "case-reopen": _RECORD_FORM,
    "case-keep": _RECORD_FORM,
    "review": _PAGE,
    "urgent": _FORM,
    "urgent-start": _RECORD_ACT,
    "case-urgent": _RECORD_FORM,
    "case-urgent-edit": _RECORD_FORM,
    "case-urgent-end": _RECORD_FORM,
    "case-urgent-sheet": _RECORD,
    "directory": _PAGE,
    "directory-edit": _RECORD_FORM,
    "directory-checked": _RECORD_ACT,
    "case-people": _RECORD_FORM,
    "case-person-add": _RECORD_FORM,
    "case-intake": _RECORD_FORM,
    "event-correct": _RECORD_FORM,
    "enquiry-new": _RECORD_FORM,
    "enquiry-clock": _RECORD_FORM,
    "decision-new": _RECORD_FORM,
    "deadline-new": _RECORD_FORM,
    "deadline-met": _RECORD_FORM,
    "case-call": _RECORD_FORM,
    "task-new": _RECORD_FORM,
    "task-change": _RECORD_FORM,
    "task-done": _RECORD_FORM,
    "task-put-back": _RECORD_ACT,
    # Many people, quickly
    "calls": _FORM,
    "calls-found": _RECORD,
    "sitting": _FORM,
    "surgery": _FORM,
    "surgery-next": _FORM,
    "surgery-end": _ACT,
    "surgery-blank": _PAGE,
    "surgery-list": _PAGE,
    # Taking out
    "export": Rule(Access.SIGNED_IN, READS | POSTS, Who.LEAD_OR_GUARDIAN),
    "export-cases": Rule(Access.SIGNED_IN, READS | POSTS, Who.LEAD_OR_GUARDIAN),
    # Bringing in
    "imports": _FORM,
    "import-columns": _RECORD_FORM,
    "import-preview": _RECORD_FORM,
    "import-run": _RECORD_FORM,
    "import-done": _RECORD,
    "import-undo": _RECORD_ACT,
    "import-cancel": _RECORD_ACT,
    "import-faults": _RECORD,
    # The archive: sources
    "sources": _PAGE,
    "sources-search": _ACT,
    "sources-found": _PAGE,
    "source-take": _FORM,
    "source-took": _FORM,
    "quarantine": _PAGE,
    "quarantine-bytes": _RECORD_ACT,
    "quarantine-discard": _RECORD_FORM,
    "source": _RECORD,
    "source-masks": _RECORD_FORM,
    "source-read-anew": _RECORD_FORM,
    "source-remove": _RECORD_FORM,
    "source-captured": _RECORD,
    "source-captured-page": _RECORD,
    "source-pdf": _RECORD_ACT,
    "source-stamp": _RECORD_ACT,
    "source-differences": _RECORD,
    # The archive: passages
    "passage-new": _RECORD_FORM,
    "passage": _RECORD,
    "passage-remove": _RECORD_FORM,
    "passage-record": _RECORD,
    "note-new": _RECORD_FORM,
    "note": _RECORD_FORM,
    "source-tags": _RECORD_FORM,
    "tag": _RECORD,
    "collect": _RECORD_FORM,
    "collections": _FORM,
    "collection": _RECORD,
    "collection-edit": _RECORD_FORM,
    "collection-items": _RECORD_ACT,
    "collection-timeline": _RECORD,
    "collection-record": _RECORD,
    "sources-timeline": _PAGE,
    # The archive: watching and handing over
    "source-watch": _RECORD_FORM,
    "source-hand-over": _RECORD_FORM,
    "collection-hand-over": _RECORD_FORM,
    "receive": _FORM,
}


class Request(HttpRequest):
    """A request of a member whose session is unlocked, as the middleware hands it to a view."""

    actor: Actor
    session_row: Session
    # Set by the page that counted it already: how much is due in all the member's teams.
    due_today: int
