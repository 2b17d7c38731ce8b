"""Logs that cannot name anybody.

A record's text arguments, an exception's message and its local variables may hold a name or a cell of somebody's
sheet. None of them is written: a line gives the time, the level, the logger, a message template, numbers and closed
codes, an exception's class and the places in the code it passed through.
"""

from __future__ import annotations

import logging
import sys
import threading
import types
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

WITHHELD = "[withheld]"
OURS = "safeconduct"
FRAMES = 12


class QuietFormatter(logging.Formatter):
    """Formats a record from its template and harmless values only."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: `2026-11-20T09:30:00Z ERROR django.request %s: %s [500] IntegrityError at query.py:703 ...`."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        parts = [when, record.levelname, record.name, self._message(record)]
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            parts.append(f"[{status}]")
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(describe(record.exc_info[1], record.exc_info[2]))
        return " ".join(parts)

    def _message(self, record: logging.LogRecord) -> str:
        ours = record.name == OURS or record.name.startswith(OURS + ".")
        if not isinstance(record.msg, str) or (not record.args and not ours):
            # Somebody else's finished sentence: say where it was written instead of what it says.
            return f"{WITHHELD} {PurePath(record.pathname).name}:{record.lineno}"
        if not record.args:
            return record.msg
        args: Any = record.args
        try:
            if isinstance(args, dict):
                return record.msg % {key: harmless(value) for key, value in args.items()}
            return record.msg % tuple(harmless(value) for value in args)
        except (TypeError, ValueError, KeyError):
            return f"{WITHHELD} {PurePath(record.pathname).name}:{record.lineno}"


def harmless(value: object) -> object:
    """`value` where it cannot hold free text (numbers, dates, members of a closed list), else what kind it is."""
    if value is None or isinstance(value, Enum | bool | int | float | date):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    return WITHHELD


def describe(error: BaseException | None, trace: types.TracebackType | None) -> str:
    """`ValueError at desk.py:40, cases.py:12`: classes and places, innermost last, no message and no value."""
    places = []
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<frozen"):  # the import machinery says nothing about where
            places.append(f"{PurePath(file).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    name = type(error).__name__ if error is not None else "unknown error"
    return f"{name} at {', '.join(places[-FRAMES:])}" if places else name


class NoValues(SafeExceptionReporterFilter):
    """Django's exception reports without a single value."""

    def is_active(self, request: Any) -> bool:  # noqa: ARG002 - the base class's shape
        """Always."""
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        """No settings."""
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:  # noqa: ARG002 - the base class's shape
        """No headers."""
        return {}

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:  # noqa: ARG002 - the base class's shape
        """No cookies."""
        return {}

    def get_post_parameters(self, request: Any) -> dict[str, Any]:  # noqa: ARG002 - the base class's shape
        """No fields."""
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:  # noqa: ARG002 - as above
        """No local variables."""
        return []


class NoReport(ExceptionReporter):
    """An exception report that gives classes and places only, whatever asks for it."""

    def get_traceback_data(self) -> dict[str, Any]:
        """What other renderings of Django's would be made from."""
        return {"exception_type": type(self.exc_value).__name__}

    def get_traceback_text(self) -> SafeString:
        """One line."""
        return SafeString(describe(self.exc_value, self.tb))

    def get_traceback_html(self) -> SafeString:
        """One line, escaped."""
        return escape(describe(self.exc_value, self.tb))


class QuietStream(logging.StreamHandler[Any]):
    """Writes to whatever standard error is now, and never prints a record it failed to format."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Drop the record: the base class would print its arguments."""


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "safeconduct.config.logs.QuietFormatter"}},
    "handlers": {"terminal": {"()": "safeconduct.config.logs.QuietStream", "formatter": "quiet"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        # Django gives these handlers of their own, which mail reports or print requests.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "safeconduct": {"handlers": [], "level": "INFO", "propagate": True},
    },
}


def quiet_process() -> None:
    """Route warnings and uncaught exceptions of every thread through the quiet log. For long-running commands."""
    logger = logging.getLogger("safeconduct.process")
    logging.captureWarnings(True)

    def uncaught(kind: type[BaseException], error: BaseException, trace: types.TracebackType | None) -> None:
        logger.critical("stopped by an error", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logger.error("a thread stopped by an error", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
