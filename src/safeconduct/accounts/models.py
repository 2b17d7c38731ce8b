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
    silence_days = models.PositiveSmallIntegerField(default=20)
    # How long a closed case is kept before somebody looks whether it must be: months; None where nobody has chosen.
    keep_months = models.PositiveSmallIntegerField(null=True)
    # Whether the office may give immigration advice: regulated, or exempt. Else it is told to check with the solicitor.
    gives_advice = models.BooleanField(default=False)
    # What an escrow of every team's keys is sealed to; its private half exists only on the guardians' printed kits.
    recovery_public = PublicKeyField(null=True)
    recovery_round = models.PositiveSmallIntegerField(default=0)
    recovery_hours = models.PositiveSmallIntegerField(default=72)
    # Records a member opens: from how many in an hour each further one is slowed, and from how many it is stopped;
    # from how many in thirty days guardians are told.
    slow_from = models.PositiveIntegerField(default=60)
    stop_from = models.PositiveIntegerField(default=200)
    tell_from = models.PositiveIntegerField(default=1500)

    class Meta:
        constraints = (only_known("nation", Nation, name="office_nation_known"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class MemberState(models.TextChoices):
    """``on_leave``: no session, keys kept. ``left`` and ``disabled``: neither; who left is no longer on the staff."""

    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    LEFT = "left"
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
    """Members who share records. ``roster`` seals the fingerprints of its members' public keys.

    ``key_number`` counts the team's bundles. ``rekey_since`` is set while somebody who has left may still know the
    newest one: the next member to unlock makes another. ``rewrapping``: not everything is under the newest one yet.
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = StaffNameField(max_length=120)
    started_on = models.DateField()
    roster = SealedField()
    key_number = models.PositiveIntegerField(default=1)
    rekey_since = models.DateTimeField(null=True)
    rewrapping = models.BooleanField(default=False)

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


class CodeFactor(models.Model):
    """A member's time-based codes (TOTP, RFC 6238). The secret is sealed to the member: only their passphrase opens it.

    ``last_step`` is the last time step a code was taken for, so that none is taken twice.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="code_factor")
    secret = SealedField()
    added_on = models.DateField()
    last_step = models.BigIntegerField(default=0)


class SecurityKey(models.Model):
    """A member's security key or passkey (WebAuthn).

    ``kept`` is the member's private key under what the authenticator's PRF makes of ``prf_salt``: null where the
    authenticator has none, or since the member's key pair was replaced.
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="security_keys")
    number = models.PositiveSmallIntegerField()
    credential = CommitmentField(max_length=1023, unique=True)
    public_key = PublicKeyField()
    sign_count = models.PositiveBigIntegerField(default=0)
    prf_salt = CommitmentField(max_length=32)
    kept = SealedField(null=True)
    added_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "number"], name="one_security_key_a_number"),)


class Attempts(models.Model):
    """Failed tries to sign in, by a keyed hash of the name tried and the browser's mark: so that each gets slower."""

    key = CommitmentField(unique=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)


class RefusalSpan(models.Model):
    """The hour in which refused tries to sign in are counted, for the whole desk: one row.

    ``written`` is how many of them have entries of their own.
    """

    began_at = models.DateTimeField()
    written = models.PositiveIntegerField(default=0)


class RefusedTries(models.Model):
    """Refused tries of the span beyond those, not yet in the log. ``member`` is all zeros for a name nobody has."""

    organisation = HandleField()
    member = HandleField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "member"], name="one_sum_a_name"),)


class Draft(models.Model):
    """What a member had typed when the desk locked, sealed to their public key."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    at = models.DateTimeField()
    body = SealedField()


class Escrow(models.Model):
    """A team's bundle sealed to the organisation's recovery key and layered under an epoch."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="escrow")
    round = models.PositiveSmallIntegerField()
    key_number = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    bundle = SealedField()


class RecoveryKit(models.Model):
    """A guardian's share of the recovery key, or the whole of it in a smaller office.

    ``sealed`` is the share sealed to its guardian until they have confirmed the printed words; ``commitment`` is what
    those words are compared with.
    """

    guardian = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="kits")
    round = models.PositiveSmallIntegerField()
    made_on = models.DateField()
    sealed = SealedField(null=True)
    commitment = CommitmentField()
    confirmed_on = models.DateField(null=True)
    tried_on = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["guardian", "round"], name="one_kit_a_guardian_a_round"),)


class Recovery(models.Model):
    """A use of the kits for one member: announced when asked for, possible from ``ready_at``, stopped by anyone."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recoveries")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
