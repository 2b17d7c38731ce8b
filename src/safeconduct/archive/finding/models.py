"""What public sources are found by. It says nothing their reading copies do not, and can be made again from them."""

from django.db import models

from safeconduct.journal.fields import PublicTextField, SealedField

from .index import Grams


class Findable(models.Model):
    """A post of a public source as searches read it: title and text folded (`normal.fold`), ``|`` between them.

    What is masked in the reading copy is not in it. The index over ``text`` is the database's own, kept by it with
    every change of a row: see the migration, and docs/decisions/archive-finding.md.
    """

    post = models.OneToOneField("archive.Post", on_delete=models.CASCADE, related_name="findable")
    text = PublicTextField()
    author = PublicTextField()

    class Meta:
        indexes = (Grams(fields=["text"], name="findable_grams"),)

    def __str__(self) -> str:
        return str(self.pk)


class SealedFindable(models.Model):
    """The same of all posts of a source in confidence, sealed under its key: read in memory after an unlock."""

    source = models.OneToOneField("archive.Source", on_delete=models.CASCADE, related_name="findable")
    schema = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    body = SealedField()

    def __str__(self) -> str:
        return str(self.pk)
