"""What `safeconduct archive` prints: the shapes of its JSON, and the same as lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from safeconduct.cli.main import CommandFault

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.archive.actions.gather import Restored
    from safeconduct.archive.actions.take_in import Taken
    from safeconduct.archive.capture.verifying import Verdict
    from safeconduct.archive.copies import Alike
    from safeconduct.archive.models import Quarantined, Source
    from safeconduct.archive.reading.shape import Post

_SHARES = 10_000
FOUND_SOMETHING: Final = 1


def taken(one: Taken) -> dict[str, Any]:
    """A source that was taken in. ``of`` of a duplicate is the other post: its source's handle, ``/``, its number."""
    source, reading = one.source, one.reading
    return {
        "source": source.handle.hex,
        "kind": source.kind,
        "sha256": bytes(source.sha256).hex() if source.sha256 else None,
        "posts": [_post(post) for post in reading.posts],
        "related": [
            {"title_or_opening": other.title_or_opening, "posts": other.posts, "said_date": other.said_date}
            for other in reading.related
        ],
        "duplicates": [_alike(like) for like in one.alike],
        "gaps": [{"kind": gap.kind.value, "after": gap.after, "about": gap.about} for gap in reading.gaps],
        "flags": [{"code": flag.code.value, "at": flag.at} for flag in reading.flags],
        "again": one.again,
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "number": post.number,
        "title": post.title,
        "author": post.author,
        "date": post.date,
        "date_found_by": post.date_found_by.value if post.date_found_by else None,
        "text": post.text,
    }


def _alike(like: Alike) -> dict[str, Any]:
    return {
        "post": like.number,
        "of": f"{like.source.hex}/{like.other}",
        "containment": like.containment / _SHARES,
        "resemblance": like.resemblance / _SHARES,
    }


@dataclass(frozen=True, slots=True)
class Said:
    """What came of each, by its name, and what ended it before the last, if anything did."""

    each: Sequence[tuple[str, dict[str, Any]]]
    ended_by: str = ""


def take_each(taking: Iterable[tuple[str, Callable[[], Taken]]]) -> Said:
    """Take in one after the other. What cannot be kept at all ends it; what was taken in before is still told."""
    from safeconduct.archive.faults import ArchiveFault, NotReached, NotTakenIn  # here: see above

    each: list[tuple[str, dict[str, Any]]] = []
    for name, take in taking:
        try:
            each.append((name, taken(take())))
        except NotReached as fault:
            each.append((name, {"address": name, "unreached": fault.reason.value}))
        except NotTakenIn as fault:
            kept = {"refused": fault.reason.value, "quarantined": fault.quarantined.hex}
            each.append((name, {"file": name, **kept}))
        except ArchiveFault as fault:
            return Said(each, f"{name}: {fault}")
        except CommandFault as fault:
            return Said(each, str(fault))
    return Said(each)


def tell(ctx: click.Context, said: Said, *, as_json: bool) -> None:
    """Print it and end the command: 1 where one was refused or not reached. Raises `CommandFault`."""
    if as_json:
        click.echo(json.dumps([one for _, one in said.each], ensure_ascii=False))
    else:
        for name, one in said.each:
            click.echo(line(name, one))
    if said.ended_by:
        raise CommandFault(said.ended_by)
    ctx.exit(FOUND_SOMETHING if any(one.keys() & {"refused", "unreached"} for _, one in said.each) else 0)


def line(name: str, said: dict[str, Any]) -> str:
    """One file or address, as a line."""
    if "unreached" in said:
        return f"{name}: not reached ({said['unreached'].replace('_', ' ')})."
    if "refused" in said:
        return (
            f"{name}: refused ({said['refused'].replace('_', ' ')}). Its bytes are kept apart: {said['quarantined']}."
        )
    again = ", here already and now observed again" if said["again"] else ""
    counts = (
        f"{len(said['posts'])} posts, {len(said['duplicates'])} of them like earlier ones, {len(said['gaps'])} gaps"
    )
    return f"{name}: {said['source']} ({said['kind'].replace('_', ' ')}){again}. {counts}, {len(said['flags'])} flags."


def listed(source: Source) -> dict[str, Any]:
    """A public source in a list."""
    return {
        "source": source.handle.hex,
        "kind": source.kind,
        "sha256": bytes(source.sha256 or b"").hex(),
        "title": source.title,
        "author": source.author,
        "date": source.date,
        "address": source.address,
        "captured_at": source.captured_at.isoformat(),
        "captured_on": source.captured_on.isoformat(),
    }


def refused(row: Quarantined) -> dict[str, Any]:
    """Bytes in quarantine, in a list."""
    return {
        "quarantined": row.handle.hex,
        "reason": row.reason,
        "at": row.at.isoformat(),
        "in_confidence": row.team_id is not None,
    }


def found(by: Actor, query: str, most: int) -> dict[str, Any]:
    """Posts that were found, the best first, each with the stretch where it was."""
    from safeconduct.archive.finding import answers  # here: Django must be started first
    from safeconduct.archive.finding.search import Wanted
    from safeconduct.archive.models import Source

    answer = answers.find(by=by, wanted=Wanted(query), most=most)
    out = [
        {
            "source": one.source.handle.hex,
            "post": one.post.number,
            "title": one.title,
            "author": one.author,
            "date": one.post.date,
            "text": "".join(text for text, _ in answers.texts(one)),
            "in_confidence": one.source.plane == Source.Plane.SEALED,
        }
        for one in answer.shown
    ]
    return {"total": answer.total, "found": out}


def verdict(one: Verdict) -> dict[str, Any]:
    """What was found of a package or a folder."""
    return {
        "good": one.good,
        "faults": [fault.value for fault in one.faults],
        "sources": [
            {
                "sha256": source.sha256,
                "address": source.target,
                "captured_at": source.captured_at.isoformat() if source.captured_at else None,
                "existed_by": source.existed_by.isoformat() if source.existed_by else None,
                "stamps": len(source.stamped),
                "log": source.log or None,
                "faults": [fault.value for fault in source.faults],
                "doubts": [doubt.value for doubt in source.doubts],
            }
            for source in one.sources
        ],
    }


def verdict_lines(said: dict[str, Any]) -> str:
    """The same, as lines."""
    lines = [f"WRONG: {fault.replace('_', ' ')}" for fault in said["faults"]]
    for one in said["sources"]:
        lines.append(f"{one['sha256']}  {one['address'] or ''}")
        lines += [f"    WRONG: {fault.replace('_', ' ')}" for fault in one["faults"]]
        if one["existed_by"] and not one["faults"]:
            lines.append(f"    These bytes existed by {one['existed_by']}.")
        if one["log"] and not one["faults"]:
            lines.append(f"    They are in the log {one['log']}.")
        lines += [f"    Not known here: {doubt.replace('_', ' ')}" for doubt in one["doubts"]]
    lines.append("It holds." if said["good"] else "It does not hold, or nobody outside speaks for it: see above.")
    return "\n".join(lines)


def along(restored: Restored | None) -> str:
    """What became of a collection that came along, as lines."""
    if restored is None:
        return "A collection came along and was left out: say --team to keep it and its passages."
    out = [f"The collection that came along is kept: {restored.passages} of its passages stand here."]
    for one in restored.missing:
        what = f"“{' '.join(one.quotation.exact.split())[:160]}”" if one.quotation else "a source"
        out.append(f"    Left out, it does not stand here to the letter: {what} of {one.sha256}")
    return "\n".join(out)
