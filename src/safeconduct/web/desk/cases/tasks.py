"""What is to be done on a case: written down, moved, done. From the case's page and from Today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.accounts.models import Member, Team
from safeconduct.casework.actions import calls, tasks
from safeconduct.casework.faults import AlreadyOver, CaseworkFault, NotYet
from safeconduct.casework.models import Case, Task
from safeconduct.casework.queries import CaseRecord, find_case, open_case_record
from safeconduct.people.facets import Task as TaskSaid

from ...access import Request
from ...forms import DayField, LineField, ProseField
from ...words import calls as words
from ...words import dates
from ..day import queue
from .case_form import workers_of
from .links import case_address
from .present_case import about


class TaskForm(forms.Form):
    """What, by when, by whom."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is to be done"),
        choices=list(words.TASKS.items()),
        help_text=gettext_lazy("Kept in the open, so that Today can say it. What exactly is sealed."),
    )
    what = LineField(label=gettext_lazy("What exactly"), required=False, max_length=400)
    on = DayField(
        label=gettext_lazy("By when"),
        ahead=True,
        initial="tomorrow",
        error_messages={"required": gettext_lazy("Give the day by which it is to be done.")},
        help_text=gettext_lazy("For example today, tomorrow, fri or +2w"),
    )
    worker = forms.ChoiceField(label=gettext_lazy("By whom"), required=False)

    def __init__(self, *args: Any, team: Team, **named: Any) -> None:
        super().__init__(*args, **named)
        self._workers = {one.handle.hex: one for one in workers_of(team)}
        choices = [("", _("Whoever works on the case")), *((key, one.name) for key, one in self._workers.items())]
        self.fields["worker"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own

    def worker_chosen(self) -> Member | None:
        """The member chosen, None for whoever works on the case."""
        return self._workers.get(self.cleaned_data["worker"])


class DoneForm(forms.Form):
    """When it was done, and what there is to say of it."""

    on = DayField(
        label=gettext_lazy("Done on"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it was done.")},
    )
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("What came of it, or why it is not needed any more. Sealed."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["note"].widget.attrs["data-start"] = ""


def new(request: Request, handle: UUID) -> HttpResponse:
    """Write down something to be done."""
    by, case = request.actor, find_case(request.actor, handle)
    asked = request.GET.get("kind", "")
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        team=case.team,
        initial={"kind": asked if asked in words.TASKS else Task.Kind.OTHER},
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            tasks.add_task(
                by=by,
                case=case,
                kind=typed["kind"],
                on=typed["on"],
                what=typed["what"],
                worker=form.worker_chosen(),
            )
        except CaseworkFault as fault:
            form.add_error("on" if isinstance(fault, AlreadyOver) else None, str(fault))
        else:
            return redirect(case_address(request, case, done="task"))
    heading = _("Write down what is to be done")
    return _draw(request, open_case_record(by=by, case=case), form, heading, _("Write it down"))


def change(request: Request, handle: UUID, task: UUID) -> HttpResponse:
    """Move it to another day, give it to somebody, or say better what it is."""
    by, case, row = request.actor, *_find(request, handle, task)
    form = TaskForm(request.POST, team=case.team) if request.method == "POST" else None
    if form is not None:
        del form.fields["kind"]
        if form.is_valid():
            typed = form.cleaned_data
            try:
                tasks.change_task(
                    by=by, case=case, task=row, on=typed["on"], worker=form.worker_chosen(), what=typed["what"]
                )
            except CaseworkFault as fault:
                form.add_error("on" if isinstance(fault, AlreadyOver) else None, str(fault))
            else:
                return redirect(case_address(request, case, done="saved"))
    record = open_case_record(by=by, case=case)
    if form is None:
        initial = {
            "what": _said(record, row).what,
            "on": dates.typed_again(row.on),
            "worker": row.worker.handle.hex if row.worker else "",
        }
        form = TaskForm(team=case.team, initial=initial)
        del form.fields["kind"]
    return _draw(request, record, form, str(words.TASKS[row.kind]), _("Save"))


def done(request: Request, handle: UUID, task: UUID) -> HttpResponse:
    """Say that it was done; a call that was promised stands among what happened from then on."""
    by, case, row = request.actor, *_find(request, handle, task)
    form = DoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = calls.ring_back if row.kind == Task.Kind.RING_BACK else tasks.finish_task
        try:
            act(by=by, case=case, task=row, on=form.cleaned_data["on"], note=form.cleaned_data["note"])
        except CaseworkFault as fault:
            form.add_error("on" if isinstance(fault, NotYet) else None, str(fault))
        else:
            return redirect(_onwards(request, case))
    record = open_case_record(by=by, case=case)
    heading = _("Rang back") if row.kind == Task.Kind.RING_BACK else _("Done")
    return _draw(request, record, form, heading, _("It is done"), _said(record, row).what)


def put_back(request: Request, handle: UUID, task: UUID) -> HttpResponse:
    """Take back that it was done."""
    case, row = _find(request, handle, task)
    tasks.put_back_task(by=request.actor, case=case, task=row)
    return redirect(case_address(request, case, done="saved"))


def _find(request: Request, handle: UUID, task: UUID) -> tuple[Case, Task]:
    case = find_case(request.actor, handle)
    return case, get_object_or_404(Task.objects.select_related("worker"), case=case, handle=task)


def _said(record: CaseRecord, task: Task) -> TaskSaid:
    return next(said for row, said in record.tasks if row.pk == task.pk)


def _onwards(request: Request, case: Case) -> str:
    """The next row of the list it was opened from, or the case."""
    if request.POST.get("then") == "next":
        after = queue.our_own(request.POST.get("next", ""))
        if after:
            return f"{after}{'&' if '?' in after else '?'}done=saved"
    return case_address(request, case, done="done")


def _draw(
    request: Request, record: CaseRecord, form: forms.Form, heading: str, save: str, lede: str = ""
) -> HttpResponse:
    around = queue.place(request.actor, record.case, request.GET, today=day_it_is())
    context = {
        "section": "cases",
        "heading": heading,
        "about": about(record.head.content, record.concerned),
        "lede": lede,
        "form": form,
        "save": save,
        "next": around.go_on if around and isinstance(form, DoneForm) else "",
        "cancel_url": case_address(request, record.case),
    }
    return render(request, "desk/form.html", context)
