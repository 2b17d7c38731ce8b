"""How far a long command is, said on standard error: what a script reads stays clean."""

from __future__ import annotations

import sys

import click


class Progress:
    """Called with a step's name, how much is done and of how much. Overwrites its line on a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet, self._terminal, self._step, self._tenths = quiet, sys.stderr.isatty(), "", -1

    def __call__(self, step: str, done: int, of: int) -> None:
        if self._quiet:
            return
        tenths = 10 * done // of if of else 10
        if (step, tenths) == (self._step, self._tenths):
            return
        if self._terminal and step == self._step:
            click.echo("\r", nl=False, err=True)
        elif self._terminal and self._step:
            click.echo(err=True)
        self._step, self._tenths = step, tenths
        said = f"{step}: {done:,} of {of:,}" if of > 1 else f"{step}{': done' if done else ' …'}"
        click.echo(f"{said:60}" if self._terminal else said, nl=not self._terminal, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._terminal and self._step:
            click.echo(err=True)
