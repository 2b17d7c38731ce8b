"""The choice of the team whose members will be able to open what is put in: never presumed where there are several."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from safeconduct.accounts.models import Team


def offer_teams(form: forms.Form, teams: Iterable[Team]) -> dict[str, Team]:
    """Let the form's field ``team`` choose among these: hidden where there is one, else empty until somebody chooses.

    Returns them by what is sent: their handles (hex).
    """
    offered = {one.handle.hex: one for one in teams}
    field = form.fields["team"]
    assert isinstance(field, forms.ChoiceField)
    choices = [(handle, one.name) for handle, one in offered.items()]
    if len(choices) == 1:
        field.choices = choices
        field.widget = forms.HiddenInput()
        field.initial = choices[0][0]
    else:
        field.choices = [("", _("Choose")), *choices]
    return offered
