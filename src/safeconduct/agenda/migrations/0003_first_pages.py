"""Indexes by which the first page of a long list is found, and an agenda to be made again.

What is due has other ranks and more kinds than before, and only the clocks say which. The agenda is a projection of
them: it is emptied here, and made again as soon as the tables are up to date (`casework.schedule.make_if_gone`).
"""

from typing import Any

from django.db import migrations, models


def empty(apps: Any, schema_editor: Any) -> None:
    # Of the database whose tables are made: a move makes those of the new one while the old one is in use.
    apps.get_model("agenda", "Item").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0002_casework"),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="item", name="agenda_by_team"),
        migrations.RemoveIndex(model_name="item", name="agenda_by_worker"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["team", "rank", "day", "id"], name="agenda_by_rank"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["team", "worker", "rank", "day", "id"], name="agenda_by_worker"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["team", "day", "rank", "id"], name="agenda_by_day"),
        ),
    ]
