"""What became of each post of a source: pairs are found first, then the words within a pair are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...likeness import Change, Changed, compare, differences, shingles
from ...reading.shape import Post

_SAME_POST: Final = 0.5  # of the shorter one's runs of words; strangers on one subject come to .14


@dataclass(frozen=True, slots=True)
class PostChange:
    """One post that differs: its number before and after, or None where it was not there; and its words."""

    before: int | None
    after: int | None
    title: str
    changes: tuple[Change, ...]


def compare_posts(before: Sequence[Post], after: Sequence[Post]) -> tuple[PostChange, ...]:
    """The posts that changed, came or went, in the order of the later reading; those that went come last.

    A post that only moved is no change.
    """
    left_before, left_after = list(before), []
    for post in after:
        same = next((one for one in left_before if _words(one) == _words(post)), None)
        if same is None:
            left_after.append(post)
        else:
            left_before.remove(same)
    found: list[PostChange] = []
    for post in left_after:
        was = _nearest(post, left_before)
        if was is None:
            found.append(PostChange(None, post.number, post.title or "", _all(Changed.ADDED, _words(post))))
        else:
            left_before.remove(was)
            changes = differences(_words(was), _words(post))
            found.append(PostChange(was.number, post.number, post.title or was.title or "", changes))
    found += [PostChange(one.number, None, one.title or "", _all(Changed.REMOVED, _words(one))) for one in left_before]
    return tuple(found)


def _words(post: Post) -> str:
    return f"{post.title}\n{post.text}" if post.title and not post.text.startswith(post.title) else post.text


def _nearest(post: Post, others: Sequence[Post]) -> Post | None:
    mine = shingles(post.text)
    ranked = sorted(
        ((compare(mine, shingles(one.text)).containment, -one.number, one) for one in others),
        key=lambda row: row[:2],
        reverse=True,
    )
    if ranked and ranked[0][0] >= _SAME_POST:
        return ranked[0][2]
    # Short posts share no runs of words: their title tells them, or that each is the only one.
    named = [one for one in others if one.title and one.title == post.title]
    return named[0] if len(named) == 1 else None


def _all(what: Changed, text: str) -> tuple[Change, ...]:
    return (Change(what, text),) if text else ()
