"""Bringing a spreadsheet in: staging it, deciding, and throwing it away again before it is done."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing.envelopes import digest
from safeconduct.journal import bulk
from safeconduct.journal.actions import record_read, record_write
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.queries import latest_commitments
from safeconduct.people.models import PaperFile, Subject
from safeconduct.people.papers import files
from safeconduct.people.records import PutBack

from .. import policies
from ..arrivals import staged as stages
from ..arrivals import work
from ..arrivals.again import RowBefore
from ..arrivals.reading import Reading, keep, read, read_again, read_and_keep
from ..arrivals.staged import Found, Outcome, Staged
from ..faults import StagedByAnother, WrongState
from ..importing.errors import NoSuchSheet
from ..importing.faults import Fault
from ..importing.fields import Field
from ..models import Arrival, Case


def stage(
    *,
    by: Actor,
    team: Team,
    name: str,
    data: bytes,
    as_of: date,
    rule: str = "ask",
    known: tuple[Reading, Found] | None = None,
) -> Arrival:
    """Keep a spreadsheet, sealed, until somebody has decided what to do with it.

    ``known`` is its reading, and what was found of it, where a command has read and compared it just now.

    Raises:
        Refused: policy. UnreadableSheet: it is no spreadsheet we can read; nothing was kept.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(team, by.organisation))
    staged = Staged(name=name, data=data, rule=rule, remembered=headings_before(by, team))
    with bulk.many():
        if known is not None:
            staged, reading = keep(staged, known[0])
            staged = msgspec.structs.replace(staged, found=known[1])
        else:
            staged, reading = read_and_keep(staged, as_of=as_of)
    arrival = Arrival(
        organisation=by.organisation,
        team=team,
        member=by.member,
        at=datetime.now(UTC),
        as_of=as_of,
        rows_in_all=len(reading.sheet.rows),
    )
    arrival.staged = stages.seal(by, arrival, staged)
    with transaction.atomic():
        arrival.save(force_insert=True)
        _record(by, arrival, Entered.IMPORT_STAGED, written_of(arrival))
    return arrival


def open_arrival(*, by: Actor, arrival: Arrival) -> tuple[Staged, Reading]:
    """Open what was staged and not yet started, after the entry that says so is committed.

    Raises:
        Refused: policy. WrongState: it has started or ended. JournalUnavailable: nothing was opened.
        StagedByAnother: somebody changed it since ``arrival`` was read.
        PutBack: what is staged is not what the log says was staged last.
    """
    if arrival.state != Arrival.State.STAGED:
        raise WrongState("This import has started or ended, so there is nothing to decide any more.")
    staged = open_kept(by=by, arrival=arrival)
    return staged, read(staged, as_of=arrival.as_of)


def open_outcome(*, by: Actor, arrival: Arrival) -> Outcome:
    """What is kept of an import that is done. Raises as `open_arrival` does."""
    if arrival.state != Arrival.State.DONE:
        raise WrongState("This import is not done.")
    return open_kept(by=by, arrival=arrival).outcome or Outcome()


def headings_before(by: Actor, team: Team) -> dict[str, str]:
    """What the headings of the team's last sheet were read as, so that nobody has to say it every week."""
    last = _last(team)
    return {} if last is None else open_outcome(by=by, arrival=last).headings


def sheet_before(by: Actor, team: Team) -> dict[str, RowBefore]:
    """The rows of the sheets a team brought in before, by their case (handle, hex). Raises as `open_arrival` does."""
    last = _last(team)
    return {} if last is None else open_outcome(by=by, arrival=last).rows


def _last(team: Team) -> Arrival | None:
    """The import of a team that was done last, and not undone since."""
    return (
        Arrival.objects.filter(team=team, state=Arrival.State.DONE, staged__isnull=False).order_by("-done_at").first()
    )


def open_kept(*, by: Actor, arrival: Arrival) -> Staged:
    """Open whatever is sealed on an import, in whichever state. Raises as `open_arrival` does."""
    policies.require(by, Act.BRING_IN, policies.of_team(arrival.team, by.organisation))
    if arrival.staged is None:
        raise WrongState("This import has ended; what was staged is gone.")
    record_read(
        reader=by.reader,
        act=Entered.IMPORT_OPENED,
        team=arrival.team.handle,
        count=arrival.rows_in_all,
    )
    [known] = written_of(arrival)
    if latest_commitments([arrival.handle]).get(arrival.handle) != (known.revision, known.digest):
        if not Arrival.objects.filter(pk=arrival.pk, revision=arrival.revision, state=arrival.state).exists():
            raise StagedByAnother("Somebody else has just changed or started this import. Look at it again.")
        # An earlier state of the import would bring back decisions somebody has changed since.
        raise PutBack("this import is not as the log says it was last saved; nothing was opened")
    return stages.open_staged(by, arrival)


def take_out_faults(*, by: Actor, arrival: Arrival) -> Sequence[Fault]:
    """The rows that could not be read, for a file that leaves the desk. Raises as `open_arrival` does."""
    kept = open_kept(by=by, arrival=arrival)
    # One file, of rows that are nobody's record.
    record_read(reader=by.reader, act=Entered.EXPORTED, team=arrival.team.handle)
    if kept.outcome is not None:
        return [one.fault for one in kept.outcome.left_out]
    plan = kept.reading.plan if kept.reading is not None else None
    return () if plan is None else plan.faults


