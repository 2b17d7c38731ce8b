"""Changing one facet of a person. Whoever saves second sees what the first one saved, and keeps what they typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.people import queries
from safeconduct.people.actions import change_contact, change_identity, change_needs, change_status
from safeconduct.people.actions.add import NoName
from safeconduct.people.facets import Contact, Facet, Identity, Needs, Status
from safeconduct.people.history import Why
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Changed, Opened

from ...access import Request
from ...repeat import Group, Part, Row, group, typed
from ...why_form import ASKED, WhyForm, takes_away
from . import contact_forms as reaching
from . import needs_forms as needing
from . import person_forms as parts
from . import present_contact, present_needs
from . import present_person as present
from .person_forms import RevisionForm, StatusForm

Lines = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Editor:
    """How one facet is drawn as a form, shown as it stands, and read from what was typed."""

    heading: Promise
    form: type[RevisionForm]
    fields: Callable[[Any], dict[str, Any]]
    parts: Sequence[tuple[Part, Callable[[Any], list[Row]]]]
    rows: Callable[[Any], list[dict[str, Any]]]
    content: Callable[[PersonRecord, dict[str, Any], Lines], Facet]


def _identity(record: PersonRecord, _fields: dict[str, Any], lines: Lines) -> Facet:
    return parts.identity_of(lines["names"], lines["births"], record.identity.content)


def _contact(_record: PersonRecord, fields: dict[str, Any], lines: Lines) -> Facet:
    return reaching.ruled_contact(lines["ways"], lines["never"], fields)


def _needs(_record: PersonRecord, fields: dict[str, Any], lines: Lines) -> Facet:
    return needing.needs_of(lines["languages"], fields)


def _status(_record: PersonRecord, fields: dict[str, Any], lines: Lines) -> Facet:
    return parts.status_of(lines["references"], lines["nationalities"], fields["history"])


def _save(by: Actor, record: PersonRecord, content: Facet, read: int, why: Why) -> None:
    match content:
        case Identity():
            status = record.status.content
            change_identity(by=by, person=record.subject, identity=content, read=read, status=status, why=why)
        case Contact():
            change_contact(by=by, person=record.subject, contact=content, read=read, why=why)
        case Needs():
            change_needs(by=by, person=record.subject, needs=content, read=read, why=why)
        case Status():
            identity = record.identity.content
            change_status(by=by, person=record.subject, status=content, read=read, identity=identity, why=why)


EDITORS: Final[dict[str, Editor]] = {
    "identity": Editor(
        gettext_lazy("Names and birth"),
        RevisionForm,
        lambda _content: {},
        [(parts.NAMES, parts.name_rows), (parts.BIRTHS, parts.birth_rows)],
        present.identity_rows,
        _identity,
    ),
    "contact": Editor(
        gettext_lazy("How to reach them"),
        reaching.ContactForm,
        reaching.contact_fields,
        [(reaching.RULED_WAYS, reaching.ruled_way_rows), (reaching.NEVERS, reaching.never_rows)],
        present_contact.contact_rows,
        _contact,
    ),
    "needs": Editor(
        gettext_lazy("Languages and needs"),
        needing.NeedsForm,
        needing.needs_fields,
        [(needing.LANGUAGES, needing.language_rows)],
        present_needs.needs_rows,
        _needs,
    ),
    "status": Editor(
        gettext_lazy("Status and references"),
        StatusForm,
        lambda content: {"history": content.history},
        [(parts.REFERENCE_LINES, parts.reference_rows), (parts.NATIONALITIES, parts.nationality_rows)],
        present.status_rows,
        _status,
    ),
}


def view(request: Request, handle: UUID, facet: str) -> HttpResponse:
    """The form of a facet, as it stands or as it was typed."""
    by, editor = request.actor, EDITORS[facet]
    record = queries.open_person(by=by, person=queries.subject(by, handle, Subject.Kind.PERSON))
    opened: Opened = getattr(record, facet)
    if request.method != "POST" or "add" in request.POST:
        form, groups = _unbound(editor, opened, request.POST if request.method == "POST" else None)
        return _draw(request, record, editor, form, groups)
    form, groups = _bound(editor, request.POST)
    why = WhyForm(request.POST)
    if not all([form.is_valid(), why.is_valid(), *(one.formset.is_valid() for one in groups)]):
        return _draw(request, record, editor, form, groups, why=why)
    content = editor.content(record, form.cleaned_data, {one.key: one.formset.rows for one in groups})
    nameless = isinstance(content, Identity) and not content.names  # refused for that, whatever the reason
    if not nameless and takes_away(opened.content, content) and not why.cleaned_data["reason"]:
        why.ask()
        form.add_error(None, ASKED)
        return _draw(request, record, editor, form, groups, why=why)
    try:
        _save(by, record, content, form.cleaned_data["revision"], why.why())
    except NoName as fault:
        form.add_error(None, str(fault))
        return _draw(request, record, editor, form, groups, why=why)
    except Changed:
        return _overtaken(request, handle, facet)
    return redirect(f"{reverse('person', args=[handle])}#{facet}")


def _unbound(editor: Editor, opened: Opened, data: QueryDict | None) -> tuple[RevisionForm, list[Group]]:
    """The form as the facet stands; with ``data``, as it was typed and one line more."""
    if data is None:
        fields = {"revision": opened.revision, **editor.fields(opened.content)}
        return editor.form(initial=fields), [group(part, None, rows(opened.content)) for part, rows in editor.parts]
    form = editor.form(initial={name: data.get(name, "") for name in editor.form.base_fields})
    return form, [group(part, None, typed(part, data)) for part, _rows in editor.parts]


def _bound(editor: Editor, data: QueryDict) -> tuple[RevisionForm, list[Group]]:
    return editor.form(data), [group(part, data, ()) for part, _rows in editor.parts]


def _overtaken(request: Request, handle: UUID, facet: str) -> HttpResponse:
    """409: what was typed, what stands now, and the choice to save over it knowingly."""
    by, editor = request.actor, EDITORS[facet]
    record = queries.open_person(by=by, person=queries.subject(by, handle, Subject.Kind.PERSON))
    opened: Opened = getattr(record, facet)
    data = request.POST.copy()
    data["revision"] = str(opened.revision)
    form, groups = _bound(editor, data)
    form.add_error(
        None,
        _(
            "Somebody else saved this while you were writing. Nothing was overwritten and what you typed is below."
            " Put in what should stay of theirs, then save again."
        ),
    )
    return _draw(request, record, editor, form, groups, now=editor.rows(opened.content), status=409)


def _draw(
    request: Request,
    record: PersonRecord,
    editor: Editor,
    form: RevisionForm,
    groups: list[Group],
    *,
    now: list[dict[str, Any]] | None = None,
    why: WhyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "people",
        "heading": editor.heading,
        "about": {
            "name": present.shown_name(record.identity.content),
            "ref": "",
            "safe": present_contact.safe(record.contact.content),
        },
        "form": form,
        "groups": groups,
        "now": now,
        "why": why or WhyForm(request.POST or None),
        "cancel_url": reverse("person", args=[record.subject.handle]),
    }
    return render(request, "desk/person_edit.html", context, status=status)
