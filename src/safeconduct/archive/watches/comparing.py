"""What a source became, as something to read: of both, what may be shown."""

from collections.abc import Sequence

from .. import queries
from ..capture import watching
from ..capture.watching import PostChange
from ..models import Source


def compare_shown(source: Source, other: Source) -> Sequence[PostChange]:
    """What differs between two public sources: posts that changed, came or went."""
    was, there = (queries.as_shown(one, queries.reading_of(one)) for one in (source, other))
    return watching.compare_posts(was.posts, there.posts)
