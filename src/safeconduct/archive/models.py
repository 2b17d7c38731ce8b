"""Sources that are kept as evidence: what others published, and what somebody supplied in confidence.

Of a source in confidence no public column holds anything: what it says is in its sealed record alone.
"""

from typing import Final, TypeAlias

from django.db import models
from django.db.models import Q

from safeconduct.accounts.models import Member, Organisation, Team
from safeconduct.journal.fields import (
    CommitmentField,
    HandleField,
    PublicBytesField,
    PublicTextField,
    SealedField,
    new_handle,
    only_known,
)

from .causes import Unreached, Why
from .reading.shape import Found as HowFound
from .reading.shape import Kind as Format
from .reading.shape import Unfit

_FORMATS: Final = [(one.value, one.value) for one in Format]
_FOUND: Final = [(one.value, one.value) for one in HowFound]
_UNFIT: Final = [(one.value, one.value) for one in Unfit]
_WHY: Final = [(one, one) for one in sorted({*(each.value for each in (*Why, *Unreached))})]


class SourcePlane(models.TextChoices):
    """``public``: others published it. ``sealed``: somebody supplied it in confidence."""

    PUBLIC = "public"
    SEALED = "sealed"


class Source(models.Model):
    """One source, by the bytes it came as. Taken in twice, it is one source that was observed twice.

    ``sha256`` is of those bytes; of a source in confidence only ``mark`` stands here, a keyed hash of it that the team
    can make and nobody else. ``captured_at`` is when the bytes were got, ``at`` when they were taken in. ``date`` is
    what the source says of itself, as exactly as it says it; ``from_on`` and ``until_on`` are the days that can mean.
    """

    Plane: TypeAlias = SourcePlane

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    # Of a source in confidence: the team that holds it.
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    plane = models.CharField(max_length=6, choices=Plane.choices)
    kind = models.CharField(max_length=16, choices=_FORMATS)
    sha256 = CommitmentField(null=True)
    mark = CommitmentField(null=True)
    length = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    captured_at = models.DateTimeField()
    captured_on = models.DateField()
    address = PublicTextField(null=True)
    title = PublicTextField(null=True)
    author = PublicTextField(null=True)
    language = PublicTextField(null=True)
    date = PublicTextField(null=True)
    date_found_by = models.CharField(max_length=10, choices=_FOUND, null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        constraints = (
            only_known("plane", SourcePlane, name="source_plane_known"),
            only_known("kind", Format, name="source_kind_known"),
            only_known("date_found_by", HowFound, name="source_date_found_known"),
            models.CheckConstraint(
                condition=Q(plane="public", team__isnull=True, mark__isnull=True, sha256__isnull=False)
                | Q(
                    plane="sealed",
                    team__isnull=False,
                    mark__isnull=False,
                    sha256__isnull=True,
                    length__isnull=True,
                    address__isnull=True,
                    title__isnull=True,
                    author__isnull=True,
                    language__isnull=True,
                    date__isnull=True,
                    date_found_by__isnull=True,
                    from_on__isnull=True,
                    until_on__isnull=True,
                ),
                name="sealed_source_says_nothing",
            ),
            models.UniqueConstraint(
                fields=["organisation", "sha256"], condition=Q(plane="public"), name="one_source_a_digest"
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "plane", "-at"], name="sources_by_time"),
            models.Index(fields=["team", "mark"], condition=Q(plane="sealed"), name="sources_by_mark"),
        )

    def __str__(self) -> str:
        return str(self.handle.hex)


class SourceFile(models.Model):
    """The file of a source in the folder of the archive, called by its handle: a WACZ as it is, or sealed and padded.

    ``digest`` is SHA-256 of a public file; of a sealed one `core.sealing.files.digest`.
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="file")
    stored_bytes = models.PositiveBigIntegerField()
    digest = CommitmentField()


class SourceWrap(models.Model):
    """The key of a source in confidence, sealed for its team under its bundle of ``key_number``, and layered."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="wrap")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    key_number = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    sealed = SealedField()

    class Meta:
        indexes = (
            models.Index(fields=["team", "key_number"], name="source_wraps_by_key"),
            models.Index(fields=["epoch"], name="source_wraps_by_epoch"),
        )


class SealedRecord(models.Model):
    """All that is known of a source in confidence: what it says, where it is from, who supplied it."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="sealed_record")
    schema = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    body = SealedField()


class ReadingCopy(models.Model):
    """What a public source says once it was read, whole: see `copies`. It can be made again from the file."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="copy")
    schema = models.PositiveSmallIntegerField()
    body = PublicBytesField()


class Post(models.Model):
    """One post of a public source, as it is found, compared and cited. Its text is in the source's reading copy.

    ``start`` and ``end`` are offsets, in characters, in the source's raw text. ``digest`` is SHA-256 of its text, and
    ``sampled`` how many of its samples any text that says the same would have (see `likeness.words.everywhere`).
    """

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    title = PublicTextField(null=True)
    author = PublicTextField(null=True)
    language = PublicTextField(null=True)
    address = PublicTextField(null=True)
    date = PublicTextField(null=True)
    date_found_by = models.CharField(max_length=10, choices=_FOUND, null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    digest = CommitmentField()
    sampled = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "number"], name="one_post_a_number"),
            models.CheckConstraint(condition=Q(start__lte=models.F("end")), name="post_begins_first"),
            only_known("date_found_by", HowFound, name="post_date_found_known"),
        )
        indexes = (models.Index(fields=["digest"], name="posts_by_digest"),)


