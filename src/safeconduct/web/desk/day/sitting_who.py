"""Whom here somebody may be: offered before a second record is made, with what was typed kept on the page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.casework.models import Case
from safeconduct.casework.queries import Listed, open_cases_of
from safeconduct.people import queries
from safeconduct.people.actions.complete import Said
from safeconduct.people.lookalikes import Lookalike, known, offered
from safeconduct.people.models import Subject
from safeconduct.people.queries import Hit, PersonRecord

from ...words import cases as words
from ...words.people import reason
from ..people.present_person import in_a_list, line_of, other_names, shown_name
from .sitting_fields import Choice

_SHOWN = 5


def doubles(*, by: Actor, team: Team, said: Said) -> list[Lookalike]:
    """People of the team who may be the one that was described, likeliest first."""
    return offered(by=by, team=team, asked=known(said.identity, said.contact, said.status), without=())


def people_alike(found: Sequence[Lookalike]) -> list[Choice]:
    """Each of them to choose, for a further case of theirs."""
    return [_alike(one) for one in found]


def cases_and_people(*, by: Actor, found: Sequence[Lookalike]) -> list[Choice]:
    """Each of them with their open cases to choose from, and a new case of theirs."""
    people = [one.subject.handle.hex for one in found]
    cases = open_cases_of(by=by, people=people) if people else []
    out: list[Choice] = []
    for one in found:
        out += [_case(one, case) for case in cases if _concerns(case, one.subject)]
        out.append(_alike(one, new_case=True))
    return out


def search(*, by: Actor, text: str) -> list[Choice]:
    """The same for whoever a search finds by a name or a reference, as at the door of a surgery."""
    _text, hits = queries.found(by=by, handle=queries.search(by=by, text=text).handle)
    people = [hit for hit in hits if hit.identity is not None][:_SHOWN]
    handles = [hit.subject.handle.hex for hit in people]
    cases = open_cases_of(by=by, people=handles) if handles else []
    out: list[Choice] = []
    for hit in people:
        name = _line(hit)
        out += [_of_case(name, case) for case in cases if _concerns(case, hit.subject)]
        out.append(Choice(f"person:{hit.subject.handle.hex}", _("%(name)s: a new case") % {"name": name}))
    return out


def record_of(by: Actor, handle: UUID) -> PersonRecord:
    """The record of whoever was chosen. Raises `NotHeld` and what `open_person` does."""
    return queries.open_person(by=by, person=queries.subject(by, handle, Subject.Kind.PERSON))


def _alike(one: Lookalike, *, new_case: bool = False) -> Choice:
    name = _named(one)
    return Choice(
        f"person:{one.subject.handle.hex}",
        _("%(name)s: a new case") % {"name": name} if new_case else name,
        tuple(reason(why) for why in one.likeness.reasons),
        reverse("person", args=[one.subject.handle]),
    )


def _case(one: Lookalike, case: Listed) -> Choice:
    return _of_case(_named(one), case)


def _of_case(name: str, case: Listed) -> Choice:
    said = [str(words.TOPICS[case.case.kind]), case.head.our_reference]
    parts = {"name": name, "case": " ".join(part for part in said if part)}
    return Choice(f"case:{case.case.handle.hex}", _("%(name)s: on %(case)s") % parts)


def _concerns(case: Listed, person: Subject) -> bool:
    is_open = case.case.state == Case.State.OPEN
    return is_open and any(about.person == person.handle.hex for about in case.head.concerns)


def _named(one: Lookalike) -> str:
    """What tells them apart, on one line: the full name, for it is compared with the one that was typed."""
    lines = [str(line["text"]) for line in line_of(one.identity, ())]
    return _apart([shown_name(one.identity), *other_names(one.identity)[:2], *lines])


def _line(hit: Hit) -> str:
    lines = [str(line["text"]) for line in line_of(hit.identity, hit.status.references if hit.status else ())]
    return _apart([in_a_list(hit.identity), *other_names(hit.identity)[:1], *lines])


def _apart(parts: Sequence[str]) -> str:
    """Names and numbers on one line, each isolated from the others whichever way it runs (U+2068, U+2069)."""
    return ", ".join(f"\u2068{one}\u2069" for one in parts)
