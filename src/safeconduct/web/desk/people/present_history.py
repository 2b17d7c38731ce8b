"""A record's history as its page shows it: for each change, what went and what came, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from safeconduct.people.facets import Account, CaseHead, Facet, HistoryStep, Household, Papers, decode
from safeconduct.people.models import Envelope
from safeconduct.people.records import Opened

from ...templatetags.small import values
from ...words import dates
from ...words import papers as paper_words
from ...words.history import FACETS, REASONS
from ...words.roles import ROLES
from . import present_contact, present_needs
from . import present_person as present

Values = list[dict[str, Any]]
# A text longer than this is closed until somebody opens it.
LONG: Final = 240


@dataclass(frozen=True, slots=True)
class Line:
    """What one part of a facet said before and says after; values that stayed are in neither."""

    label: str
    went: Sequence[str]
    came: Sequence[str]


@dataclass(frozen=True, slots=True)
class StepShown:
    """One change. ``closed``: what somebody told is opened by choice here too."""

    title: str
    at: dates.Day
    by: str
    why: str
    lines: Sequence[Line]
    struck: str
    strike_url: str
    closed: bool = False


def account_rows(account: Account) -> Values:
    """What was told: each piece by its title."""
    return [
        {"label": one.title or _("Untitled"), "values": [one.text, one.told_by, one.language]}
        for one in account.narratives
    ]


def head_rows(head: CaseHead) -> Values:
    """The sealed head of a case."""
    rows: Values = [
        {"label": _("Our reference"), "value": head.our_reference},
        {"label": _("More exactly"), "value": head.exact_kind},
        {"label": _("Notes"), "value": head.note},
        {"label": _("Whom it concerns"), "values": [str(ROLES[one.role]) for one in head.concerns]},
    ]
    for number, letter in enumerate(head.enquiries.values(), start=1):
        said = [letter.subject, letter.sent_to, letter.their_reference]
        rows.append({"label": _("Letter %(number)d") % {"number": number}, "values": said})
    return rows


def household_rows(household: Household) -> Values:
    """A household: its note, and how many are in it. Names stay in the records of the people themselves."""
    return [
        {"label": _("Note"), "value": household.note},
        {"label": _("People in it"), "value": str(len(household.members))},
    ]


_ROWS: Final[Mapping[str, Callable[[Any], Values]]] = {
    Envelope.Facet.IDENTITY: present.identity_rows,
    Envelope.Facet.CONTACT: present_contact.contact_rows,
    Envelope.Facet.STATUS: present.status_rows,
    Envelope.Facet.NEEDS: present_needs.needs_rows,
    Envelope.Facet.ACCOUNT: account_rows,
    Envelope.Facet.HEAD: head_rows,
    Envelope.Facet.HOUSEHOLD: household_rows,
}


def shown(
    steps: Sequence[Opened],
    now: Mapping[str, Opened],
    members: Mapping[UUID, str],
    strike_url: Callable[[HistoryStep], str],
) -> list[StepShown]:
    """Every change, newest first. ``now``: the facets as they stand; ``members``: names of staff by handle."""
    after: dict[str, Facet | None] = {name: one.content for name, one in now.items()}
    out: list[StepShown] = []
    for opened in steps:
        step: HistoryStep = opened.content
        before = None if step.struck_at else decode(step.facet, step.schema, step.before)
        lines: Sequence[Line] = ()
        if isinstance(before, Papers):
            lines = [_removed(before)]
        elif before is not None:
            lines = _differences(step.facet, before, after.get(step.facet))
        if step.facet != Envelope.Facet.PAPERS:
            after[step.facet] = before
        out.append(
            StepShown(
                title=str(FACETS[step.facet]),
                at=dates.instant(step.at),
                by=_named(step.member, members),
                why=": ".join(part for part in (str(REASONS.get(step.reason, "")), step.said) if part),
                lines=lines,
                struck=_struck(step, members),
                strike_url="" if step.struck_at else strike_url(step),
                closed=step.facet == Envelope.Facet.ACCOUNT,
            )
        )
    return out


def _differences(facet: str, before: Facet, after: Facet | None) -> list[Line]:
    was = _texts(_ROWS[facet](before))
    if after is None:  # what came next was struck: all that can be said is what this was
        return [Line(label, texts, [_("struck from the history")]) for label, texts in was.items() if texts]
    is_now = _texts(_ROWS[facet](after))
    lines = []
    for label in dict.fromkeys([*was, *is_now]):
        old, new = was.get(label, []), is_now.get(label, [])
        went, came = [one for one in old if one not in new], [one for one in new if one not in old]
        if went or came:
            lines.append(Line(label, went, came))
        elif old != new:
            lines.append(Line(label, old, [_("the same, in another order"), *new]))
    return lines


def _texts(rows: Values) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for row in rows:
        out.setdefault(str(row["label"]), []).extend(_text(one) for one in values(row))
    return out


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        note = str(value.get("note") or "")
        return f"{value['text']} ({note})" if note else str(value["text"])
    return str(value)


def _removed(papers: Papers) -> Line:
    (paper,) = papers.papers
    kind = paper_words.KINDS.get(paper.kind, paper_words.KINDS["other"])
    kept = _("kept on %(day)s") % {"day": dates.plain(paper.added_on)} if paper.added_on else ""
    return Line(_("A paper was removed"), [", ".join(part for part in (str(kind), kept) if part)], [])


def _struck(step: HistoryStep, members: Mapping[UUID, str]) -> str:
    if step.struck_at is None:
        return ""
    return _("%(who)s struck what it said before, on %(day)s: %(why)s") % {
        "who": _named(step.struck_by, members),
        "day": dates.instant(step.struck_at).text,
        "why": step.struck_why,
    }


def _named(handle: str, members: Mapping[UUID, str]) -> str:
    return members.get(UUID(hex=handle), _("Somebody who was a member"))
