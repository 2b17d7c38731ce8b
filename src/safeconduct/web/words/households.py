"""Words for households and for the part somebody has in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS: Final[Mapping[str, Promise]] = {
    "partner": _("Partner"),
    "child": _("Child"),
    "parent": _("Parent"),
    "other": _("Somebody else"),
}
