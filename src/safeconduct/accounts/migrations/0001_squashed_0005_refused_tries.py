import django.db.models.deletion
from django.db import migrations, models

import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_people_and_keys"),
        ("accounts", "0003_rewrapping"),
        ("accounts", "0004_office_days"),
        ("accounts", "0005_refused_tries"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", safeconduct.journal.fields.CommitmentField(max_length=32, unique=True)),
                ("failures", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("name", safeconduct.journal.fields.StaffNameField(max_length=120)),
                ("sign_in", safeconduct.journal.fields.StaffNameField(max_length=60, unique=True)),
                ("is_guardian", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("on_leave", "On Leave"),
                            ("left", "Left"),
                            ("disabled", "Disabled"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("must_change", models.BooleanField(default=False)),
                ("joined_on", models.DateField()),
                ("salt", safeconduct.journal.fields.CommitmentField(max_length=16)),
                ("cost_memory_kib", models.PositiveIntegerField()),
                ("cost_passes", models.PositiveSmallIntegerField()),
                ("cost_lanes", models.PositiveSmallIntegerField()),
                ("sealed_key", safeconduct.journal.fields.SealedField()),
                ("public_key", safeconduct.journal.fields.PublicKeyField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "disabled", "left", "on_leave"])),
                        name="member_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusalSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("written", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("at", models.DateTimeField()),
                ("body", safeconduct.journal.fields.SealedField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="accounts.member"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", safeconduct.journal.fields.SealedField()),
                ("added_on", models.DateField()),
                ("last_step", models.BigIntegerField(default=0)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="code_factor", to="accounts.member"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("name", safeconduct.journal.fields.StaffNameField(max_length=120)),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england-and-wales", "england-and-wales"),
                            ("scotland", "scotland"),
                            ("northern-ireland", "northern-ireland"),
                            ("any-uk", "any-uk"),
                        ],
                        max_length=20,
                    ),
                ),
                ("started_on", models.DateField()),
                ("first_letter_days", models.PositiveSmallIntegerField(default=2)),
                ("follow_up_days", models.PositiveSmallIntegerField(default=10)),
                ("chase_days", models.PositiveSmallIntegerField(default=5)),
                ("tell_days", models.PositiveSmallIntegerField(default=2)),
                ("silence_days", models.PositiveSmallIntegerField(default=20)),
                ("keep_months", models.PositiveSmallIntegerField(null=True)),
                ("gives_advice", models.BooleanField(default=False)),
                ("recovery_public", safeconduct.journal.fields.PublicKeyField(null=True)),
                ("recovery_round", models.PositiveSmallIntegerField(default=0)),
                ("recovery_hours", models.PositiveSmallIntegerField(default=72)),
                ("slow_from", models.PositiveIntegerField(default=60)),
                ("stop_from", models.PositiveIntegerField(default=200)),
                ("tell_from", models.PositiveIntegerField(default=1500)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nation__in", ["any-uk", "england-and-wales", "northern-ireland", "scotland"])
                        ),
                        name="office_nation_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="accounts.organisation"
            ),
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recoveries", to="accounts.member"
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryKit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("made_on", models.DateField()),
                ("sealed", safeconduct.journal.fields.SealedField(null=True)),
                ("commitment", safeconduct.journal.fields.CommitmentField(max_length=32)),
                ("confirmed_on", models.DateField(null=True)),
                ("tried_on", models.DateField(null=True)),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kits", to="accounts.member"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("guardian", "round"), name="one_kit_a_guardian_a_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedTries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", safeconduct.journal.fields.HandleField()),
                ("member", safeconduct.journal.fields.HandleField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "member"), name="one_sum_a_name")],
            },
        ),
        migrations.CreateModel(
            name="SecurityKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("credential", safeconduct.journal.fields.CommitmentField(max_length=1023, unique=True)),
                ("public_key", safeconduct.journal.fields.PublicKeyField()),
                ("sign_count", models.PositiveBigIntegerField(default=0)),
                ("prf_salt", safeconduct.journal.fields.CommitmentField(max_length=32)),
                ("kept", safeconduct.journal.fields.SealedField(null=True)),
                ("added_on", models.DateField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="security_keys", to="accounts.member"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("member", "number"), name="one_security_key_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("token", safeconduct.journal.fields.CommitmentField(max_length=32, unique=True)),
                ("kept", safeconduct.journal.fields.SealedField(null=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="accounts.member"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("name", safeconduct.journal.fields.StaffNameField(max_length=120)),
                ("started_on", models.DateField()),
                ("roster", safeconduct.journal.fields.SealedField()),
                ("key_number", models.PositiveIntegerField(default=1)),
                ("rekey_since", models.DateTimeField(null=True)),
                ("rewrapping", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "name"), name="one_team_a_name")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[("caseworker", "Caseworker"), ("lead", "Lead")], max_length=10)),
                ("epoch", models.PositiveIntegerField()),
                ("bundle", safeconduct.journal.fields.SealedField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="accounts.member"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="accounts.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "member"), name="one_membership_a_team"),
                    models.CheckConstraint(condition=models.Q(("role__in", ["caseworker", "lead"])), name="role_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escrow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("key_number", models.PositiveIntegerField()),
                ("epoch", models.PositiveIntegerField()),
                ("bundle", safeconduct.journal.fields.SealedField()),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="escrow", to="accounts.team"
                    ),
                ),
            ],
        ),
    ]
