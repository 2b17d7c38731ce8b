"""A team's sealed index: opened for a search, kept at hand while somebody works, and added to by every
act that changes a name or a reference.

One generation, sealed whole under a key of its own number and a secret under the epoch, and padded deltas since.
Compaction makes the next generation under a fresh key; the unique number is what two writers compete for.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.names.index import Delta, Generation
from safeconduct.core.names.lookup import LIKELY, Lookup, Newest, compact, kept_of, tokens_of
from safeconduct.core.names.match import Ranked, rank_kept
from safeconduct.core.names.parts import Bones
from safeconduct.core.sealing import boxes
from safeconduct.journal.actions import record_write
from safeconduct.journal.commitments import facts_digest, facts_handle
from safeconduct.journal.models import Act
from safeconduct.journal.queries import latest_commitments, next_written

from . import at_hand
from .at_hand import AtHand
from .models import SearchDelta, SearchGeneration
from .records import PutBack

# A search opens the generation and every delta: past this many, opening them costs more than folding them in.
DELTAS_KEPT: Final = 64
_PAD: Final = 4096
# Somebody else may be first with a compaction, or add to what it was made of.
_TRIES: Final = 3


class IndexBusy(Exception):
    """The index was compacted over and over while it was read. Trying again helps."""


def add(by: Actor, team: Team, delta: Delta) -> None:
    """Append a delta. Inside the transaction of the change it belongs to, so that neither is kept alone."""
    add_sealed(by, team, sealed(by, team, [delta]))


def sealed(by: Actor, team: Team, deltas: Iterable[Delta]) -> list[SearchDelta]:
    """Rows not yet saved: who adds very many seals them before the transaction, in parts, and never holds all open."""
    rows = []
    for delta in deltas:
        row = SearchDelta(team=team)
        key = by.bundle(team.pk).key_for("index-delta", row.handle.hex, _new_secret(team, row))
        row.body = boxes.seal(key, delta.to_bytes(pad_to=_PAD), _place(team, row.handle.hex))
        rows.append(row)
    return rows


def add_sealed(by: Actor, team: Team, rows: Sequence[SearchDelta]) -> None:
    """Append sealed deltas, as `add` does. Of several at once a generation is made."""
    hold(team)
    for row in rows:
        row.save(force_insert=True)
    _commit(by, team)
    if len(rows) > 1 or SearchDelta.objects.filter(team=team).count() > DELTAS_KEPT:
        # After the commit: rebuilding a large index would hold up every other writer. Robust: what was asked for is
        # done by then, and somebody told that it failed would do it twice.
        transaction.on_commit(lambda: any(fold_in(by, team) for _ in range(_TRIES)), robust=True)


def state(team: Team) -> tuple[int, int]:
    """Where a team's index stands. It moves with every addition and removal, so where it did not, nothing was added."""
    delta = SearchDelta.objects.filter(team=team).order_by("-id").values_list("id", flat=True).first()
    return _number(team), delta or 0


@dataclass(frozen=True, slots=True, repr=False)
class OpenedIndex:
    """A team's index as one act needs it: its generation, and what the deltas since say last of each subject."""

    generation: Generation
    newest: Newest
    lookup: Lookup
    bones: Bones

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found by it, so that nobody has to work out what to look for."""
        return not self.generation.numbers and not self.newest.tokens

    def find(self, tokens: frozenset[int] | Sequence[frozenset[int]], *, limit: int = LIKELY) -> list[int]:
        """Row ids of the subjects that share most tokens, most telling first."""
        groups = [one if isinstance(one, frozenset) else (one,) for one in tokens]
        return list(self.lookup.shares(groups, limit))

    def ranked(self, text: str, tokens: Sequence[frozenset[int]]) -> tuple[list[Ranked], dict[int, float]]:
        """Of those that share most tokens: those known by name, best first, and those that have to be opened.

        How many there are `Lookup.likeliest` says. An index of before names were kept in it, and every case, is of the
        second kind: with what share of all that is rare in the query they have (`Lookup.shares`).
        """
        shares = self.lookup.likeliest(text, tokens)
        kept = {one: kept_of(self.generation, self.newest, one) for one in shares}
        known = [(number, own) for number, own in kept.items() if own is not None]
        ranked = rank_kept(text, known, self.bones, shares=shares)
        return ranked, {number: shares[number] for number, own in kept.items() if own is None}

    def having(self, tokens: frozenset[int]) -> frozenset[int]:
        """Row ids of every subject with one of these tokens. Tokens are short: compare with what opens."""
        return self.lookup.having(tokens)

    def tokens_of(self, number: int) -> frozenset[int]:
        """By what a subject (row id) is found now."""
        return tokens_of(self.generation, self.newest, number)


def opened(by: Actor, team: Team) -> OpenedIndex:
    """Open a team's index. Raises `IndexBusy`, `CannotOpen`."""
    at_hand, rows = _read(by, team)
    newest = Newest(_deltas(by, team, at_hand, rows))
    lookup = Lookup(at_hand.generation, newest, at_hand.letters)
    return OpenedIndex(at_hand.generation, newest, lookup, at_hand.bones)


