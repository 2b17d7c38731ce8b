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


class CaseOutcome(models.TextChoices):
    """How a case ended, for the person."""

    GOT_IT = "got_it"
    GOT_PART = "got_part"
    REFUSED = "refused"
    ANSWERED_ONLY = "answered_only"
    NO_LONGER_NEEDED = "no_longer_needed"
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"
    LOST_TOUCH = "lost_touch"
    REMOVED = "removed"
    DIED = "died"
    OPENED_BY_MISTAKE = "opened_by_mistake"


class Case(models.Model):
    """What an office does for a person on one matter."""

    Kind: TypeAlias = Topic

    State: TypeAlias = CaseState

    Outcome: TypeAlias = CaseOutcome

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    worker = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, null=True)
    # The day on which somebody asks whether a closed case must still be kept.
    review_on = models.DateField(null=True)
    # The day the authority means to remove somebody this case concerns.
    removal_on = models.DateField(null=True)
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="cases")

    class Meta:
        constraints = (
            only_known("kind", Topic, name="case_kind_known"),
            only_known("state", CaseState, name="case_state_known"),
            only_known("outcome", CaseOutcome, name="case_outcome_known"),
        )
        indexes = (
            models.Index(fields=["team", "state", "-opened_on"], name="cases_by_team"),
            models.Index(fields=["team", "review_on"], condition=Q(review_on__isnull=False), name="cases_to_review"),
            models.Index(fields=["team", "removal_on"], condition=Q(removal_on__isnull=False), name="cases_of_removal"),
        )

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


class ServedHow(models.TextChoices):
    """How a decision came."""

    POST = "post"
    EMAIL = "email"
    PORTAL = "portal"
    BY_HAND = "by_hand"
    REPRESENTATIVE = "representative"


class Deadline(models.Model):
    """A limit of the law that runs against the person, from something that happened on a day until it is met."""

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=40, choices=rules_against_the_person)
    on = models.DateField()
    letter_on = models.DateField(null=True)
    nation = models.CharField(max_length=20, choices=[(n.value, n.value) for n in Nation])
    abroad = models.BooleanField(default=False)
    detained = models.BooleanField(default=False)
    served_how = models.CharField(max_length=14, choices=ServedHow.choices, null=True)
    met_on = models.DateField(null=True)

    class Meta:
        constraints = (
            only_known("nation", Nation, name="deadline_nation_known"),
            only_known("served_how", ServedHow, name="deadline_served_how_known"),
        )


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
    # What stops and starts a clock, or gives it another day.
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFIED = "clarified"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    # The person, or somebody for them.
    CALLED = "called"
    SEEN = "seen"
    WILL_RING_BACK = "will_ring_back"
    RANG_BACK = "rang_back"
    # The case itself: how it ended, and that it goes on after all.
    CLOSED = "closed"
    REOPENED = "reopened"
    KEPT_LONGER = "kept_longer"
    # A removal: its day, who was told of it, and what became of it.
    REMOVAL_SET = "removal_set"
    REMOVAL_TOLD = "removal_told"
    REMOVAL_CALLED_OFF = "removal_called_off"
    REMOVAL_STOPPED = "removal_stopped"
    REMOVAL_FAILED = "removal_failed"
    REMOVED = "removed"


# What says where the case itself stands: the case has moved with it, so it is not taken back but followed by another.
STANDS_FOR_ITSELF = frozenset(
    {
        EventKind.CORRECTED,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.KEPT_LONGER,
        EventKind.REMOVAL_SET,
        EventKind.REMOVAL_CALLED_OFF,
        EventKind.REMOVAL_STOPPED,
        EventKind.REMOVAL_FAILED,
        EventKind.REMOVED,
    }
)


class EventReason(models.TextChoices):
    """Why a clock was paused or given longer."""

    AWAITING_PERSON = "awaiting_person"
    AWAITING_CONSENT = "awaiting_consent"
    AWAITING_IDENTITY = "awaiting_identity"
    AWAITING_CHECKS = "awaiting_checks"
    POLICY_HOLD = "policy_hold"
    LITIGATION = "litigation"
    COMPLEX = "complex"
    PUBLIC_INTEREST = "public_interest"
    AGREED_WITH_US = "agreed_with_us"
    WE_ASKED = "we_asked"
    OTHER = "other"


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
    AWAITING_CHECKS = "awaiting_checks"
    AWAITING_PERSON = "awaiting_person"
    INTERVIEW_TO_COME = "interview_to_come"
    POLICY_HOLD = "policy_hold"
    NOT_A_CONSTITUENT = "not_a_constituent"
    ALREADY_ANSWERED = "already_answered"
    LITIGATION = "litigation"
    NOT_SERVED = "not_served"
    REVIEW_RIGHT = "review_right"


class Event(models.Model):
    """Something that happened, on a day. What was written about it is a sealed entry of the case."""

    Kind: TypeAlias = EventKind

    Shape: TypeAlias = ReplyShape

    Reason: TypeAlias = EventReason

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    shape = models.CharField(max_length=18, choices=Shape.choices, null=True)
    on = models.DateField()
    # The day promised, the day a pause or an extension is said to end, a removal's day, the day to look at it again.
    until = models.DateField(null=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, null=True)
    # Of a closing: how the case had ended then. A case that was opened again may end another way.
    outcome = models.CharField(max_length=20, choices=CaseOutcome.choices, null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT)
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="events")
    corrects = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="corrected_by")

    class Meta:
        constraints = (
            only_known("kind", EventKind, name="event_kind_known"),
            only_known("shape", ReplyShape, name="event_shape_known"),
            only_known("reason", EventReason, name="event_reason_known"),
            only_known("outcome", CaseOutcome, name="event_outcome_known"),
            models.CheckConstraint(
                condition=Q(kind="corrected", corrects__isnull=False)
                | (~Q(kind="corrected") & Q(corrects__isnull=True)),
                name="a_correction_corrects",
            ),
        )
        indexes = (models.Index(fields=["case", "on"], name="events_of_case"),)


class Said(models.Model):
    """What else a reply said, beside its ``shape``: several labels may apply to one."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="said")
    shape = models.CharField(max_length=18, choices=ReplyShape.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "shape"], name="each_label_once"),
            only_known("shape", ReplyShape, name="said_shape_known"),
        )


class TaskKind(models.TextChoices):
    RING_BACK = "ring_back"
    TELL_PERSON = "tell_person"
    ASK_PERSON = "ask_person"
    SEND = "send"
    CHECK = "check"
    OTHER = "other"


class Task(models.Model):
    """Something a member means to do on a case by a day. What exactly is sealed."""

    Kind: TypeAlias = TaskKind

    handle = HandleField(default=new_handle, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    on = models.DateField()
    worker = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_on = models.DateField(null=True)

    class Meta:
        constraints = (only_known("kind", TaskKind, name="task_kind_known"),)


class Directory(models.Model):
    """A team's own contacts, sealed under a key of their own."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT)
