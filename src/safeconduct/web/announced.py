"""What every page of the desk tells its members of keys: a recovery that waits, and a team's keys being renewed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from safeconduct.accounts.actions import recovery
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Recovery, Team
from safeconduct.people.actions import rekey

from .words.dates import instant


def recoveries(actor: Actor) -> list[dict[str, Any]]:
    """For components/recovery_banner.html, soonest first."""
    return [_recovery(one, actor) for one in recovery.pending(actor.organisation)]


def renewals(actor: Actor) -> list[str]:
    """A line for each team of the member's whose keys are being renewed."""
    return [renewal(team) for team in actor.teams if team.rekey_since or team.rewrapping]


def renewal(team: Team) -> str:
    """How far the renewal of a team's keys is."""
    if team.rekey_since:
        return _("%(team)s: keys are to be renewed, since somebody left.") % {"team": team.name}
    far = rekey.progress(team)
    return _("%(team)s: keys are being renewed, %(done)s of %(all)s records.") % {
        "team": team.name,
        "done": f"{far.done:,}",
        "all": f"{far.in_all:,}",
    }


def _recovery(one: Recovery, actor: Actor) -> dict[str, Any]:
    return {
        "name": one.member.name,
        "mine": one.member_id == actor.member.pk,
        "asked": instant(one.asked_at),
        "ready": instant(one.ready_at),
        "possible": one.ready_at <= timezone.now(),
        "stop_url": reverse("recovery-stop", args=[one.handle]),
    }