def fold_in(by: Actor, team: Team) -> bool:
    """Compact the deltas into a new generation. False where another writer was first: nothing is lost then."""
    read, rows = _read(by, team)
    fresh = compact(read.generation, _newest_first(by, team, read, rows))
    try:
        with transaction.atomic():
            hold(team)
            _replace(by, team, read.number, fresh, [row.pk for row in rows])
    except IntegrityError:
        return False
    return True


def forget(*, by: Actor, team: Team, ids: Iterable[int]) -> None:
    """Seal the index anew without these subjects (row ids), and delete every part they were in, within one transaction.

    What a deleted part leaves in copies opens to whoever has the team's key, until its epoch is destroyed.
    Raises `IndexBusy`, `CannotOpen`, `PutBack`; then nothing was changed.
    """
    gone = frozenset(ids)
    with transaction.atomic():
        hold(team)
        read, rows = _read(by, team)
        fresh = compact(read.generation, chain([Delta(remove=gone)], _newest_first(by, team, read, rows)))
        _replace(by, team, read.number, fresh, [row.pk for row in rows])


def _replace(by: Actor, team: Team, number: int, fresh: Generation, rows: Sequence[int]) -> None:
    """Put a generation in the place of the one of ``number`` and these deltas. Raises `IntegrityError`: overtaken."""
    row = SearchGeneration(team=team, number=number + 1)
    key = by.bundle(team.pk).key_for("index", row.number, _new_secret(team, row))
    row.body = boxes.seal(key, fresh.to_bytes(pad_to=_PAD), _place(team, row.number))
    row.save(force_insert=True)
    taken, _ = SearchDelta.objects.filter(pk__in=rows).delete()
    if taken != len(rows):
        raise IntegrityError("another compaction took these deltas")
    SearchGeneration.objects.filter(team=team, number__lte=number).delete()
    _commit(by, team)
    transaction.on_commit(lambda: at_hand.replaced(team.handle, number + 1), robust=True)


def _read(by: Actor, team: Team) -> tuple[AtHand, list[SearchDelta]]:
    """A team's generation and the deltas since, as the log has them, in the order they were written."""
    put_back = False
    for _ in range(5):
        number = _number(team)
        rows = list(SearchDelta.objects.filter(team=team).order_by("id"))
        logged = _is_as_logged(team, number, [row.handle for row in rows])
        # Somebody may have added to it between these reads and the log's: then it agrees at the next try. Between the
        # first two a compaction may have taken deltas away: then the number is another by now.
        stands = logged or _number(team) == number
        put_back |= stands and logged is False
        if stands and logged is not False:
            opened = _generation(by, team, number)
            if opened is not None:
                return opened, rows
    if put_back:
        raise PutBack("the search index is not as the log says it was last saved; nothing was searched")
    raise IndexBusy("The search is being tidied at this moment. Try again.")


def _generation(by: Actor, team: Team, number: int) -> AtHand | None:
    """The generation of that number, at hand or opened now; None where the next has just taken its place."""
    if number == 0:
        return AtHand(team.handle, 0, Generation.build([]))
    bundle = by.bundle(team.pk)
    known_by = bundle.key_for("index-at-hand", team.handle.hex, number)
    held = at_hand.get(known_by)
    if held is None:
        row = SearchGeneration.objects.filter(team=team, number=number).first()
        if row is None:
            return None
        plain = bundle.open_box(bytes(row.body), _place(team, number), "index", number, *_secret(team, row))
        held = AtHand(team.handle, number, Generation.from_bytes(plain))
        at_hand.put(known_by, held)
    return held


