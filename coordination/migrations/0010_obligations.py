"""Obligations of units, due times by rule, waiting, extensions, and closing as a step of its own.

Old rows keep their meaning: what was verified was closed in the same step, and what awaits its
verification has been with the issuer since it was last submitted.
"""

import django.db.models.deletion
from django.db import migrations, models


# The foreign keys written here are checked at once: the constraints below alter the same table.
CARRY = """
UPDATE coordination_obligation SET closed_by_id = verified_by_id, verified_at = closed_at
    WHERE state = 'done';
UPDATE coordination_obligation AS obligation SET waiting_since = COALESCE(
        (SELECT max(report.at) FROM coordination_progressreport AS report
         WHERE report.obligation_id = obligation.id AND report.kind = 'submitted'),
        obligation.updated_at
    ) WHERE state = 'awaiting_verification';
SET CONSTRAINTS ALL IMMEDIATE;
"""

CARRY_WAITS = """
INSERT INTO coordination_wait (obligation_id, kind, began_at)
    SELECT id, 'issuer', waiting_since FROM coordination_obligation
    WHERE waiting_since IS NOT NULL;
"""

FIXED = """
CREATE OR REPLACE FUNCTION coordination_fixed_directive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR
        (NEW.meeting_id, NEW.section_id, NEW.number, NEW.title, NEW.text, NEW.output, NEW.evidence,
         NEW.kind, NEW.binding, NEW.priority, NEW.issuer_agency_id, NEW.issuer_post_id,
         NEW.default_due_at, NEW.issued_at, NEW.classification, NEW.agenda_item_id,
         NEW.parent_obligation_id, NEW.origin_url, NEW.origin_label, NEW.ground,
         NEW.evidence_required, NEW.due_kind, NEW.due_days, NEW.due_stage_id, NEW.due_offset)
        IS DISTINCT FROM
        (OLD.meeting_id, OLD.section_id, OLD.number, OLD.title, OLD.text, OLD.output, OLD.evidence,
         OLD.kind, OLD.binding, OLD.priority, OLD.issuer_agency_id, OLD.issuer_post_id,
         OLD.default_due_at, OLD.issued_at, OLD.classification, OLD.agenda_item_id,
         OLD.parent_obligation_id, OLD.origin_url, OLD.origin_label, OLD.ground,
         OLD.evidence_required, OLD.due_kind, OLD.due_days, OLD.due_stage_id, OLD.due_offset)
    THEN
        RAISE EXCEPTION 'issued directive % is fixed', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

LOOSER = """
CREATE OR REPLACE FUNCTION coordination_fixed_directive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR
        (NEW.meeting_id, NEW.section_id, NEW.number, NEW.title, NEW.text, NEW.output, NEW.evidence,
         NEW.kind, NEW.binding, NEW.priority, NEW.issuer_agency_id, NEW.issuer_post_id,
         NEW.default_due_at, NEW.issued_at, NEW.classification)
        IS DISTINCT FROM
        (OLD.meeting_id, OLD.section_id, OLD.number, OLD.title, OLD.text, OLD.output, OLD.evidence,
         OLD.kind, OLD.binding, OLD.priority, OLD.issuer_agency_id, OLD.issuer_post_id,
         OLD.default_due_at, OLD.issued_at, OLD.classification)
    THEN
        RAISE EXCEPTION 'issued directive % is fixed', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("coordination", "0009_minutes_fixed"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Menunggu keputusan"),
                            ("granted", "Dikabulkan"),
                            ("refused", "Ditolak"),
                            ("withdrawn", "Tidak diperlukan lagi"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="Keputusan",
                    ),
                ),
                ("reason", models.TextField(verbose_name="Alasan")),
                ("due_before", models.DateTimeField(verbose_name="Tenggat semula")),
                ("wished_due_at", models.DateTimeField(verbose_name="Tenggat yang dimohon")),
                (
                    "due_after",
                    models.DateTimeField(blank=True, null=True, verbose_name="Tenggat baru"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Dimohon")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="Diputus")),
                ("answer", models.TextField(blank=True, verbose_name="Catatan")),
            ],
            options={
                "verbose_name": "perpanjangan tenggat",
                "verbose_name_plural": "perpanjangan tenggat",
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Wait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issuer", "Menunggu pemberi arahan"),
                            ("obligation", "Menunggu tindak lanjut lain"),
                        ],
                        max_length=12,
                        verbose_name="Menunggu",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="Sejak")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Sampai")),
            ],
            options={
                "verbose_name": "masa menunggu",
                "verbose_name_plural": "masa menunggu",
                "ordering": ["began_at", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="addressee",
            options={
                "ordering": ["agency__position", "unit__path", "pk"],
                "verbose_name": "instansi yang diarahkan",
                "verbose_name_plural": "instansi yang diarahkan",
            },
        ),
        migrations.RemoveConstraint(
            model_name="addressee",
            name="addressee_once",
        ),
        migrations.RemoveConstraint(
            model_name="obligation",
            name="obligation_one_share_per_agency",
        ),
        migrations.RemoveConstraint(
            model_name="obligation",
            name="obligation_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="obligation",
            name="obligation_done_is_verified",
        ),
        migrations.RemoveConstraint(
            model_name="progressreport",
            name="report_kind_known",
        ),
        migrations.AddField(
            model_name="addressee",
            name="own_due",
            field=models.BooleanField(default=False, verbose_name="Tenggat khusus"),
        ),
        migrations.AddField(
            model_name="addressee",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.region",
                verbose_name="Wilayah",
            ),
        ),
        migrations.AddField(
            model_name="addressee",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.unit",
                verbose_name="Satuan",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="agenda_item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="directives",
                to="coordination.agendaitem",
                verbose_name="Mata acara",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="due_days",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="Hari kerja"
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="due_kind",
            field=models.CharField(
                choices=[
                    ("tanggal", "Tanggal tertentu"),
                    ("hari_kerja", "Sejumlah hari kerja setelah terbit"),
                    ("tahapan", "Mengikuti tahapan"),
                ],
                default="tanggal",
                max_length=12,
                verbose_name="Cara menentukan tenggat",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="due_offset",
            field=models.SmallIntegerField(
                default=0, verbose_name="Selisih hari dari mulai tahapan"
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="due_stage",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.stage",
                verbose_name="Tahapan",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="evidence_required",
            field=models.BooleanField(default=False, verbose_name="Bukti dukung wajib dilampirkan"),
        ),
        migrations.AddField(
            model_name="directive",
            name="ground",
            field=models.TextField(blank=True, verbose_name="Dasar"),
        ),
        migrations.AddField(
            model_name="directive",
            name="origin_label",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="directive",
            name="origin_url",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="directive",
            name="parent_obligation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sub_directives",
                to="coordination.obligation",
                verbose_name="Meneruskan tindak lanjut",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.post",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="due_counted_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="obligation",
            name="own_due",
            field=models.BooleanField(
                default=False,
                help_text="Tidak mengikuti tenggat arahannya lagi.",
                verbose_name="Tenggat khusus",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.region",
                verbose_name="Wilayah",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.unit",
                verbose_name="Satuan",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Diverifikasi"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="waiting_since",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="Menunggu pemberi arahan sejak"
            ),
        ),
        migrations.AlterField(
            model_name="directive",
            name="binding",
            field=models.CharField(
                choices=[
                    ("perintah", "Perintah (rantai komando sendiri)"),
                    ("kesepakatan", "Kesepakatan bersama"),
                    ("permintaan", "Permintaan"),
                    ("penekanan", "Penekanan"),
                ],
                default="kesepakatan",
                max_length=12,
                verbose_name="Sifat mengikat",
            ),
        ),
        migrations.AlterField(
            model_name="directive",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="directives",
                to="coordination.meeting",
                verbose_name="Rakor",
            ),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Belum ditindaklanjuti"),
                    ("acknowledged", "Diterima"),
                    ("in_progress", "Dalam proses"),
                    ("awaiting_verification", "Menunggu verifikasi"),
                    ("verified", "Terverifikasi, belum ditutup"),
                    ("blocked", "Terkendala"),
                    ("declared_unfeasible", "Dinyatakan tidak dapat dilaksanakan"),
                    ("done", "Selesai"),
                    ("unfeasible", "Tidak dapat dilaksanakan"),
                    ("cancelled", "Dibatalkan"),
                ],
                default="open",
                max_length=24,
                verbose_name="Keadaan",
            ),
        ),
        migrations.AlterField(
            model_name="progressreport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acknowledged", "Diterima"),
                    ("progress", "Kemajuan dilaporkan"),
                    ("blocked", "Terkendala"),
                    ("waiting", "Menunggu tindak lanjut lain"),
                    ("released", "Tidak lagi menunggu"),
                    ("delegated", "Diteruskan kepada satuan"),
                    ("extension_asked", "Perpanjangan dimohon"),
                    ("extension_granted", "Perpanjangan dikabulkan"),
                    ("extension_refused", "Perpanjangan ditolak"),
                    ("due_moved", "Tenggat bergeser mengikuti tahapan"),
                    ("submitted", "Diajukan untuk verifikasi"),
                    ("declared", "Dinyatakan tidak dapat dilaksanakan"),
                    ("returned", "Dikembalikan untuk perbaikan"),
                    ("verified", "Diverifikasi"),
                    ("closed", "Ditutup, selesai"),
                    ("unfeasible", "Ditutup, tidak dapat dilaksanakan"),
                    ("cancelled", "Dibatalkan"),
                ],
                max_length=20,
                verbose_name="Jenis",
            ),
        ),
        migrations.AddConstraint(
            model_name="addressee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit", None)),
                fields=("directive", "agency"),
                name="addressee_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="addressee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit__isnull", False)),
                fields=("directive", "agency", "unit"),
                name="addressee_unit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_days", None), ("due_kind", "tanggal"), ("due_stage", None)),
                    models.Q(("due_days__gte", 1), ("due_kind", "hari_kerja"), ("due_stage", None)),
                    models.Q(
                        ("due_days", None), ("due_kind", "tahapan"), ("due_stage__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="directive_due_rule_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("meeting__isnull", False),
                    models.Q(
                        ("agenda_item", None),
                        ("section", None),
                        models.Q(
                            models.Q(("ground", ""), _negated=True),
                            models.Q(("origin_url", ""), _negated=True),
                            ("parent_obligation__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="directive_comes_from_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin_url", ""),
                    models.Q(
                        ("origin_url__startswith", "/"),
                        models.Q(("origin_label", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="directive_origin_is_a_page_of_ours",
            ),
        ),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit", None)),
                fields=("directive", "agency"),
                name="obligation_one_share_per_agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit__isnull", False)),
                fields=("directive", "agency", "unit"),
                name="obligation_one_share_per_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "open",
                            "acknowledged",
                            "in_progress",
                            "awaiting_verification",
                            "verified",
                            "blocked",
                            "declared_unfeasible",
                            "done",
                            "unfeasible",
                            "cancelled",
                        ],
                    )
                ),
                name="obligation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("progress", 100),
                        ("verified_at__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="obligation_done_is_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "verified"), _negated=True),
                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="obligation_verified_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "unfeasible"), _negated=True),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="obligation_given_up_by_the_issuer",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["awaiting_verification", "declared_unfeasible", "verified"]),
                        ("waiting_since__isnull", False),
                    ),
                    ("state__in", ["acknowledged", "blocked", "in_progress", "open"]),
                    models.Q(
                        ("state__in", ["cancelled", "done", "unfeasible"]), ("waiting_since", None)
                    ),
                    _connector="OR",
                ),
                name="obligation_waits_for_the_issuer",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "acknowledged",
                            "progress",
                            "blocked",
                            "waiting",
                            "released",
                            "delegated",
                            "extension_asked",
                            "extension_granted",
                            "extension_refused",
                            "due_moved",
                            "submitted",
                            "declared",
                            "returned",
                            "verified",
                            "closed",
                            "unfeasible",
                            "cancelled",
                        ],
                    )
                ),
                name="report_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.post",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="extensions",
                to="coordination.obligation",
            ),
        ),
        migrations.AddField(
            model_name="wait",
            name="blocker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holds_up",
                to="coordination.obligation",
                verbose_name="Tindak lanjut yang ditunggu",
            ),
        ),
        migrations.AddField(
            model_name="wait",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="waits",
                to="coordination.obligation",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("obligation",),
                name="extension_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "granted", "refused", "withdrawn"])),
                name="extension_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="extension_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "granted"), _negated=True),
                    ("due_after__isnull", False),
                    _connector="OR",
                ),
                name="extension_granted_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="extension_refused_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("blocker", None), ("kind", "issuer")),
                    models.Q(("blocker__isnull", False), ("kind", "obligation")),
                    _connector="OR",
                ),
                name="wait_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("blocker", None),
                    models.Q(("blocker", models.F("obligation")), _negated=True),
                    _connector="OR",
                ),
                name="wait_not_for_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                ),
                name="wait_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("kind", "issuer")),
                fields=("obligation",),
                name="wait_for_the_issuer_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("kind", "obligation")),
                fields=("obligation", "blocker"),
                name="wait_for_another_once",
            ),
        ),
        migrations.RunSQL(CARRY_WAITS, migrations.RunSQL.noop),
        migrations.RunSQL(FIXED, LOOSER),
    ]
