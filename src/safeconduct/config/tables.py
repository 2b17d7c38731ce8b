"""The tables of a desk's database: made at once where there are none, brought up to date step by step where there are.

A new folder would otherwise take every step that older ones took, for seconds, to end at the same tables. That they are
the same is tested on both databases (tests/config/test_tables.py).
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from .moving import TABLE as MARK


def bring_up_to_date(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the tables, or take the steps that are missing. Raises `DatabaseError` where it cannot be written."""
    connection = connections[using]
    if set(connection.introspection.table_names()) <= {MARK}:
        _make(connection)
        return
    steps = MigrationExecutor(connection)
    steps.loader.check_consistent_history(connection)
    if not steps.migration_plan(steps.loader.graph.leaf_nodes()):
        return  # the command would build every model anew to find that out
    # Django's checks load every page, which no command needs; they are of the code, so a test runs them.
    call_command("migrate", database=using, verbosity=0, interactive=False, skip_checks=True)


def _make(connection: BaseDatabaseWrapper) -> None:
    """Every table, and the note that every step was taken: in one transaction, so a kill leaves none of it."""
    steps = MigrationLoader(None).graph.nodes
    taken = MigrationRecorder(connection).Migration
    models: list[type[Model]] = [taken, *apps.get_models()]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
        taken.objects.using(connection.alias).bulk_create(taken(app=app, name=name) for app, name in sorted(steps))
