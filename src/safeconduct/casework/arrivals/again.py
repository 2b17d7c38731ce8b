"""The same sheet next week: what it says differently, what of that may be written, and what members changed by hand.

Three are compared: what the sheet said when it was last brought in (``RowBefore``, kept sealed with that import), what
it says now, and how the case stands. What the sheet changed is written where the case still says what the sheet said.
Where it does not, somebody changed it here: it is left alone, and the page says so. Nothing is ever taken away.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from safeconduct.people.facets import CaseHead, EnquiryHead

from ..importing.births import Birth
from ..importing.rows import RowReading
from ..models import Case, Enquiry, Event

# What a row says once of its case. A day that moved is said as `came_in` or `sent`, as the event is called.
FIELDS = ("kind", "worker", "route", "exact_kind", "subject", "sent_to", "note")


class RowBefore(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row as it was last brought in, as far as comparing needs it: texts as digests of 8 bytes.

    ``worker`` is whom its text meant then (a handle, hex). ``gone``: the row was not in the last sheet any more.
    """

    our_ref: str
    kind: str
    route: str
    worker: str
    worker_text: bytes
    exact_kind: bytes
    subject: bytes
    sent_to: bytes
    note: bytes
    person: tuple[bytes, ...]
    came_in_on: date | None = None
    sent_on: date | None = None
    gone: bool = False


class Again(msgspec.Struct, frozen=True):
    """What becomes of a row whose case is here: which fields it ``sets``, which are left as somebody has them
    (``kept``), which days it moves (event, from, to), and of which sort it adds to the person."""

    sets: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    moved: tuple[tuple[str, date, date], ...] = ()
    person: tuple[str, ...] = ()


NOTHING = Again()


@dataclass(frozen=True, slots=True, repr=False)
class Now:
    """How a case stands: its open facts and what its head says, the first letter's among it."""

    case: Case
    route: str
    exact_kind: str
    subject: str
    sent_to: str
    note: str
    events: Sequence[Event]


def now_of(case: Case, enquiry: Enquiry | None, head: CaseHead, events: Sequence[Event]) -> Now:
    """How a case stands, with its first letter."""
    about = head.enquiries.get(enquiry.handle.hex, EnquiryHead()) if enquiry else EnquiryHead()
    route = enquiry.route if enquiry else ""
    return Now(case, route, head.exact_kind, about.subject, about.sent_to, head.note, events)


def before_of(row: RowReading, note: str, worker: str, known: dict[str, bytes] | None = None) -> RowBefore:
    """What is kept of a row for next week. ``note`` is how the office's notes are kept; ``worker`` a handle (hex).

    ``known`` holds the digests of texts that very many rows say, for whoever asks of all of them.
    """
    known = {} if known is None else known

    def digest(text: str) -> bytes:
        found = known.get(text)
        if found is None:
            found = known[text] = _digest(text)
        return found

    return RowBefore(
        our_ref=row.our_ref,
        kind=row.kind,
        route=row.route,
        worker=worker,
        worker_text=digest(row.worker),
        exact_kind=digest(row.kind_written),
        subject=digest(row.subject),
        sent_to=digest(row.sent_to),
        note=digest(note),
        person=tuple(sorted(_digest(kind, value) for kind, value in _of_person(row))),
        came_in_on=row.came_in_on,
        sent_on=row.sent_on,
    )


def differs(row: RowReading, note: str, before: RowBefore) -> bool:
    """Whether a row says anything that it did not say the last time, besides what only adds an event."""
    return before_of(row, note, before.worker) != msgspec.structs.replace(before, gone=False)


def compare(row: RowReading, note: str, worker: str, before: RowBefore, now: Now) -> Again:
    """What of a row is written, and what is left alone. A closed case is left as it is.

    ``worker`` is whom the row's text means (a handle, hex), "" for nobody.
    """
    if now.case.state != Case.State.OPEN:
        return NOTHING
    now_worker = now.case.worker.handle.hex if now.case.worker else ""
    said = {
        "kind": (before.kind, row.kind, now.case.kind),
        "route": (before.route, row.route, now.route),
        "exact_kind": (before.exact_kind, _digest(row.kind_written), _digest(now.exact_kind)),
        "subject": (before.subject, _digest(row.subject), _digest(now.subject)),
        "sent_to": (before.sent_to, _digest(row.sent_to), _digest(now.sent_to)),
        "note": (before.note, _digest(note), _digest(now.note)),
    }
    # A text that means nobody here takes nobody's case away.
    if before.worker_text != _digest(row.worker) and (worker or not row.worker):
        said["worker"] = (before.worker, worker, now_worker)
    sets: list[str] = []
    kept: list[str] = []
    for field in FIELDS:
        if field not in said:
            continue
        was, wanted, stands = said[field]
        # A case without a letter has no route to differ in: its first letter brings one.
        if was == wanted or stands == wanted or (field == "route" and not now.route):
            continue
        (sets if stands == was else kept).append(field)
    moved = []
    for kind, old, new in (("came_in", before.came_in_on, row.came_in_on), ("sent", before.sent_on, row.sent_on)):
        if old is None or new is None or old == new:
            continue
        days = {event.on for event in now.events if event.kind == kind}
        if old in days:
            moved.append((kind, old, new))
        elif new not in days:
            kept.append(kind)
    return Again(tuple(sets), tuple(kept), tuple(moved), tuple(dict.fromkeys(kind for kind, _ in _new(row, before))))


def only_new(row: RowReading, before: RowBefore) -> RowReading:
    """The row with nothing of the person but what it did not say the last time: what a member took out stays out."""
    new = set(_new(row, before))

    def kept(kind: str, value: str) -> str:
        return value if (kind, value) in new else ""

    return msgspec.structs.replace(
        row,
        name=kept("name", row.name),
        birth=row.birth if ("birth", row.birth.as_written) in new else Birth("", "unknown"),
        nationality=kept("nationality", row.nationality),
        phones=tuple(one for one in row.phones if ("phone", one) in new),
        emails=tuple(one for one in row.emails if ("email", one) in new),
        address=kept("address", row.address),
        postcode=kept("postcode", row.postcode),
        references=tuple(one for one in row.references if ("reference", one.value) in new),
        safe_contact=row.safe_contact if row.safe_contact and ("safe", row.safe_contact.note) in new else None,
    )


def gone_from(before: Mapping[str, RowBefore], here: Iterable[str]) -> list[str]:
    """The cases (handles, hex) whose rows were in the last sheet and are not in this one."""
    there = set(here)
    return [case for case, row in before.items() if case not in there and not row.gone]


def _new(row: RowReading, before: RowBefore) -> list[tuple[str, str]]:
    known = set(before.person)
    return [(kind, value) for kind, value in _of_person(row) if _digest(kind, value) not in known]


def _of_person(row: RowReading) -> list[tuple[str, str]]:
    found = [("name", row.name), ("birth", row.birth.as_written if row.birth.year else "")]
    found += [("nationality", row.nationality), ("address", row.address), ("postcode", row.postcode)]
    found += [("phone", one) for one in row.phones] + [("email", one) for one in row.emails]
    found += [("reference", one.value) for one in row.references]
    found.append(("safe", row.safe_contact.note if row.safe_contact else ""))
    return [(kind, value) for kind, value in found if value]


def _digest(*texts: str) -> bytes:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).digest()
