"""Words for members, teams and organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.models import Member, Membership
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
MEMBER_STATES: Final[Mapping[str, Promise]] = {
    Member.State.ON_LEAVE: _("On leave"),
    Member.State.LEFT: _("Has left"),
    Member.State.DISABLED: _("Disabled"),
}
MEMBER_CHANGES: Final[Mapping[str, Promise]] = {
    "on-leave": _("Put on leave"),
    "back": _("Bring back"),
    "left": _("Has left"),
    "disable": _("Disable"),
    "guardian": _("Make a guardian"),
    "not-guardian": _("A guardian no longer"),
    "cover": _("Who covers for them"),
}
TWO_DIFFER: Final = _("The two are not the same. Type the new passphrase twice.")

OFFICE_DAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "first_letter": {
        "label": _("From asking for help to the first letter"),
        "help_text": _("When somebody came in and nothing has gone out for them."),
    },
    "follow_up": {
        "label": _("Until a letter without a published standard is followed up"),
        "help_text": _("Many routes publish no standard. Then only this day brings the letter back."),
    },
    "chase": {
        "label": _("Between one chase and the next"),
        "help_text": _("Once a standard has passed, or you have followed up."),
    },
    "tell": {
        "label": _("From an answer to telling the person"),
        "help_text": _("An answer nobody passed on is not finished."),
    },
}

# After the days, on the same page.
OFFICE_WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "silence": {
        "label": _("Nothing happened on a case for"),
        "help_text": _("Working days. Then Today brings the case back, so that nobody is forgotten."),
    },
    "keep_months": {
        "label": _("Look through a closed case after"),
        "help_text": _(
            "Months. Then somebody is asked whether it must still be kept; nothing goes by itself. Leave it empty if"
            " your office has not chosen."
        ),
    },
    "gives_advice": {
        "label": _("Whoever works here may give immigration advice by law"),
        "help_text": _(
            "Regulated, or exempt. Then limits of the law say “Act”. Otherwise they say “Check with the solicitor”."
        ),
    },
}
ADVICE: Final[Mapping[bool, Promise]] = {
    True: _("Yes: limits of the law say “Act”"),
    False: _("No: limits of the law say “Check with the solicitor”"),
}
