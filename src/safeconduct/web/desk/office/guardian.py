"""The guardians' page: whose keys, which teams', the recovery kits, the log and alarms, at one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts import checks, team_keys
from safeconduct.accounts.actions import kits, recovery
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.alarms import unanswered
from safeconduct.accounts.models import Member, RecoveryKit, Team
from safeconduct.core.sealing.members import fingerprint
from safeconduct.journal.models import Head

from ...access import Request
from ...announced import renewal
from ...words.accounts import MEMBER_STATES
from ...words.dates import day, instant


def view(request: Request) -> HttpResponse:
    """The page. It opens nothing."""
    by = request.actor
    context = {
        "notices": _notices(request),
        "kits": _kits(by),
        "members": _members(by),
        "teams": [_team(team, by) for team in by.organisation.teams.order_by("name")],
        "log": _log(by),
        "alarms": unanswered(by),
        "recoveries": recovery.pending(by.organisation).count(),
    }
    return render(request, "desk/guardian.html", context)


def _notices(request: Request) -> list[dict[str, str]]:
    out = []
    if request.GET.get("done") == "drill":
        done = _("The kits work: they make the key, and the key opens what is sealed to it.")
        out.append({"text": done, "kind": "done"})
    if checks.staff_not_as_logged(request.actor.organisation):
        changed = _(
            "Who is a member, a guardian or in a team is not what the log says. Somebody changed the database. No kits"
            " are made until it is put right."
        )
        out.append({"text": changed, "kind": "needs"})
    return out


def short(public: bytes) -> str:
    """A fingerprint as people compare it: `3f2a 91c0 77de 10b4`."""
    shown = fingerprint(public).hex()[:16]
    return " ".join(shown[at : at + 4] for at in range(0, 16, 4))


def _kits(by: Actor) -> dict[str, Any]:
    office = by.organisation
    rows = list(
        RecoveryKit.objects.filter(guardian__organisation=office, round=office.recovery_round)
        .select_related("guardian")
        .order_by("guardian__name")
    )
    mine = kits.own(by)
    tried = [one.tried_on for one in rows if one.tried_on]
    return {
        "round": office.recovery_round,
        "made": day(rows[0].made_on) if rows else None,
        "hours": ngettext("%(count)d hour", "%(count)d hours", office.recovery_hours)
        % {"count": office.recovery_hours},
        "needed": kits.needed(office),
        "rows": [_kit(one) for one in rows],
        "tried": day(max(tried)) if tried else None,
        "mine_waits": mine is not None and mine.sealed is not None,
        "needs": _needs(by, rows),
        "key": short(bytes(office.recovery_public)) if office.recovery_public else "",
    }


def _kit(kit: RecoveryKit) -> dict[str, Any]:
    return {
        "name": kit.guardian.name,
        "confirmed": day(kit.confirmed_on) if kit.confirmed_on else None,
        "tried": day(kit.tried_on) if kit.tried_on else None,
        "lost": kit.sealed is None and kit.confirmed_on is None,
    }


def _needs(by: Actor, rows: Sequence[RecoveryKit]) -> list[str]:
    """What somebody should do about the kits, each a sentence."""
    office = by.organisation
    if checks.recovery_key_not_as_logged(office):
        return [
            _("The recovery key is not the one in the log. Somebody changed the database: nothing is sealed to it.")
        ]
    if not rows:
        return [
            _("There are no kits. A passphrase that is lost is lost for good, unless colleagues hold the same team.")
        ]
    out = []
    guardians = set(office.members.filter(is_guardian=True, state=Member.State.ACTIVE).values_list("pk", flat=True))
    holders = {one.guardian_id for one in rows}
    if gone := [one for one in rows if one.guardian_id not in guardians]:
        out.append(
            ngettext(
                "%(count)d kit is with somebody who is no guardian now. Make new kits: the old ones open nothing then.",
                "%(count)d kits are with people who are no guardians now. Make new kits: the old ones open nothing"
                " then.",
                len(gone),
            )
            % {"count": len(gone)}
        )
    if len(holders) < len(guardians) and len(guardians) >= 3:
        out.append(_("A guardian has no kit. New kits give them one."))
    if missing := [team.name for team in checks.escrows_missing(office)]:
        out.append(
            _("The kits cannot bring these teams' newest keys back until somebody of each unlocks: %(teams)s.")
            % {"teams": ", ".join(missing)}
        )
    return out


def _members(by: Actor) -> list[dict[str, Any]]:
    substituted = {one.pk for one in checks.keys_not_as_logged(by.organisation)}
    return [
        {
            "name": one.name,
            "state": str(MEMBER_STATES.get(one.state, "")),
            "guardian": one.is_guardian,
            "key": short(bytes(one.public_key)),
            "as_logged": one.pk not in substituted,
        }
        for one in by.organisation.members.exclude(state__in=[Member.State.LEFT, Member.State.DISABLED]).order_by(
            "name"
        )
    ]


def _team(team: Team, by: Actor) -> dict[str, Any]:
    waits = bool(team.rekey_since or team.rewrapping)
    # Once the keys are made nobody waits for them any more; what is left is to bring everything under them.
    began = (team.rekey_since or team_keys.renewed_at(team)) if waits else None
    return {
        "name": team.name,
        "number": team.key_number,
        "as_logged": team_keys.is_number_as_logged(team),
        "renewal": renewal(team) if waits else "",
        "since": instant(began) if began else None,
        "mine": team.pk in by.memberships,
        "url": reverse("team-keys", args=[team.handle]) if waits and team.pk in by.memberships else "",
    }


def _log(by: Actor) -> dict[str, Any] | None:
    head = Head.objects.filter(organisation=by.organisation.handle).first()
    if head is None:
        return None
    return {"size": f"{head.size:,}", "root": bytes(head.root).hex(), "at": instant(head.at)}
