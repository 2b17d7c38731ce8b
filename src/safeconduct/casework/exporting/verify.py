"""Whether an export is whole: read to its end and held against its manifest. It needs no desk."""

from typing import IO, Any

import msgspec

from .archive import Export, Piece
from .package import BadExport


def verify(raw: IO[bytes], passphrase: str) -> dict[str, Any]:
    """What is in an export that is whole: `records` by part, `teams` by name, `made_at`, `format`, `program`.

    Raises `BadExport`.
    """
    about, manifest = Export.open(raw, passphrase).verify(require_json)
    return {
        "format": about.format,
        "program": about.program,
        "made_at": about.made_at.isoformat(),
        "teams": sorted(about.teams.values()),
        "records": manifest.counts,
        "schemas": about.schemas,
    }


def require_json(piece: Piece) -> None:
    for number, line in enumerate(piece.lines, start=piece.first):
        try:
            msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        except msgspec.MsgspecError:
            raise BadExport("not_a_line", f"Line {number} of {piece.part} is not one this program writes.") from None
