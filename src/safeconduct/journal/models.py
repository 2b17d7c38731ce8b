"""The log of what was done: entries, what they commit to, and the tree over them."""

from django.db import models

from .fields import CommitmentField, HandleField, SealedField, new_handle


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
    OFFICE_DAYS_SET = "office_days_set"
    LISTED = "listed"
    SEARCHED = "searched"
    OPENED_PERSON = "opened_person"
    OPENED_CASE = "opened_case"
    ADDED_PERSON = "added_person"
    CHANGED_PERSON = "changed_person"
    ADDED_CASE = "added_case"
    CHANGED_CASE = "changed_case"
    LOGGED_EVENT = "logged_event"
    IMPORT_STAGED = "import_staged"
    IMPORT_OPENED = "import_opened"
    IMPORT_DONE = "import_done"
    IMPORT_UNDONE = "import_undone"
    LOG_READ = "log_read"
    LOG_EXPORTED = "log_exported"


READING_ACTS = frozenset(
    {Act.LISTED, Act.SEARCHED, Act.OPENED_PERSON, Act.OPENED_CASE, Act.IMPORT_OPENED, Act.LOG_READ}
)


class Entry(models.Model):
    """One act. Inserted without a position; the sequencer appends it to its organisation's tree soon after.

    ``about`` is the member of staff an act was done to, where it was one. ``label`` stands for the person or case
    without saying which: it is derived from a key in the sealed record and the day, so entries about one record cannot
    be tied together across days by someone who lacks the key.
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

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "position"], name="one_entry_a_position"),
            models.CheckConstraint(condition=models.Q(act__in=Act.values), name="entry_act_known"),
        )
        indexes = (
            models.Index(fields=["id"], condition=models.Q(position__isnull=True), name="entries_to_sequence"),
            models.Index(fields=["organisation", "-at"], name="entries_by_time"),
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
