"""The desk's components as template tags.

Each tag draws one partial of `templates/components/`. They take plain structures (a dictionary, a dataclass, or a
string where one will do), so that a view needs to know nothing of markup. The shapes are described
at the top of each partial; the smallest, Name, Day and Value, in `small.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, Field, Select
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from safeconduct.web.templatetags import small
from safeconduct.web.templatetags.small import get

register = template.Library()
for part in (small.name, small.phone, small.reference, small.day, small.value):
    register.simple_tag(part)
register.filter(small.values)

_LTR_INPUTS = frozenset({"email", "tel", "url", "password", "number"})
_FIELDSET_WIDGETS = frozenset({"radioselect", "checkboxselectmultiple"})
# Faults whose own words name no field. Where a field has words of its own for one, they stand as they are.
_GENERAL = frozenset({"required", "invalid", "min_value", "max_value", "max_length"})


def _attrs(bound: BoundField, kind: str, described: str) -> dict[str, Any]:
    """Attributes of the input itself. Nothing typed at a desk may be kept, sent or completed by the browser."""
    widget = bound.field.widget
    own: dict[str, Any] = widget.attrs
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = described
    for key, setting in (("autocomplete", "off"), ("spellcheck", "false")):
        if key not in own:
            attrs[key] = setting
    input_type = str(getattr(widget, "input_type", ""))
    if "dir" not in own and not isinstance(widget, Select):  # a list of the desk's own words runs as the page does
        attrs["dir"] = "ltr" if kind in ("day", "ref", "phone") or input_type in _LTR_INPUTS else "auto"
    if kind == "day":
        attrs["data-day"] = ""
    return attrs


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    kind: str = "",
    label: str = "",
    hint: str = "",
    why: str = "",
    width: str = "",
    quiet: bool = False,
    optional: bool = True,
) -> dict[str, Any]:
    """One field of a Django form.

    `kind` is "day" (a date as people type it), "ref", "phone", "name" or nothing; it may also stand on the form's field
    as `desk_kind`. `label` and `hint` replace the form's; `why` says why the question is asked (or `desk_why` on the
    form's field). `width` is "s", "m" or "l". `quiet` hides the label from sight, not from a screen reader.
    `optional=False` leaves out the word beside a field that may stay empty: in a filter each may; so does
    `desk_optional = False` on the form's field, where one of several is needed.
    """
    kind = kind or getattr(bound.field, "desk_kind", "")
    hint = hint or str(bound.help_text)
    if kind == "day" and not hint:
        hint = _("For example today, -3d, fri, 20 nov or 20/11/2026")
    widget = bound.field.widget
    shape = type(widget).__name__.lower()
    if shape in _FIELDSET_WIDGETS or bound.use_fieldset:
        shape = "group"
        widget.attrs.setdefault("autocomplete", "off")  # each choice takes it from here
    elif getattr(widget, "input_type", "") == "checkbox":
        shape = "check"
    elif shape not in ("textarea", "select", "selectmultiple"):
        shape = "input"
    why = why or str(getattr(bound.field, "desk_why", ""))
    ids = {
        "hint": f"{bound.auto_id}-hint" if hint else "",
        "why": f"{bound.auto_id}-why" if why else "",
        "error": f"{bound.auto_id}-error" if bound.errors else "",
    }
    described = " ".join(part for part in (ids["why"], ids["hint"], ids["error"]) if part)
    control = "" if shape == "group" else bound.as_widget(attrs=_attrs(bound, kind, described))
    return {
        "bound": bound,
        "shape": shape,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "why": why,
        "width": width or {"day": "m", "ref": "m", "phone": "m"}.get(kind, ""),
        "quiet": quiet,
        "optional": optional
        and getattr(bound.field, "desk_optional", True)
        and not bound.field.required
        and shape != "check",
        "ids": ids,
        "described": described,
        "control": control,
    }


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Every visible field of a form, in its order; in fieldsets when the form has `sections`.

    `sections` is a sequence of things with `legend`, `fields` (names) and optionally `why` and `folded`: True for what
    most people need not fill in.
    """
    hidden = form.hidden_fields()
    groups = [
        {
            "legend": get(part, "legend"),
            "why": get(part, "why"),
            "fields": (some := [form[key] for key in get(part, "fields")]),
            "folded": bool(get(part, "folded", False)),
            "open": is_said(some),
        }
        for part in getattr(form, "sections", ())
    ]
    return {"hidden": hidden, "groups": groups or [{"legend": "", "why": "", "fields": form.visible_fields()}]}


