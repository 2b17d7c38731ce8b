"""Whether somebody may be rung back: the rules on their record asked for each number, before anything is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from safeconduct.people import contact_rules
from safeconduct.people.concerned import Concerned
from safeconduct.people.contact_rules import WAYS_OF, Channel, Recipient, Refused, Said, Whom
from safeconduct.people.facets import Contact

from ...words.contact import REASONS

# Nothing is prepared here that a later change of the record could void.
_NOW: Final = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A number on record, and what the rules say of ringing it: the shape of components/ringing.html."""

    text: str
    label: str
    said: list[str]
    may: bool


@dataclass(frozen=True, slots=True)
class Ringing:
    """How somebody may be rung.

    ``never``: no number of theirs may be, whatever is asked. ``to_settle``: a question answered or a note read makes it
    a yes. Both are false where a number may be rung as it is, and where there is none.
    """

    numbers: tuple[Number, ...] = ()
    never: bool = False
    to_settle: bool = False
    code_word: str = ""


def contacts_of(concerned: Sequence[Concerned]) -> tuple[Contact, ...]:
    """How the person a case is about may be reached, by each of their records."""
    first = next(iter(concerned), None)
    return (first.contact, *first.merged) if first and first.contact else ()


def ringing(contacts: Sequence[Contact]) -> Ringing:
    """What the rules say of ringing somebody, number by number; ``contacts`` are those of all their records."""
    numbers: list[Number] = []
    refused: list[Refused | None] = []
    for at, contact in enumerate(contacts):
        others = [one for number, one in enumerate(contacts) if number != at]
        for way in contact.ways:
            if way.kind not in WAYS_OF[Channel.PHONE]:
                continue
            answer = contact_rules.may(contact, Channel.PHONE, way.value, revision=_NOW, merged=others)
            if isinstance(answer, Refused):
                said = [str(REASONS[reason]) for reason in answer.reasons]
            else:
                said = [part for part in (answer.when, _may_answer(answer.answered_by)) if part]
            numbers.append(Number(way.value, way.note, said, may=not isinstance(answer, Refused)))
            refused.append(answer if isinstance(answer, Refused) else None)
    none_may = bool(refused) and all(one is not None for one in refused)
    for_good = [one for one in refused if one is not None and not one.can_be_settled]
    # Who said that they must not be rung said so of a number they will give, too.
    never = (none_may and len(for_good) == len(refused)) or any(one.rules.phone == Said.NO for one in contacts)
    return Ringing(
        numbers=tuple(numbers),
        never=never,
        to_settle=not never and (none_may or (not refused and any(one.safe_note.strip() for one in contacts))),
        code_word=next((one.code_word for one in contacts if one.code_word), ""),
    )


def never_hears(contacts: Sequence[Contact], name: str) -> bool:
    """Whether somebody of this name is among those who must hear nothing."""
    recipient = Recipient(Whom.PERSON, name)
    return bool(name.strip()) and any(contact_rules.must_hear_nothing(one, recipient) for one in contacts)


def _may_answer(who: str) -> str:
    return _("%(who)s may answer") % {"who": who} if who else ""