class Sample(models.Model):
    """A run of three words that a public post has, hashed: posts that say the same are found by those they share."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="samples")
    hash = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["hash", "post"], name="samples_by_hash"),)


class Likeness(models.Model):
    """A post says much of what an earlier one says. Shares are in ten-thousandths of the runs of words they consist of.

    ``containment``: how much of the shorter is in the longer. ``resemblance``: what both have, of what either has.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="like")
    of = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="liked_by")
    containment = models.PositiveSmallIntegerField()
    resemblance = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "of"], name="one_likeness_a_pair"),)


class ObservationOutcome(models.TextChoices):
    """``taken_in``: the same bytes came again. ``gone``: the source itself says so; a throttle is ``unreachable``."""

    TAKEN_IN = "taken_in"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNREACHABLE = "unreachable"
    GONE = "gone"


class Observation(models.Model):
    """Somebody looked at a source again; or nobody did, and it was ``due`` as ``by`` had asked (see `watches`).

    ``other`` is the source that a changed one became. ``why`` is why it was not reached, or by what it says it is gone.
    """

    Outcome: TypeAlias = ObservationOutcome

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="observations")
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(null=True)
    address = PublicTextField(null=True)
    other = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=18, choices=_WHY, null=True)
    due = models.BooleanField(default=False)

    class Meta:
        constraints = (
            only_known("outcome", ObservationOutcome, name="observation_outcome_known"),
            models.CheckConstraint(
                condition=Q(why__in=[name for name, _ in _WHY]) | Q(why__isnull=True), name="observation_why_known"
            ),
        )
        indexes = (models.Index(fields=["source", "-at"], name="observations_by_time"),)


class StampState(models.TextChoices):
    """``wanting``: asked for and not had, to be tried again."""

    WANTING = "wanting"
    HAD = "had"


class Stamp(models.Model):
    """A trusted time-stamp over ``digest``, of the source's package: these bytes existed by ``at``.

    ``authority`` is whom it was asked of, ``token`` their whole reply, ``chain`` the certificates it rests on (PEM).
    ``tries`` counts how often they were asked.
    """

    State: TypeAlias = StampState

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="stamps")
    authority = PublicTextField()
    digest = CommitmentField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WANTING)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(null=True)
    token = PublicBytesField(null=True)
    chain = PublicTextField(null=True)

    class Meta:
        constraints = (
            only_known("state", StampState, name="stamp_state_known"),
            models.UniqueConstraint(fields=["source", "authority"], name="one_stamp_an_authority"),
            models.CheckConstraint(
                condition=Q(state="had", at__isnull=False, token__isnull=False, chain__isnull=False)
                | Q(state="wanting", at__isnull=True, token__isnull=True, chain__isnull=True),
                name="stamp_had_is_there",
            ),
        )


class MaskPart(models.TextChoices):
    """``text``: the raw text. ``said``: anything else that was read, by its number. ``address``: where it is from."""

    TEXT = "text"
    SAID = "said"
    ADDRESS = "address"


class Mask(models.Model):
    """A stretch that the reading copy does not show, by offsets in characters. The bytes stay as they came.

    ``part`` says of what, and of what else was read ``number`` which (see `masking`). The word that was masked is kept
    nowhere.
    """

    Part: TypeAlias = MaskPart

    handle = HandleField(default=new_handle, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="masks")
    part = models.CharField(max_length=7, choices=Part.choices, default=Part.TEXT)
    number = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            only_known("part", MaskPart, name="mask_part_known"),
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="mask_covers_something"),
        )


class Quarantined(models.Model):
    """Bytes that were refused, kept as they came and shown nowhere. ``reason`` says why they are no source.

    In confidence they are sealed under a key of their own, wrapped as a source's is; else ``epoch`` is 0.
    """

    Plane: TypeAlias = SourcePlane

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    plane = models.CharField(max_length=6, choices=Plane.choices)
    reason = models.CharField(max_length=16, choices=_UNFIT)
    sha256 = CommitmentField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    stored_bytes = models.PositiveBigIntegerField()
    digest = CommitmentField()
    key_number = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    sealed = SealedField(default=bytes)

    class Meta:
        constraints = (
            only_known("plane", SourcePlane, name="quarantine_plane_known"),
            only_known("reason", Unfit, name="quarantine_reason_known"),
            models.CheckConstraint(
                condition=Q(plane="public", team__isnull=True, epoch=0, sha256__isnull=False)
                | Q(plane="sealed", team__isnull=False, epoch__gt=0, sha256__isnull=True),
                name="quarantine_in_its_plane",
            ),
        )
        indexes = (models.Index(fields=["team", "key_number"], name="quarantine_by_key"),)


# The tables of what is found and cited, which stand on these.
from .citing.models import Collected, Collection, Note, Passage, Tag  # noqa: E402, F401
from .finding.models import Findable, SealedFindable  # noqa: E402, F401
from .watches.models import Watch  # noqa: E402, F401
