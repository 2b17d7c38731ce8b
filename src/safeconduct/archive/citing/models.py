"""Passages somebody cites, and what members write about sources: notes, tags and the names of collections.

The words of a passage of a public source are what others published. What a member wrote, and all of a passage of a
source in confidence, is sealed.
"""

from typing import TypeAlias

from django.db import models
from django.db.models import F, Q

from safeconduct.accounts.models import Member, Team
from safeconduct.journal.fields import (
    CommitmentField,
    HandleField,
    PublicTextField,
    SealedField,
    new_handle,
    only_known,
)


class PassageState(models.TextChoices):
    """``orphan``: the source as it is read now does not have these words there. They are attached to nothing else."""

    STANDING = "standing"
    ORPHAN = "orphan"


class Passage(models.Model):
    """A sentence that is cited: the quotation, what stands around it, and where it stands in the source's raw text.

    Of a source in confidence ``body`` holds all of that, sealed under the source's key, and the rest is null.
    """

    State: TypeAlias = PassageState

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    quote = PublicTextField(null=True)
    prefix = PublicTextField(null=True)
    suffix = PublicTextField(null=True)
    body = SealedField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STANDING)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            only_known("state", PassageState, name="passage_state_known"),
            models.CheckConstraint(
                condition=Q(
                    body__isnull=True,
                    number__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    quote__isnull=False,
                    prefix__isnull=False,
                    suffix__isnull=False,
                )
                | Q(
                    body__isnull=False,
                    number__isnull=True,
                    start__isnull=True,
                    end__isnull=True,
                    quote__isnull=True,
                    prefix__isnull=True,
                    suffix__isnull=True,
                ),
                name="passage_in_its_plane",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(start__lt=F("end")), name="passage_covers_something"
            ),
        )
        indexes = (models.Index(fields=["source", "number"], name="passages_by_post"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class Written(models.Model):
    """What a member wrote, for their team alone: sealed under a key of its own, which is sealed for the team."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key_number = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    sealed = SealedField()
    revision = models.PositiveIntegerField(default=1)
    body = SealedField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.handle.hex)


class Note(Written):
    """A note on a source, or on a passage of it."""

    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="notes")
    passage = models.ForeignKey(Passage, null=True, on_delete=models.CASCADE, related_name="notes")

    class Meta:
        indexes = (
            models.Index(fields=["team", "key_number"], name="notes_by_key"),
            models.Index(fields=["epoch"], name="notes_by_epoch"),
        )


class Tag(Written):
    """A word a team puts on sources. ``mark`` is a keyed hash of it, so that a team has each word once."""

    mark = CommitmentField()
    sources = models.ManyToManyField("archive.Source", related_name="tags")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team", "mark"], name="one_tag_a_word"),)
        indexes = (
            models.Index(fields=["team", "key_number"], name="tags_by_key"),
            models.Index(fields=["epoch"], name="tags_by_epoch"),
        )


class Collection(Written):
    """Sources and passages a team keeps together under a name, in an order."""

    class Meta:
        indexes = (
            models.Index(fields=["team", "key_number"], name="collections_by_key"),
            models.Index(fields=["epoch"], name="collections_by_epoch"),
        )


class Collected(models.Model):
    """A source of a collection, or one passage of it."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="collected")
    passage = models.ForeignKey(Passage, null=True, on_delete=models.CASCADE, related_name="collected")
    place = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["collection", "place"], name="one_item_a_place"),
            models.UniqueConstraint(
                fields=["collection", "source"], condition=Q(passage__isnull=True), name="one_source_a_collection"
            ),
            models.UniqueConstraint(
                fields=["collection", "passage"], condition=Q(passage__isnull=False), name="one_passage_a_collection"
            ),
        )
