"""The table of what is looked at again without being asked each time."""

from typing import TypeAlias

from django.db import models

from safeconduct.accounts.models import Member
from safeconduct.journal.fields import only_known


class HowOften(models.TextChoices):
    """How often an address is looked at."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Watch(models.Model):
    """The address of a public source is looked at ``every`` so often, as the member ``by`` asked.

    ``due_at`` is when next. ``put_off`` counts how often in a row the address gave nothing or a throttle: each time
    the next look is further off (see `due`).
    """

    Every: TypeAlias = HowOften

    source = models.OneToOneField("archive.Source", on_delete=models.CASCADE, related_name="watch")
    every = models.CharField(max_length=7, choices=HowOften.choices)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    put_off = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (only_known("every", HowOften, name="watch_every_known"),)
        indexes = (models.Index(fields=["due_at"], name="watches_by_day"),)
