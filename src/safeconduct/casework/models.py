"""Cases, enquiries, events and imports: the open part. Who they are about is in the sealed head of the case."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q

from safeconduct.accounts.models import Member, Organisation, Team
from safeconduct.agenda.models import Topic
from safeconduct.core.calendar.days import Nation
from safeconduct.journal.fields import HandleField, SealedField, new_handle, only_known
from safeconduct.people.models import Subject

from .rules import rules_against_the_person


class ArrivalState(models.TextChoices):
    STAGED = "staged"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class Arrival(models.Model):
    """A file somebody brought in. Its rows wait sealed in ``staged``; nothing of it shows until it is done."""

    State: TypeAlias = ArrivalState

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    member = models.ForeignKey(Member, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STAGED)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    as_of = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    rows_done = models.PositiveIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(default=0)
    staged = SealedField(null=True)

    class Meta:
        constraints = (
            only_known("state", ArrivalState, name="arrival_state_known"),
            models.CheckConstraint(
                condition=Q(rows_done__lte=models.F("rows_in_all")), name="arrival_rows_done_at_most_all"
            ),
        )

    def __str__(self) -> str:
        return str(self.handle.hex)


class CaseState(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


class Case(models.Model):
    """What an office does for a person on one matter."""

    Kind: TypeAlias = Topic

    State: TypeAlias = CaseState

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    worker = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField()
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="cases")

    class Meta:
        constraints = (
            only_known("kind", Topic, name="case_kind_known"),
            only_known("state", CaseState, name="case_state_known"),
        )
        indexes = (models.Index(fields=["team", "state", "-opened_on"], name="cases_by_team"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class EnquiryRoute(models.TextChoices):
    HO_MP = "ho_mp"
    HO_MP_URGENT = "ho_mp_urgent"
    HO_MINISTER = "ho_minister"
    HMPO_HOTLINE = "hmpo_hotline"
    MIGRANT_HELP = "migrant_help"
    FOI = "foi"
    SAR = "sar"
    COMPLAINT = "complaint"
    OTHER = "other"


class Enquiry(models.Model):
    """One letter and its clock: where it went, and so which rule counts."""

    Route: TypeAlias = EnquiryRoute

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="enquiries")
    route = models.CharField(max_length=14, choices=Route.choices)
    nation = models.CharField(max_length=20, choices=[(n.value, n.value) for n in Nation])

    class Meta:
        constraints = (
            only_known("route", EnquiryRoute, name="route_known"),
            only_known("nation", Nation, name="enquiry_nation_known"),
        )


class Deadline(models.Model):
    """A limit of the law that runs against the person, from something that happened on a day until it is met."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=40, choices=rules_against_the_person)
    on = models.DateField()
    letter_on = models.DateField(null=True)
    nation = models.CharField(max_length=20, choices=[(n.value, n.value) for n in Nation])
    abroad = models.BooleanField(default=False)
    met_on = models.DateField(null=True)

    class Meta:
        constraints = (only_known("nation", Nation, name="deadline_nation_known"),)


class EventKind(models.TextChoices):
    CAME_IN = "came_in"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    HOLDING_REPLY = "holding_reply"
    CHASED = "chased"
    ANSWERED = "answered"
    DECIDED = "decided"
    PHONED = "phoned"
    TOLD_PERSON = "told_person"
    CORRECTED = "corrected"


class ReplyShape(models.TextChoices):
    """What a reply that answers nothing said instead."""

    HOLDING_REPLY = "holding_reply"
    OUTSIDE_STANDARDS = "outside_standards"
    NO_TIMEFRAME = "no_timeframe"
    CONSENT_REQUIRED = "consent_required"
    TRANSFERRED = "transferred"
    WRONG_RECIPIENT = "wrong_recipient"
    WRONG_PERSON = "wrong_person"
    NOT_DESCRIBED = "not_described"


class Event(models.Model):
    """Something that happened, on a day. What was written about it is a sealed entry of the case."""

    Kind: TypeAlias = EventKind

    Shape: TypeAlias = ReplyShape

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    shape = models.CharField(max_length=18, choices=Shape.choices, null=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT)
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="events")
    corrects = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="corrected_by")

    class Meta:
        constraints = (
            only_known("kind", EventKind, name="event_kind_known"),
            only_known("shape", ReplyShape, name="event_shape_known"),
            models.CheckConstraint(
                condition=Q(kind="corrected", corrects__isnull=False)
                | (~Q(kind="corrected") & Q(corrects__isnull=True)),
                name="a_correction_corrects",
            ),
        )
        indexes = (models.Index(fields=["case", "on"], name="events_of_case"),)
