"""Bringing what a team holds under its newest keys after somebody left: a little in each request, until it is done.

Whoever does it acts as themselves, in their own requests, so it stops when everybody has locked and goes on when the
next of the team unlocks. A wrap that has not been reached yet still opens, by the former secrets in the bundle.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, Q

from safeconduct.accounts import keyring, policies, wrap_tables
from safeconduct.accounts.actions import rekey
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.accounts.wrap_tables import WrapTable
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import wraps
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.faults import SealingFault

from .. import index
from ..models import Found

_AT_ONCE: Final = 1000
_log = logging.getLogger("safeconduct.people")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a team's wraps are under its newest keys, and whether everything else is too."""

    done: int
    in_all: int
    finished: bool


def progress(team: Team) -> Progress:
    """How far a team has come. While it waits for new keys, nothing is done yet."""
    tables = [table.of(team) for table in wrap_tables.tables()]
    done = 0 if team.rekey_since else sum(held.filter(key_number=team.key_number).count() for held in tables)
    finished = not (team.rekey_since or team.rewrapping)
    return Progress(done, sum(held.count() for held in tables), finished=finished)


def is_behind(team: Team) -> bool:
    """Whether a team holds something under former keys: what was written while its keys were renewed, for one."""
    if team.key_number <= 1:
        return False
    behind = (Q(Exists(table.of(team).filter(key_number__lt=team.key_number))) for table in wrap_tables.tables())
    # One question for all the tables: every page asks it.
    return Team.objects.filter(reduce(or_, behind, Q()), pk=team.pk).exists()


def go_on(*, by: Actor, team: Team, seconds: float) -> Progress:
    """Renew a team's keys where somebody has left, and bring wraps under the newest for about ``seconds``.

    When the last is done, a fresh index of names takes the place of the old, and searches that were kept are dropped.

    Raises:
        Refused: policy. NotInTeam. KeySubstituted, StaffNotAsLogged: as `rekey.renew`; nothing was changed.
        IndexBusy, JournalUnavailable: try again; what was done so far stays done.
    """
    until = time.monotonic() + seconds
    policies.require(by, Act.RENEW_KEYS, policies.of_team(team, by.organisation))
    rekey.renew(by=by, team=team)
    team.refresh_from_db(fields=["key_number", "rekey_since", "rewrapping"])
    if not team.rewrapping:
        return progress(team)
    bundle = by.bundle(team.pk, number=team.key_number)
    damaged = 0
    for table in wrap_tables.tables():
        after: int | None = 0 if table.of(team).filter(key_number__lt=bundle.number).exists() else None
        while after is not None:
            after, broken = _chunk(table, team, bundle, after)
            damaged += broken
            if after is not None and time.monotonic() >= until:
                return progress(team)
    # Another request may hold rows of its own at this moment: then it is for that one to finish.
    behind = (table.of(team).filter(key_number__lt=bundle.number).count() for table in wrap_tables.tables())
    if sum(behind) > damaged:
        return progress(team)
    if damaged:
        _log.error("%d wraps of a team do not open and stay as they are", damaged)
    if index.fold_in(by, team):
        Found.objects.filter(team=team).delete()
        rekey.finish(team=team, number=bundle.number)
        team.refresh_from_db(fields=["rewrapping"])
    return progress(team)


def _chunk(table: WrapTable, team: Team, bundle: TeamBundle, after: int) -> tuple[int | None, int]:
    """Bring a table's next wraps past row ``after`` under ``bundle``: the last row's id, how many do not open."""
    epochs, to = keyring.epochs(), wraps.team_key(bundle)
    keys: dict[int, bytes] = {}
    fresh: list[tuple[int, int, bytes, int, int]] = []
    with transaction.atomic():
        # Held: moving wraps to another epoch at this moment must not put the old ones back.
        held = table.of(team).filter(key_number__lt=bundle.number, pk__gt=after)
        held = held.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        rows = list(held.values_list("pk", "key_number", "epoch", "sealed", table.subject)[:_AT_ONCE])
        for pk, number, epoch, sealed, subject in rows:
            place = {"team": team.handle.hex, "subject": subject.hex}
            try:
                if number not in keys:
                    keys[number] = wraps.team_key(bundle, number)
                key = wraps.unwrap_under(keys[number], epoch, bytes(sealed), epochs, **place)
            except SealingFault:
                continue
            fresh.append((bundle.number, *wraps.wrap_under(to, key, epochs, **place), pk, number))
        _save(table, fresh)
    return (rows[-1][0] if rows else None), len(rows) - len(fresh)


def _save(table: WrapTable, rows: Sequence[tuple[int, int, bytes, int, int]]) -> None:
    # One statement for many rows: the ORM's bulk_update would send each sealed value inside one long expression.
    statement = f"UPDATE {connection.ops.quote_name(table.name)} SET key_number = %s, epoch = %s, sealed = %s"  # noqa: S608 -- a table of ours
    with connection.cursor() as cursor:
        cursor.executemany(f"{statement} WHERE id = %s AND key_number = %s", rows)
