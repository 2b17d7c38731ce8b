"""Which posts say what public posts taken in before them say: found by samples, then compared whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Count, QuerySet

from safeconduct.accounts.models import Organisation
from safeconduct.journal import bulk

from . import copies
from .copies import Alike
from .likeness import LEAST, SAME, compare, samples, shingles
from .likeness.words import everywhere
from .models import Likeness, Post, ReadingCopy, Sample, Source
from .reading.shape import Reading

SHARES: Final = 10_000
_AT_ONCE: Final = 500
# A phrase that so many posts have finds nobody.
_TOO_COMMON: Final = 1_000
# Of the samples of the shorter, how many the other must have to be compared.
_LIKELY: Final = 0.4
_MOST_COMPARED: Final = 200

_Shingles = Mapping[int, frozenset[int]]


def note_alike(source: Source, posts: Sequence[Post], reading: Reading) -> Sequence[Alike]:
    """Compare the posts of a source that was just taken in with all the organisation has, and keep what is alike."""
    mine = _shingles(reading)
    rows = {post.number: post for post in posts}
    found = list(_matching(source.organisation, mine, apart_from=source))
    Likeness.objects.bulk_create(
        [
            Likeness(post=rows[one.number], of=other, containment=one.containment, resemblance=one.resemblance)
            for one, other in found
        ],
        batch_size=_AT_ONCE,
    )
    kept = {number: samples(those) for number, those in mine.items()}
    for number, some in kept.items():
        rows[number].sampled = everywhere(some)
    Post.objects.bulk_update([rows[number] for number in kept], ["sampled"], batch_size=_AT_ONCE)
    bulk.insert_values(
        Sample, ("post_id", "hash"), [(rows[number].pk, one) for number, some in kept.items() for one in some]
    )
    return [one for one, _ in found]


def matching(organisation: Organisation, reading: Reading) -> tuple[Alike, ...]:
    """The posts of a reading that public posts of the organisation are like."""
    return tuple(one for one, _ in _matching(organisation, _shingles(reading)))


def of_source(source: Source) -> Sequence[Alike]:
    """What is kept about the posts of a source."""
    rows = Likeness.objects.filter(post__source=source).select_related("post", "of", "of__source")
    return [
        Alike(row.post.number, row.of.handle, row.of.source.handle, row.of.number, row.containment, row.resemblance)
        for row in rows.order_by("post__number", "-containment", "of__pk")
    ]


def _shingles(reading: Reading) -> _Shingles:
    """Of each post that is long enough to be compared its shingles, by its number."""
    each = ((post.number, shingles(post.text)) for post in reading.posts)
    return {number: those for number, those in each if len(those) >= LEAST}


def _matching(
    organisation: Organisation, mine: _Shingles, *, apart_from: Source | None = None
) -> Iterator[tuple[Alike, Post]]:
    own = {number: samples(those) for number, those in mine.items()}
    met, sampled = _meeting(organisation, own, apart_from)
    likely: dict[int, list[int]] = {}
    for number in sorted(met):
        least = everywhere(own[number])
        shares = ((count / max(min(least, sampled[post]), 1), post) for post, count in met[number].items())
        likely[number] = [
            post for _, post in sorted((one for one in shares if one[0] >= _LIKELY), reverse=True)[:_MOST_COMPARED]
        ]
    texts = _Texts()
    # Of very many posts that share a phrase, few are likely: only those are read.
    others = _posts({post for posts in likely.values() for post in posts})
    for number, posts in likely.items():
        found = []
        for post in posts:
            if post not in others:  # removed at this moment
                continue
            how = compare(mine[number], shingles(texts.of(others[post])))
            if how.containment >= SAME:
                found.append((how.containment, how.jaccard, others[post]))
        for containment, jaccard, other in sorted(found, key=lambda one: (-one[0], -one[1], one[2].pk)):
            rounded = round(containment * SHARES), round(jaccard * SHARES)
            yield Alike(number, other.handle, other.source.handle, other.number, *rounded), other


def _meeting(
    organisation: Organisation, own: Mapping[int, Iterable[int]], apart_from: Source | None
) -> tuple[dict[int, Counter[int]], dict[int, int]]:
    """How many samples each post of ours (a number) shares with each of others (row ids); and how many those have."""
    having: dict[int, list[int]] = defaultdict(list)
    for number, some in own.items():
        for one in some:
            having[one].append(number)
    hashes = sorted(having)
    met: dict[int, Counter[int]] = defaultdict(Counter)
    sampled: dict[int, int] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        rows = Sample.objects.filter(hash__in=hashes[start : start + _AT_ONCE])
        rows = rows.filter(post__source__organisation=organisation)
        if apart_from is not None:
            rows = rows.exclude(post__source=apart_from)
        common = set(_common(rows))
        for one, post, count in rows.exclude(hash__in=common).values_list("hash", "post", "post__sampled"):
            sampled[post] = count
            for number in having[one]:
                met[number][post] += 1
    return met, sampled


def _common(rows: QuerySet[Sample]) -> QuerySet[Sample, int]:
    return rows.values("hash").annotate(posts=Count("pk")).filter(posts__gt=_TOO_COMMON).values_list("hash", flat=True)


def _posts(ids: set[int]) -> dict[int, Post]:
    wanted = sorted(ids)
    found: dict[int, Post] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= Post.objects.select_related("source").in_bulk(wanted[start : start + _AT_ONCE])
    return found


class _Texts:
    """What posts say, each source's copy unpacked once."""

    def __init__(self) -> None:
        self._raw: dict[int, str] = {}

    def of(self, post: Post) -> str:
        if post.source_id not in self._raw:
            copy = ReadingCopy.objects.get(source=post.source_id)
            self._raw[post.source_id] = copies.unpack(copy.schema, copy.body).raw
        return self._raw[post.source_id][post.start : post.end]