def _deltas(by: Actor, team: Team, beside: AtHand, rows: Sequence[SearchDelta]) -> list[Delta]:
    beside.deltas = {_which(row): _delta(by, team, beside, row) for row in rows}
    return list(beside.deltas.values())


def _newest_first(by: Actor, team: Team, beside: AtHand, rows: Sequence[SearchDelta]) -> Iterator[Delta]:
    return (_delta(by, team, beside, row) for row in reversed(rows))


def _delta(by: Actor, team: Team, beside: AtHand, row: SearchDelta) -> Delta:
    """A delta as it was opened beside a generation at hand, or opened now. Raises `CannotOpen`."""
    if (known := beside.deltas.get(_which(row))) is not None:
        return known
    place, handle = _place(team, row.handle.hex), row.handle.hex
    plain = by.bundle(team.pk).open_box(bytes(row.body), place, "index-delta", handle, *_secret(team, row))
    return Delta.from_bytes(plain)


def _which(row: SearchDelta) -> tuple[UUID, bytes]:
    return row.handle, hashlib.sha256(bytes(row.body)).digest()


def _number(team: Team) -> int:
    """The number of a team's generation; 0 before the first."""
    newest = SearchGeneration.objects.filter(team=team).order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def is_as_logged(team: Team) -> bool | None:
    """Whether a team's index has the parts the log last said; None where it has not said yet (an older desk)."""
    number, _ = state(team)
    return _is_as_logged(team, number, SearchDelta.objects.filter(team=team).values_list("handle", flat=True))


def _is_as_logged(team: Team, number: int, deltas: Iterable[UUID]) -> bool | None:
    known = latest_commitments([_facts(team)]).get(_facts(team))
    return None if known is None else known[1] == _digest(number, deltas)


def hold(team: Team) -> None:
    """Let nobody else change the index until the transaction ends: each change commits to what the last one left.

    Whoever opens a case for somebody, or takes somebody away, holds it too, so that neither happens unseen. The lock
    is on the team's row: one on the person's would mark it beside the case's, for whoever reads the disk. It is taken
    after those of cases.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _commit(by: Actor, team: Team) -> None:
    """Commit to which parts the index now has. What is in a part its seal says: no key seals two of one name."""
    number, _ = state(team)
    digest = _digest(number, SearchDelta.objects.filter(team=team).values_list("handle", flat=True))
    record_write(
        organisation=by.organisation.handle,
        act=Act.INDEXED,
        member=by.member.handle,
        team=team.handle,
        written=[next_written(_facts(team), digest)],
    )


def _facts(team: Team) -> UUID:
    return facts_handle("search-index", team.handle)


def _digest(number: int, deltas: Iterable[UUID]) -> bytes:
    return facts_digest([number, sorted(one.hex for one in deltas)])


def _new_secret(team: Team, row: SearchGeneration | SearchDelta) -> str:
    """Give a part not yet saved its secret, layered under the epoch. Returns it, in hex."""
    secret = boxes.new_key()
    row.epoch, row.secret = keyring.epochs().layer(secret, _place_of(team, row))
    return secret.hex()


def _secret(team: Team, row: SearchGeneration | SearchDelta) -> list[str]:
    """The secret of a part, in hex; none in one of before there were any. Raises `EpochMissing`, `CannotOpen`."""
    return [keyring.epochs().peel(row.epoch, bytes(row.secret), _place_of(team, row)).hex()] if row.epoch else []


def _place_of(team: Team, row: SearchGeneration | SearchDelta) -> bytes:
    return place_of_secret(team.handle, row.number if isinstance(row, SearchGeneration) else row.handle)


def place_of_secret(team: UUID, which: UUID | int) -> bytes:
    """The place the secret of an index's part is layered for."""
    return boxes.context("index-secret", team.hex, which.hex if isinstance(which, UUID) else which)


def _place(team: Team, which: str | int) -> bytes:
    return boxes.context("index", team.handle.hex, which)
