"""Who works here: organisations, teams, members, their keys and sessions."""

from typing import TypeAlias

from django.db import models

from safeconduct.core.calendar.days import Nation
from safeconduct.core.sealing.members import Lock
from safeconduct.core.sealing.passphrase import Cost
from safeconduct.journal.fields import (
    CommitmentField,
    HandleField,
    PublicKeyField,
    SealedField,
    StaffNameField,
    new_handle,
    only_known,
)


class Organisation(models.Model):
    """One office, charity or network. Its log and its members are its own."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    name = StaffNameField(max_length=120)
    nation = models.CharField(max_length=20, choices=[(n.value, n.value) for n in Nation])
    started_on = models.DateField()
    # The office's own days, in working days. They are habits, not law: nothing counts as late by them.
    first_letter_days = models.PositiveSmallIntegerField(default=2)
    follow_up_days = models.PositiveSmallIntegerField(default=10)
    chase_days = models.PositiveSmallIntegerField(default=5)
    tell_days = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = (only_known("nation", Nation, name="office_nation_known"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class MemberState(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"


class Member(models.Model):
    """Somebody on the staff. What is kept of the passphrase is a key only it can open."""

    State: TypeAlias = MemberState

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    name = StaffNameField(max_length=120)
    sign_in = StaffNameField(max_length=60, unique=True)
    is_guardian = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    must_change = models.BooleanField(default=False)
    joined_on = models.DateField()
    salt = CommitmentField(max_length=16)
    cost_memory_kib = models.PositiveIntegerField()
    cost_passes = models.PositiveSmallIntegerField()
    cost_lanes = models.PositiveSmallIntegerField()
    sealed_key = SealedField()
    public_key = PublicKeyField()

    class Meta:
        constraints = (only_known("state", MemberState, name="member_state_known"),)

    def __str__(self) -> str:
        return str(self.handle.hex)

    @property
    def lock(self) -> Lock:
        """The private key under the passphrase."""
        cost = Cost(self.cost_memory_kib, self.cost_passes, self.cost_lanes)
        return Lock(bytes(self.salt), cost, bytes(self.sealed_key))

    @lock.setter
    def lock(self, lock: Lock) -> None:
        self.salt, self.sealed_key = lock.salt, lock.sealed
        self.cost_memory_kib, self.cost_passes = lock.cost.memory_kib, lock.cost.passes
        self.cost_lanes = lock.cost.lanes


class Team(models.Model):
    """Members who share records. ``roster`` seals the fingerprints of its members' public keys."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = StaffNameField(max_length=120)
    started_on = models.DateField()
    roster = SealedField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="one_team_a_name"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class TeamRole(models.TextChoices):
    CASEWORKER = "caseworker"
    LEAD = "lead"


class Membership(models.Model):
    """A member in a team, with the team's bundle sealed to them and layered under an epoch."""

    Role: TypeAlias = TeamRole

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    epoch = models.PositiveIntegerField()
    bundle = SealedField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "member"], name="one_membership_a_team"),
            only_known("role", TeamRole, name="role_known"),
        )


class Session(models.Model):
    """A browser signed in. ``kept`` is the member's key under a half this row lacks; without it the desk is locked."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions")
    token = CommitmentField(unique=True)
    kept = SealedField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
