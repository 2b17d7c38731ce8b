"""Reading the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from .commitments import Written
from .models import Commitment, Entry


def labelled(labels: Sequence[bytes]) -> QuerySet[Entry]:
    """The entries about one record, newest first, found by the labels it had on each day."""
    return Entry.objects.filter(label__in=list(labels)).order_by("-id")


def of_organisation(organisation: UUID) -> QuerySet[Entry]:
    """An organisation's entries, newest first."""
    return Entry.objects.filter(organisation=organisation).order_by("-id")


def latest_commitments(envelopes: Iterable[UUID]) -> Mapping[UUID, tuple[int, bytes]]:
    """For each envelope the highest revision the log knows, and the digest it committed to."""
    wanted = list(envelopes)
    out: dict[UUID, tuple[int, bytes]] = {}
    for start in range(0, len(wanted), 500):
        rows = Commitment.objects.filter(envelope__in=wanted[start : start + 500])
        for envelope, revision, digest in rows.values_list("envelope", "revision", "digest"):
            if revision > out.get(envelope, (0, b""))[0]:
                out[envelope] = (revision, bytes(digest))
    return out


def next_written(handle: UUID, digest: bytes) -> Written:
    """The next commitment to facts that change, one revision above the last. The caller holds what they are of."""
    before, _ = latest_commitments([handle]).get(handle, (0, b""))
    return Written(handle, before + 1, digest)


def leaves(organisation: UUID, size: int) -> Iterator[bytes]:
    """The first ``size`` leaves of an organisation's tree, 32 bytes each, from the first on."""
    placed = Entry.objects.filter(organisation=organisation, position__lt=size).order_by("position")
    for commitment in placed.values_list("commitment", flat=True).iterator(chunk_size=1000):
        yield bytes(commitment)
