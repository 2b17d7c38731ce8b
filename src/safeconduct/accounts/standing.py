"""Who is on the staff, in which state, in which teams and as what: open facts that the log commits to as a whole."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act
from safeconduct.journal.queries import latest_commitments, next_written

from .models import Member, Membership, Organisation

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


def committed(organisation: UUID) -> Sequence[Written]:
    """What the log commits to now. Inside the transaction of the change."""
    # Two who change the staff at one moment each commit to what both have done.
    Organisation.objects.select_for_update(no_key=True).get(handle=organisation)
    return [next_written(_handle(organisation), digest(organisation))]


def is_as_logged(organisation: UUID) -> bool | None:
    """Whether staff and teams are as the log last said; None where it has not said yet (a folder of an older desk)."""
    known = latest_commitments([_handle(organisation)]).get(_handle(organisation))
    return None if known is None else known[1] == digest(organisation)


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
