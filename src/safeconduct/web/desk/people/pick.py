"""Finding somebody on record inside a form: first a search, then one of the people found."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.people import queries
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Subject
from safeconduct.people.queries import Hit, PersonRecord

from ...forms import LineField
from .present_person import in_a_list, line_of, other_names

_SHOWN = 12


class PickForm(forms.Form):
    """Whom is meant. Further fields of a form that extends it are drawn once somebody was found."""

    q = LineField(label=gettext_lazy("Name or reference"), required=False)
    person = forms.CharField(label=gettext_lazy("Who is it?"), required=False, max_length=32, widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Actor, without: Collection[str] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        if self.is_bound and not self.data.get("person"):
            self.data = self._begun(self.data)
        self.by = by
        self._without = frozenset(without)
        self.offered = False
        self.found = 0

    def _begun(self, data: Any) -> Any:
        """What was sent by a search, with the further fields as they begin: they were not there to be filled in."""
        begun = data.copy()
        for name, field in self.fields.items():
            if name not in begun and field.initial:
                begun[name] = "on" if field.initial is True else field.initial
        return begun

    @property
    def chosen(self) -> bool:
        """Whether somebody was picked, rather than searched for."""
        return bool(self.is_bound and self.data.get("person") and "find" not in self.data)

    @property
    def further(self) -> list[Any]:
        """The fields that come with whoever was found."""
        return [bound for bound in self.visible_fields() if bound.name not in ("q", "person")]

    def offer(self) -> None:
        """Search for what was typed and offer who was found. Recorded as any search is."""
        typed = str(self.data.get("q", "")).strip()
        if not typed:
            if self.is_bound and not self.chosen:
                self.add_error("q", _("Type a name or a reference, or a part of one."))
            return
        self.offered = True
        _text, hits = queries.found(by=self.by, handle=queries.search(by=self.by, text=typed).handle)
        people = [hit for hit in hits if hit.identity is not None and hit.subject.handle.hex not in self._without]
        self.found = len(people[:_SHOWN])
        widget = self.fields["person"].widget
        assert isinstance(widget, forms.RadioSelect)
        widget.choices = [(hit.subject.handle.hex, _label(hit)) for hit in people[:_SHOWN]]

    def opened(self) -> PersonRecord:
        """The record of whoever was picked. Raises `NotHeld` and what `open_person` does."""
        try:
            handle = UUID(self.cleaned_data["person"])
        except ValueError:
            raise NotHeld("There is no such record, or your teams do not hold it.") from None
        return queries.open_person(by=self.by, person=queries.subject(self.by, handle, Subject.Kind.PERSON))


def _label(hit: Hit) -> str:
    """What tells two people of one name apart, on one line."""
    also = other_names(hit.identity)[:1]
    lines = [str(line["text"]) for line in line_of(hit.identity, hit.status.references if hit.status else ())]
    return ", ".join([in_a_list(hit.identity), *also, *lines]) or _("No name on record")
