import django.db.models.deletion
from django.db import migrations, models

import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [
        ("journal", "0001_initial"),
        ("journal", "0002_people_and_keys"),
        ("journal", "0003_tripwire"),
        ("journal", "0004_casework"),
        ("journal", "0005_alarm_of_tries"),
        ("journal", "0006_opened_kit"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", safeconduct.journal.fields.HandleField(unique=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("root", safeconduct.journal.fields.CommitmentField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("organisation", safeconduct.journal.fields.HandleField()),
                ("member", safeconduct.journal.fields.HandleField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("slowed", "Slowed"),
                            ("stopped", "Stopped"),
                            ("told", "Told"),
                            ("log", "Log"),
                            ("tries", "Tries"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_by", safeconduct.journal.fields.HandleField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "-at"], name="alarms_by_time"),
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)), fields=["organisation"], name="alarms_unseen"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["log", "slowed", "stopped", "told", "tries"])),
                        name="alarm_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("organisation", safeconduct.journal.fields.HandleField()),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("set_up", "Set Up"),
                            ("signed_in", "Signed In"),
                            ("sign_in_refused", "Sign In Refused"),
                            ("unlocked", "Unlocked"),
                            ("locked", "Locked"),
                            ("signed_out", "Signed Out"),
                            ("passphrase_changed", "Passphrase Changed"),
                            ("member_added", "Member Added"),
                            ("member_disabled", "Member Disabled"),
                            ("team_created", "Team Created"),
                            ("team_joined", "Team Joined"),
                            ("team_left", "Team Left"),
                            ("team_rekeyed", "Team Rekeyed"),
                            ("member_on_leave", "Member On Leave"),
                            ("member_returned", "Member Returned"),
                            ("member_left", "Member Left"),
                            ("guardian_set", "Guardian Set"),
                            ("factor_added", "Factor Added"),
                            ("factor_removed", "Factor Removed"),
                            ("kits_made", "Kits Made"),
                            ("opened_kit", "Opened Kit"),
                            ("kit_confirmed", "Kit Confirmed"),
                            ("kit_tried", "Kit Tried"),
                            ("recovery_asked", "Recovery Asked"),
                            ("recovery_stopped", "Recovery Stopped"),
                            ("recovered", "Recovered"),
                            ("tripwire_set", "Tripwire Set"),
                            ("reading_slowed", "Reading Slowed"),
                            ("reading_stopped", "Reading Stopped"),
                            ("reading_told", "Reading Told"),
                            ("alarm_seen", "Alarm Seen"),
                            ("refused", "Refused"),
                            ("office_days_set", "Office Days Set"),
                            ("listed", "Listed"),
                            ("searched", "Searched"),
                            ("opened_person", "Opened Person"),
                            ("opened_case", "Opened Case"),
                            ("opened_household", "Opened Household"),
                            ("opened_history", "Opened History"),
                            ("opened_paper", "Opened Paper"),
                            ("exported", "Exported"),
                            ("added_person", "Added Person"),
                            ("changed_person", "Changed Person"),
                            ("added_case", "Added Case"),
                            ("changed_case", "Changed Case"),
                            ("added_household", "Added Household"),
                            ("changed_household", "Changed Household"),
                            ("added_paper", "Added Paper"),
                            ("removed_paper", "Removed Paper"),
                            ("merged", "Merged"),
                            ("unmerged", "Unmerged"),
                            ("erased", "Erased"),
                            ("logged_event", "Logged Event"),
                            ("changed_task", "Changed Task"),
                            ("assigned", "Assigned"),
                            ("cover_set", "Cover Set"),
                            ("feed_made", "Feed Made"),
                            ("feed_ended", "Feed Ended"),
                            ("took_in_mail", "Took In Mail"),
                            ("opened_message", "Opened Message"),
                            ("filed_message", "Filed Message"),
                            ("set_aside_message", "Set Aside Message"),
                            ("changed_incident", "Changed Incident"),
                            ("opened_directory", "Opened Directory"),
                            ("changed_directory", "Changed Directory"),
                            ("import_staged", "Import Staged"),
                            ("import_opened", "Import Opened"),
                            ("import_done", "Import Done"),
                            ("import_undone", "Import Undone"),
                            ("indexed", "Indexed"),
                            ("log_read", "Log Read"),
                            ("log_differed", "Log Differed"),
                            ("log_exported", "Log Exported"),
                            ("backed_up", "Backed Up"),
                            ("restored", "Restored"),
                            ("epoch_begun", "Epoch Begun"),
                            ("epoch_destroyed", "Epoch Destroyed"),
                            ("database_moved", "Database Moved"),
                        ],
                        max_length=24,
                    ),
                ),
                ("member", safeconduct.journal.fields.HandleField(null=True)),
                ("about", safeconduct.journal.fields.HandleField(null=True)),
                ("team", safeconduct.journal.fields.HandleField(null=True)),
                ("label", safeconduct.journal.fields.CommitmentField(db_index=True, max_length=32, null=True)),
                ("count", models.PositiveIntegerField(default=1)),
                ("body", safeconduct.journal.fields.SealedField(null=True)),
                ("salt", safeconduct.journal.fields.CommitmentField(max_length=32, null=True)),
                ("commitment", safeconduct.journal.fields.CommitmentField(max_length=32)),
                ("position", models.PositiveBigIntegerField(null=True)),
                (
                    "erased",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.entry"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("position__isnull", True)), fields=["id"], name="entries_to_sequence"
                    ),
                    models.Index(fields=["organisation", "-at"], name="entries_by_time"),
                    models.Index(fields=["member", "at", "act", "count", "label"], name="entries_by_member"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "position"), name="one_entry_a_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "act__in",
                                [
                                    "set_up",
                                    "signed_in",
                                    "sign_in_refused",
                                    "unlocked",
                                    "locked",
                                    "signed_out",
                                    "passphrase_changed",
                                    "member_added",
                                    "member_disabled",
                                    "team_created",
                                    "team_joined",
                                    "team_left",
                                    "team_rekeyed",
                                    "member_on_leave",
                                    "member_returned",
                                    "member_left",
                                    "guardian_set",
                                    "factor_added",
                                    "factor_removed",
                                    "kits_made",
                                    "opened_kit",
                                    "kit_confirmed",
                                    "kit_tried",
                                    "recovery_asked",
                                    "recovery_stopped",
                                    "recovered",
                                    "tripwire_set",
                                    "reading_slowed",
                                    "reading_stopped",
                                    "reading_told",
                                    "alarm_seen",
                                    "refused",
                                    "office_days_set",
                                    "listed",
                                    "searched",
                                    "opened_person",
                                    "opened_case",
                                    "opened_household",
                                    "opened_history",
                                    "opened_paper",
                                    "exported",
                                    "added_person",
                                    "changed_person",
                                    "added_case",
                                    "changed_case",
                                    "added_household",
                                    "changed_household",
                                    "added_paper",
                                    "removed_paper",
                                    "merged",
                                    "unmerged",
                                    "erased",
                                    "logged_event",
                                    "changed_task",
                                    "assigned",
                                    "cover_set",
                                    "feed_made",
                                    "feed_ended",
                                    "took_in_mail",
                                    "opened_message",
                                    "filed_message",
                                    "set_aside_message",
                                    "changed_incident",
                                    "opened_directory",
                                    "changed_directory",
                                    "import_staged",
                                    "import_opened",
                                    "import_done",
                                    "import_undone",
                                    "indexed",
                                    "log_read",
                                    "log_differed",
                                    "log_exported",
                                    "backed_up",
                                    "restored",
                                    "epoch_begun",
                                    "epoch_destroyed",
                                    "database_moved",
                                ],
                            )
                        ),
                        name="entry_act_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("envelope", safeconduct.journal.fields.HandleField()),
                ("revision", models.PositiveIntegerField()),
                ("digest", safeconduct.journal.fields.CommitmentField(max_length=32)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="journal.entry"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("envelope", "revision"), name="one_digest_a_revision")],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", safeconduct.journal.fields.HandleField()),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.PositiveBigIntegerField()),
                ("hashes", safeconduct.journal.fields.CommitmentField(max_length=8192)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "level", "index"), name="one_tile_a_place")
                ],
            },
        ),
    ]
