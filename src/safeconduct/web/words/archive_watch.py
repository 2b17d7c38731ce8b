"""Words for what became of a source, and for what was handed over and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.archive.capture import Doubt, Fault, Unreached
from safeconduct.archive.capture.watching import Why
from safeconduct.archive.models import Observation
from safeconduct.archive.watches.models import HowOften

OUTCOMES: Final[Mapping[str, Promise]] = {
    Observation.Outcome.TAKEN_IN: _("Taken in again, the same bytes"),
    Observation.Outcome.UNCHANGED: _("Unchanged"),
    Observation.Outcome.CHANGED: _("Changed"),
    Observation.Outcome.UNREACHABLE: _("Not reached"),
    Observation.Outcome.GONE: _("Gone, by its own statement"),
}

WHYS: Final[Mapping[str, Promise]] = {
    Why.NOT_FETCHED: _("Nothing came."),
    Why.THROTTLED: _("The site asked for patience. That is no deletion."),
    Why.ASKED_TO_SIGN_IN: _("The site asked to sign in. The source may be there still."),
    Why.REFUSED: _("The site refused to show it to this desk."),
    Why.NOT_FOUND: _("The site had no page at this address. Only the source itself can say that it is gone."),
    Why.SERVER_FAILED: _("The site failed. It may be back tomorrow."),
    Why.ANOTHER_STATUS: _("The site answered with something else than a page."),
    Why.NOTHING_TO_READ: _("A page came without words: one that needs a script, or an empty one."),
    Why.STATUS_GONE: _("The site answered that this page is gone for good."),
    Why.SAID_GONE: _("The page itself said that it is gone. That page is kept too."),
    Unreached.NO_ADDRESS: _("The address is none that can be gone to."),
    Unreached.REFUSED_ADDRESS: _("The address led to one that is not of the public network."),
    Unreached.NO_NAME: _("The name of the site had no address at that moment."),
    Unreached.NO_ANSWER: _("The site did not answer."),
    Unreached.TIME: _("The site took too long."),
    Unreached.TOO_LARGE: _("What came was larger than is fetched."),
    Unreached.TOO_MANY_HOPS: _("The address led on and on and never to a page."),
    Unreached.NO_TRUST: _("Nobody this machine trusts vouches that it was this site."),
    Unreached.NOT_HTTP: _("What answered was no web server."),
    Unreached.NO_PAGE: _("The site gave no page."),
    Unreached.NOT_HERE: _("This desk could not fetch."),
}

EVERY: Final[Mapping[str, Promise]] = {
    "": _("Only when somebody asks"),
    HowOften.DAILY: _("Every day"),
    HowOften.WEEKLY: _("Every week"),
    HowOften.MONTHLY: _("Every month"),
}

# The source that an observation names, as the words of a link.
THERE: Final[Mapping[str, Promise]] = {
    Observation.Outcome.CHANGED: _("what stood there then"),
    Observation.Outcome.GONE: _("the page that says so"),
}
NOT_KEPT: Final = _("What stood there could not be kept as a source, so there is nothing to compare.")
NO_ADDRESS: Final = _(
    "This source came as a file and says no address, so there is nothing to return to. To see what became of it, take"
    " in the address it is from."
)
IN_CONFIDENCE: Final = _(
    "This source came in confidence. The desk goes to no address because of it: whoever runs the site could notice."
)

FAULTS: Final[Mapping[str, Promise]] = {
    Fault.NOT_ONE: _("It is no folder that was handed over."),
    Fault.DAMAGED: _("It is damaged: a file in it does not open."),
    Fault.HOSTILE: _("It is made to harm what opens it. It was not opened further."),
    Fault.TOO_LARGE: _("There is more in it than is opened of one folder."),
    Fault.NOTHING_INSIDE: _("There is no source in a package of it."),
    Fault.HASHES_DIFFER: _("A package does not hold what its own list says."),
    Fault.RECORDS_DIFFER: _("A record in a package is not what its digest says."),
    Fault.INDEX_DIFFERS: _("The index of a package would show something else than lies in it."),
    Fault.SUMS_DIFFER: _("A file is missing, was added or was changed since the folder was made."),
    Fault.COLLECTION_DAMAGED: _("The collection that came along cannot be read, or is of other sources."),
    Fault.PROOFS_DIFFER: _("The files that prove the log’s entry do not agree with each other."),
    Fault.STAMP_OF_OTHER_BYTES: _("A time-stamp is over other bytes: this package was changed, or is another one."),
    Fault.STAMP_NOT_TRUSTED: _("A time-stamp was not made by the authority it names."),
    Fault.STAMP_UNCHECKED: _(
        "This desk cannot check time-stamps: install safeconduct with the extra “archive”, and OpenSSL."
    ),
    Fault.NOT_IN_LOG: _("The log it came with does not hold this package."),
    Fault.NOT_AS_RECORDED: _("These are not the bytes whose hash was recorded."),
}

NOT_HANDED_OVER: Final = _(
    "A time-stamp or a proof of one of them does not hold here any more. Whoever runs the desk can"
    " see: safeconduct check."
)

TOO_MUCH_ALONG: Final = _(
    "What goes along of the collection is more than another office could take in: at most 2,000 sources and passages,"
    " 1,000 letters of its name, and 16 MB. Nothing left the desk. Shorten its name, part the collection, or let the"
    " sources go without it."
)

DOUBTS: Final[Mapping[str, Promise]] = {
    Doubt.NOTHING_OUTSIDE: _(
        "Nobody outside speaks for it: no time-stamp and no log. It agrees with itself, as an edited one could."
    ),
    Doubt.AUTHORITY_UNKNOWN: _(
        "The certificate of the authority came with the folder. Compare it with the one the authority publishes."
    ),
    Doubt.LOG_KEY_UNKNOWN: _("The key of the other office’s log came with the folder. Ask them for it by another way."),
}


def due(put_off: int) -> str:
    """That it is asked less often, as nothing of the source came; "" where it is not."""
    if not put_off:
        return ""
    return ngettext(
        "Nothing of it came the last time, so it is asked later than that.",
        "Nothing of it came the last %(count)d times, so it is asked later each time.",
        put_off,
    ) % {"count": put_off}


def going_along(standing: int, orphans: int) -> str:
    """How many passages go along with a collection, and how many stay behind."""
    said = ngettext("%(count)d passage goes along.", "%(count)d passages go along.", standing) % {"count": standing}
    if orphans:
        more = ngettext("%(count)d orphan stays here.", "%(count)d orphans stay here.", orphans) % {"count": orphans}
        said = f"{said} {more}"
    return said


def passages(count: int) -> str:
    """How many passages of a collection that came along stand here."""
    return (
        ngettext("%(count)d passage stands here, and is in it.", "%(count)d passages stand here, and are in it.", count)
        % {"count": count}
        if count
        else str(_("No passage of it stands here."))
    )


def sources(count: int) -> str:
    """`1 source leaves`, `3 sources leave`."""
    return ngettext("%(count)d source leaves", "%(count)d sources leave", count) % {"count": count}


def posts(before: int | None, after: int | None) -> str:
    """Which post a comparison is of."""
    if before is None:
        return _now("Post %(number)d came") % {"number": after}
    if after is None:
        return _now("Post %(number)d went") % {"number": before}
    if before == after:
        return _now("Post %(number)d") % {"number": before}
    return _now("Post %(before)d, now post %(after)d") % {"before": before, "after": after}
