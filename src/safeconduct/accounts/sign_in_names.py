"""Sign-in names as they are kept and compared: keyboards write an é as one sign or as two, and both are one name."""

import unicodedata
from typing import Final

from django.db.models import QuerySet

from .models import Member

LONGEST: Final = 60


def folded(typed: str) -> str:
    """The one form of a name that is kept (NFC, small letters). It may be longer than what was typed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).strip().casefold())


def whose(typed: str, among: QuerySet[Member]) -> Member | None:
    """The member of that name, one query whether or not there is one.

    Names of an older desk are kept as they were typed then, so each way to write the name is looked for. Of two, the
    one kept just as it was typed.
    """
    as_typed, name = typed.strip().casefold(), folded(typed)
    found = list(among.filter(sign_in__in=sorted({as_typed, name, unicodedata.normalize("NFD", name)})).order_by("pk"))
    return next((one for one in found if one.sign_in == as_typed), found[0] if found else None)
