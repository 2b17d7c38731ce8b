"""Taking mail in: read, matched, labelled, sealed; and what we wrote ourselves is filed where one letter is meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeGuard

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.people import index, policies
from safeconduct.people.records import Changed

from .. import known, labels, matching
from ..direction import Directions
from ..matching import Matcher
from ..models import Message
from ..reading import files as readers
from ..reading.letter import Letter, Refused, Unread
from . import own
from .sealing import Sealed, save, seal

_AT_ONCE: Final = 50
_BYTES_AT_ONCE: Final = 32 * 1024 * 1024
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one message: ``name`` is of the file it came in.

    ``message`` is its row (of a repeat the one that was here), None where it was refused or only looked at. ``why`` is
    the code of a refusal. ``labels``, ``candidates`` and ``our_reference`` are what is proposed.
    """

    name: str
    message: Message | None = None
    why: Unread | None = None
    repeat: bool = False
    labels: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    our_reference: str | None = None


@dataclass(slots=True)
class TakenIn:
    """What became of the files that were given, in their order."""

    rows: list[Taken] = field(default_factory=list)

    @property
    def new(self) -> list[Message]:
        """The messages that were taken in."""
        return [one.message for one in self.rows if one.message is not None and not one.repeat]

    @property
    def repeats(self) -> list[Taken]:
        """What was here already."""
        return [one for one in self.rows if one.repeat]

    @property
    def refused(self) -> list[tuple[str, Unread]]:
        """The name of each file, once for each message of it that was not taken in, and why."""
        return [(one.name, one.why) for one in self.rows if one.why is not None]


def take_in(*, by: Actor, team: Team, files: Sequence[tuple[str, bytes]]) -> TakenIn:
    """Take in what somebody dropped: pairs of a file's name and its bytes. An mbox holds several messages.

    Raises:
        Refused: policy. JournalUnavailable, DiskRefused: the batch under way was not kept.
        IndexBusy, Changed: try again; what was taken in before it is known.
    """
    out = TakenIn()
    given = ((name, one) for name, data in files for one in readers.letters(data))
    for rows in take_in_letters(by=by, team=team, letters=given):
        out.rows += rows
    return out


def take_in_letters(
    *, by: Actor, team: Team, letters: Iterable[tuple[str, Letter | Refused]], dry_run: bool = False
) -> Iterator[list[Taken]]:
    """The same of letters that are read one by one, some at a time: what is given out is kept.

    With ``dry_run`` nothing is kept, and what would be proposed is said. Raises as `take_in` does.
    """
    policies.require(by, Act.TAKE_IN_MAIL, policies.of_team(team, by.organisation))
    run = _Run(by, team, Matcher(by, team), Directions(by, team), dry_run)
    for batch in _batches(letters):
        yield _take(run, batch)


def _batches(letters: Iterable[tuple[str, Letter | Refused]]) -> Iterator[list[tuple[str, Letter | Refused]]]:
    """So many that a transaction is short, and no more than a machine has memory for."""
    batch: list[tuple[str, Letter | Refused]] = []
    size = 0
    for name, one in letters:
        batch.append((name, one))
        size += len(one.data) if isinstance(one, Letter) else 0
        if len(batch) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same while one run takes mail in."""

    by: Actor
    team: Team
    matcher: Matcher
    directions: Directions
    dry_run: bool


def _take(run: _Run, batch: Sequence[tuple[str, Letter | Refused]]) -> list[Taken]:
    """Take a batch in. What we wrote comes first: a letter of ours starts the clock that a reply beside it answers."""
    out: dict[int, Taken] = {at: Taken(name, why=one.code) for at, (name, one) in enumerate(batch) if _is_refused(one)}
    read = [(at, name, one) for at, (name, one) in enumerate(batch) if isinstance(one, Letter)]
    matching.record_search(run.by, run.team, messages=len(read))
    ours = run.directions.of([one for _, _, one in read])
    for direction in (True, False):
        some = [given for given, is_ours in zip(read, ours, strict=True) if is_ours is direction]
        out |= _take_some(run, some, ours=direction) if some else {}
    return [out[at] for at in range(len(batch))]


def _is_refused(one: Letter | Refused) -> TypeGuard[Refused]:
    return isinstance(one, Refused)


def _take_some(run: _Run, given: Sequence[tuple[int, str, Letter]], *, ours: bool) -> dict[int, Taken]:
    """Letters of one direction, by their place in the batch. Looked at again where a colleague was quicker."""
    for _ in range(_TRIES):
        stood = index.state(run.team)
        out, new = _seal_some(run, given, ours=ours)
        if not new or save(run.by, run.team, new, stood=stood):
            break
    else:
        raise Changed("Others wrote to this team's records again and again. Try once more.")
    for made in new:
        if ours and own.file_own(by=run.by, message=made.message, found=made.found):
            run.matcher.forget(made.found.cases)
    return out


def _seal_some(
    run: _Run, given: Sequence[tuple[int, str, Letter]], *, ours: bool
) -> tuple[dict[int, Taken], list[Sealed]]:
    """What becomes of letters, and those that are new: sealed, and not yet saved."""
    letters = [one for _, _, one in given]
    found = run.matcher.match([(one, ours) for one in letters])
    here = known.known_messages(by=run.by, team=run.team, letters=letters)
    out: dict[int, Taken] = {}
    new: list[Sealed] = []
    firsts: dict[tuple[str, ...], Sealed | None] = {}
    for number, (at, name, one) in enumerate(given):
        said = () if ours else labels.labels_of(matching.said_in(one))
        proposed = found[number]
        row = Taken(name, None, None, False, said, tuple(proposed.candidates), proposed.our_reference)
        same = known.identity_of(one)
        if number in here:
            row = replace(row, message=here[number], repeat=True)
        elif same in firsts:
            first = firsts[same]
            row = replace(row, message=first.message if first else None, repeat=True)
        elif run.dry_run:
            firsts[same] = None
        else:
            made = firsts[same] = seal(run.by, run.team, one, said, proposed, ours=ours)
            new.append(made)
            row = replace(row, message=made.message)
        out[at] = row
    return out, new
