"""What is asked before something of the archive is deleted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RemovalForm(forms.Form):
    """A box to tick: what is deleted here comes back for nobody."""

    sure = forms.BooleanField(
        label=_("I have read this, and it is to be deleted"),
        error_messages={"required": _("Tick the box if it is to be deleted.")},
    )