@register.filter
def is_said(some: Iterable[BoundField]) -> bool:
    """Whether anything stands in these fields, or is wrong with them: what is folded is then open."""
    return any(bound.errors or bound.value() for bound in some)


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    form: BaseForm | None = None, groups: Iterable[object] = (), problem: object = None
) -> dict[str, Any]:
    """What is wrong on the page, each line a link to its field; nothing at all when nothing is wrong.

    `groups` are things with a `formset` (see `components/repeat.html`); `problem` is a sentence that belongs to no
    field.
    """
    lines = [{"text": str(problem), "href": ""}] if problem else []
    known = list(_forms(form, groups))
    seen = Counter(str(text) for one in known for bound in one.visible_fields() for text in bound.errors)
    for one in known:
        lines += [{"text": str(text), "href": ""} for text in one.non_field_errors()]
        for bound in one.visible_fields():
            href = _target(bound)
            lines += [{"text": text, "href": href} for text in _said(bound, seen)]
        for bound in one.hidden_fields():
            lines += [{"text": str(text), "href": ""} for text in bound.errors]
    for group in groups or ():
        lines += [{"text": str(text), "href": ""} for text in get(group, "formset").non_form_errors()]
    return {"lines": lines}


def _forms(form: BaseForm | None, groups: Iterable[object]) -> list[BaseForm]:
    found = [form] if isinstance(form, BaseForm) else []
    for group in groups or ():
        found += list(get(group, "formset"))
    return [one for one in found if one.is_bound]


def _said(bound: BoundField, seen: Counter[str]) -> list[str]:
    """What is wrong with a field, for the head of the page: what is general or said twice needs the field's name."""
    own = getattr(bound.field, "error_messages", {})
    general = type(bound.field).default_error_messages | {"required": Field.default_error_messages["required"]}
    lines: list[str] = []
    for fault in bound.errors.as_data():
        code = fault.code or ""
        text = " ".join(fault.messages)
        named = seen[text] > 1 or (code in _GENERAL and own.get(code) == general.get(code))
        lines.append(f"{bound.label}: {text}" if named else text)
    return lines


def _target(bound: BoundField) -> str:
    """The id a reader is sent to: for a group of choices, the first of them."""
    if type(bound.field.widget).__name__.lower() in _FIELDSET_WIDGETS:
        return f"#{bound.auto_id}_0"
    return f"#{bound.auto_id}"


@register.simple_tag
def has_errors(form: object = None, groups: Iterable[object] | None = None, problem: object = None) -> bool:
    """Whether `error_summary` would draw anything."""
    known = form if isinstance(form, BaseForm) else None
    return bool(error_summary(known, groups or (), problem)["lines"])


@register.inclusion_tag("components/nav.html", takes_context=True)
def desk_nav(context: template.Context, here: str = "") -> dict[str, Any]:
    """The main navigation; `here` is the section this page belongs to ("today", "people", ...)."""
    return {"here": here, "shell": context.get("shell")}


@register.inclusion_tag("components/row.html")
def agenda_row(row: object) -> dict[str, Any]:
    """One row of Today."""
    return {"row": row}


@register.inclusion_tag("components/clock.html")
def clock(clock: object) -> dict[str, Any]:
    """One date that explains itself, on a case."""
    return {"clock": clock}


