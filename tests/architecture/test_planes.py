"""Every column of the database belongs to one plane, and the database itself holds closed lists closed."""

from __future__ import annotations

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import isolate_apps

from safeconduct.cli.move_tables import index_tables
from safeconduct.journal import fields
from tests.architecture import inventory, planes

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = ROOT / "docs" / "reference" / "columns.md"


def test_every_column_is_in_a_plane() -> None:
    assert len(list(planes.columns(planes.our_models()))) > 50


def test_no_app_escapes_the_inventory() -> None:
    with_models = {config.label for config in apps.get_app_configs() if list(config.get_models())}
    assert with_models <= set(planes.APPS)


def test_the_names_listed_exist() -> None:
    found = {column.name for column in planes.columns(planes.our_models()) if column.plane is planes.Plane.STAFF_NAME}
    assert found == set(planes.STAFF_NAMES)


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (models.CharField(max_length=80), "free text"),
        (models.CharField(max_length=80, choices=[]), "free text"),
        (models.TextField(), "no plane"),
        (models.JSONField(), "no plane"),
        (models.BinaryField(), "no plane"),
        (models.EmailField(), "no plane"),
        (models.SlugField(), "no plane"),
        (models.UUIDField(), "no plane"),
        (models.FileField(), "no plane"),
        (models.GenericIPAddressField(), "no plane"),
        (fields.StaffNameField(max_length=80), "holds a name"),
        (fields.PublicTextField(), "is public"),
        (fields.PublicBytesField(), "is public"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, models.Field) else None,
)
def test_a_column_nobody_placed_is_found(field: models.Field[object, object], why: str) -> None:
    with isolate_apps("safeconduct.casework"):

        class Leak(models.Model):
            note = field.clone()

            class Meta:
                app_label = "casework"

        with pytest.raises(planes.Unplaced, match=rf"casework\.Leak\.note .*{why}"):
            list(planes.columns([Leak]))


@pytest.mark.django_db
def test_the_database_has_no_column_the_inventory_lacks() -> None:
    """A column left over by a migration, or added by hand, is data nobody placed."""
    ours = {model._meta.db_table: model for model in planes.our_models()}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
        # Of an index over what others published, and of nothing else.
        indexes = index_tables(cursor)
        assert all(re.match(r"archive_grams(_|$)", name) for name in indexes)
        assert tables - indexes == set(ours)
        for table, model in ours.items():
            described = connection.introspection.get_table_description(cursor, table)
            assert {one.name for one in described} == {one.column for one in model._meta.local_concrete_fields}, table


@pytest.mark.django_db
def test_the_models_and_their_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), verbosity=0)


def test_the_inventory_in_the_docs_is_this_one() -> None:
    """`./run inventory` runs this test with the variable set, which writes the page instead."""
    page = inventory.render()
    if os.environ.get("SAFECONDUCT_WRITE_INVENTORY") == "1":
        INVENTORY.write_text(page, encoding="utf-8")
    assert INVENTORY.read_text(encoding="utf-8") == page


# The ids of dated rules come from the rule files, which change without a migration; `set_deadline` looks each one up.
FROM_RULE_FILES = {"casework.Deadline.rule"}


def lists() -> list[tuple[type[models.Model], models.Field[object, object]]]:
    return [
        (model, field)
        for model in planes.our_models()
        for field in model._meta.local_concrete_fields
        if type(field) is models.CharField and f"{model._meta.label}.{field.name}" not in FROM_RULE_FILES
    ]


@pytest.mark.parametrize(("model", "field"), lists(), ids=lambda one: getattr(one, "name", None) or one.__name__)
def test_the_database_itself_keeps_a_closed_list_closed(
    model: type[models.Model], field: models.Field[object, object]
) -> None:
    """Choices alone are checked in forms only: without a constraint the column would take any text."""
    allowed = {value for value, _ in field.flatchoices}
    held = [set(values) for values in planes.values_allowed(model, field.name)]
    assert allowed in held, f"{model._meta.label}.{field.name} has no constraint over exactly its choices"
