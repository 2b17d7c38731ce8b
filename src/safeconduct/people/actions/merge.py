"""Saying that two records are of one person, and taking it back. Nothing is joined: each record keeps a sealed link."""

from collections.abc import Sequence

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered

from .. import journaling, merging, policies
from ..facets import Links, Merge
from ..models import Envelope, Subject
from ..queries import PersonRecord
from ..records import write_facet


class AlreadyOne(Exception):
    """These two are said to be one person already, or they are the same record."""


class FirstElsewhere(Exception):
    """One of the two was merged into a record that no team of this member's holds, so it cannot be merged further."""


class NotMerged(Exception):
    """No such merge stands between these two."""


def merge(*, by: Actor, record: PersonRecord, other: PersonRecord, reason: str) -> None:
    """Say that two records are of one person. The first one's own first record comes first of all.

    Both sides say when, by whom, why, and which teams held either record on that day. No key and no wrap changes: who
    could open one of them before can open that one now, and no more.

    Raises:
        Refused, NotHeld: policy. AlreadyOne, FirstElsewhere: the state forbids it.
        Changed: one of the two was changed in between. JournalUnavailable. Neither record says so then.
    """
    for one in (record, other):
        policies.require(by, Act.MERGE, policies.of_subject(by, one.subject))
    mine = merging.together(by=by, record=record)
    if mine.has(other.subject.handle):
        raise AlreadyOne("These two are one person already: their page shows both.")
    kept, joins = mine.first, merging.together(by=by, record=other).first
    if kept is None or joins is None:
        raise FirstElsewhere(
            "One of these was merged into a record that your teams do not hold. Ask somebody of the team that does."
        )
    held_kept, held_joins = _teams(kept.subject), _teams(joins.subject)
    said = {"on": today(), "by": by.member.handle.hex, "reason": reason}
    of_kept = Merge(person=joins.subject.handle.hex, teams=held_kept, their_teams=held_joins, **said)
    of_joins = Merge(person=kept.subject.handle.hex, teams=held_joins, their_teams=held_kept, **said)
    links: Links = kept.links.content
    _write(
        by,
        Entered.MERGED,
        [
            (kept, msgspec.structs.replace(links, merged_from=(*links.merged_from, of_kept))),
            (joins, msgspec.structs.replace(joins.links.content, merged_into=of_joins)),
        ],
    )


def unmerge(*, by: Actor, record: PersonRecord, other: PersonRecord) -> None:
    """Take back that ``record`` and ``other``, of which one was merged into the other, are one person.

    Raises:
        Refused, NotHeld: policy. NotMerged: nothing to take back.
        Changed: one of the two was changed in between. JournalUnavailable. Both stay merged then.
    """
    for one in (record, other):
        policies.require(by, Act.MERGE, policies.of_subject(by, one.subject))
    joins, kept = (record, other) if _into(record) == other.subject.handle.hex else (other, record)
    if _into(joins) != kept.subject.handle.hex:
        raise NotMerged("These two are not merged with one another. Nothing was changed.")
    gone = joins.subject.handle.hex
    links: Links = kept.links.content
    stays = tuple(one for one in links.merged_from if one.person != gone)
    _write(
        by,
        Entered.UNMERGED,
        [
            (kept, msgspec.structs.replace(links, merged_from=stays)),
            (joins, msgspec.structs.replace(joins.links.content, merged_into=None)),
        ],
    )


def _write(by: Actor, act: Entered, both: Sequence[tuple[PersonRecord, Links]]) -> None:
    with transaction.atomic():
        # In one order whichever way round somebody asked, so that two who do so at once do not wait for each other.
        for one, links in sorted(both, key=lambda each: each[0].subject.pk):
            written = write_facet(one.keyed, Envelope.Facet.LINKS, links, read=one.links.revision)
            record_writes([journaling.wrote(by, one.keyed, act, written)])


def _into(record: PersonRecord) -> str:
    into = record.links.content.merged_into
    return into.person if into else ""


def _teams(subject: Subject) -> tuple[str, ...]:
    return tuple(sorted(wrap.team.handle.hex for wrap in subject.wraps.select_related("team")))
