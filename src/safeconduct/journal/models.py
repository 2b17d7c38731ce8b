"""The log of what was done: entries, what they commit to, and the tree over them."""

from typing import TypeAlias

from django.db import models

from .fields import CommitmentField, HandleField, SealedField, new_handle, only_known


class Act(models.TextChoices):
    """What an entry says happened. Reading acts are committed before anything is opened."""

    SET_UP = "set_up"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    PASSPHRASE_CHANGED = "passphrase_changed"  # noqa: S105  (the name of an act)
    MEMBER_ADDED = "member_added"
    MEMBER_DISABLED = "member_disabled"
    TEAM_CREATED = "team_created"
    TEAM_JOINED = "team_joined"
    TEAM_LEFT = "team_left"
    TEAM_REKEYED = "team_rekeyed"
    MEMBER_ON_LEAVE = "member_on_leave"
    MEMBER_RETURNED = "member_returned"
    MEMBER_LEFT = "member_left"
    GUARDIAN_SET = "guardian_set"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    KITS_MADE = "kits_made"
    OPENED_KIT = "opened_kit"
    KIT_CONFIRMED = "kit_confirmed"
    KIT_TRIED = "kit_tried"
    RECOVERY_ASKED = "recovery_asked"
    RECOVERY_STOPPED = "recovery_stopped"
    RECOVERED = "recovered"
    TRIPWIRE_SET = "tripwire_set"
    READING_SLOWED = "reading_slowed"
    READING_STOPPED = "reading_stopped"
    READING_TOLD = "reading_told"
    ALARM_SEEN = "alarm_seen"
    REFUSED = "refused"
    OFFICE_DAYS_SET = "office_days_set"
    LISTED = "listed"
    SEARCHED = "searched"
    OPENED_PERSON = "opened_person"
    OPENED_CASE = "opened_case"
    OPENED_HOUSEHOLD = "opened_household"
    OPENED_HISTORY = "opened_history"
    OPENED_PAPER = "opened_paper"
    EXPORTED = "exported"
    ADDED_PERSON = "added_person"
    CHANGED_PERSON = "changed_person"
    ADDED_CASE = "added_case"
    CHANGED_CASE = "changed_case"
    ADDED_HOUSEHOLD = "added_household"
    CHANGED_HOUSEHOLD = "changed_household"
    ADDED_PAPER = "added_paper"
    REMOVED_PAPER = "removed_paper"
    MERGED = "merged"
    UNMERGED = "unmerged"
    ERASED = "erased"
    LOGGED_EVENT = "logged_event"
    CHANGED_TASK = "changed_task"
    ASSIGNED = "assigned"
    COVER_SET = "cover_set"
    FEED_MADE = "feed_made"
    FEED_ENDED = "feed_ended"
    TOOK_IN_MAIL = "took_in_mail"
    OPENED_MESSAGE = "opened_message"
    FILED_MESSAGE = "filed_message"
    SET_ASIDE_MESSAGE = "set_aside_message"
    CHANGED_INCIDENT = "changed_incident"
    OPENED_DIRECTORY = "opened_directory"
    CHANGED_DIRECTORY = "changed_directory"
    TOOK_IN_SOURCE = "took_in_source"
    QUARANTINED = "quarantined"
    DISCARDED_REFUSED = "discarded_refused"
    OBSERVED_SOURCE = "observed_source"
    SET_WATCH = "set_watch"
    OBSERVED_DUE = "observed_due"
    STAMPED_SOURCE = "stamped_source"
    OPENED_SOURCE = "opened_source"
    MASKED_SOURCE = "masked_source"
    REMOVED_SOURCE = "removed_source"
    HANDED_OVER_SOURCE = "handed_over_source"
    CITED_SOURCE = "cited_source"
    OPENED_NOTES = "opened_notes"
    CHANGED_NOTES = "changed_notes"
    IMPORT_STAGED = "import_staged"
    IMPORT_OPENED = "import_opened"
    IMPORT_DONE = "import_done"
    IMPORT_UNDONE = "import_undone"
    INDEXED = "indexed"
    LOG_READ = "log_read"
    LOG_DIFFERED = "log_differed"
    LOG_EXPORTED = "log_exported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    EPOCH_BEGUN = "epoch_begun"
    EPOCH_DESTROYED = "epoch_destroyed"
    DATABASE_MOVED = "database_moved"


