"""What a case says of itself, in a form: shared by the pages that open a case and the one that changes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.models import Member, Team

from ...forms import LineField
from ...words import cases as words


class AboutCase(forms.Form):
    """The kind in the open, and sealed what tells one case from another."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case"),
        choices=[("", gettext_lazy("Choose")), *words.TOPICS.items()],
        error_messages={"required": gettext_lazy("Choose the kind that is nearest.")},
        help_text=gettext_lazy("Kept in the open so that lists can be filtered: that is why the list is short."),
    )
    exact_kind = LineField(
        label=gettext_lazy("More exactly"),
        required=False,
        help_text=gettext_lazy("For example the scheme. Sealed."),
    )
    our_reference = LineField(
        label=gettext_lazy("Our reference"), required=False, max_length=40, help_text=gettext_lazy("Sealed.")
    )
    worker = forms.ChoiceField(label=gettext_lazy("Who works on it"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._workers: dict[str, Member] = {}
        self.fields["our_reference"].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag

    def offer_workers(self, members: Iterable[Member]) -> None:
        """Say who may be chosen to work on it."""
        self._workers = {one.handle.hex: one for one in members}
        choices = [("", _("Nobody yet")), *((handle, one.name) for handle, one in self._workers.items())]
        self.fields["worker"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own

    def worker_chosen(self) -> Member | None:
        """The member chosen, None for nobody."""
        return self._workers.get(self.cleaned_data["worker"])


class CaseForm(AboutCase):
    """The same of a case in a team that is known."""

    def __init__(self, *args: Any, team: Team, **named: Any) -> None:
        super().__init__(*args, **named)
        self.team = team
        self.offer_workers(workers_of(team))


def workers_of(team: Team) -> Sequence[Member]:
    """The active members of a team, by name: those its cases can be given to."""
    rows = team.memberships.filter(member__state=Member.State.ACTIVE).select_related("member")
    return [row.member for row in rows.order_by("member__name")]
