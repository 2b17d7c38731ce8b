"""Whether an export is whole: every part read to its end and held against the manifest. It needs no desk."""

from typing import IO, Any

import msgspec

from .archive import BadExport, Reader


def verify(raw: IO[bytes], passphrase: str) -> dict[str, Any]:
    """What is in an export that is whole: `records` by part, `teams` by name, `made_at`, `format`, `program`.

    Raises `BadExport`.
    """
    export = Reader(raw, passphrase)
    manifest = export.manifest
    counted: dict[str, int] = {}
    for name in manifest.parts:
        if not name.endswith(".jsonl"):
            continue
        part = name.removesuffix(".jsonl")
        counted[part] = 0
        for line in export.lines(part):
            counted[part] += 1
            try:
                msgspec.json.decode(line, type=dict[str, msgspec.Raw])
            except msgspec.MsgspecError:
                raise BadExport(
                    "not_a_line", f"Line {counted[part]} of {name} is not one this program writes."
                ) from None
    for handle in export.papers:
        export.paper(handle)
    counted["papers"] = len(export.papers)
    if counted != manifest.counts:
        raise BadExport("counts_differ", "The export is not whole: it does not hold as many as its manifest says.")
    return {
        "format": manifest.format,
        "program": manifest.program,
        "made_at": manifest.made_at.isoformat(),
        "teams": sorted(manifest.teams.values()),
        "records": counted,
        "schemas": manifest.schemas,
    }