READING_ACTS = frozenset(
    {
        Act.LISTED,
        Act.SEARCHED,
        Act.OPENED_PERSON,
        Act.OPENED_CASE,
        Act.OPENED_HOUSEHOLD,
        Act.OPENED_HISTORY,
        Act.OPENED_PAPER,
        Act.OPENED_MESSAGE,
        Act.OPENED_SOURCE,
        Act.OPENED_NOTES,
        Act.OPENED_DIRECTORY,
        Act.EXPORTED,
        Act.IMPORT_OPENED,
        Act.LOG_READ,
        Act.OPENED_KIT,
    }
)


class Entry(models.Model):
    """One act. Inserted without a position; the sequencer appends it to its organisation's tree soon after.

    ``about`` is the member of staff an act was done to, where it was one. ``label`` stands for the person or case
    without saying which: it is derived from a key in the sealed record and the day, so entries about one record cannot
    be tied together across days by someone who lacks the key. On a list it is random, and says that the list showed its
    reader hardly anybody new that day.
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = HandleField()
    at = models.DateTimeField()
    act = models.CharField(max_length=24, choices=Act.choices)
    member = HandleField(null=True)
    about = HandleField(null=True)
    team = HandleField(null=True)
    label = CommitmentField(null=True, db_index=True)
    count = models.PositiveIntegerField(default=1)
    body = SealedField(null=True)
    salt = CommitmentField(null=True)
    commitment = CommitmentField()
    position = models.PositiveBigIntegerField(null=True)
    # The act that erased what this entry was about: label, body and salt are gone, the leaf stays.
    erased = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "position"], name="one_entry_a_position"),
            models.CheckConstraint(condition=models.Q(act__in=Act.values), name="entry_act_known"),
        )
        indexes = (
            models.Index(fields=["id"], condition=models.Q(position__isnull=True), name="entries_to_sequence"),
            models.Index(fields=["organisation", "-at"], name="entries_by_time"),
            # All that the tripwire counts by, so that it reads the index alone.
            models.Index(fields=["member", "at", "act", "count", "label"], name="entries_by_member"),
        )


class Commitment(models.Model):
    """What an entry that wrote says the new envelope hashes to."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="commitments")
    envelope = HandleField()
    revision = models.PositiveIntegerField()
    digest = CommitmentField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["envelope", "revision"], name="one_digest_a_revision"),)


class Head(models.Model):
    """How far an organisation's tree has grown, and its root there."""

    organisation = HandleField(unique=True)
    size = models.PositiveBigIntegerField(default=0)
    root = CommitmentField()
    at = models.DateTimeField()


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, as C2SP tlog-tiles lays them out."""

    organisation = HandleField()
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = CommitmentField(max_length=256 * 32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "level", "index"], name="one_tile_a_place"),)


class AlarmKind(models.TextChoices):
    """``log``: the log is not the one that a browser or the epoch file last saw. ``tries``: very many refused sign-ins.

    Neither of these two is about a member.
    """

    SLOWED = "slowed"
    STOPPED = "stopped"
    TOLD = "told"
    LOG = "log"
    TRIES = "tries"


class Alarm(models.Model):
    """What guardians are told: a member opened more records than the office expects of anyone, or the log differs.

    ``count`` is how many records it were; of a log that differs, how many entries were last seen; of refused sign-ins,
    how many within the hour. ``member`` of a log that differs is whose browser it was, of sign-ins all zeros.
    """

    Kind: TypeAlias = AlarmKind

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = HandleField()
    member = HandleField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    seen_at = models.DateTimeField(null=True)
    seen_by = HandleField(null=True)

    class Meta:
        constraints = (only_known("kind", AlarmKind, name="alarm_kind_known"),)
        indexes = (
            models.Index(fields=["organisation", "-at"], name="alarms_by_time"),
            models.Index(fields=["organisation"], condition=models.Q(seen_at__isnull=True), name="alarms_unseen"),
        )
