"""Whether a message is here already: by its own id or, where it has none, by the bytes it came in."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import Mail, Papers
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import open_facets

from .models import Message
from .reading.letter import Letter

_FACETS = (Envelope.Facet.MAIL, Envelope.Facet.PAPERS)


def identity_of(letter: Letter) -> tuple[str, ...]:
    """What tells a message from every other. An id alone does not: whoever writes a message chooses its id."""
    if letter.message_id:
        return (letter.message_id, letter.sender, _at(letter), letter.subject)
    return (hashlib.sha256(letter.data).hexdigest(),)


def known_messages(*, by: Actor, team: Team, letters: Sequence[Letter]) -> Mapping[int, Message]:
    """By the place of each letter in ``letters``: the message it is, where it was taken in before.

    The search is recorded by whoever calls this (see `matching`). Raises `JournalUnavailable`, `IndexBusy`.
    """
    opened = index.opened(by, team)
    could_be = [opened.having(tokens.of_same_message(one.message_id, _digest(one).hex())) for one in letters]
    numbers = {number for some in could_be for number in some}
    if not numbers:
        return {}
    rows = Subject.objects.filter(pk__in=numbers, kind=Subject.Kind.MESSAGE).values_list("pk", flat=True)
    keyed = held(by, list(rows))
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.SEARCHED, count=0, detail={"subjects": named})
    records = open_facets(leave, keyed, _FACETS)
    messages = {row.subject_id: row for row in Message.objects.filter(subject__in=records)}
    out: dict[int, Message] = {}
    for at, (letter, some) in enumerate(zip(letters, could_be, strict=True)):
        for number in sorted(some & messages.keys()):
            mail, papers = (records[number][facet].content for facet in _FACETS)
            if _is_same(letter, mail, papers):
                out[at] = messages[number]
                break
    return out


def _is_same(letter: Letter, mail: Mail, papers: Papers) -> bool:
    if letter.message_id:
        return identity_of(letter) == (mail.message_id, mail.sender, mail.sent_at, mail.subject)
    original = next((one for one in papers.papers if one.handle == mail.original), None)
    return original is not None and original.digest == _digest(letter)


def _digest(letter: Letter) -> bytes:
    return hashlib.sha256(letter.data).digest()


def _at(letter: Letter) -> str:
    return letter.sent_at.astimezone(UTC).isoformat(timespec="seconds") if letter.sent_at else ""
