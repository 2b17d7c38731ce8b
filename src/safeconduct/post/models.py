"""Mail that came in, and what went out. Who wrote what is in the sealed record of each message."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q

from safeconduct.accounts.models import Member, Organisation, Team
from safeconduct.casework.models import Case, Event
from safeconduct.journal.fields import HandleField, new_handle, only_known
from safeconduct.people.models import Subject


class MessageState(models.TextChoices):
    """``waiting``: in the tray. ``aside``: read, and about no case."""

    WAITING = "waiting"
    FILED = "filed"
    ASIDE = "aside"


class Direction(models.TextChoices):
    IN = "in"
    OUT = "out"


class Message(models.Model):
    """A message that somebody put in the tray, sealed under a key of its own. Message and subject share a handle.

    ``on`` is the day it was sent, in London, or the day it was taken in where it says none. ``event`` is what it was
    filed as.
    """

    State: TypeAlias = MessageState

    Direction: TypeAlias = Direction

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.IN)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="messages")
    event = models.OneToOneField(Event, null=True, on_delete=models.SET_NULL, related_name="message")

    class Meta:
        constraints = (
            only_known("direction", Direction, name="message_direction_known"),
            only_known("state", MessageState, name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state="filed", case__isnull=False) | (~Q(state="filed") & Q(case__isnull=True)),
                name="filed_on_a_case",
            ),
        )
        indexes = (models.Index(fields=["team", "state", "on", "id"], name="messages_by_team"),)

    def __str__(self) -> str:
        return str(self.handle.hex)


class IncidentKind(models.TextChoices):
    ABOUT_SOMEBODY_ELSE = "about_somebody_else"
    SENT_TO_SOMEBODY_ELSE = "sent_to_somebody_else"


class Incident(models.Model):
    """An authority sent us what is about somebody else, or sent what is about our person to others."""

    Kind: TypeAlias = IncidentKind

    handle = HandleField(default=new_handle, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    # What was sent by mistake is destroyed in the end; that it happened, and what was done, stays.
    message = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="incident")
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="incidents")
    kind = models.CharField(max_length=22, choices=Kind.choices, default=Kind.ABOUT_SOMEBODY_ELSE)
    worker = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (only_known("kind", IncidentKind, name="incident_kind_known"),)


class StepName(models.TextChoices):
    """What is done about an incident, in this order."""

    SET_APART = "set_apart"
    TELL_LEAD = "tell_lead"
    TELL_SENDER = "tell_sender"
    DESTROY_COPIES = "destroy_copies"
    ASK_FOR_OURS = "ask_for_ours"
    TELL_PERSON = "tell_person"
    CONSIDER_COMPLAINT = "consider_complaint"


class IncidentStep(models.Model):
    """One step of an incident that was done, by whom and when."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20, choices=StepName.choices)
    on = models.DateField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "step"], name="each_step_once"),
            only_known("step", StepName, name="incident_step_known"),
        )
