"""The tree's tiles, kept in the database."""

from uuid import UUID

from .models import Head, Tile


class DatabaseTiles:
    """A `HashStore` over one organisation's tiles. Writes are held back until `flush`, one row a tile."""

    def __init__(self, organisation: UUID) -> None:
        self._organisation = organisation
        self._changed: dict[tuple[int, int], bytes] = {}

    def size(self) -> int:
        """How many entries have their place in the tree."""
        head = Head.objects.filter(organisation=self._organisation).first()
        return head.size if head else 0

    def get(self, level: int, index: int) -> bytes | None:
        """The hashes of a tile, 32 bytes each, or None where there is no such tile."""
        if (level, index) in self._changed:
            return self._changed[level, index]
        row = Tile.objects.filter(organisation=self._organisation, level=level, index=index).first()
        return bytes(row.hashes) if row else None

    def put(self, level: int, index: int, hashes: bytes) -> None:
        """Keep a tile until the flush."""
        self._changed[level, index] = hashes

    def flush(self) -> None:
        """Write what changed. Called inside the sequencer's transaction."""
        Tile.objects.bulk_create(
            [
                Tile(organisation=self._organisation, level=level, index=index, hashes=hashes)
                for (level, index), hashes in sorted(self._changed.items())
            ],
            update_conflicts=True,
            unique_fields=["organisation", "level", "index"],
            update_fields=["hashes"],
        )
        self._changed.clear()
