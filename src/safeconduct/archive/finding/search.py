"""Finding posts: which of them, in which order. The same on SQLite, on PostgreSQL and in memory.

Answers come by how well they are found (`terms.Grade`: whole words before beginnings before parts), then the newest
first by what they say of themselves, those without a date last; then by source and number. There is no score to weigh
that two databases would work out differently, and anybody can see why one answer stands before another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex

from . import index
from .models import Findable
from .normal import fold
from .terms import Grade, Term, terms

MOST: Final = 200
_BEFORE: Final = ("https://", "https://www.", "http://", "http://www.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for.

    ``asked`` is what they typed; "" for everything the rest allows. ``since`` and ``until`` are days, both counted in:
    a post of which only the year is known may be of any day of it. ``kinds`` are formats, ``source`` a handle, ``site``
    the name of a site as it stands in an address, ``confidence`` whether sources came in confidence.
    """

    asked: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    kinds: frozenset[str] = frozenset()
    source: UUID | None = None
    cited: bool | None = None
    site: str = ""
    confidence: bool | None = None
    terms: tuple[Term, ...] = field(init=False)
    by: str = field(init=False)

    def __post_init__(self) -> None:
        """Raises `terms.Nothing` where no word was asked for and nothing else, `terms.TooMuch`."""
        others = any((self.author, self.since, self.until, self.kinds, self.source, self.site))
        others = others or self.cited is not None or self.confidence is not None
        asked = () if not self.asked.strip() and others else terms(self.asked)
        object.__setattr__(self, "terms", asked)
        object.__setattr__(self, "by", fold(self.author).strip())


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an answer stands among the others: what sorts first is first."""

    grade: int
    undated: bool
    before: int
    source: str
    number: int

    @classmethod
    def of(cls, grade: Grade, until: date | None, source: UUID, number: int) -> "Place":
        return cls(grade, until is None, -(until.toordinal() if until else 0), source.hex, number)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found: of which source (its handle), its number there, and how well it was found.

    ``post`` is its row where it is public, None in confidence.
    """

    source: UUID
    number: int
    grade: Grade
    place: Place
    post: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``hits`` in order, from the one asked for; ``total`` says how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


def public(organisation: int, wanted: Wanted) -> QuerySet[Findable]:
    """The posts of an organisation's public sources that are wanted, each with its ``grade``, in no order."""
    rows = Findable.objects.filter(post__source__organisation=organisation, post__source__plane="public")
    rows = rows.filter(_narrowed(wanted))
    if wanted.confidence:
        rows = rows.none()
    if wanted.cited is not None:
        cited = Exists(_passages())
        rows = rows.filter(cited if wanted.cited else ~cited)
    if wanted.by:
        rows = rows.annotate(by_at=StrIndex("author", Value(f" {wanted.by}"))).filter(by_at__gt=0)
    if not wanted.terms:
        return rows.annotate(grade=Value(0, output_field=IntegerField()))
    better = [grade for grade in (Grade.WHOLE, Grade.BEGINNING) if _differs(wanted.terms, grade)]
    whens = [When(index.is_at(wanted.terms, grade), then=Value(int(grade))) for grade in better]
    worst = Value(int(Grade.PART if better else Grade.WHOLE), output_field=IntegerField())
    return rows.filter(index.holds(wanted.terms, Grade.PART)).annotate(grade=Case(*whens, default=worst))


def find_public(organisation: int, wanted: Wanted, *, first: int = 0, most: int = MOST) -> Found:
    """One page of answers among public sources. ``first`` counts from 0."""
    rows = public(organisation, wanted)
    ordered = rows.order_by(
        F("grade").asc(), F("post__until_on").desc(nulls_last=True), "post__source__handle", "post__number"
    )
    columns = ("post_id", "post__source__handle", "post__number", "grade", "post__until_on")
    hits = tuple(
        Hit(source, number, Grade(grade), Place.of(Grade(grade), until, source, number), post)
        for post, source, number, grade, until in ordered.values_list(*columns)[first : first + most]
    )
    whole = first == 0 and len(hits) < most
    return Found(hits, len(hits) if whole else rows.count())


def joined(found: Sequence[Found], *, first: int = 0, most: int = MOST) -> Found:
    """One page of several answers together; each must hold its first ``first + most``."""
    hits = sorted((hit for one in found for hit in one.hits), key=lambda hit: hit.place)
    return Found(tuple(hits[first : first + most]), sum(one.total for one in found))


def _differs(asked: Sequence[Term], grade: Grade) -> bool:
    """Whether any term is found worse than at this grade: quotations are not, and need not be looked for again."""
    return any(term.patterns[grade] != term.patterns[Grade.PART] for term in asked)


def _narrowed(wanted: Wanted) -> Q:
    out = Q()
    if wanted.since:
        out &= Q(post__until_on__gte=wanted.since)
    if wanted.until:
        out &= Q(post__from_on__lte=wanted.until)
    if wanted.kinds:
        out &= Q(post__source__kind__in=sorted(wanted.kinds))
    if wanted.source:
        out &= Q(post__source__handle=wanted.source)
    if wanted.site:
        out &= _of_site(wanted.site)
    return out


def is_of_site(address: str, site: str) -> bool:
    """Whether an address is of a site, as the database is asked it of public ones."""
    said = address.casefold()
    return any(f"{said}/".startswith(f"{before}{site}/".casefold()) for before in _BEFORE)


def _of_site(site: str) -> Q:
    out = Q()
    for before in _BEFORE:
        out |= Q(post__source__address__istartswith=f"{before}{site}/") | Q(post__source__address__iexact=before + site)
    return out


def _passages() -> QuerySet[Any]:
    from safeconduct.archive.citing.models import Passage  # here: it stands on the models of sources

    return Passage.objects.filter(source=OuterRef("post__source"), number=OuterRef("post__number"))
