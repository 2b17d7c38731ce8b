import uuid

import django.db.models.deletion
from django.db import migrations, models

import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_people_and_keys"),
        ("people", "0003_erasure_requests"),
        ("people", "0004_index_secrets"),
        ("people", "0005_messages"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0005_refused_tries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Found",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("member", safeconduct.journal.fields.HandleField()),
                ("at", models.DateTimeField()),
                ("body", safeconduct.journal.fields.SealedField()),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
        ),
        migrations.CreateModel(
            name="SearchDelta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("secret", safeconduct.journal.fields.SealedField(default=bytes)),
                ("body", safeconduct.journal.fields.SealedField()),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("case", "Case"),
                            ("household", "Household"),
                            ("message", "Message"),
                            ("directory", "Directory"),
                        ],
                        max_length=10,
                    ),
                ),
                ("started_on", models.DateField()),
                ("batch", safeconduct.journal.fields.HandleField(null=True)),
                ("waiting", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("batch__isnull", False)), fields=["batch"], name="subjects_of_a_batch"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["case", "directory", "household", "message", "person"])),
                        name="subject_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("stored_bytes", models.PositiveBigIntegerField()),
                ("digest", safeconduct.journal.fields.CommitmentField(max_length=32)),
                ("added_on", models.DateField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paper_files", to="people.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", safeconduct.journal.fields.HandleField()),
                ("asked_at", models.DateTimeField()),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="erasure_request", to="people.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "facet",
                    models.CharField(
                        choices=[
                            ("identity", "Identity"),
                            ("contact", "Contact"),
                            ("status", "Status"),
                            ("needs", "Needs"),
                            ("account", "Account"),
                            ("papers", "Papers"),
                            ("household", "Household"),
                            ("history", "History"),
                            ("links", "Links"),
                            ("head", "Head"),
                            ("entry", "Entry"),
                            ("mail", "Mail"),
                            ("task", "Task"),
                            ("directory", "Directory"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "item",
                    safeconduct.journal.fields.HandleField(default=uuid.UUID("00000000-0000-0000-0000-000000000000")),
                ),
                ("schema", models.PositiveSmallIntegerField()),
                ("generation", models.PositiveIntegerField(default=1)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("body", safeconduct.journal.fields.SealedField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="envelopes", to="people.subject"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "facet", "item"), name="one_envelope_a_facet"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "facet__in",
                                [
                                    "account",
                                    "contact",
                                    "directory",
                                    "entry",
                                    "head",
                                    "history",
                                    "household",
                                    "identity",
                                    "links",
                                    "mail",
                                    "needs",
                                    "papers",
                                    "status",
                                    "task",
                                ],
                            )
                        ),
                        name="facet_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wrap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_number", models.PositiveIntegerField(default=1)),
                ("epoch", models.PositiveIntegerField()),
                ("sealed", safeconduct.journal.fields.SealedField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wraps", to="people.subject"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wraps", to="accounts.team"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "key_number"], name="wraps_by_key"),
                    models.Index(fields=["epoch"], name="wraps_by_epoch"),
                ],
                "constraints": [models.UniqueConstraint(fields=("subject", "team"), name="one_wrap_a_team")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("case", "Case"),
                            ("household", "Household"),
                            ("message", "Message"),
                            ("directory", "Directory"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", safeconduct.journal.fields.HandleField(unique=True)),
                ("on", models.DateField()),
                ("epoch", models.PositiveIntegerField()),
                ("unreadable_by", models.DateField()),
                ("destroyed_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["case", "directory", "household", "message", "person"])),
                        name="erasure_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchGeneration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("secret", safeconduct.journal.fields.SealedField(default=bytes)),
                ("body", safeconduct.journal.fields.SealedField()),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("team", "number"), name="one_generation_a_number")],
            },
        ),
    ]
