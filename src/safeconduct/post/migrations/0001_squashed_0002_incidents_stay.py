import django.db.models.deletion
from django.db import migrations, models

import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [("post", "0001_initial"), ("post", "0002_incidents_stay")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0005_refused_tries"),
        ("casework", "0001_squashed_0004_removal_index"),
        ("people", "0001_squashed_0005_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("direction", models.CharField(choices=[("in", "In"), ("out", "Out")], default="in", max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("filed", "Filed"), ("aside", "Aside")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.member")),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="casework.case",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="message",
                        to="casework.event",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
                ("subject", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="people.subject")),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
            options={
                "indexes": [models.Index(fields=["team", "state", "on", "id"], name="messages_by_team")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out"])), name="message_direction_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["aside", "filed", "waiting"])), name="message_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("state", "filed")),
                            models.Q(models.Q(("state", "filed"), _negated=True), ("case__isnull", True)),
                            _connector="OR",
                        ),
                        name="filed_on_a_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                            ("about_somebody_else", "About Somebody Else"),
                            ("sent_to_somebody_else", "Sent To Somebody Else"),
                        ],
                        default="about_somebody_else",
                        max_length=22,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("closed_on", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incidents",
                        to="casework.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
                (
                    "worker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incident",
                        to="post.message",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["about_somebody_else", "sent_to_somebody_else"])),
                        name="incident_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("set_apart", "Set Apart"),
                            ("tell_lead", "Tell Lead"),
                            ("tell_sender", "Tell Sender"),
                            ("destroy_copies", "Destroy Copies"),
                            ("ask_for_ours", "Ask For Ours"),
                            ("tell_person", "Tell Person"),
                            ("consider_complaint", "Consider Complaint"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="post.incident"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "step"), name="each_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "ask_for_ours",
                                    "consider_complaint",
                                    "destroy_copies",
                                    "set_apart",
                                    "tell_lead",
                                    "tell_person",
                                    "tell_sender",
                                ],
                            )
                        ),
                        name="incident_step_known",
                    ),
                ],
            },
        ),
    ]
