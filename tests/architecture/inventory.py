"""Writes docs/reference/columns.md: `./run inventory` after a model has changed."""

from __future__ import annotations

from tests.architecture import places, planes

HEAD = """# Every column and its plane

Written by `./run inventory` from the models; a test fails when the two differ.

**Sealed**: opened only in the session of an entitled member. **Open**: numbers, dates, closed lists, random handles,
keys of other rows, hashes and public keys; background work runs on it. **Public**: what others published, in the
archive, and of a source supplied in confidence nothing. The only text in the open plane is the names of staff and
organisations:

"""


def render() -> str:
    """The page, from the models as they are."""
    lines = [HEAD + "\n".join(f"- {name}: {planes.STAFF_NAMES[name]}" for name in sorted(planes.STAFF_NAMES)) + "\n"]
    for model in planes.our_models():
        lines.append(f"## {model._meta.label}\n")
        lines.append("| column | kind | plane |\n|---|---|---|")
        for column in planes.columns([model]):
            lines.append(f"| {column.name.rsplit('.', 1)[1]} | {column.kind} | {column.plane.value} |")
        lines.append("")
    return "\n".join(lines) + "\n" + places.render()
