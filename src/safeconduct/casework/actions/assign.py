"""Giving cases to a member: one at a time or many, and taking them oneself."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.agenda.actions import move_to
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.keys import NotHeld, held

from .. import facts, policies
from ..faults import TooManyCases
from ..models import Case
from ..queries import visible
from ..schedule import clocked
from .cases import require_worker

AT_ONCE: Final = 100
"""Cases in one transaction: others who change one of them wait no longer than for these."""

MOST: Final = 2000


def assign(*, by: Actor, cases: Collection[UUID], worker: Member | None) -> int:
    """Give open cases, by their handles, to a member, or to nobody; what they make due goes with them.

    Whoever takes cases for themselves needs to be able to change each; giving them to somebody else is the lead's. A
    task that somebody else has of a case stays theirs. Cases that were closed meanwhile are left out.

    Returns:
        How many cases changed hands. Should it be cut short, what was given stays given: each transaction is whole.

    Raises:
        NotHeld: one of them is not there, or not of the actor's teams. Refused: policy. NotAWorkerHere: the member is
        not in the team of each. TooManyCases. JournalUnavailable: what had not been recorded was not kept.
    """
    wanted = set(cases)
    if len(wanted) > MOST:
        raise TooManyCases(f"Give no more than {MOST:,} cases at once.")
    found: list[tuple[int, int]] = []
    teams: dict[int, Team] = {}
    handles = sorted(wanted)
    for start in range(0, len(handles), 500):
        for case in visible(by).filter(handle__in=handles[start : start + 500]).select_related("team", "subject"):
            found.append((case.subject_id, case.pk))
            teams[case.team_id] = case.team
    if len(found) < len(wanted):
        raise NotHeld("There is no such record, or your teams do not hold it.")
    taken = worker is not None and worker.pk == by.member.pk
    for team in teams.values():
        if not taken:
            policies.require(by, Act.ASSIGN, policies.of_team(team, by.organisation))
        require_worker(worker, team)
    # In the order in which every act on cases holds their rows.
    found.sort()
    return sum(_give(by, found[start : start + AT_ONCE], worker) for start in range(0, len(found), AT_ONCE))


def _give(by: Actor, chunk: Collection[tuple[int, int]], worker: Member | None) -> int:
    keys = held(by, [subject for subject, _ in chunk])
    if worker is not None and worker.pk == by.member.pk:
        for keyed in keys.values():
            policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, keyed.subject))
    with transaction.atomic():
        rows = Case.objects.filter(pk__in=[pk for _, pk in chunk], state=Case.State.OPEN).order_by("subject")
        locked = rows.select_for_update(of=("self",)).prefetch_related("enquiries", "deadlines", "tasks")
        moved = [case for case in locked if case.worker_id != (worker.pk if worker else None)]
        if not moved:
            return 0
        if not {case.subject_id for case in moved} <= keys.keys():
            raise NotHeld("There is no such record, or your teams do not hold it.")
        Case.objects.filter(pk__in=[case.pk for case in moved]).update(worker=worker)
        written = facts.committed_all([case.pk for case in moved])
        record_writes(
            [journaling.wrote(by, keys[one.subject_id], Entered.ASSIGNED, [written[one.pk]]) for one in moved]
        )
        kept = {task.handle for case in moved for task in case.tasks.all() if task.worker_id is not None}
        move_to(worker, handles=[one for case in moved for one in clocked(case) if one not in kept])
    return len(moved)
