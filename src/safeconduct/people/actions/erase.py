"""Erasing a record: one member asks, another confirms, and then it goes from everywhere this desk can reach.

Where nobody else of the holding teams could confirm it, whoever asked may, a day later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.core.calendar.days import day_in_london
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal import erasing
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered

from .. import holdings, index, journaling, policies
from ..holdings import Edit, OutOfReach, Reach
from ..keys import Keyed, hold
from ..models import Envelope, Erasure, ErasureRequest, Found, PaperFile, Subject
from ..papers import files
from ..records import Changed, write_facet
from .erasures import unreadable_by

ALONE: Final = timedelta(hours=24)
_CHANGED: Final[Mapping[str, Entered]] = {
    Subject.Kind.PERSON: Entered.CHANGED_PERSON,
    Subject.Kind.CASE: Entered.CHANGED_CASE,
    Subject.Kind.HOUSEHOLD: Entered.CHANGED_HOUSEHOLD,
    Subject.Kind.MESSAGE: Entered.FILED_MESSAGE,
}
_OPENED: Final[Mapping[str, Entered]] = {
    Subject.Kind.PERSON: Entered.OPENED_PERSON,
    Subject.Kind.CASE: Entered.OPENED_CASE,
    Subject.Kind.HOUSEHOLD: Entered.OPENED_HOUSEHOLD,
    Subject.Kind.MESSAGE: Entered.OPENED_MESSAGE,
}


class NotAsked(Exception):
    """Nobody asked that this record be erased, or somebody took it back."""


class NotAlone(Exception):
    """Whoever asked cannot confirm: somebody else can, or the day is not over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing a subject would take away. ``going``: it, and what would be about nobody then.

    ``stood``: which envelopes those had before they were looked into, and their revisions.
    """

    going: Sequence[Keyed]
    reaches: Sequence[Reach]
    stood: Mapping[UUID, int]

    @property
    def goes(self) -> Mapping[str, int]:
        """How many of what go, by code."""
        pks = [keyed.subject.pk for keyed in self.going]
        out = {
            "envelopes": Envelope.objects.filter(subject__in=pks).count(),
            "papers": PaperFile.objects.filter(subject__in=pks).count(),
            "households": sum(keyed.subject.kind == Subject.Kind.HOUSEHOLD for keyed in self.going),
        }
        for reach in self.reaches:
            for code, number in reach.goes.items():
                out[code] = out.get(code, 0) + number
        return out


def plan(*, by: Actor, subject: Subject) -> Plan:
    """What would go. Opens the record, and those that are tied to it, with entries in the log.

    Raises:
        Refused, NotHeld: policy. OutOfReach: a team this member is not in holds part of it. JournalUnavailable.
        PutBack, CannotOpen: damaged.
    """
    policies.require(by, Act.ASK_ERASURE, policies.of_subject(by, subject))
    going: dict[str, Keyed] = {}
    reaches: list[Reach] = []
    stood: dict[UUID, int] = {}
    waiting = [subject]
    while waiting:
        one = waiting.pop(0)
        if one.handle.hex in going:
            continue
        policies.require(by, Act.ASK_ERASURE, policies.of_subject(by, one))
        if one.wraps.exclude(team__in=list(by.memberships)).exists():
            raise OutOfReach("A team you are not in holds this record as well. Ask somebody who is in both.")
        keyed = going[one.handle.hex] = hold(by, one)
        stood |= _revisions([keyed])
        leave = journaling.opening(by, keyed, _OPENED[one.kind])
        reached = holdings.reaches(by, leave, keyed, frozenset(going))
        reaches += reached
        waiting += [other for reach in reached for other in reach.also]
    return Plan(list(going.values()), reaches, stood)


def ask(*, by: Actor, subject: Subject) -> ErasureRequest:
    """Ask that a record be erased. Asking again changes nothing. Raises `Refused`, `NotHeld`, `JournalUnavailable`."""
    policies.require(by, Act.ASK_ERASURE, policies.of_subject(by, subject))
    keyed = hold(by, subject)
    with transaction.atomic():
        request, made = ErasureRequest.objects.get_or_create(
            subject=subject, defaults={"asked_by": by.member.handle, "asked_at": datetime.now(UTC)}
        )
        if made:
            _say(by, keyed, "asked")
    return request


def withdraw(*, by: Actor, subject: Subject) -> None:
    """Take back that a record be erased: anybody who may ask may. Raises `Refused`, `NotHeld`, `NotAsked`."""
    policies.require(by, Act.ASK_ERASURE, policies.of_subject(by, subject))
    keyed = hold(by, subject)
    with transaction.atomic():
        gone, _ = ErasureRequest.objects.filter(subject=subject).delete()
        if not gone:
            raise NotAsked("Nobody asked that this record be erased, or somebody took it back already.")
        _say(by, keyed, "withdrawn")


def may_confirm(by: Actor, request: ErasureRequest) -> str:
    """Why ``by`` may not confirm: policy, other (somebody else has to), wait (a day); empty where they may."""
    if not policies.allows(by, Act.ERASE, policies.of_subject(by, request.subject)):
        return "policy"
    if request.asked_by != by.member.handle:
        return ""
    if _others(by, request.subject):
        return "other"
    return "" if datetime.now(UTC) >= request.asked_at + ALONE else "wait"


def erase(*, by: Actor, subject: Subject) -> Erasure:
    """Erase what somebody else asked to be erased, for good. Returns the certificate of the subject itself.

    Raises:
        Refused, NotHeld: policy. NotAsked. NotAlone: whoever asked cannot confirm, or not yet. OutOfReach.
        Changed: somebody saved something that is tied to it in between; nothing was erased. JournalUnavailable.
    """
    policies.require(by, Act.ERASE, policies.of_subject(by, subject))
    request = _asked(by, subject)
    planned = plan(by=by, subject=subject)
    handles = [keyed.subject.handle.hex for keyed in planned.going]
    with transaction.atomic():
        if not ErasureRequest.objects.select_for_update().filter(pk=request.pk).exists():
            raise NotAsked("Somebody took it back that this record be erased. Nothing was erased.")
        # To look into it all takes a while, and nothing brings it back: whoever was shut out by now erases nothing.
        policies.require_now(by, Act.ERASE, policies.of_subject(by, subject))
        # Before the edits: rooms above lock their rows here, and everybody else locks those first.
        for reach in planned.reaches:
            reach.write()
        _edit(by, planned, frozenset(handles))
        _require_as_planned(planned)
        teams = {keyed.team for keyed in planned.going}
        # All of the office: a search of several teams is kept under the key of one of them.
        Found.objects.filter(team__organisation=by.organisation).delete()
        about = request.asked_by if request.asked_by != by.member.handle else None
        papers = list(
            PaperFile.objects.filter(subject__in=[keyed.subject.pk for keyed in planned.going]).values_list(
                "handle", flat=True
            )
        )
        for team in teams:
            pks = frozenset(keyed.subject.pk for keyed in planned.going if keyed.team == team)
            index.add(by, team, Delta(remove=pks))
        certificates = [_erase(by, keyed, about) for keyed in planned.going]
        transaction.on_commit(lambda: _after(by, sorted(teams, key=lambda team: team.pk), papers), robust=True)
    return certificates[0]


def _require_as_planned(planned: Plan) -> None:
    """Raises `Changed` where anything of what goes was saved since it was looked into: it may be tied to more now."""
    pks = [keyed.subject.pk for keyed in planned.going]
    # Held, so that nothing new refers to them either until they are gone.
    list(Subject.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    list(Envelope.objects.select_for_update().filter(subject__in=pks).order_by("pk").only("pk"))
    if _revisions(planned.going) != planned.stood:
        raise Changed("Somebody saved something of this record at that moment. Nothing was erased; look at it again.")


def _revisions(subjects: Sequence[Keyed]) -> dict[UUID, int]:
    pks = [keyed.subject.pk for keyed in subjects]
    return dict(Envelope.objects.filter(subject__in=pks).values_list("handle", "revision"))


def _asked(by: Actor, subject: Subject) -> ErasureRequest:
    request = ErasureRequest.objects.filter(subject=subject).first()
    if request is None:
        raise NotAsked("Nobody asked that this record be erased, or somebody took it back.")
    match may_confirm(by, request):
        case "other":
            raise NotAlone("You asked for this yourself, so a colleague has to confirm it.")
        case "wait":
            raise NotAlone("Nobody else can confirm this, so it waits a day from when you asked. Come back then.")
    return request


def _others(by: Actor, subject: Subject) -> bool:
    """Whether an active colleague could confirm, by the rule of the policies."""
    held = Membership.objects.filter(team__in=subject.wraps.values("team"), member__state=Member.State.ACTIVE)
    could = held.filter(Q(role=Membership.Role.LEAD) | Q(member__is_guardian=True))
    return could.exclude(member=by.member).exists()


def _edit(by: Actor, planned: Plan, going: frozenset[str]) -> None:
    """Save what stays and speaks no more of what goes: each facet once, whoever wanted it changed."""

    def which(edit: Edit) -> tuple[int, str]:
        return edit.keyed.subject.pk, edit.facet

    edits = [edit for reach in planned.reaches for edit in reach.edits if edit.keyed.subject.handle.hex not in going]
    for (_, facet), some in groupby(sorted(edits, key=which), key=which):
        these = list(some)
        first, content = these[0], these[0].opened.content
        for edit in these:
            content = edit.change(content)
        if content == first.opened.content:
            continue
        # Copied: a step of its history would keep what is to go.
        written = write_facet(first.keyed, facet, content, read=first.opened.revision, copied=True)
        act = _CHANGED[first.keyed.subject.kind]
        record_writes([journaling.wrote(by, first.keyed, act, written, {"facet": facet})])


def _erase(by: Actor, keyed: Keyed, about: UUID | None) -> Erasure:
    """The rows of one subject, and what the log says of it. Inside the transaction."""
    subject, epoch = keyed.subject, keyring.epochs().current
    erasing.erase(
        organisation=by.organisation.handle,
        labels=keyed.labels(until=today()),
        member=by.member.handle,
        about=about,
        team=keyed.team.handle,
    )
    certificate = Erasure.objects.create(
        organisation=by.organisation,
        kind=subject.kind,
        subject=subject.handle,
        on=today(),
        epoch=epoch,
        unreadable_by=day_in_london(unreadable_by(epoch)),
    )
    # Wraps, envelopes and papers go with the row.
    Subject.objects.filter(pk=subject.pk).delete()
    return certificate


def _after(by: Actor, teams: Sequence[Team], papers: Sequence[UUID]) -> None:
    """What can only be done once it is certain: the files, the index without the old names, the database's own log."""
    files.remove(papers)
    for team in teams:
        # Another compaction may be under way; the one after it has the removal, so a few tries are enough.
        any(index.fold_in(by, team) for _ in range(5))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _say(by: Actor, keyed: Keyed, what: str) -> None:
    detail: dict[str, Any] = {"erasure": what}
    record_writes([journaling.wrote(by, keyed, _CHANGED[keyed.subject.kind], [], detail)])
