"""The kinds of field the desk's forms are made of. Nothing typed is stripped of marks or completed by a browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PassphraseField(forms.CharField):
    """A passphrase: typed hidden, never given back to the page, and not shortened by a space."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("strip", False)
        named.setdefault("max_length", 500)
        attributes = {"autocomplete": "off", "data-reveal": _("Show")}
        super().__init__(widget=forms.PasswordInput(attrs=attributes, render_value=False), **named)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 200)
        super().__init__(**named)


class ProseField(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 3, **named: Any) -> None:
        named.setdefault("max_length", 20_000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **named)
