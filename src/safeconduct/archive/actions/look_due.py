"""Looking at every source that is due, one after the other, without anybody's key."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from ..capture.fetching import Way
from ..faults import ArchiveFault
from ..models import Source
from ..policies import Refused, Unattended
from ..watches import due
from ..watches.models import Watch
from .schedule import claimed, put_off
from .watch import Watched, observe_due

# Of one server, however much of it is kept: the others are due still when this runs again.
MOST_OF_A_SERVER: Final = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one that was due: ``watched``; or else ``why`` nobody looked, as a sentence that names nobody."""

    source: Source
    watched: Watched | None
    why: str = ""


_BUSY: Final = "its server asked for patience a moment ago"
_AWAY: Final = "who asked for it is not at this desk any more: set anew how often it is looked at"


def look_at_due(*, way: Way | None = None, now: datetime | None = None) -> Iterator[Looked]:
    """Look at each source that is due. One that cannot be looked at is put off, and the rest go on.

    A server that throttles is asked for nothing more this time. Raises `JournalUnavailable`.
    """
    at = now or datetime.now(UTC)
    asked: Counter[str] = Counter()
    busy: set[str] = set()
    for watch in due.due(at):
        server = urlsplit(watch.source.address or "").netloc
        if asked[server] >= MOST_OF_A_SERVER:
            continue
        if server in busy:
            put_off(watch, at)
            yield Looked(watch.source, None, _BUSY)
            continue
        if not claimed(watch, at):
            continue  # another run has it in hand
        asked[server] += 1
        looked = _look(watch, way, at)
        if looked.watched is not None and looked.watched.found.why in due.THROTTLES:
            busy.add(server)
        yield looked


def _look(watch: Watch, way: Way | None, at: datetime) -> Looked:
    try:
        return Looked(watch.source, observe_due(by=Unattended(watch.by), source=watch.source, way=way))
    except Refused:
        put_off(watch, at)
        return Looked(watch.source, None, _AWAY)
    except ArchiveFault as fault:
        put_off(watch, at)
        return Looked(watch.source, None, str(fault))
