import django.db.models.deletion
from django.db import migrations, models

import safeconduct.casework.rules
import safeconduct.journal.fields


class Migration(migrations.Migration):
    replaces = [
        ("casework", "0001_initial"),
        ("casework", "0002_casework"),
        ("casework", "0003_endings"),
        ("casework", "0004_removal_index"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0005_refused_tries"),
        ("people", "0001_squashed_0005_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("staged", "Staged"), ("running", "Running"), ("done", "Done"), ("undone", "Undone")],
                        default="staged",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("as_of", models.DateField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_in_all", models.PositiveIntegerField(default=0)),
                ("staged", safeconduct.journal.fields.SealedField(null=True)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.member")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["done", "running", "staged", "undone"])),
                        name="arrival_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows_done__lte", models.F("rows_in_all"))),
                        name="arrival_rows_done_at_most_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
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
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("got_it", "Got It"),
                            ("got_part", "Got Part"),
                            ("refused", "Refused"),
                            ("answered_only", "Answered Only"),
                            ("no_longer_needed", "No Longer Needed"),
                            ("passed_on", "Passed On"),
                            ("withdrawn", "Withdrawn"),
                            ("lost_touch", "Lost Touch"),
                            ("removed", "Removed"),
                            ("died", "Died"),
                            ("opened_by_mistake", "Opened By Mistake"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("review_on", models.DateField(null=True)),
                ("removal_on", models.DateField(null=True)),
                (
                    "arrival",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="casework.arrival",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"),
                ),
                ("subject", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="people.subject")),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
                (
                    "worker",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="accounts.member"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "state", "-opened_on"], name="cases_by_team"),
                    models.Index(
                        condition=models.Q(("review_on__isnull", False)),
                        fields=["team", "review_on"],
                        name="cases_to_review",
                    ),
                    models.Index(
                        condition=models.Q(("removal_on__isnull", False)),
                        fields=["team", "removal_on"],
                        name="cases_of_removal",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
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
                        name="case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["closed", "open"])), name="case_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "answered_only",
                                    "died",
                                    "got_it",
                                    "got_part",
                                    "lost_touch",
                                    "no_longer_needed",
                                    "opened_by_mistake",
                                    "passed_on",
                                    "refused",
                                    "removed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="case_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                ("rule", models.CharField(choices=safeconduct.casework.rules.rules_against_the_person, max_length=40)),
                ("on", models.DateField()),
                ("letter_on", models.DateField(null=True)),
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
                ("abroad", models.BooleanField(default=False)),
                ("detained", models.BooleanField(default=False)),
                (
                    "served_how",
                    models.CharField(
                        choices=[
                            ("post", "Post"),
                            ("email", "Email"),
                            ("portal", "Portal"),
                            ("by_hand", "By Hand"),
                            ("representative", "Representative"),
                        ],
                        max_length=14,
                        null=True,
                    ),
                ),
                ("met_on", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="casework.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nation__in", ["any-uk", "england-and-wales", "northern-ireland", "scotland"])
                        ),
                        name="deadline_nation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("served_how__in", ["by_hand", "email", "portal", "post", "representative"])
                        ),
                        name="deadline_served_how_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Directory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="people.subject")),
                ("team", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="accounts.team")),
            ],
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    safeconduct.journal.fields.HandleField(
                        default=safeconduct.journal.fields.new_handle, editable=False, unique=True
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("ho_mp", "Ho Mp"),
                            ("ho_mp_urgent", "Ho Mp Urgent"),
                            ("ho_minister", "Ho Minister"),
                            ("hmpo_hotline", "Hmpo Hotline"),
                            ("migrant_help", "Migrant Help"),
                            ("foi", "Foi"),
                            ("sar", "Sar"),
                            ("complaint", "Complaint"),
                            ("other", "Other"),
                        ],
                        max_length=14,
                    ),
                ),
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
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="enquiries", to="casework.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "route__in",
                                [
                                    "complaint",
                                    "foi",
                                    "hmpo_hotline",
                                    "ho_minister",
                                    "ho_mp",
                                    "ho_mp_urgent",
                                    "migrant_help",
                                    "other",
                                    "sar",
                                ],
                            )
                        ),
                        name="route_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nation__in", ["any-uk", "england-and-wales", "northern-ireland", "scotland"])
                        ),
                        name="enquiry_nation_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                            ("came_in", "Came In"),
                            ("sent", "Sent"),
                            ("acknowledged", "Acknowledged"),
                            ("holding_reply", "Holding Reply"),
                            ("chased", "Chased"),
                            ("answered", "Answered"),
                            ("decided", "Decided"),
                            ("phoned", "Phoned"),
                            ("told_person", "Told Person"),
                            ("corrected", "Corrected"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("extended", "Extended"),
                            ("clarification_asked", "Clarification Asked"),
                            ("clarified", "Clarified"),
                            ("promised", "Promised"),
                            ("promise_kept", "Promise Kept"),
                            ("called", "Called"),
                            ("seen", "Seen"),
                            ("will_ring_back", "Will Ring Back"),
                            ("rang_back", "Rang Back"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                            ("kept_longer", "Kept Longer"),
                            ("removal_set", "Removal Set"),
                            ("removal_told", "Removal Told"),
                            ("removal_called_off", "Removal Called Off"),
                            ("removal_stopped", "Removal Stopped"),
                            ("removal_failed", "Removal Failed"),
                            ("removed", "Removed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("holding_reply", "Holding Reply"),
                            ("outside_standards", "Outside Standards"),
                            ("no_timeframe", "No Timeframe"),
                            ("consent_required", "Consent Required"),
                            ("transferred", "Transferred"),
                            ("wrong_recipient", "Wrong Recipient"),
                            ("wrong_person", "Wrong Person"),
                            ("not_described", "Not Described"),
                            ("awaiting_checks", "Awaiting Checks"),
                            ("awaiting_person", "Awaiting Person"),
                            ("interview_to_come", "Interview To Come"),
                            ("policy_hold", "Policy Hold"),
                            ("not_a_constituent", "Not A Constituent"),
                            ("already_answered", "Already Answered"),
                            ("litigation", "Litigation"),
                            ("not_served", "Not Served"),
                            ("review_right", "Review Right"),
                        ],
                        max_length=18,
                        null=True,
                    ),
                ),
                ("on", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("awaiting_person", "Awaiting Person"),
                            ("awaiting_consent", "Awaiting Consent"),
                            ("awaiting_identity", "Awaiting Identity"),
                            ("awaiting_checks", "Awaiting Checks"),
                            ("policy_hold", "Policy Hold"),
                            ("litigation", "Litigation"),
                            ("complex", "Complex"),
                            ("public_interest", "Public Interest"),
                            ("agreed_with_us", "Agreed With Us"),
                            ("we_asked", "We Asked"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("got_it", "Got It"),
                            ("got_part", "Got Part"),
                            ("refused", "Refused"),
                            ("answered_only", "Answered Only"),
                            ("no_longer_needed", "No Longer Needed"),
                            ("passed_on", "Passed On"),
                            ("withdrawn", "Withdrawn"),
                            ("lost_touch", "Lost Touch"),
                            ("removed", "Removed"),
                            ("died", "Died"),
                            ("opened_by_mistake", "Opened By Mistake"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "arrival",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="casework.arrival",
                    ),
                ),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.member")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="casework.case"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrected_by",
                        to="casework.event",
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="casework.enquiry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "on"], name="events_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "acknowledged",
                                    "answered",
                                    "called",
                                    "came_in",
                                    "chased",
                                    "clarification_asked",
                                    "clarified",
                                    "closed",
                                    "corrected",
                                    "decided",
                                    "extended",
                                    "holding_reply",
                                    "kept_longer",
                                    "paused",
                                    "phoned",
                                    "promise_kept",
                                    "promised",
                                    "rang_back",
                                    "removal_called_off",
                                    "removal_failed",
                                    "removal_set",
                                    "removal_stopped",
                                    "removal_told",
                                    "removed",
                                    "reopened",
                                    "resumed",
                                    "seen",
                                    "sent",
                                    "told_person",
                                    "will_ring_back",
                                ],
                            )
                        ),
                        name="event_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shape__in",
                                [
                                    "already_answered",
                                    "awaiting_checks",
                                    "awaiting_person",
                                    "consent_required",
                                    "holding_reply",
                                    "interview_to_come",
                                    "litigation",
                                    "no_timeframe",
                                    "not_a_constituent",
                                    "not_described",
                                    "not_served",
                                    "outside_standards",
                                    "policy_hold",
                                    "review_right",
                                    "transferred",
                                    "wrong_person",
                                    "wrong_recipient",
                                ],
                            )
                        ),
                        name="event_shape_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "agreed_with_us",
                                    "awaiting_checks",
                                    "awaiting_consent",
                                    "awaiting_identity",
                                    "awaiting_person",
                                    "complex",
                                    "litigation",
                                    "other",
                                    "policy_hold",
                                    "public_interest",
                                    "we_asked",
                                ],
                            )
                        ),
                        name="event_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "answered_only",
                                    "died",
                                    "got_it",
                                    "got_part",
                                    "lost_touch",
                                    "no_longer_needed",
                                    "opened_by_mistake",
                                    "passed_on",
                                    "refused",
                                    "removed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="event_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", False), ("kind", "corrected")),
                            models.Q(models.Q(("kind", "corrected"), _negated=True), ("corrects__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_correction_corrects",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("holding_reply", "Holding Reply"),
                            ("outside_standards", "Outside Standards"),
                            ("no_timeframe", "No Timeframe"),
                            ("consent_required", "Consent Required"),
                            ("transferred", "Transferred"),
                            ("wrong_recipient", "Wrong Recipient"),
                            ("wrong_person", "Wrong Person"),
                            ("not_described", "Not Described"),
                            ("awaiting_checks", "Awaiting Checks"),
                            ("awaiting_person", "Awaiting Person"),
                            ("interview_to_come", "Interview To Come"),
                            ("policy_hold", "Policy Hold"),
                            ("not_a_constituent", "Not A Constituent"),
                            ("already_answered", "Already Answered"),
                            ("litigation", "Litigation"),
                            ("not_served", "Not Served"),
                            ("review_right", "Review Right"),
                        ],
                        max_length=18,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="said", to="casework.event"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "shape"), name="each_label_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shape__in",
                                [
                                    "already_answered",
                                    "awaiting_checks",
                                    "awaiting_person",
                                    "consent_required",
                                    "holding_reply",
                                    "interview_to_come",
                                    "litigation",
                                    "no_timeframe",
                                    "not_a_constituent",
                                    "not_described",
                                    "not_served",
                                    "outside_standards",
                                    "policy_hold",
                                    "review_right",
                                    "transferred",
                                    "wrong_person",
                                    "wrong_recipient",
                                ],
                            )
                        ),
                        name="said_shape_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                            ("ring_back", "Ring Back"),
                            ("tell_person", "Tell Person"),
                            ("ask_person", "Ask Person"),
                            ("send", "Send"),
                            ("check", "Check"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("done_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="casework.case"
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="accounts.member"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["ask_person", "check", "other", "ring_back", "send", "tell_person"])
                        ),
                        name="task_kind_known",
                    )
                ],
            },
        ),
    ]
