"""A message as its page shows it: its words, with quoted mail folded; its files; its exchange; what is proposed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework.models import Case, Event
from safeconduct.core.calendar.days import day_in_london
from safeconduct.core.names import mentions
from safeconduct.people.facets import EnquiryHead, Mail
from safeconduct.post.models import Message
from safeconduct.post.queries import Candidate, MessageRecord
from safeconduct.post.queries import Letter as Sent
from safeconduct.post.reading.folding import Fold

from ...templatetags.small import beside
from ...words import cases, dates
from ...words import events as event_words
from ...words import mail as words
from ..day.present_row import who
from ..people.papers import what
from .message_form import Offered
from .tray_queue import TrayFilters

_TO_SHOWN = 10


def head(record: MessageRecord) -> dict[str, Any]:
    """The shape of `mail` in desk/message.html."""
    message, mail = record.message, _mail(record)
    took = _("Put in the tray by %(member)s on %(day)s")
    more = _(" and %(count)d more") % {"count": len(mail.to) - _TO_SHOWN} if len(mail.to) > _TO_SHOWN else ""
    return {
        "subject": mail.subject or _("Without a subject"),
        "from": mail.sender_name,
        "address": mail.sender or _("not said"),
        "to": ", ".join(mail.to[:_TO_SHOWN]) + more,
        "sent": dates.day(message.on),
        "took": took % {"member": message.by.name, "day": dates.plain(day_in_london(message.at))},
        "ours": message.direction == Message.Direction.OUT,
        "faults": [words.FAULTS[code] for code in mail.faults if code in words.FAULTS],
        "note": mail.note,
    }


def text(record: MessageRecord) -> list[dict[str, Any]]:
    """What is new in it as it stands, and what it repeats, folded."""
    return [
        {
            "quoted": one.fold is not Fold.NEW and one.fold is not Fold.FORWARDED,
            "forwarded": one.fold is Fold.FORWARDED,
            "signature": one.fold is Fold.SIGNATURE,
            "text": one.text.strip("\n"),
            "lines": words.lines(one.text.strip("\n").count("\n") + 1),
        }
        for one in record.text
        if one.text.strip()
    ]


def papers(record: MessageRecord) -> list[dict[str, str]]:
    """What came with it, each with the page that shows it."""
    handle = record.message.handle
    return [
        {
            "name": one.name or _("A file without a name"),
            "what": beside(what(record.papers[one.paper])),
            "url": reverse("paper", args=[handle, UUID(hex=one.paper)]),
        }
        for one in _mail(record).attached
        if one.paper in record.papers
    ]


def original_url(record: MessageRecord) -> str:
    """Where the bytes it came in are taken out; "" where they are not kept."""
    kept = _mail(record).original
    return reverse("paper-original", args=[record.message.handle, UUID(hex=kept)]) if kept else ""


def thread(record: MessageRecord, filters: TrayFilters) -> list[dict[str, Any]]:
    """The exchange it belongs to; nothing where it stands alone."""
    if len(record.thread) < len(("this", "another")):
        return []
    today = day_it_is()
    return [
        {
            "url": filters.to(one.message),
            "from": _("From us")
            if one.message.direction == Message.Direction.OUT
            else one.mail.sender_name or one.mail.sender,
            "on": dates.brief(one.message.on, today),
            "state": stands(one.message),
            "current": one.message.pk == record.message.pk,
        }
        for one in record.thread
    ]


def stands(message: Message) -> str:
    """How a message stands, by open facts: `in the tray`, `filed: Holding reply`."""
    if message.event is None:
        return str(words.STATES[message.state])
    return f"{words.STATES[message.state]}: {event_words.title(message.event.kind, message.event.shape)}"


def offered(record: MessageRecord, found: Collection[Case]) -> list[Offered]:
    """The cases it may be about, each with why; ``found`` are those somebody searched for."""
    mail = _mail(record)
    keys = frozenset(mentions.keys(f"{mail.subject}\n{mail.plain}"))
    searched = {case.pk for case in found} - _proposed(record, mail)
    exchange = {one.message.case_id for one in record.thread if one.message.pk != record.message.pk}
    return [_offered(one, keys, searched, exchange) for one in record.candidates]


def _offered(one: Candidate, keys: frozenset[str], searched: Collection[int], exchange: Collection[Any]) -> Offered:
    case, said = one.listed.case, one.listed.head
    ours = _with_reference(mentions.key_of(said.our_reference)) & keys
    why = []
    if ours:
        why.append(_("It names our reference."))
    if case.pk in exchange:
        why.append(_("It belongs to an exchange that was filed here."))
    if case.pk in searched:
        why.append(_("You found it."))
    theirs = any(_their(said.enquiries.get(letter.enquiry.handle.hex)) & keys for letter in one.letters)
    if theirs:
        why.append(_("It names their reference for the letter."))
    if not why:
        why.append(_("It names a reference of somebody this concerns."))
    if case.state != Case.State.OPEN:
        why.append(_("This case is closed: it has to be opened again before anything is filed on it."))
    if not one.letters:
        why.append(_("No letter had gone out on it by that day."))
    letters = [_letter(letter, said.enquiries.get(letter.enquiry.handle.hex)) for letter in one.letters]
    return Offered(
        case=case.handle.hex,
        who=who(one.listed.concerned),
        ref=said.our_reference,
        kind=str(cases.TOPICS[case.kind]),
        why=why,
        letters=[*letters, ("", _("The case as a whole, no letter of it"), "", ())],
        url=reverse("case", args=[case.handle]),
    )


def _letter(letter: Sent, about: EnquiryHead | None) -> tuple[str, str, str, tuple[str, ...]]:
    today = day_it_is()
    route = str(cases.ROUTES[letter.enquiry.route])
    title = " · ".join(part for part in (route, about.subject if about else "") if part)
    told = []
    if letter.sent_on:
        told.append(_("sent %(day)s") % {"day": dates.short(letter.sent_on, today)})
    if letter.answered_on:
        told.append(_("answered %(day)s") % {"day": dates.short(letter.answered_on, today)})
    return letter.enquiry.handle.hex, title, ", ".join(told), about.questions if about else ()


def initial(record: MessageRecord) -> dict[str, Any]:
    """What the form proposes."""
    proposal = record.proposal
    about = ""
    # Nothing is filed on a closed case, so it is not proposed: somebody has to look at it first.
    if proposal.case is not None and proposal.enquiry is not None and proposal.case.state == Case.State.OPEN:
        about = f"{proposal.case.handle.hex}.{proposal.enquiry.handle.hex}"
    return {
        "about": about,
        "said": list(proposal.labels),
        "kind": _our_kind(record),
        "on": dates.typed_again(record.message.on),
        "unit": proposal.unit,
        "reference": proposal.reference,
        "revision": record.mail.revision,
    }


def proposed_promises(record: MessageRecord) -> list[dict[str, str]]:
    """The days it names, as the lines of the form take them."""
    return [{"until": dates.typed_again(one.until), "what": one.words} for one in record.proposal.promises]


def only_letter(offers: Collection[Offered]) -> str:
    """The value of the one letter that a search found, "" where there is a choice."""
    letters = [f"{one.case}.{handle}" for one in offers for handle, *_rest in one.letters if handle]
    return letters[0] if len(letters) == 1 and len(offers) == 1 else ""


def summed_up(offers: Collection[Offered], about: str, said: Collection[str], promised: Collection[date | str]) -> str:
    """What one press would do, in a line: `On WM/0012, Home Office, MPs' enquiries · Delay. They will reply later.`"""
    where = ""
    for one in offers:
        for handle, title, *_rest in one.letters:
            if about == f"{one.case}.{handle}":
                where = _("On %(ref)s, %(letter)s.") % {"ref": one.ref or one.who, "letter": title}
    what_it_says = "; ".join(str(words.LABELS[code]) for code in words.LABELS if code in said)
    parts = [where, f"{what_it_says}." if what_it_says else ""]
    if promised:
        parts.append(words.promised(len(promised)))
    return " ".join(part for part in parts if part)


def filed(message: Message) -> dict[str, Any]:
    """The shape of `filed` in desk/message.html: by open facts alone."""
    event, case = message.event, message.case
    struck = event is not None and Event.objects.filter(corrects=event).exists()
    # An incident is closed before what it is about is taken for an ordinary message again.
    incident = getattr(message, "incident", None)
    apart = incident is not None and incident.closed_on is None
    back = "" if apart else reverse("message-back", args=[message.handle])
    if case is None:
        note = _("It is about no case. It stays here until it is put back or erased.")
        return {"title": _("Set aside"), "on": None, "case_url": "", "back_url": back, "note": note}
    title = event_words.title(event.kind, event.shape) if event else _("Filed")
    ours = message.direction == Message.Direction.OUT
    correct = reverse("event-correct", args=[case.handle, event.handle]) if event and ours and not struck else ""
    note = _("Its entry on the case was taken back.") if struck else ""
    if not ours and not struck:
        note = _("To file it elsewhere, put it back: its entry on the case is struck out with it.")
    return {
        "title": _("Filed: %(event)s") % {"event": title},
        "on": dates.day(event.on) if event else None,
        "case_url": reverse("case", args=[case.handle]),
        "correct_url": correct,
        "back_url": "" if correct else back,
        "note": note,
    }


def _our_kind(record: MessageRecord) -> str:
    """Of our own message: a chase where the letter went before that day, else the letter itself."""
    if record.message.direction != Message.Direction.OUT:
        return ""
    went = [letter.sent_on for one in record.candidates for letter in one.letters if letter.sent_on]
    before = any(day < record.message.on for day in went)
    return Event.Kind.CHASED.value if before else Event.Kind.SENT.value


def _proposed(record: MessageRecord, mail: Mail) -> set[int]:
    return {one.listed.case.pk for one in record.candidates if one.listed.case.handle.hex in mail.candidates}


def _their(about: EnquiryHead | None) -> frozenset[str]:
    written = about.their_reference if about else ""
    return frozenset(mentions.keys(f"ref {written}")) | _with_reference(mentions.key_of(written))


def _with_reference(key: str) -> frozenset[str]:
    return frozenset({key} - {""})


def _mail(record: MessageRecord) -> Mail:
    content: Mail = record.mail.content
    return content
