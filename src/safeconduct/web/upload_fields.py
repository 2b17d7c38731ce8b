"""Fields that take files. One that was too large says so, and whatever else was typed stays in the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MEGABYTE = 1024 * 1024


def megabytes() -> int:
    """How large one file may be."""
    return int(settings.MAX_UPLOAD_BYTES // _MEGABYTE)


class UploadField(forms.FileField):
    """One file."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """How large a file may be, for the browser to say before anything is sent."""
        bounds = {"data-most": settings.MAX_UPLOAD_BYTES, "data-most-together": settings.MAX_UPLOADS_BYTES}
        return {**super().widget_attrs(widget), **bounds, "data-too-large": lazy(_told_before, str)()}

    def to_python(self, data: Any) -> Any:
        """The file. Raises `ValidationError` for one that was larger than is taken, of which nothing was kept."""
        if getattr(data, "too_large", False):
            raise ValidationError(_too_large(), code="too_large")
        return super().to_python(data)


class SeveralFiles(forms.ClearableFileInput):
    """A field for files that takes several at once."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files, as a list."""

    def __init__(self, *, most: int, **named: Any) -> None:
        self.most = most
        named.setdefault("widget", SeveralFiles())
        super().__init__(**named)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files, each bounded. Raises `ValidationError`."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        # An empty or a cut file is falsy for Django; the base class says which it is.
        if not files:
            first = data[0] if isinstance(data, list | tuple) and data else data
            return [super().clean(first or None, initial)]
        if len(files) > self.most:
            raise ValidationError(
                ngettext("At most %(most)d file at once.", "At most %(most)d files at once.", self.most)
                % {"most": self.most}
            )
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(UploadsField, self).clean(one, initial) for one in sent]


def _told_before() -> str:
    together = int(settings.MAX_UPLOADS_BYTES // _MEGABYTE)
    return _("A file may be at most %(one)d MB, and all of them together %(all)d MB. Choose smaller ones.") % {
        "one": megabytes(),
        "all": together,
    }


def _too_large() -> str:
    together = int(settings.MAX_UPLOADS_BYTES // _MEGABYTE)
    return _(
        "A file may be at most %(one)d MB, and all of them together %(all)d MB. Nothing was kept of what was larger."
        " What you typed is still here: choose a smaller file, or a scan of lower quality."
    ) % {"one": megabytes(), "all": together}
