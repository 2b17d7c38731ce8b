"""What is due. A projection of clocks that can be thrown away and made again; rooms write it through its actions."""

from typing import TypeAlias

from django.db import models

from safeconduct.accounts.models import Member, Team
from safeconduct.journal.fields import CommitmentField, HandleField, new_handle, only_known


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
    REMOVAL = "removal"
    TELL = "tell"
    PROMISE = "promise"
    TASK = "task"
    SILENCE = "silence"


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
            models.Index(fields=["team", "rank", "day", "id"], name="agenda_by_rank"),
            models.Index(fields=["team", "worker", "rank", "day", "id"], name="agenda_by_worker"),
            models.Index(fields=["team", "day", "rank", "id"], name="agenda_by_day"),
        )


class Cover(models.Model):
    """Somebody is away, and from one day until another (both counted) a colleague sees their work as their own."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="covers")
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="covering")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(from_on__lte=models.F("until_on")), name="cover_begins_first"),
            models.CheckConstraint(condition=~models.Q(member=models.F("by")), name="nobody_covers_themselves"),
        )


class Whose(models.TextChoices):
    ANYBODY = "anybody"
    MINE = "mine"
    NOBODY = "nobody"
    MEMBER = "member"


class SavedFilter(models.Model):
    """A way of looking at Today that a member keeps: open facts only, so its name is made from what it asks."""

    Whose: TypeAlias = Whose

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_filters")
    whose = models.CharField(max_length=8, choices=Whose.choices, default=Whose.ANYBODY)
    worker = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    topic = models.CharField(max_length=24, choices=Topic.choices, null=True)
    kind = models.CharField(max_length=10, choices=ItemKind.choices, null=True)

    class Meta:
        constraints = (
            only_known("whose", Whose, name="filter_whose_known"),
            only_known("topic", Topic, name="filter_topic_known"),
            only_known("kind", ItemKind, name="filter_kind_known"),
            models.CheckConstraint(
                condition=models.Q(whose="member", worker__isnull=False)
                | (~models.Q(whose="member") & models.Q(worker__isnull=True)),
                name="filter_of_a_member_names_one",
            ),
        )


class Feed(models.Model):
    """A calendar a member may read elsewhere: days and kinds, no names. Its address holds a secret; this its hash."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="feed")
    secret_hash = CommitmentField(unique=True)
    made_on = models.DateField()
    read_on = models.DateField(null=True)
