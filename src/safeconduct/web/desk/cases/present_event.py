"""What happened on a case, as its timeline shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.casework.models import STANDS_FOR_ITSELF, Case, Event
from safeconduct.casework.queries import CaseRecord
from safeconduct.core.calendar.days import day_in_london
from safeconduct.people.facets import CaseHead, EnquiryHead
from safeconduct.post.models import Message

from ...words import cases as words
from ...words import closing, dates
from ...words import events as event_words
from ...words.dates import Day

Kind = Event.Kind
_REPLIES: Final = frozenset({Kind.ACKNOWLEDGED, Kind.HOLDING_REPLY, Kind.ANSWERED, Kind.DECIDED})


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing a reply said, with what it is."""

    label: str
    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShown:
    """One entry of the timeline: the shape of `components/timeline.html`."""

    title: str
    on: Day
    until: str
    by: str
    about: str
    note: str
    details: Sequence[Detail]
    logged: Day | None
    corrected: str
    change_url: str
    message_url: str = ""


def timeline(record: CaseRecord, *, change_url: Callable[[Event], str]) -> list[EventShown]:
    """What happened, newest first. What was wrong stays, with who said so and why."""
    corrections = {one.corrects_id: one for one in record.events if one.corrects_id}
    is_open = record.case.state == Case.State.OPEN
    messages = _messages(record.case)
    shown = []
    for event in record.events:
        if event.kind == Kind.CORRECTED:
            continue
        correction = corrections.get(event.pk)
        may_change = is_open and correction is None and event.kind not in STANDS_FOR_ITSELF
        one = _event(record, event, correction, change_url(event) if may_change else "")
        shown.append(replace(one, message_url=messages.get(event.pk, "")))
    return shown


def _messages(case: Case) -> dict[int, str]:
    """By the row of each entry that a message was filed as: the message's page, which asks by itself who may."""
    rows = Message.objects.filter(case=case, team=case.team_id, event__isnull=False).values_list("event", "handle")
    return {event: reverse("message", args=[handle]) for event, handle in rows}


def title(event: Event) -> str:
    """The heading of an event, with everything a reply said, or how a case ended."""
    if event.outcome:
        said = {"event": event_words.KINDS[event.kind], "outcome": closing.in_a_sentence(event.outcome)}
        return _("%(event)s: %(outcome)s") % said
    return event_words.title(event.kind, event.shape, [one.shape for one in event.said.all()], event.reason)


def _event(record: CaseRecord, event: Event, correction: Event | None, change_url: str) -> EventShown:
    logged_on = day_in_london(event.at)
    many = len(record.enquiries) > 1
    return EventShown(
        title=title(event),
        on=dates.day(event.on),
        until=event_words.until(event.kind, event.until) if event.until else "",
        by=event.by.name,
        about=str(words.ROUTES[event.enquiry.route]) if many and event.enquiry else "",
        note=record.notes.get(event.handle, ""),
        details=_details(record, event),
        logged=dates.day(logged_on) if logged_on != event.on else None,
        corrected=_correction(record, correction) if correction else "",
        change_url=change_url,
    )


def _details(record: CaseRecord, event: Event) -> list[Detail]:
    """Of a reply: which of its letter's questions it answered and which not, where from, and under what."""
    entry = record.entries.get(event.handle)
    if entry is None:
        return []
    head: CaseHead = record.head.content
    about = head.enquiries.get(event.enquiry.handle.hex, EnquiryHead()) if event.enquiry else EnquiryHead()
    asked = list(enumerate(about.questions)) if event.kind in _REPLIES else []
    rows = [Detail(_("Answered"), text) for at, text in asked if at in entry.answered]
    rows += [Detail(_("Not answered"), text) for at, text in asked if entry.answered and at not in entry.answered]
    rows += [Detail(_("From"), entry.unit)] if entry.unit else []
    rows += [Detail(_("Their reference"), entry.reference, "ref")] if entry.reference else []
    return rows + ([Detail(_("Rang"), entry.caller, "name")] if entry.caller else [])


def _correction(record: CaseRecord, correction: Event) -> str:
    said = _("Taken back by %(member)s on %(day)s") % {
        "member": correction.by.name,
        "day": dates.plain(day_in_london(correction.at)),
    }
    note = record.notes.get(correction.handle, "")
    return f"{said}: {note}" if note else f"{said}."
