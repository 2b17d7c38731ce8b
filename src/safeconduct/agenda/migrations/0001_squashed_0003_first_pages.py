import django.db.models.deletion
from django.db import migrations, models

import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [("agenda", "0001_initial"), ("agenda", "0002_casework"), ("agenda", "0003_first_pages")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0005_refused_tries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("secret_hash", safeconduct.journal.fields.CommitmentField(max_length=32, unique=True)),
                ("made_on", models.DateField()),
                ("read_on", models.DateField(null=True)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feed", to="accounts.member"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covering", to="accounts.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covers", to="accounts.member"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_on__lte", models.F("until_on"))), name="cover_begins_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("by")), _negated=True), name="nobody_covers_themselves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("act_by", "Act By"),
                            ("answer", "Answer"),
                            ("chase", "Chase"),
                            ("reply_due", "Reply Due"),
                            ("removal", "Removal"),
                            ("tell", "Tell"),
                            ("promise", "Promise"),
                            ("task", "Task"),
                            ("silence", "Silence"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("rule_version", models.PositiveIntegerField(default=0)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("asylum", "Asylum"),
                            ("family", "Family"),
                            ("settlement_citizenship", "Settlement Citizenship"),
                            ("visit_work_study", "Visit Work Study"),
                            ("passport_travel", "Passport Travel"),
                            ("support_accommodation", "Support Accommodation"),
                            ("detention_removal", "Detention Removal"),
                            ("reporting", "Reporting"),
                            ("status_documents", "Status Documents"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                    ),
                ),
                ("handle", safeconduct.journal.fields.HandleField(unique=True)),
                ("case", safeconduct.journal.fields.HandleField()),
                ("rank", models.PositiveSmallIntegerField()),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
                (
                    "worker",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="accounts.member"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "rank", "day", "id"], name="agenda_by_rank"),
                    models.Index(fields=["team", "worker", "rank", "day", "id"], name="agenda_by_worker"),
                    models.Index(fields=["team", "day", "rank", "id"], name="agenda_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "act_by",
                                    "answer",
                                    "chase",
                                    "promise",
                                    "removal",
                                    "reply_due",
                                    "silence",
                                    "task",
                                    "tell",
                                ],
                            )
                        ),
                        name="item_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                [
                                    "asylum",
                                    "detention_removal",
                                    "family",
                                    "other",
                                    "passport_travel",
                                    "reporting",
                                    "settlement_citizenship",
                                    "status_documents",
                                    "support_accommodation",
                                    "visit_work_study",
                                ],
                            )
                        ),
                        name="item_topic_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "whose",
                    models.CharField(
                        choices=[("anybody", "Anybody"), ("mine", "Mine"), ("nobody", "Nobody"), ("member", "Member")],
                        default="anybody",
                        max_length=8,
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("asylum", "Asylum"),
                            ("family", "Family"),
                            ("settlement_citizenship", "Settlement Citizenship"),
                            ("visit_work_study", "Visit Work Study"),
                            ("passport_travel", "Passport Travel"),
                            ("support_accommodation", "Support Accommodation"),
                            ("detention_removal", "Detention Removal"),
                            ("reporting", "Reporting"),
                            ("status_documents", "Status Documents"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                        null=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("act_by", "Act By"),
                            ("answer", "Answer"),
                            ("chase", "Chase"),
                            ("reply_due", "Reply Due"),
                            ("removal", "Removal"),
                            ("tell", "Tell"),
                            ("promise", "Promise"),
                            ("task", "Task"),
                            ("silence", "Silence"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="saved_filters", to="accounts.member"
                    ),
                ),
                ("team", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="accounts.team")),
                (
                    "worker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("whose__in", ["anybody", "member", "mine", "nobody"])),
                        name="filter_whose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                [
                                    "asylum",
                                    "detention_removal",
                                    "family",
                                    "other",
                                    "passport_travel",
                                    "reporting",
                                    "settlement_citizenship",
                                    "status_documents",
                                    "support_accommodation",
                                    "visit_work_study",
                                ],
                            )
                        ),
                        name="filter_topic_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "act_by",
                                    "answer",
                                    "chase",
                                    "promise",
                                    "removal",
                                    "reply_due",
                                    "silence",
                                    "task",
                                    "tell",
                                ],
                            )
                        ),
                        name="filter_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("whose", "member"), ("worker__isnull", False)),
                            models.Q(models.Q(("whose", "member"), _negated=True), ("worker__isnull", True)),
                            _connector="OR",
                        ),
                        name="filter_of_a_member_names_one",
                    ),
                ],
            },
        ),
    ]
