"""Words for what an office asks before it acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.intake import Gap, Missing

from . import dates

CONSTITUENT: Final[Mapping[str, Promise]] = {
    "": _("Not checked yet"),
    "yes": _("Yes"),
    "no": _("No"),
    "apart": _("Does not apply: this office has no constituents"),
}

AGREES: Final[Mapping[str, Promise]] = {
    "": _("Not asked"),
    "yes": _("Yes"),
    "no": _("No: do not write about them yet"),
}

CHECKED: Final[Mapping[str, Promise]] = {
    "": _("Not said"),
    "roll": _("On the electoral roll"),
    "address": _("A letter or card with the address was seen"),
    "told": _("They told us"),
    "other": _("Another way"),
}

NOTICE: Final[Mapping[str, Promise]] = {
    "": _("Not said"),
    "paper": _("On paper"),
    "email": _("By email or text"),
    "spoken": _("Read out or explained"),
}

GAPS: Final[Mapping[Gap, Promise]] = {
    Gap.NOT_CHECKED: _("Nobody has checked yet whether they are a constituent."),
    Gap.NOT_A_CONSTITUENT: _("They are not a constituent: another MP may have to act for them."),
    Gap.DOES_NOT_AGREE: _("They do not agree that anybody is written to about them."),
    Gap.NO_AUTHORITY: _("There is no signed authority to act on record."),
    Gap.AUTHORITY_TO_COME: _("The signed authority begins on %(day)s."),
    Gap.AUTHORITY_RAN_OUT: _("The signed authority ran out on %(day)s."),
    Gap.AUTHORITY_NOT_SEEN: _("Nobody here has seen the signed authority."),
    Gap.NO_NOTICE: _("They have not been given the privacy notice."),
}


def gap(one: Missing) -> str:
    """What is missing, as a sentence."""
    text = str(GAPS[one.gap])
    return text % {"day": dates.plain(one.on)} if one.on else text
