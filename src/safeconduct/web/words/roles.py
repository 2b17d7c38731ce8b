"""Words for what somebody is in a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: Final[Mapping[str, Promise]] = {
    "constituent": _("Constituent"),
    "applicant": _("Applicant"),
    "dependant": _("Dependant"),
    "representative": _("Representative"),
    "sponsor": _("Sponsor"),
    "solicitor": _("Solicitor"),
    "relative_abroad": _("Relative abroad"),
}
# Those who act, and need no record of their own.
OUTSIDE: Final[Mapping[str, Promise]] = {
    role: ROLES[role] for role in ("solicitor", "representative", "sponsor", "relative_abroad")
}
