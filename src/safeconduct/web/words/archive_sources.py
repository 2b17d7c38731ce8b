"""Words for sources: what they are, what to know about them, why one is no source, and what their dates mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from safeconduct.archive.capture import Unreached
from safeconduct.archive.reading.shape import DateRole, Flagged, Found, Gap, Kind, Lack, Post, Unfit

from . import dates

KINDS: Final[Mapping[str, Promise]] = {
    Kind.HTML: _("Web page"),
    Kind.MHTML: _("Saved web page (MHTML)"),
    Kind.PDF: _("PDF"),
    Kind.TEXT: _("Text"),
    Kind.WARC: _("Web capture (WARC)"),
    Kind.WACZ: _("Web capture (WACZ)"),
    Kind.FEED: _("Feed"),
    Kind.X_ARCHIVE: _("Account archive of X"),
    Kind.THREAD_READER: _("Thread, saved by Thread Reader"),
    Kind.MASTODON: _("Mastodon posts"),
    Kind.BLUESKY: _("Bluesky posts"),
}

# How a date or an author was found, in brackets after it.
FOUND: Final[Mapping[str, Promise]] = {
    Found.METADATA: _("as its file says"),
    Found.MARKUP: _("as the page marks it"),
    Found.TEXT: _("as its text says"),
    Found.ID: _("from the number of the post"),
    Found.FEED: _("as the feed says"),
    Found.ADDRESS: _("from its address"),
    Found.INFERRED: _("worked out, not said"),
}

ROLES: Final[Mapping[str, Promise]] = {
    DateRole.PUBLISHED: _("published"),
    DateRole.UPDATED: _("updated"),
    DateRole.QUOTED: _("of something it quotes"),
    DateRole.SAID: _("stands there, of what is not said"),
}

# Each is a sentence that stands where the thing stands, or above the whole.
FLAGS: Final[Mapping[str, Promise]] = {
    Flagged.BROKEN_ENTITY: _("A character is broken in the source."),
    Flagged.REPEATED_TITLE: _("The title is repeated in the text."),
    Flagged.CUT_LINK: _("This address was shown in part only."),
    Flagged.CUT_TEXT: _("The text is cut here: it goes on where it was published."),
    Flagged.BADLY_DECODED: _("Some bytes are no letters in the writing the source claims."),
    Flagged.CONTROLS: _("There are invisible control characters here."),
    Flagged.TURNED: _("Invisible marks turn the direction of the text here."),
    Flagged.HIDDEN: _("The page holds text its readers did not see. It is left out here."),
    Flagged.NO_TEXT: _("There is no text to read in it."),
    Flagged.PAGES_WITHOUT_TEXT: _("Some pages are pictures of text. What they say cannot be read or searched here."),
    Flagged.DATE_WITHOUT_YEAR: _("A date stands here without its year. None was added."),
    Flagged.DATE_UNCLEAR: _("A date can be read in two ways here: the day first, or the month."),
    Flagged.DATES_DIFFER: _("Its dates do not agree with each other."),
    Flagged.EDGE_INFERRED: _("Only the layout says that a new post begins here."),
    Flagged.JOIN_INFERRED: _("A long text was joined to its post by its time and its opening."),
    Flagged.EDITED: _("It was edited after it was published."),
    Flagged.REMOVABLE: _("The page says of itself that it may be removed at any time."),
    Flagged.ABBREVIATED: _("The source holds more than is read here. Its bytes have all of it."),
    Flagged.PRIVATE_INSIDE: _("Its bytes hold private messages. They are not read here, and leave with the bytes."),
    Flagged.OTHERS_INSIDE: _("The package holds further pages. The first is read here."),
    Flagged.CAPPED: _("The replies end at what the service shows without an account."),
    Flagged.UNNUMBERED: _("The posts carry no numbers: whether one is missing cannot be told."),
}

LACKS: Final[Mapping[str, Promise]] = {
    Lack.MISSING: _("A post is missing here"),
    Lack.BLOCKED: _("A post here could not be seen: its author blocks, or asks for an account"),
    Lack.TRUNCATED: _("The thread goes on here and was not captured further"),
    Lack.DELETED: _("A post was deleted here"),
}

UNFIT: Final[Mapping[str, Promise]] = {
    Unfit.EMPTY: _("There is nothing in this file."),
    Unfit.UNKNOWN: _("This is no kind of file the archive reads."),
    Unfit.TOO_LARGE: _("There is more in this file than the archive reads of one source."),
    Unfit.TOO_DEEP: _("This file is nested deeper than any honest page."),
    Unfit.TOO_MANY: _("There are more parts in this file than the archive reads."),
    Unfit.TRUNCATED: _("This file is cut short. Save it again."),
    Unfit.DAMAGED: _("This file is damaged: it does not open. Save it again."),
    Unfit.LOCKED: _("This file opens with a password only. Save it without one."),
    Unfit.HOSTILE: _("This file is made to harm what opens it. It was not opened further."),
    Unfit.TOO_COSTLY: _("Reading this file took more time or memory than one source may."),
    Unfit.NOT_HERE: _("This desk cannot read files of others."),
    Unfit.NOT_SUCH: _("This file is sound, and there is no page or post in it."),
}

UNREACHED: Final[Mapping[str, Promise]] = {
    Unreached.NO_ADDRESS: _("This is no address of a page. It begins with https://."),
    Unreached.REFUSED_ADDRESS: _("This address is not of the public network. The desk goes to no other."),
    Unreached.NO_NAME: _("There is no such site at the moment. Check the address."),
    Unreached.NO_ANSWER: _("The site did not answer."),
    Unreached.TIME: _("The site took too long."),
    Unreached.TOO_LARGE: _("The page is larger than is fetched. Save it in a browser and take in the file."),
    Unreached.TOO_MANY_HOPS: _("The address led on and on and never to a page."),
    Unreached.NO_TRUST: _("Nobody this machine trusts vouches that this is the site it says it is."),
    Unreached.NOT_HTTP: _("What answered is no web server."),
    Unreached.NO_PAGE: _(
        "The site gave no page: an error, a login, or a throttle. That does not mean the page is gone. Save it in a"
        " browser and take in the file."
    ),
    Unreached.NOT_HERE: _("This desk cannot fetch addresses. Save the page in a browser and take in the file."),
}

NOT_INSTALLED: Final = _(
    "This desk shows the sources it keeps and cannot take in further ones: install safeconduct with the extra"
    " “archive”, on Linux."
)
NO_PLAYING: Final = _(
    "This desk cannot open the package of a page: install safeconduct with the extra “archive”. What the page says is"
    " on the page of the source."
)
NO_PDF: Final = _(
    "This desk draws no PDF: install safeconduct with the extra “archive”, and the library Pango. The page itself"
    " prints."
)
LIMITS: Final = (
    _("A time-stamp shows that these bytes existed by then. It does not show when they were published, or by whom."),
    _("The text on these pages was read out of the bytes by a program. The bytes are what counts."),
    _("Safeconduct is not independently audited."),
)


# Why refused bytes were discarded, by the number that the log has.
BECAUSE: Final[Mapping[int, Promise]] = {
    1: _("they are there to do harm"),
    2: _("what they should have been was taken in otherwise"),
    3: _("they were never meant for the archive"),
    4: _("somebody asked that they go"),
    5: _("nobody can use them"),
}


def gap(one: Gap) -> str:
    """`A post is missing here (3/7).`"""
    said = str(LACKS[one.kind])
    return f"{said} ({one.about})." if one.about else f"{said}."


def said_date(value: str | None) -> str:
    """A date as exactly as it was said: `2020`, `September 2020`, `18 September 2020`, the same with its time."""
    if not value:
        return ""
    try:
        if len(value) == 4:
            return value
        if len(value) == 7:
            return dates.month(date.fromisoformat(f"{value}-01"))
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    if "T" not in value and " " not in value:
        return dates.plain(at.date())
    return dates.instant(at).text if at.tzinfo else f"{dates.plain(at.date())}, {at:%H:%M}"


def found_by(value: str | None) -> str:
    """How it was found; "" where nobody knows."""
    return str(FOUND[value]) if value and value in FOUND else ""


def post_line(post: Post) -> str:
    """The line above a post on paper: `3. Dana Invented, 18 September 2020 (as the page marks it)`."""
    when = said_date(post.date)
    how = found_by(post.date_found_by)
    told = [post.author or "", f"{when} ({how})" if when and how else when or _now("no date known")]
    return f"{post.number}. " + ", ".join(part for part in told if part)


def posts(count: int) -> str:
    """`3 posts`."""
    return ngettext("%(count)d post", "%(count)d posts", count) % {"count": count}


def gaps(count: int) -> str:
    """`2 gaps`."""
    return ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}


def share(ten_thousandths: int) -> str:
    """`96%`; never 100% of what is not all of it."""
    return _now("%(share)d%%") % {"share": ten_thousandths // 100}


def language(tag: str | None) -> str:
    """`Arabic (ar)`, in the reader's language; the tag alone where Django has no name for it; "" for none."""
    if not tag:
        return ""
    try:
        return f"{get_language_info(tag.partition('-')[0])['name_translated']} ({tag})"
    except KeyError:
        return tag


def alike(count: int) -> str:
    """`2 posts are like earlier ones`."""
    return ngettext("%(count)d post is like an earlier one", "%(count)d posts are like earlier ones", count) % {
        "count": count
    }


def found(count: int) -> str:
    """`12 posts found`: what a search counts is posts."""
    return ngettext("%(count)d post found", "%(count)d posts found", count) % {"count": count}
