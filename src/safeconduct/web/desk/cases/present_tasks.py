"""What is to be done on a case, and what is one key away on it: a call, that the person was told, a promise to ring."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from safeconduct.casework.models import Case, Event, Task
from safeconduct.people.facets import Task as TaskSaid

from ...words import calls as words
from ...words import dates
from ...words.dates import Day
from ..day.calls_log import FROM_CASE
from .present_case import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown:
    """One thing to be done, or that was."""

    kind: str
    what: str
    on: Day
    late: bool
    worker: str
    note: str
    done_url: str
    change_url: str
    put_back_url: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is one key away: the shape of `acts` in components/tasks.html."""

    text: str
    url: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class TasksShown:
    """The shape of components/tasks.html."""

    to_do: list[TaskShown]
    done: list[TaskShown]
    acts: list[Act] = field(default_factory=list)
    new_url: str = ""


def present(page: Page, *, today: date) -> TasksShown:
    """What is to be done, the earliest first, and what was."""
    shown = [(_task(page, task, said, today), task.done_on) for task, said in page.record.tasks]
    to_do = [one for one, done_on in shown if done_on is None]
    done = [one for one, done_on in shown if done_on is not None]
    if page.case.state != Case.State.OPEN:
        return TasksShown(to_do, done)
    call = page.to("case-call", **{"from": FROM_CASE})
    acts = [
        Act(_("Log a call"), call, "l"),
        Act(_("Phoned an authority"), page.to("case-call", **{"from": FROM_CASE, "who": words.AUTHORITY})),
        Act(_("Told the person"), f"{page.to('case', log=Event.Kind.TOLD_PERSON.value)}#log-event", "o"),
        Act(_("Promised to ring back"), f"{call}#ring-back", "b"),
    ]
    return TasksShown(to_do, done, acts, page.to("task-new"))


def _task(page: Page, task: Task, said: TaskSaid, today: date) -> TaskShown:
    is_open, done_on = page.case.state == Case.State.OPEN, task.done_on
    return TaskShown(
        kind=str(words.TASKS[task.kind]),
        what=said.what,
        on=dates.brief(done_on or task.on, today),
        late=done_on is None and task.on < today,
        worker=task.worker.name if task.worker else "",
        note=said.done_note,
        done_url=page.to("task-done", task.handle) if done_on is None else "",
        change_url=page.to("task-change", task.handle) if done_on is None and is_open else "",
        put_back_url=page.to("task-put-back", task.handle) if done_on is not None and is_open else "",
    )