@register.simple_tag
def explain(clock: object) -> SafeString:
    """How a date was counted: the body of every "Why?". Drawn once for all rows whose days were counted alike."""
    parts = tuple(get(clock, name) for name in ("standard", "status", "stated", "source", "caution"))
    steps, readings = (tuple(get(clock, name) or ()) for name in ("steps", "readings"))
    try:
        return _explained(steps, readings, *parts, get_language())
    except TypeError:  # a reading that is a dictionary, which nothing can be kept under
        return _explained.__wrapped__(steps, readings, *parts, get_language())


@lru_cache(maxsize=2000)
def _explained(
    steps: tuple[str, ...],
    readings: tuple[object, ...],
    standard: str,
    status: str,
    stated: str,
    source: str,
    caution: str,
    _language: str | None,
) -> SafeString:
    clock = {"steps": steps, "readings": readings, "standard": standard, "stated": stated, "source": source}
    drawn = {"clock": {**clock, "caution": caution}, "status": _status(status)}
    return render_to_string("components/explain.html", drawn)


def _status(status: str) -> str:
    """What a reader is told about the standing of a rule."""
    return {
        "verified": _("Checked against its source."),
        "secondary": _("Known from a secondary source only."),
        "unconfirmed": _("Unconfirmed: check it before relying on it."),
    }.get(status, "")


@register.filter
def status_word(status: str) -> str:
    """The standing of one reading of a rule in a word or two; nothing for a verified one."""
    return {"secondary": _("secondary source"), "unconfirmed": _("unconfirmed")}.get(status, "")


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[object]) -> dict[str, Any]:
    """What happened, newest first."""
    return {"events": list(events or ())}


@register.inclusion_tag("components/summary.html")
def summary(rows: Iterable[object], label: str = "") -> dict[str, Any]:
    """A list of facts, each with its Change link. `label` names the list for a screen reader."""
    return {"rows": list(rows or ()), "label": label}


@register.inclusion_tag("components/safe_contact.html")
def safe_contact(note: object) -> dict[str, Any]:
    """How this person may safely be reached. Stands wherever a contact is."""
    return {"note": note}


@register.inclusion_tag("components/needs.html")
def needs_strip(needs: object) -> dict[str, Any]:
    """What somebody needs, read before calling. Stands beside the safe-contact rule."""
    return {"needs": needs}


@register.inclusion_tag("components/contacts.html")
def contacts(items: Iterable[object], safe: object = "") -> dict[str, Any]:
    """Contacts, under the safe-contact rule."""
    return {"items": list(items or ()), "safe": safe}


@register.inclusion_tag("components/proposal.html")
def proposal(proposal: object) -> dict[str, Any]:
    """Two records that may be one person: the reasons for and against, and the choice."""
    return {"p": proposal}


@register.inclusion_tag("components/looked.html")
def looked(looked: object) -> dict[str, Any]:
    """Who has looked at this record."""
    return {"looked": looked}


@register.inclusion_tag("components/filters.html")
def filter_bar(filters: object) -> dict[str, Any]:
    """Filters over a list: a GET form and the chips of those applied."""
    return {"filters": filters}


@register.inclusion_tag("components/pages.html")
def pagination(pages: object) -> dict[str, Any]:
    """Earlier and later pages of a list."""
    return {"pages": pages}


@register.inclusion_tag("components/empty.html")
def empty_state(title: str, text: str = "", url: str = "", act: str = "") -> dict[str, Any]:
    """A place with nothing in it, saying what will be here and what to do."""
    return {"title": title, "text": text, "url": url, "act": act}


@register.inclusion_tag("components/progress.html")
def progress(label: str, done: int, total: int, text: str = "") -> dict[str, Any]:
    """How far a long act has come, as a bar and in words."""
    return {"label": label, "done": done, "total": total, "text": text}


@register.inclusion_tag("components/notice.html")
def notice(text: object, kind: str = "info", title: str = "") -> dict[str, Any]:
    """A notice: "info", "done", or "needs" (needs you, amber)."""
    return {"text": text, "kind": kind, "title": title}
