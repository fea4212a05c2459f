"""What was asked of an agency stays as it was asked, and how it ended stays too. Incidents that were
handed over before there were requests get an accepted one, drawn from their timeline."""

from django.db import migrations

KEPT = r"""
CREATE FUNCTION incidents_keep_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.kind, NEW.matter, NEW.reason, NEW.by_when, NEW.from_agency_id, NEW.asked_by_id,
         NEW.asked_at, NEW.agency_id)
        IS DISTINCT FROM
        (OLD.kind, OLD.matter, OLD.reason, OLD.by_when, OLD.from_agency_id, OLD.asked_by_id,
         OLD.asked_at, OLD.agency_id)
        OR (OLD.ended_at IS NOT NULL AND
            (NEW.state, NEW.ended_at, NEW.answer, NEW.incident_id)
            IS DISTINCT FROM (OLD.state, OLD.ended_at, OLD.answer, OLD.incident_id))
    THEN
        RAISE EXCEPTION 'what was asked in request %, and how it ended, is fixed', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_request BEFORE UPDATE OR DELETE ON incidents_agencyrequest
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_request();
"""

LOOSE = """
DROP TRIGGER incidents_keep_request ON incidents_agencyrequest;
DROP FUNCTION incidents_keep_request();
"""
MATTER = "Penanganan seluruhnya (dilimpahkan sebelum pelimpahan dicatat tersendiri)."
ENDED = "Berpindah lagi atau berlanjut menurut riwayat kejadian."


def requests_of_referrals(apps, schema_editor):
    """One request for each hand-over of the lead. The newest of an incident that still stands
    handed over is open: its result is owed. Who led before the first was whoever leads the type."""
    Update = apps.get_model("incidents", "IncidentUpdate")
    AgencyRequest = apps.get_model("incidents", "AgencyRequest")
    rows = list(
        Update.objects.filter(kind="referral")
        .select_related("incident__type")
        .order_by("incident_id", "at", "pk")
    )
    newest = {row.incident_id: row.pk for row in rows}
    leads = {}
    for row in rows:
        incident = row.incident
        former = leads.get(incident.pk, incident.type.lead_id)
        leads[incident.pk] = row.to_agency_id
        if former == row.to_agency_id:
            # The kind was changed since; it was written by somebody of another agency, or by none.
            former = row.agency_id
        if former == row.to_agency_id:
            continue
        stands = (
            newest[incident.pk] == row.pk
            and incident.state == "dilimpahkan"
            and incident.lead_agency_id == row.to_agency_id
        )
        AgencyRequest.objects.create(
            incident=incident,
            kind="seluruh",
            matter=MATTER,
            reason=row.text or "-",
            from_agency_id=former,
            asked_by_id=row.post_id,
            asked_at=row.at,
            agency_id=row.to_agency_id,
            state="diterima" if stands else "dijawab",
            accepted_at=row.at,
            ended_at=None if stands else row.at,
            answer="" if stands else ENDED,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_agency_requests")]

    operations = [
        migrations.RunSQL(KEPT, LOOSE),
        migrations.RunPython(requests_of_referrals, migrations.RunPython.noop),
    ]
