"""Who is on the staff, in which state, in which teams and as what: open facts that the log commits to as a whole."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q

from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act, Entry
from safeconduct.journal.queries import latest_commitments, next_written

from .models import Member, Membership, Organisation, Team

# Every act that changes what is said here. It records itself after it has written.
STAFF_ACTS: Final = frozenset(
    {
        Act.SET_UP,
        Act.MEMBER_ADDED,
        Act.MEMBER_DISABLED,
        Act.MEMBER_ON_LEAVE,
        Act.MEMBER_RETURNED,
        Act.MEMBER_LEFT,
        Act.GUARDIAN_SET,
        Act.TEAM_CREATED,
        Act.TEAM_JOINED,
        Act.TEAM_LEFT,
        Act.RECOVERED,
    }
)
_GONE: Final = (Act.MEMBER_LEFT, Act.MEMBER_DISABLED)


class StaffNotAsLogged(Exception):
    """Members, their states or their parts in teams are other than the log says: somebody changed the database."""


def committed(organisation: UUID) -> Sequence[Written]:
    """What the log commits to now. Inside the transaction of the change."""
    # Two who change the staff at one moment each commit to what both have done.
    Organisation.objects.select_for_update(no_key=True).get(handle=organisation)
    return [next_written(_handle(organisation), digest(organisation))]


def is_as_logged(organisation: UUID) -> bool | None:
    """Whether staff and teams are as the log last said; None where it has not said yet (a folder of an older desk)."""
    known = latest_commitments([_handle(organisation)]).get(_handle(organisation))
    return None if known is None else known[1] == digest(organisation)


def require_as_logged(organisation: UUID) -> None:
    """Raises `StaffNotAsLogged`; not where the log has not said anything yet."""
    if is_as_logged(organisation) is False:
        raise StaffNotAsLogged("the staff is not as the log last said; no keys were handed to anybody")


def require_not_gone(member: Member, team: Team) -> None:
    """Before a team's new keys are sealed to whoever the rows say is in it.

    Somebody who left is pinned in the team's roster until then, so their row put back would be sent the new keys. The
    log's own entries are asked: what it commits to of the staff is said anew, as it stands, with each further change.

    Raises `StaffNotAsLogged`.
    """
    ended = Q(act__in=_GONE) | Q(act__in=(Act.TEAM_JOINED, Act.TEAM_LEFT), team=team.handle)
    last = Entry.objects.filter(ended, about=member.handle).order_by("-pk").values_list("act", flat=True).first()
    if last in {*_GONE, Act.TEAM_LEFT}:
        raise StaffNotAsLogged("the log says that somebody left who is in a team; no keys were handed to anybody")


def digest(organisation: UUID) -> bytes:
    """32 bytes over members, their states, and their parts in teams."""
    members = Member.objects.filter(organisation__handle=organisation)
    memberships = Membership.objects.filter(team__organisation__handle=organisation)
    return facts_digest(
        [
            sorted(
                (one.hex, state, guardian)
                for one, state, guardian in members.values_list("handle", "state", "is_guardian")
            ),
            sorted(
                (team.hex, member.hex, role)
                for team, member, role in memberships.values_list("team__handle", "member__handle", "role")
            ),
        ]
    )


def _handle(organisation: UUID) -> UUID:
    return facts_handle("staff", organisation)