def choose_sheet(*, by: Actor, arrival: Arrival, staged: Staged, sheet: str) -> None:
    """Read another visible sheet of the same workbook instead; what was said about columns and rows is forgotten.

    Raises:
        UnreadableSheet: there is no such sheet, or it holds no rows. The rest as `decide`.
    """
    reading = read(staged, as_of=arrival.as_of)
    if sheet not in (reading.sheet.sheet_title, *reading.sheet.other_sheets):
        raise NoSuchSheet
    other = msgspec.structs.replace(staged, sheet=sheet, columns={}, decisions={})
    more, reading = read_and_keep(other, as_of=arrival.as_of)
    arrival.rows_in_all = len(reading.sheet.rows)
    _restage(by, arrival, more)


def choose_columns(*, by: Actor, arrival: Arrival, staged: Staged, columns: dict[int, Field]) -> None:
    """Say what each column is, and look at once for what of it is here. Decisions stay where they still fit.

    Raises as `decide` does, and `IndexBusy`.
    """
    chosen = {index: field.value for index, field in columns.items()}
    named = msgspec.structs.replace(staged, columns=chosen)
    more, reading = read_again(named, read(staged, as_of=arrival.as_of).sheet, as_of=arrival.as_of)
    _restage(by, arrival, _with_found(by, arrival, more, reading))


def compare_again(*, by: Actor, arrival: Arrival, staged: Staged) -> None:
    """Look again for what of the sheet is here: others have worked since. Raises as `choose_columns` does."""
    _restage(by, arrival, _with_found(by, arrival, staged, read(staged, as_of=arrival.as_of)))


def decide(*, by: Actor, arrival: Arrival, staged: Staged, decisions: dict[str, str], workers: dict[str, str]) -> None:
    """Keep what somebody decided about repeats, and whom the worker column means.

    Raises:
        Refused: policy. WrongState: it is running or done. StagedByAnother: somebody decided in between.
    """
    more = msgspec.structs.replace(staged, decisions=staged.decisions | decisions, workers=staged.workers | workers)
    _restage(by, arrival, more)


def cancel(*, by: Actor, arrival: Arrival) -> None:
    """Throw away an import that is not done, and whatever was built of it. Raises `Refused`, `WrongState`."""
    policies.require(by, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if locked.state not in (Arrival.State.STAGED, Arrival.State.RUNNING):
            raise WrongState("This import is done. Undo it instead.")
        Case.objects.filter(arrival=locked).delete()
        papers = list(PaperFile.objects.filter(subject__batch=locked.handle).values_list("handle", flat=True))
        Subject.objects.filter(batch=locked.handle).delete()
        transaction.on_commit(lambda: files.remove(papers), robust=True)
        locked.state, locked.staged = Arrival.State.UNDONE, None
        locked.save(update_fields=["state", "staged"])
        _record(by, locked, Entered.IMPORT_UNDONE)
    arrival.state, arrival.staged = locked.state, None


def restage(by: Actor, arrival: Arrival, sealed: bytes, *, state: str) -> None:
    """Replace what is staged, at the revision that was read, and record it. Inside the caller's transaction.

    Args:
        sealed: for the revision after that one. To seal a large sheet takes long: others would wait for it.

    Raises `StagedByAnother`, `JournalUnavailable`.
    """
    read_at = arrival.revision
    arrival.revision, arrival.state, arrival.staged = read_at + 1, state, sealed
    saved = Arrival.objects.filter(pk=arrival.pk, revision=read_at, state=Arrival.State.STAGED).update(
        revision=arrival.revision, staged=arrival.staged, state=state, rows_in_all=arrival.rows_in_all
    )
    if not saved:
        raise StagedByAnother("Somebody else has just changed or started this import. Look at it again.")
    _record(by, arrival, Entered.IMPORT_STAGED, written_of(arrival))


def written_of(arrival: Arrival) -> list[Written]:
    """What the log commits to, so that an earlier state put back is noticed."""
    assert arrival.staged is not None
    return [Written(arrival.handle, arrival.revision, digest(bytes(arrival.staged)))]


def _with_found(by: Actor, arrival: Arrival, staged: Staged, reading: Reading) -> Staged:
    before = sheet_before(by, arrival.team)
    found = work.find(
        by=by, team=arrival.team, rows=reading.rows, rule=staged.rule, before=before, workers=staged.workers
    )
    return msgspec.structs.replace(staged, found=found)


def _restage(by: Actor, arrival: Arrival, staged: Staged) -> None:
    policies.require(by, Act.BRING_IN, policies.of_team(arrival.team, by.organisation))
    if arrival.state != Arrival.State.STAGED:
        raise WrongState("This import has started, so it cannot be changed. Cancel it or let it end.")
    sealed = stages.seal(by, arrival, staged, revision=arrival.revision + 1)
    with transaction.atomic():
        restage(by, arrival, sealed, state=Arrival.State.STAGED)


def _record(by: Actor, arrival: Arrival, act: Entered, written: Sequence[Written] = ()) -> None:
    record_write(
        organisation=by.organisation.handle,
        act=act,
        member=by.member.handle,
        team=arrival.team.handle,
        count=arrival.rows_in_all,
        written=written,
    )
