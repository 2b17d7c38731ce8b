"""Words for members, teams and organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.models import Membership
from safeconduct.core.calendar.days import Nation

NATIONS: Final[Mapping[str, str | Promise]] = {
    Nation.ENGLAND_AND_WALES: _("England and Wales"),
    Nation.SCOTLAND: _("Scotland"),
    Nation.NORTHERN_IRELAND: _("Northern Ireland"),
    Nation.ANY_UK: _("Several parts of the UK: a holiday in any of them counts"),
}
ROLES: Final[Mapping[str, str | Promise]] = {
    Membership.Role.CASEWORKER: _("Caseworker"),
    Membership.Role.LEAD: _("Lead"),
}
TWO_DIFFER: Final = _("The two are not the same. Type the new passphrase twice.")
