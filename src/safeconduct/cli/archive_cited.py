"""`safeconduct archive cite`, `passages`, `note`, `tag`, `collect` and `timeline`: what is said about sources."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from safeconduct.cli import archive_cited_said as said
from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.import_ import team_of
from safeconduct.cli.main import CommandFault

if TYPE_CHECKING:  # Django must be started before its models are imported
    from pathlib import Path

    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.archive.citing.around import Wrote
    from safeconduct.archive.citing.models import Passage
    from safeconduct.archive.models import Source

AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
STYLE: Final = click.option(
    "--style",
    type=click.Choice(said.STYLES),
    default=said.STYLES[0],
    show_default=True,
    help="How citations are written.",
)
TEAM: Final = click.option("--team", help="The name of the team, for a member of several.")


@click.command("cite", short_help="Cite a passage of a source.")
@click.argument("source", metavar="SOURCE")
@click.argument("words", metavar="WORDS")
@FOLDER
@MEMBER
@click.option("--post", "number", type=int, help="The number of the post they stand in, where several have them.")
@STYLE
@AS_JSON
def cite(
    source: str, words: str, folder: Path, member: str | None, number: int | None, style: str, as_json: bool
) -> None:
    """Cite WORDS of SOURCE as a passage with a short address of its own; "-" reads them from standard input.

    Spaces, joiners and typographic marks may differ from how the words were published; letters may not.
    """
    quote = _typed(words)
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.actions.cite import SeveralPlaces, cite_words  # here: Django must be started first
        from safeconduct.archive.citing.addresses import short
        from safeconduct.archive.citing.shown import find
        from safeconduct.archive.faults import ArchiveFault

        try:
            row = cite_words(by=by, source=_source(by, source), quote=quote, number=number)
        except SeveralPlaces as fault:
            posts = ", ".join(str(one) for one in sorted({post for post, _, _ in fault.places}))
            raise CommandFault(f"{fault} They are in post {posts}: use --post, or type more of the words.") from None
        except ArchiveFault as fault:
            raise CommandFault(str(fault)) from None
        shown = said.passage(find(by, short(row.handle)), style)
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else "\n".join(said.passage_lines(shown)))


@click.command("passages", short_help="Show passages and how they are cited.")
@click.argument("what", metavar="SOURCE|ADDRESS")
@FOLDER
@MEMBER
@STYLE
@AS_JSON
def passages(what: str, folder: Path, member: str | None, style: str, as_json: bool) -> None:
    """Show every passage of SOURCE, or the one of a short ADDRESS: its words, where they stand, its citation.

    A passage whose words the source does not have there any more is an orphan, and says so.
    """
    with acting(folder, member, role="caseworker") as by:
        found = _passages(by, what)
        records = said.records([one.work for one in found], style)
        out = [said.passage(one, style) for one in found]
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False))
    elif records is not None:
        click.echo(records)
    else:
        for one in out:
            click.echo("\n".join(said.passage_lines(one)))


@click.command("note", short_help="Write a note on a source, or read its notes.")
@click.argument("what", metavar="SOURCE|ADDRESS")
@click.argument("text", required=False)
@FOLDER
@MEMBER
@TEAM
@AS_JSON
def note(what: str, text: str | None, folder: Path, member: str | None, team: str | None, as_json: bool) -> None:
    """Write TEXT as a note on SOURCE, or on the passage of a short ADDRESS; "-" reads it from standard input.

    It is sealed for one team. Without TEXT, show the notes of your teams on it.
    """
    typed = None if text is None else _typed(text)
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.actions.notes import add_note  # here: Django must be started first
        from safeconduct.archive.citing import around

        source, passage = _either(by, what)
        if typed is not None:
            of_team = team_of(by, team)
            _done(lambda: add_note(by=by, team=of_team, source=source, text=typed, passage=passage))
        _tell(around.notes_of(by, source), as_json)


@click.command("tag", short_help="Put a word on a source, or read its words.")
@click.argument("source", metavar="SOURCE")
@click.argument("word", required=False)
@FOLDER
@MEMBER
@TEAM
@click.option("--off", is_flag=True, help="Take the word off.")
@AS_JSON
def tag(
    source: str, word: str | None, folder: Path, member: str | None, team: str | None, off: bool, as_json: bool
) -> None:
    """Put WORD on SOURCE, sealed for one team; "-" reads it from standard input. Without WORD, show those it has."""
    typed = None if word is None else _typed(word)
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.actions.notes import add_tag, take_tag  # here: Django must be started first
        from safeconduct.archive.citing import around
        from safeconduct.archive.citing.models import Tag

        on = _source(by, source)
        if typed is not None and off:
            row = next((one.row for one in around.tags_of(by, on) if one.text.casefold() == typed.casefold()), None)
            if not isinstance(row, Tag):
                raise CommandFault("This word is not on this source. Nothing was changed.")
            _done(lambda: take_tag(by=by, tag=row, source=on))
        elif typed is not None:
            of_team = team_of(by, team)
            _done(lambda: add_tag(by=by, team=of_team, source=on, word=typed))
        _tell(around.tags_of(by, on), as_json)


@click.command("collect", short_help="Keep sources and passages together.")
@click.argument("name", metavar="NAME", required=False)
@click.argument("what", metavar="SOURCE|ADDRESS…", nargs=-1)
@FOLDER
@MEMBER
@TEAM
@STYLE
@AS_JSON
def collect(
    name: str | None,
    what: tuple[str, ...],
    folder: Path,
    member: str | None,
    team: str | None,
    style: str,
    as_json: bool,
) -> None:
    """Add sources, or passages by their short ADDRESS, to the collection NAME, which begins where there is none.

    Then print what is in it, in its order, as a bibliography. Without NAME, list your teams' collections.
    """
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.actions.notes import add_collection  # here: Django must be started first
        from safeconduct.archive.actions.notes import collect as add
        from safeconduct.archive.citing import around

        if name is None:
            _tell(around.collections(by), as_json)
            return
        row = _collection(by, name, team)
        if row is None and what:
            of_team = team_of(by, team)
            row = _done(lambda: add_collection(by=by, team=of_team, name=name))
        if row is None:
            raise CommandFault("There is no collection of this name. Name sources to begin one.")
        for one in what:
            source, passage = _either(by, one)
            _done(lambda: add(by=by, collection=row, source=source, passage=passage))  # noqa: B023 -- called at once
        items = around.items(by, row)
        out, records = [said.item(one, style) for one in items], said.records([one.work for one in items], style)
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False))
    else:
        click.echo(records if records is not None else "\n".join(one["citation"] for one in out))


@click.command("timeline", short_help="Order what was found or collected by its date.")
@click.argument("query", metavar="QUERY", required=False)
@FOLDER
@MEMBER
@click.option("--collection", help="The name of a collection, instead of QUERY.")
@TEAM
@AS_JSON
def timeline(
    query: str | None, folder: Path, member: str | None, collection: str | None, team: str | None, as_json: bool
) -> None:
    """List posts that QUERY finds, or what is in a collection, by what each says of when it is from.

    A year stands before its months, a month before its days; what says nothing of when comes last.
    """
    if (query is None) == (collection is None):
        raise CommandFault("Name what to find, or a collection: one of the two.")
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.citing import around  # here: Django must be started first
        from safeconduct.archive.citing.timeline import of_found, of_items
        from safeconduct.archive.finding.search import Wanted
        from safeconduct.archive.finding.terms import Nothing, TooMuch

        if collection is not None:
            found = of_items(around.items(by, collection_of(by, collection, team)))
        else:
            try:
                found = of_found(by, Wanted(query or ""))
            except (Nothing, TooMuch) as fault:
                raise CommandFault(f"This cannot be looked for: {fault}.") from None
        out = said.timeline(found)
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False))
        return
    for one in out["dated"]:
        click.echo(said.dated_line(one))
    click.echo(f"{len(out['dated'])} of {out['total']}; {out['undated']} say nothing of when they are from.")


COMMANDS: Final = (cite, passages, note, tag, collect, timeline)


def _typed(text: str) -> str:
    # What is typed as an argument stays in the shell's history.
    return sys.stdin.read() if text == "-" else text


def _tell(rows: list[Wrote], as_json: bool) -> None:
    out = [said.wrote(one) for one in rows]
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False))
        return
    for one in out:
        click.echo(f"{one['at'][:10]}  {one['by']}  {one['text']}")


def _done(act: Any) -> Any:
    from safeconduct.archive.faults import ArchiveFault

    try:
        return act()
    except ArchiveFault as fault:
        raise CommandFault(str(fault)) from None


def _source(by: Actor, handle: str) -> Source:
    from safeconduct.archive import queries

    try:
        wanted = UUID(hex=handle)
    except ValueError:
        raise CommandFault(f"{handle} is not the handle of a source: 32 figures, as `archive list` shows.") from None
    return _done(lambda: queries.source(by, wanted))  # type: ignore[no-any-return]  # what is done is given back


def _either(by: Actor, what: str) -> tuple[Source, Passage | None]:
    """A source by its handle, or a passage with its source by its short address."""
    from safeconduct.archive.citing.addresses import NoAddress
    from safeconduct.archive.citing.shown import find

    try:
        shown = _done(lambda: find(by, what))
    except NoAddress:
        return _source(by, what), None
    return shown.source, shown.row


def _passages(by: Actor, what: str) -> list[Any]:
    from safeconduct.archive.citing.addresses import NoAddress
    from safeconduct.archive.citing.shown import find, of_source

    try:
        return [_done(lambda: find(by, what))]
    except NoAddress:
        return of_source(by, _source(by, what))


def _collection(by: Actor, name: str, team: str | None) -> Any:
    from safeconduct.archive.citing import around

    teams: list[Team] = [one for one in by.teams if team in (None, one.name)]
    wanted = " ".join(name.split()).casefold()
    named = [one.row for one in around.collections(by, teams) if one.text.casefold() == wanted]
    if len(named) > 1:
        raise CommandFault("Several collections have this name. Say whose with --team, or rename one at the desk.")
    return named[0] if named else None


def collection_of(by: Actor, name: str, team: str | None) -> Any:
    """The collection of that name. Raises `CommandFault`: there is none, or several."""
    row = _collection(by, name, team)
    if row is None:
        raise CommandFault("There is no collection of this name.")
    return row
