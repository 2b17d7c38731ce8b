"""Returning to a source: what was found there this time, and what changed, as something to read.

`observe` is plain comparison of what was captured then and now. Fetching is `capture.fetch`.
"""

from .comparing import PostChange, compare_posts
from .observing import Observation, Seen, Why, observe

__all__ = ["Observation", "PostChange", "Seen", "Why", "compare_posts", "observe"]
