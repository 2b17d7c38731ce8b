"""Words for what a record was before: the parts of it, and the reasons for a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.people.models import Envelope

# What a member may choose.
GIVEN: Final[Mapping[str, Promise]] = {
    "mistake": _("It was written down wrongly"),
    "changed": _("It is different now"),
    "paper": _("Seen on a paper"),
    "other": _("Another reason"),
}
# What the desk itself says of acts that are their own reason.
REASONS: Final[Mapping[str, Promise]] = {
    **GIVEN,
    "import": _("Brought in with a spreadsheet"),
    "undone": _("An import was taken back"),
    "merge": _("Two records were said to be one person's"),
    "removed": _("Removed"),
}

FACETS: Final[Mapping[str, Promise]] = {
    Envelope.Facet.IDENTITY: _("Names and birth"),
    Envelope.Facet.CONTACT: _("How to reach them"),
    Envelope.Facet.STATUS: _("Status and references"),
    Envelope.Facet.NEEDS: _("Languages and needs"),
    Envelope.Facet.ACCOUNT: _("What they told"),
    Envelope.Facet.HOUSEHOLD: _("Household"),
    Envelope.Facet.HEAD: _("The case"),
    Envelope.Facet.PAPERS: _("Papers"),
}
