"""Sealed subjects. Nothing here says who anybody is, or which case is about which person."""

from typing import TypeAlias
from uuid import UUID

from django.db import models
from django.db.models import Q

from safeconduct.accounts.models import Organisation, Team
from safeconduct.journal.fields import CommitmentField, HandleField, SealedField, new_handle, only_known

WHOLE = UUID(int=0)


class SubjectKind(models.TextChoices):
    PERSON = "person"
    CASE = "case"
    HOUSEHOLD = "household"
    MESSAGE = "message"
    DIRECTORY = "directory"


class Subject(models.Model):
    """A person, a case, a household, a message or a team's directory, with a key of its own."""

    Kind: TypeAlias = SubjectKind

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    started_on = models.DateField()
    # Of an import: which one, and whether it is not yet done, so that nothing of it shows.
    batch = HandleField(null=True)
    waiting = models.BooleanField(default=False)

    class Meta:
        constraints = (only_known("kind", SubjectKind, name="subject_kind_known"),)
        indexes = (models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="subjects_of_a_batch"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class Wrap(models.Model):
    """A subject's key, sealed for a team under its bundle of ``key_number`` and layered under an epoch."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="wraps")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="wraps")
    key_number = models.PositiveIntegerField(default=1)
    epoch = models.PositiveIntegerField()
    sealed = SealedField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject", "team"], name="one_wrap_a_team"),)
        indexes = (
            models.Index(fields=["team", "key_number"], name="wraps_by_key"),
            models.Index(fields=["epoch"], name="wraps_by_epoch"),
        )


class FacetName(models.TextChoices):
    IDENTITY = "identity"
    CONTACT = "contact"
    STATUS = "status"
    NEEDS = "needs"
    ACCOUNT = "account"
    PAPERS = "papers"
    HOUSEHOLD = "household"
    HISTORY = "history"
    LINKS = "links"
    HEAD = "head"
    ENTRY = "entry"
    MAIL = "mail"
    TASK = "task"
    DIRECTORY = "directory"


class Envelope(models.Model):
    """One facet of one subject. ``item`` tells a case's entries and a history's steps apart, else it is `WHOLE`."""

    Facet: TypeAlias = FacetName

    handle = HandleField(default=new_handle, unique=True, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="envelopes")
    facet = models.CharField(max_length=10, choices=Facet.choices)
    item = HandleField(default=WHOLE)
    schema = models.PositiveSmallIntegerField()
    generation = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    body = SealedField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "facet", "item"], name="one_envelope_a_facet"),
            only_known("facet", FacetName, name="facet_known"),
        )


class SearchGeneration(models.Model):
    """A team's index of names and references, sealed whole under a key of its own number and ``secret``.

    ``secret`` is layered under an epoch, so that what a backup keeps of an index ends as its wraps do. Parts written
    before there was one have none, and epoch 0.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField(default=0)
    secret = SealedField(default=bytes)
    body = SealedField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team", "number"], name="one_generation_a_number"),)


class SearchDelta(models.Model):
    """What was added to or taken from a team's index since its last generation, padded and sealed as that is."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    epoch = models.PositiveIntegerField(default=0)
    secret = SealedField(default=bytes)
    body = SealedField()


class Found(models.Model):
    """The result of one member's search, at an opaque address, sealed under a key of one of the teams searched."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    member = HandleField()
    at = models.DateTimeField()
    body = SealedField()


class PaperFile(models.Model):
    """A sealed file in the folder of papers, called by its handle. The subject's ``papers`` facet says what it is."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="paper_files")
    stored_bytes = models.PositiveBigIntegerField()
    digest = CommitmentField()
    added_on = models.DateField()


class ErasureRequest(models.Model):
    """Somebody asked that a subject be erased. Another member confirms it, and then this goes with the subject."""

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="erasure_request")
    asked_by = HandleField()
    asked_at = models.DateTimeField()


class Erasure(models.Model):
    """A subject that was erased: what its certificate says. Nothing here says who it was.

    ``epoch`` is the last one its wraps were layered under: when that is destroyed, no backup opens them.
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=SubjectKind.choices)
    subject = HandleField(unique=True)
    on = models.DateField()
    epoch = models.PositiveIntegerField()
    unreadable_by = models.DateField()
    destroyed_on = models.DateField(null=True)

    class Meta:
        constraints = (only_known("kind", SubjectKind, name="erasure_kind_known"),)
