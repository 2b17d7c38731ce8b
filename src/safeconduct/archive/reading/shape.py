"""What a source says once it was read, and why one could not be. Plain structures; nothing here reads.

All offsets count characters of `Reading.raw`: of a text, the text as it was decoded; of a page, its visible text as
it was laid out by us, block by block. Nothing in it was repaired. For every post ``raw[start:end] == text``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a file is."""

    HTML = "html"
    MHTML = "mhtml"
    PDF = "pdf"
    TEXT = "text"
    WARC = "warc"
    WACZ = "wacz"
    FEED = "feed"
    X_ARCHIVE = "x_archive"
    THREAD_READER = "thread_reader"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"


class Found(StrEnum):
    """How a date or an author was found."""

    METADATA = "metadata"  # a field of the format: JSON, a PDF's, `<meta>`, JSON-LD
    MARKUP = "markup"  # marked in the page: `<time>`, `rel=author`, a byline's class
    TEXT = "text"  # written in the text, in so many words
    ID = "id"  # the post's identifier holds its time
    FEED = "feed"  # a feed's entry
    ADDRESS = "address"  # the address holds it: /2020/09/18/
    INFERRED = "inferred"  # by another's rule of thumb, or by joining two records


class DateRole(StrEnum):
    """What a date is said to be the date of."""

    PUBLISHED = "published"
    UPDATED = "updated"
    QUOTED = "quoted"  # of something the text hands on: a letter, another's article
    SAID = "said"  # stands there, and does not say of what


class Flagged(StrEnum):
    """What somebody who relies on a reading should know. None of it was repaired."""

    BROKEN_ENTITY = "broken_entity"  # a character reference that names none: `41&#x i;ncrease`
    REPEATED_TITLE = "repeated_title"
    CUT_LINK = "cut_link"  # its text ends in an ellipsis, its address is not known in full
    CUT_TEXT = "cut_text"  # the post itself goes on elsewhere
    BADLY_DECODED = "badly_decoded"  # bytes that are none of the charset it claims
    CONTROLS = "controls"  # control characters
    TURNED = "turned"  # marks that turn the direction of the text around them
    HIDDEN = "hidden"  # text a reader of the page would not have seen; it is left out
    NO_TEXT = "no_text"
    PAGES_WITHOUT_TEXT = "pages_without_text"  # of a PDF: pictures of text
    DATE_WITHOUT_YEAR = "date_without_year"
    DATE_UNCLEAR = "date_unclear"  # 3/4/2020: a day of March or of April
    DATES_DIFFER = "dates_differ"
    EDGE_INFERRED = "edge_inferred"  # nothing but the layout says that a new post begins here
    JOIN_INFERRED = "join_inferred"  # a long text joined to its post by time and opening
    EDITED = "edited"
    REMOVABLE = "removable"  # the page says of itself that it may be removed at any time
    ABBREVIATED = "abbreviated"  # the source holds more than is read; see the bounds
    PRIVATE_INSIDE = "private_inside"  # an account's archive: its bytes hold messages that are never read here
    OTHERS_INSIDE = "others_inside"  # a package with more pages than the one read
    CAPPED = "capped"  # replies end at what the service shows without an account
    UNNUMBERED = "unnumbered"


class Unfit(StrEnum):
    """Why a file could not be read."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    LOCKED = "locked"  # needs a password
    HOSTILE = "hostile"  # entities that expand, names that leave the folder, bombs
    TOO_COSTLY = "too_costly"  # takes more time or memory than reading one source may
    NOT_HERE = "not_here"  # this machine cannot confine the process that reads, or a library is not installed
    NOT_SUCH = "not_such"  # sound, but nothing of its kind is in it


class NotRead(Exception):
    """A file could not be read. ``reason`` says why; the words are the pages'. No content is in it."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(f"the file could not be read: {reason.replace('_', ' ')}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """``target`` is as it stands in the source and may be cut or nonsense; ``at`` is where in raw."""

    text: str
    target: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post: what it is said to show, and its address. It is never fetched."""

    about: str
    target: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know about the text at ``at``, or about the whole if that is None."""

    code: Flagged
    at: int | None = None


class Lack(StrEnum):
    """Why there is a gap."""

    MISSING = "missing"
    BLOCKED = "blocked"
    TRUNCATED = "truncated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Gap:
    """A post that should be there and is not: behind the post ``after``, or at the head if that is None.

    ``before`` is the post that answers it, where it is known which. ``about`` is what is
    known of it: its identifier or address, or how many are missing. Never what it said.
    """

    kind: Lack
    after: int | None = None
    about: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another thread or page this one names. ``said_date`` is as written; no year is ever added."""

    title_or_opening: str
    posts: int | None = None
    said_date: str = ""


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date: ISO and no more exact than it was said, how it was written, how found, where and of what."""

    value: str
    written: str
    found_by: Found
    role: DateRole = DateRole.SAID
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a source. ``date`` is 2020, 2020-09, 2020-09-18 or an instant with its zone.

    ``number`` counts from 1 in the order of the source. ``answers`` is the number of the post it replies to, where
    that is in the source; ``depth`` says how far below the first.
    """

    number: int
    title: str | None
    author: str | None
    date: str | None
    date_found_by: Found | None
    text: str
    start: int
    end: int
    links: tuple[Link, ...] = ()
    language: str | None = None  # BCP 47
    dates: tuple[SaidDate, ...] = ()  # all that were found, the one chosen first
    author_found_by: Found | None = None
    address: str | None = None  # its own, as the source gives it
    answers: int | None = None
    depth: int = 0
    pictures: tuple[Picture, ...] = ()
    flags: tuple[Flag, ...] = ()  # also in the reading's


@dataclass(frozen=True, slots=True)
class Reading:
    """A source as it was read: its text, its posts in order, what is missing, and what to know about it."""

    kind: Kind
    title: str | None
    author: str | None
    date: str | None
    date_found_by: Found | None
    raw: str
    posts: tuple[Post, ...]
    related: tuple[Related, ...] = ()
    gaps: tuple[Gap, ...] = ()
    flags: tuple[Flag, ...] = ()
    links: tuple[Link, ...] = ()
    language: str | None = None
    address: str | None = None  # where the source says it is from
    inside: Kind | None = None  # what was in the package: the page of a WARC
