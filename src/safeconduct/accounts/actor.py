"""The member who acts, with the keys their session has unlocked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from safeconduct.core.sealing import boxes
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.faults import CannotOpen
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.tripwire import Bounds, Reader

from . import keyring
from .models import Member, Membership, Organisation, Team


class NotInTeam(Exception):
    """The member holds no bundle of that team, so nothing of it can be opened."""


@dataclass(eq=False, repr=False)
class Actor:
    """A member whose key is unlocked. Made anew for each request; holds keys no longer than that."""

    member: Member
    pair: KeyPair
    _opened: dict[int, TeamBundle] = field(default_factory=dict)
    _keys: dict[tuple[int, str], bytes] = field(default_factory=dict)

    @cached_property
    def organisation(self) -> Organisation:
        return self.member.organisation

    @cached_property
    def reader(self) -> Reader:
        """This member as the journal's tripwire counts what they open."""
        office = self.organisation
        bounds = Bounds(office.slow_from, office.stop_from, office.tell_from)
        return Reader(organisation=office.handle, member=self.member.handle, bounds=bounds)

    @cached_property
    def memberships(self) -> Mapping[int, Membership]:
        """This member's memberships by team id."""
        rows = Membership.objects.filter(member=self.member).select_related("team").order_by("team__name")
        return {row.team_id: row for row in rows}

    @property
    def teams(self) -> list[Team]:
        """The teams this member is in, by name."""
        return [membership.team for membership in self.memberships.values()]

    def bundle(self, team_id: int, *, number: int = 1) -> TeamBundle:
        """A team's secrets: read again where those this request began with are of a lower number than asked for.

        Raises:
            NotInTeam. CannotOpen: also where what was sealed to this member is older than that.
        """
        held = self._opened.get(team_id)
        if held is not None and held.number < number:
            self.forget()
            held = None
        if held is None:
            membership = self.memberships.get(team_id)
            if membership is None:
                raise NotInTeam("this member is not in that team")
            held = self._opened[team_id] = open_bundle(membership, self.member, self.pair)
        if held.number < number:
            raise CannotOpen("this member was not sent the team's newest keys")
        return held

    def key_for(self, team_id: int, purpose: str) -> bytes:
        """A team's newest key for one purpose, worked out once: an import asks for it with every record.

        Raises as `bundle` does.
        """
        found = self._keys.get((team_id, purpose))
        if found is None:
            found = self._keys[team_id, purpose] = self.bundle(team_id).key_for(purpose)
        return found

    def forget(self) -> None:
        """Read memberships and bundles again when they are next asked for: this very request changed them."""
        self.__dict__.pop("memberships", None)
        self._opened.clear()
        self._keys.clear()


def place_of_bundle(team: UUID, member: UUID) -> bytes:
    """The place a membership's bundle is layered for."""
    return boxes.context("bundle", team.hex, member.hex)


def place_of_escrow(team: UUID) -> bytes:
    """The place a team's escrow is layered for."""
    return boxes.context("escrow", team.hex)


def open_bundle(membership: Membership, member: Member, pair: KeyPair) -> TeamBundle:
    """The bundle a membership carries, for the member whose pair it was sealed to."""
    team = membership.team
    place = place_of_bundle(team.handle, member.handle)
    sealed = keyring.epochs().peel(membership.epoch, bytes(membership.bundle), place)
    return TeamBundle.receive(
        sealed, pair, organisation=member.organisation.handle.hex, team=team.handle.hex, member=member.handle.hex
    )


def seal_bundle(bundle: TeamBundle, team: Team, member: Member) -> tuple[int, bytes]:
    """The epoch and the bytes of ``bundle`` for one member's row of `Membership`."""
    sent = bundle.send_to(
        bytes(member.public_key),
        organisation=team.organisation.handle.hex,
        team=team.handle.hex,
        member=member.handle.hex,
    )
    return keyring.epochs().layer(sent, place_of_bundle(team.handle, member.handle))
