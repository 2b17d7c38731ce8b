"""What is due. A projection of clocks that can be thrown away and made again; rooms write it through its actions."""

from typing import TypeAlias

from django.db import models

from safeconduct.accounts.models import Member, Team
from safeconduct.journal.fields import HandleField, only_known


class Topic(models.TextChoices):
    """The broad kind of case, for filtering. The exact kind is sealed."""

    ASYLUM = "asylum"
    FAMILY = "family"
    SETTLEMENT_CITIZENSHIP = "settlement_citizenship"
    VISIT_WORK_STUDY = "visit_work_study"
    PASSPORT_TRAVEL = "passport_travel"
    SUPPORT_ACCOMMODATION = "support_accommodation"
    DETENTION_REMOVAL = "detention_removal"
    REPORTING = "reporting"
    STATUS_DOCUMENTS = "status_documents"
    OTHER = "other"


class ItemKind(models.TextChoices):
    ACT_BY = "act_by"
    ANSWER = "answer"
    CHASE = "chase"
    REPLY_DUE = "reply_due"


class Item(models.Model):
    """One thing due on one day: why, under which rule, in which team, with whom, about which enquiry or case."""

    Kind: TypeAlias = ItemKind

    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    rule_version = models.PositiveIntegerField(default=0)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    worker = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL)
    topic = models.CharField(max_length=24, choices=Topic.choices)
    handle = HandleField(unique=True)
    case = HandleField()
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            only_known("kind", ItemKind, name="item_kind_known"),
            only_known("topic", Topic, name="item_topic_known"),
        )
        indexes = (
            models.Index(fields=["team", "rank", "day"], name="agenda_by_team"),
            models.Index(fields=["team", "worker", "rank", "day"], name="agenda_by_worker"),
        )
