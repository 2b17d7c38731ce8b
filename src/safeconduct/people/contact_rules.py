"""Whether somebody may be reached this way, now: what everything that sends has to ask, and abide by.

Pure: it is handed the contact that was opened and answers in codes. "Nobody said" is not a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from safeconduct.core.names.match import score

from .facets import Contact, Rules, Way


class Channel(StrEnum):
    """How something would reach them: each is a field of `facets.Rules`."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    VOICEMAIL = "voicemail"


class Said(StrEnum):
    """What somebody said of a channel. `NOT_SAID` is what stands where nobody asked."""

    YES = "yes"
    NO = "no"
    ASK = "ask"
    NOT_SAID = ""


class Whom(StrEnum):
    """To whom something goes, or who must hear nothing: the person, somebody named, or a kind of authority."""

    THEM = "them"
    PERSON = "person"
    HOME_OFFICE = "home_office"
    POLICE = "police"
    COUNCIL = "council"
    EMBASSY = "embassy"
    EMPLOYER = "employer"
    LANDLORD = "landlord"
    PROVIDER = "provider"
    SCHOOL = "school"
    HEALTH = "health"
    OTHER = "other"


class Reason(StrEnum):
    """Why not."""

    CHANGED_SINCE = "changed_since"
    NO_SUCH_WAY = "no_such_way"
    WAY_SAYS_NO = "way_says_no"
    PERSON_SAYS_NO = "person_says_no"
    NEVER_THEM = "never_them"
    ASK_FIRST = "ask_first"
    NOBODY_SAID = "nobody_said"
    NOTE_NOT_READ = "note_not_read"


# Which kinds of way a channel goes by. Another way ("other") may be any: somebody wrote what it is.
WAYS_OF: Final = {
    Channel.PHONE: frozenset({"phone", "other"}),
    Channel.TEXT: frozenset({"phone", "other"}),
    Channel.VOICEMAIL: frozenset({"phone", "other"}),
    Channel.EMAIL: frozenset({"email", "other"}),
    Channel.POST: frozenset({"address", "other"}),
}


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """To whom something would go. ``name`` is compared with the names of those who must hear nothing."""

    whom: Whom = Whom.THEM
    name: str = ""


THEM: Final = Recipient()
# A full name as others spell it is well above, another person of the same family below.
_ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True, repr=False)
class Allowed:
    """They may be reached so, minding this. ``revision`` is the contact's: what is prepared now has to carry it."""

    revision: int
    when: str = ""
    answered_by: str = ""
    code_word: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """They may not, and why: every reason that stands, the hardest first."""

    reasons: tuple[Reason, ...]

    @property
    def can_be_settled(self) -> bool:
        """Whether a question answered or a note read would make it a yes; otherwise only a changed record does."""
        return set(self.reasons) <= {Reason.ASK_FIRST, Reason.NOBODY_SAID, Reason.NOTE_NOT_READ}


def may(
    contact: Contact,
    channel: Channel,
    to: str = "",
    recipient: Recipient = THEM,
    *,
    revision: int,
    prepared: int | None = None,
    asked: bool = False,
    note_read: bool = False,
    merged: Sequence[Contact] = (),
) -> Allowed | Refused:
    """Whether something may go by ``channel`` to the way ``to``.

    Args:
        contact: as it was just opened, at ``revision``.
        to: the number or address as the record has it. Only for the person themself; what goes to somebody else is
            asked of the list of those who must hear nothing, and of the note.
        prepared: the revision under which a letter or call was prepared. A contact saved since, of which the address
            may be what changed, voids it, so that nothing goes to where somebody no longer lives.
        asked: somebody asked the person about this one time, and they agreed.
        note_read: whoever sends has read the notes on safe contact. No program can read them for anybody.
        merged: the contacts of the other records of the same person. What one of them forbids holds for all.
    """
    reasons: list[Reason] = []
    if prepared is not None and prepared != revision:
        reasons.append(Reason.CHANGED_SINCE)
    if any(must_hear_nothing(one, recipient) for one in (contact, *merged)):
        reasons.append(Reason.NEVER_THEM)
    rules: Sequence[Rules] = (contact.rules,)
    if recipient.whom is Whom.THEM:
        way = _way(contact, channel, to)
        if way is None:
            reasons.append(Reason.NO_SUCH_WAY)
        else:
            rules = (way.rules, contact.rules)
            # A no stands wherever it was said: no question put to the person would settle it.
            reasons += _said_no((contact, *merged), channel, to) or _said(
                way.rules, contact.rules, channel, asked=asked
            )
    if any(one.safe_note.strip() for one in (contact, *merged)) and not note_read:
        reasons.append(Reason.NOTE_NOT_READ)
    if reasons:
        return Refused(tuple(sorted(reasons, key=list(Reason).index)))
    return Allowed(
        revision,
        when=next((one.when for one in rules if one.when), ""),
        answered_by=next((one.answered_by for one in rules if one.answered_by), ""),
        code_word=contact.code_word,
    )


def must_hear_nothing(contact: Contact, recipient: Recipient) -> bool:
    """Whether the person said that this recipient must never hear of them.

    An authority without a name stands for all of its kind, a name for whoever bears it however they are spelled: a
    name too many costs a question, a name too few costs somebody their safety.
    """
    return any(
        (bool(one.who) and _same_name(one.who, recipient.name))
        or (not one.who and one.kind == recipient.whom and recipient.whom is not Whom.THEM)
        for one in contact.never
    )


def _way(contact: Contact, channel: Channel, to: str) -> Way | None:
    fitting = (way for way in contact.ways if way.kind in WAYS_OF[channel])
    return next((way for way in fitting if way.value == to), None)


def _said(way: Rules, person: Rules, channel: Channel, *, asked: bool) -> list[Reason]:
    """What was said of this way goes before what was said in general."""
    said = getattr(way, channel) or getattr(person, channel)
    if said == Said.YES or asked:
        return []
    return [Reason.ASK_FIRST if said == Said.ASK else Reason.NOBODY_SAID]


def _said_no(contacts: Sequence[Contact], channel: Channel, to: str) -> list[Reason]:
    """A no to this way, on any of their records and however it is written there; else a no in general."""
    ways = [way for one in contacts for way in one.ways if _same_way(way.value, to, channel)]
    if any(getattr(way.rules, channel) == Said.NO for way in ways):
        return [Reason.WAY_SAYS_NO]
    return [Reason.PERSON_SAYS_NO] if any(getattr(one.rules, channel) == Said.NO for one in contacts) else []


def _same_way(one: str, other: str, channel: Channel) -> bool:
    """Whether two spellings reach one place: a number by its last nine digits, written +44, 0044 or 0 before them.

    Elsewhere spaces, stops and capitals do not count. One place too many refuses, one too few rings who said no.
    """
    if WAYS_OF[channel] & {"phone"}:
        ends = [_digits(text)[-9:] for text in (one, other)]
        if ends[0] == ends[1] and len(ends[0]) == 9:
            return True
    plain = ["".join(letter for letter in text.casefold() if letter.isalnum()) for text in (one, other)]
    return one == other or (plain[0] == plain[1] != "")


def _digits(text: str) -> str:
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


def _same_name(one: str, other: str) -> bool:
    if one.strip().casefold() == other.strip().casefold():
        return True
    return max(score(one, [other]), score(other, [one])) >= _ALIKE
