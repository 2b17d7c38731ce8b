"""Django's own checks of the code. No command runs them: they would load every page first."""

from __future__ import annotations

from django.core.management import call_command


def test_django_finds_nothing_wrong() -> None:
    call_command("check", fail_level="WARNING")
