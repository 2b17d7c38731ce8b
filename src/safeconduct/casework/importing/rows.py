"""One row of the sheet as understood: typed values, what the office wrote beside them, and what was doubtful."""

from datetime import date
from typing import Literal

from safeconduct.casework.importing.births import Birth
from safeconduct.casework.importing.contact import SafeContact
from safeconduct.casework.importing.own_reference import own_key
from safeconduct.casework.importing.phrases import event_of
from safeconduct.casework.importing.silent import Silent
from safeconduct.core.names.references import Reference

EventKind = Literal["came_in", "sent", "acknowledged", "holding_reply", "chased", "answered", "decided"]


class EventReading(Silent, frozen=True, gc=False):
    """Something that happened on a day. `note` is the office's words (seal them); `shape` only for a reply."""

    kind: EventKind
    on: date
    note: str = ""
    shape: str = ""


class NoteReading(Silent, frozen=True, gc=False):
    """Text kept as the office wrote it; `label` is the heading it stood under."""

    label: str
    text: str


class RowReading(Silent, frozen=True, gc=False):
    """One row. Every `str` is as written, edges trimmed, and "" where there is nothing.

    `kind`, `route` and `reply_shape` come from closed lists (`phrases`); the office's words stand in `kind_written`,
    `sent_to` and `reply_said`. `sent_on` is None for a case nothing was sent for yet: a person and a case, no enquiry.
    `nationality` is "" for "not sure" and its like; `worker` is "" for "unassigned".
    `wants_interpreter` repeats what the notes say. Everything that could not be typed is in `notes`.
    """

    number: int
    our_ref: str
    name: str
    birth: Birth
    nationality: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    address: str
    postcode: str
    safe_contact: SafeContact | None
    kind: str
    kind_written: str
    references: tuple[Reference, ...]
    came_in_on: date | None
    sent_on: date | None
    route: str
    sent_to: str
    subject: str
    chased_on: tuple[date, ...]
    replied_on: date | None
    reply_shape: str
    reply_said: str
    worker: str
    notes: tuple[NoteReading, ...]
    wants_interpreter: bool

    @property
    def own_key(self) -> str:
        """The office's own reference in comparable form, or ""."""
        return own_key(self.our_ref)

    @property
    def content_key(self) -> str:
        """What tells this row from others where there is no own reference: who, when, to whom, about what.

        Holds the name in plain text: compare it in memory or under a key, never store it as it is.
        """
        sent = self.sent_on.isoformat() if self.sent_on else ""
        parts = (self.name, self.birth.as_written, sent, self.route, self.subject, self.kind_written, self.postcode)
        return "\x1f".join(" ".join(part.casefold().split()) for part in parts)

    def events(self) -> tuple[EventReading, ...]:
        """What happened, in order of days; on one day: came in, sent, chased, reply."""
        found: list[EventReading] = []
        if self.came_in_on is not None:
            found.append(EventReading("came_in", self.came_in_on))
        if self.sent_on is not None:
            found.append(EventReading("sent", self.sent_on))
            found += [EventReading("chased", day) for day in self.chased_on]
            if self.replied_on is not None:
                kind = event_of(self.reply_shape)
                found.append(EventReading(kind, self.replied_on, self.reply_said, self.reply_shape))
        return tuple(sorted(found, key=lambda event: event.on))
