"""The kinds of field the desk's forms are made of. Nothing typed is stripped of marks or completed by a browser."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts import sign_in_names
from safeconduct.accounts.keys import today
from safeconduct.core.calendar.typed import NotADay, parse_day

from .words.dates import PROBLEMS


class PassphraseField(forms.CharField):
    """A passphrase: typed hidden, never given back to the page, and not shortened by a space."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("strip", False)
        named.setdefault("max_length", 500)
        attributes = {"autocomplete": "off", "data-reveal": _("Show")}
        super().__init__(widget=forms.PasswordInput(attrs=attributes, render_value=False), **named)


class CodeField(forms.CharField):
    """A code of six digits from an app. Spaces between them do no harm; it is never given back to the page."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 20)
        attributes = {"autocomplete": "off", "inputmode": "numeric", "dir": "ltr"}
        super().__init__(widget=Emptied(attrs=attributes), **named)


class Emptied(forms.TextInput):
    """A line that comes back empty: what was typed serves once."""

    def format_value(self, value: Any) -> str:  # noqa: ARG002 -- Django calls it so
        return ""


class NumberField(forms.IntegerField):
    """A whole number. What is wrong with one is said in the desk's words, with the least or the most there is."""

    default_error_messages: ClassVar = {
        "invalid": _("Write a whole number."),
        "min_value": _("The least is %(limit_value)s."),
        "max_value": _("The most is %(limit_value)s."),
    }


_TOO_LONG: Final[dict[str, Any]] = {"max_length": _("The most is %(limit_value)d characters; this has %(show_value)d.")}


class LineField(forms.CharField):
    """One line of text."""

    default_error_messages: ClassVar = _TOO_LONG

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 200)
        super().__init__(**named)


class SignInField(LineField):
    """A new sign-in name, as it will be kept: in small letters, of which some signs make two."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=sign_in_names.LONGEST, **named)

    def clean(self, value: Any) -> str:
        """The name. Raises `ValidationError` for one that is too long."""
        name = sign_in_names.folded(super().clean(value))
        self.run_validators(name)
        return name


class ProseField(forms.CharField):
    """Several lines of text."""

    default_error_messages: ClassVar = _TOO_LONG

    def __init__(self, *, rows: int = 3, **named: Any) -> None:
        named.setdefault("max_length", 20_000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **named)


class KitField(forms.CharField):
    """The words of one recovery kit. They stay in the page until they are right; no draft is kept of their form."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 1000)
        attributes = {"rows": 3, "dir": "ltr", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        super().__init__(widget=forms.Textarea(attrs=attributes), **named)


class DayField(forms.CharField):
    """A day as people type it, turned into a date; what was typed stays in the field when it is not one.

    With `ahead` a day without its year is the next one rather than the last.
    """

    desk_kind = "day"

    def __init__(self, *, ahead: bool = False, **named: Any) -> None:
        self.ahead = ahead
        named.setdefault("max_length", 60)
        super().__init__(**named)

    def clean(self, value: Any) -> date | None:
        """The date, None where the field is empty and may be. Raises `ValidationError` with what to write instead."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_day(text, today=today(), ahead=self.ahead)
        except NotADay as fault:
            raise ValidationError(str(PROBLEMS[fault.code]), code=fault.code.value) from None
