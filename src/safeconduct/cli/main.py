"""The command `safeconduct`.

Exit codes: 0 done; 1 done, and it found something wrong (`check`); 2 not done, with the reason and the fix;
3 a fault in Safeconduct itself; 130 interrupted.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

PACKAGE = "safeconduct.cli"

# Command, module, and the line `safeconduct --help` gives it. Loading waits until a command is used: asking for help
# costs no Django, and a command whose optional part is absent does not take the others with it.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "Run the desk on a data folder."),
    "demo": ("demo", "Run the same desk on invented data."),
    "import": ("import_", "Bring in a spreadsheet."),
    "import-mail": ("import_mail", "Put a folder of mail into the tray."),
    "export": ("export", "Take out everything a team holds, sealed."),
    "import-export": ("import_export", "Bring in what another desk took out."),
    "archive": ("archive", "Keep public sources as evidence."),
    "move": ("move", "Move the records to another database."),
    "check": ("check", "Verify the log and the data it speaks of."),
    "limits": ("limits", "Work out a time limit and say how."),
    "backup": ("backup", "Make a backup, try it, and end epochs past their time."),
    "restore": ("restore", "Make a data folder of a backup."),
    "epochs": ("epochs", "List, begin and destroy epochs."),
    "log": ("log", "Export the log for somebody else to verify."),
    "version": ("version", "Say which versions are running."),
}

FAULT_INSIDE = 3
INTERRUPTED = 130


class CommandFault(click.ClickException):
    """A command cannot do what was asked. The text is a sentence with the fix, and names nobody."""

    exit_code = 2


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        """The commands of this installation, in the order of `COMMANDS`."""
        return [name for name, (module, _) in COMMANDS.items() if _exists(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, imported now."""
        if cmd_name not in COMMANDS or not _exists(COMMANDS[cmd_name][0]):
            return None
        loaded = importlib.import_module(f"{PACKAGE}.{COMMANDS[cmd_name][0]}").command
        assert isinstance(loaded, click.Command)
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Casework for the people who stand beside those caught in the Home Office's machinery.",
)
def group() -> None:
    """The root of every command."""


_held: list[int] = []  # the folder this process has open, for as long as it runs


def open_desk(folder: Path, *, alone: bool = False) -> None:
    """Open the data folder at `folder` and start Django on it, once per process. Raises `CommandFault`.

    From here on, whatever the process writes only its own account can read. `alone`: no other command may have the
    folder open, nor open it until this process ends.
    """
    os.umask(0o077)
    from django.conf import settings  # here: `--help` and `version` do without Django

    os.umask(0o077)  # whatever the database makes beside its file is the owner's alone
    if settings.configured:
        if settings.DATA_FOLDER.path != folder.absolute():
            raise CommandFault("This process already works on another data folder.")
        return
    _hold(folder, alone=alone)
    os.environ["SAFECONDUCT_FOLDER"] = str(folder.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "safeconduct.config.settings"
    import django

    django.setup()


def _hold(folder: Path, *, alone: bool) -> None:
    import fcntl  # here: keeps `--help` quick

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return  # reading the settings says what is wrong with it
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise CommandFault(
            f"{folder} is in use by a desk or another command. Stop it, or wait until it is done."
            if alone
            else f"{folder} is being moved to another database. Wait until that is done."
        ) from None
    _held.append(handle)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code. Faults are printed to standard error as sentences."""
    try:
        ended = group.main(arguments, prog_name="safeconduct", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except Exception as fault:
        return _explain(fault)
    return ended if isinstance(ended, int) else 0


def _explain(fault: Exception) -> int:
    from safeconduct.config.folder import FolderFault  # here: only a failing command pays for it
    from safeconduct.config.logs import describe
    from safeconduct.config.options import SettingFault

    if isinstance(fault, FolderFault | SettingFault):
        click.echo(f"Error: {fault}", err=True)
        return CommandFault.exit_code
    # An unforeseen fault's message may quote a cell of somebody's sheet: its class and places are enough to mend it.
    click.echo(
        f"Error: a fault in Safeconduct itself: {describe(fault, fault.__traceback__)}. Please report this line.",
        err=True,
    )
    return FAULT_INSIDE


def _exists(module: str) -> bool:
    return importlib.util.find_spec(f"{PACKAGE}.{module}") is not None


if __name__ == "__main__":
    main()
