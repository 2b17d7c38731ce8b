"""What somebody means to do on a case by a day: written down, moved to another day, given to somebody, done.

What exactly is to be done is sealed; that something is, its broad kind, by when and by whom are open, and due in Today.
"""

from datetime import UTC, date, datetime

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import facets, journaling
from safeconduct.people.keys import Keyed, hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import new_envelope, rewrite_item

from .. import facts, policies
from ..faults import AlreadyDone, AlreadyOver, NotOnThisCase
from ..models import Case, Task
from ..schedule import office_days, reschedule
from .cases import lock, require_open, require_past, require_worker


def add_task(*, by: Actor, case: Case, kind: str, on: date, what: str, worker: Member | None = None) -> Task:
    """Write down what is to be done on a case by a day, and by whom; None is whoever works on the case.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotAWorkerHere: the state forbids it.
        AlreadyOver: the day is past, so nothing can be done by it.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_not_over(on)
    require_worker(worker, case.team)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        task = Task.objects.create(case=case, kind=kind, on=on, worker=worker, by=by.member, at=datetime.now(UTC))
        row, written = new_envelope(keyed, Envelope.Facet.TASK, facets.Task(what=what.strip()), item=task.handle)
        row.save(force_insert=True)
        _record(by, keyed, case, task, [written])
    return task


def change_task(*, by: Actor, case: Case, task: Task, on: date, worker: Member | None, what: str | None = None) -> None:
    """Move a task to another day, give it to somebody, or say better what it is; None leaves the words as they are.

    Raises:
        Refused, NotHeld: policy. NotOnThisCase, CaseClosed, NotAWorkerHere, AlreadyDone: the state forbids it.
        AlreadyOver: it is to be moved to a day that is past.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    _require_of(case, task)
    require_worker(worker, case.team)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        _require_to_do(task)
        if on != task.on:
            require_not_over(on)
        task.on, task.worker = on, worker
        task.save(update_fields=["on", "worker"])
        _record(by, keyed, case, task, [] if what is None else [_say(keyed, task, what=what.strip())])


def finish_task(*, by: Actor, case: Case, task: Task, on: date, note: str = "") -> None:
    """Say that a task was done on a day, or that it is not needed any more; the note says which where it matters.

    Raises:
        Refused, NotHeld: policy. NotOnThisCase, AlreadyDone, NotYet: the state forbids it.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(on)
    _require_of(case, task)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        _require_to_do(task)
        task.done_on = on
        task.save(update_fields=["done_on"])
        _record(by, keyed, case, task, [_say(keyed, task, done_note=note.strip())] if note.strip() else [])


def put_back_task(*, by: Actor, case: Case, task: Task) -> None:
    """Say that a task was not done after all: it is due again. Raises `Refused`, `NotHeld`, `NotOnThisCase`."""
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    _require_of(case, task)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        task.done_on = None
        task.save(update_fields=["done_on"])
        _record(by, keyed, case, task, [])


def require_not_over(on: date) -> None:
    """Raises `AlreadyOver` for a day before today in London."""
    if on < today():
        raise AlreadyOver("That day is past. Give today or a day to come.")


def _require_of(case: Case, task: Task) -> None:
    if task.case_id != case.pk:
        raise NotOnThisCase("That task is of another case.")


def _require_to_do(task: Task) -> None:
    """Raises `AlreadyDone`. The case is locked, and so what others may have done to the task is read again."""
    task.refresh_from_db(fields=["on", "worker", "done_on"])
    if task.done_on is not None:
        raise AlreadyDone("This was done already. Nothing was changed.")


def _say(keyed: Keyed, task: Task, **said: str) -> Written:
    """Write the sealed part of a task anew with some of it changed."""

    def changed(before: facets.Facet) -> facets.Facet:
        return msgspec.structs.replace(before, **said)

    return rewrite_item(keyed, Envelope.Facet.TASK, task.handle, changed)


def _record(by: Actor, keyed: Keyed, case: Case, task: Task, written: list[Written]) -> None:
    written = [*written, facts.committed(case)]
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_TASK, written, {"task": task.handle.hex})])
    reschedule(case, office_days(by.organisation))
