"""That the log holds the hash of a package, as something to hand over."""

from uuid import UUID

from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.tree import ReadOnlyTree
from safeconduct.journal.commitments import Written, opened
from safeconduct.journal.models import Commitment
from safeconduct.journal.store import DatabaseTiles

from .capture.proof import LogProof


def proof_of(file: UUID, digest: bytes, *, organisation: UUID, signed: str, key: str) -> LogProof | None:
    """The proof that an entry under the checkpoint ``signed`` commits to ``digest`` as what a file hashes to.

    ``key`` is the log's verifier key. None where no such entry stands in the tree yet, or it was erased.
    """
    size = checkpoint.verify(signed, key).size
    found = (
        Commitment.objects.filter(envelope=file, digest=digest, entry__organisation=organisation)
        .filter(entry__position__lt=size, entry__salt__isnull=False)
        .select_related("entry")
        .order_by("revision")
        .first()
    )
    if found is None or found.entry.position is None:
        return None
    entry = found.entry
    written = [Written(one.envelope, one.revision, bytes(one.digest)) for one in entry.commitments.all()]
    tree = ReadOnlyTree(DatabaseTiles(organisation), size)
    path = tuple(tree.inclusion_proof(found.entry.position, size))
    return LogProof(opened(entry, written), found.entry.position, path, signed, key)
