"""`safeconduct archive watch --due` and `discard`: what runs by a timer, and what is said of a look at a source."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.main import CommandFault, open_desk

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.archive.actions.watch import Watched

_SIGNS: Final = {"added": "+", "removed": "-"}


def look(folder: Path, *, as_json: bool) -> None:
    """Look at every source that is due, and print what came of each. Nobody is signed in, and no key is at hand."""
    from safeconduct.cli.acting import require_tables  # here and below: loading waits until a command is used
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    require_tables()

    from safeconduct.archive.actions.look_due import look_at_due
    from safeconduct.archive.actions.stamping import stamp_kept
    from safeconduct.archive.capture.stamps import read_authorities
    from safeconduct.archive.policies import Unattended
    from safeconduct.journal import sequencer

    try:
        authorities = read_authorities(data.authorities_path)
    except (ValueError, OSError) as fault:
        raise CommandFault(f"{data.authorities_path} cannot be used: {fault}. Nothing was looked at.") from None
    said: list[dict[str, Any]] = []
    for one in look_at_due():
        handle = one.source.handle.hex
        if one.watched is None:
            said.append({"source": handle, "outcome": None, "why": one.why})
        else:
            said.append(watched(handle, one.watched))
            if one.watched.other is not None and authorities:
                by = Unattended(one.watched.observation.by)
                stamp_kept(by=by, source=one.watched.other, authorities=authorities)
        sequencer.sequence()
        if not as_json:
            click.echo("\n".join(lines(said[-1])))
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))


def say_how_often(folder: Path, member: str | None, sources: Sequence[UUID], every: str) -> None:
    """Set how often sources are looked at; ``never`` ends it."""
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive import queries
        from safeconduct.archive.actions.schedule import set_watch
        from safeconduct.archive.faults import ArchiveFault
        from safeconduct.archive.watches.models import HowOften

        for one in sources:
            try:
                wanted = None if every == "never" else HowOften(every)
                set_watch(by=by, source=queries.source(by, one), every=wanted)
            except ArchiveFault as fault:
                raise CommandFault(f"{one.hex}: {fault}") from None
            click.echo(f"{one.hex}: {every}.")


def watched(handle: str, one: Watched) -> dict[str, Any]:
    """What was found of a source."""
    found = one.found
    return {
        "source": handle,
        "outcome": found.seen.value,
        "exact": found.exact,
        "status": found.status,
        "why": found.why.value if found.why else None,
        "unreached": found.unreached.value if found.unreached else None,
        "statement": found.statement.says if found.statement else None,
        "other": one.other.handle.hex if one.other else None,
        "posts": [
            {
                "before": post.before,
                "after": post.after,
                "title": post.title,
                "changes": [{"what": each.what.value, "text": each.text} for each in post.changes],
            }
            for post in found.posts
        ],
    }


def lines(said: dict[str, Any]) -> list[str]:
    """The same, as lines."""
    if said["outcome"] is None:
        return [f"{said['source']}: not looked at: {said['why']}"]
    why = said["unreached"] or said["why"]
    head = f"{said['source']}: {said['outcome']}" + (f" ({why.replace('_', ' ')})" if why else "")
    out = [f"{head}. There now: {said['other']}" if said["other"] else head]
    for post in said["posts"]:
        out.append(f"  post {post['before'] or '–'} → {post['after'] or '–'}  {post['title']}".rstrip())
        out += [
            f"    {_SIGNS[each['what']]} {' '.join(each['text'].split())}"
            for each in post["changes"]
            if each["what"] in _SIGNS
        ]
    return out


@click.command("discard", short_help="Discard files that were refused.")
@click.argument("refused", metavar="HANDLE…", nargs=-1, required=True)
@click.option(
    "--because",
    type=click.Choice(["harmful", "had", "mistaken", "asked", "unused"]),
    required=True,
    help="They do harm; what they should be was had otherwise; a mistake; somebody asked for it; nobody can use them.",
)
@FOLDER
@MEMBER
def discard(refused: tuple[str, ...], because: str, folder: Path, member: str | None) -> None:
    """Discard the bytes of files that were refused and kept apart, by the HANDLEs that `archive list --json` shows.

    Nobody can bring them back but from a backup. The log says who did, and why.
    """
    with acting(folder, member, role="guardian") as by:
        from safeconduct.archive import queries
        from safeconduct.archive.actions import quarantine

        for one in refused:
            try:
                row = queries.quarantined(by).filter(handle=UUID(hex=one)).first()
            except ValueError:
                row = None
            if row is None:
                raise CommandFault(f"{one} is not the handle of a refused file: see archive list --json.")
            quarantine.discard(by=by, row=row, because=quarantine.Because[because.upper()])
            click.echo(f"{one}: discarded.")
