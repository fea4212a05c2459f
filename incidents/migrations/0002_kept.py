"""Incidents and their timelines are added to, never rewritten, whatever the application believes."""

from django.db import migrations

KEPT = r"""
ALTER TABLE incidents_incident ADD CONSTRAINT incident_in_regency_or_district
    CHECK (region_id ~ '^63\.\d\d(\.\d\d)?$');

CREATE FUNCTION incidents_keep_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline of an incident is added to, never changed'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER incidents_keep_update BEFORE UPDATE OR DELETE ON incidents_incidentupdate
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_update();

CREATE FUNCTION incidents_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.number, NEW.reported_at, NEW.reporter_post_id, NEW.unit_id, NEW.agency_id,
         NEW.chronology, NEW.illustrative)
        IS DISTINCT FROM
        (OLD.number, OLD.reported_at, OLD.reporter_post_id, OLD.unit_id, OLD.agency_id,
         OLD.chronology, OLD.illustrative)
    THEN
        RAISE EXCEPTION 'the report of incident % is fixed', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_report BEFORE UPDATE OR DELETE ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_report();
"""

LOOSE = """
ALTER TABLE incidents_incident DROP CONSTRAINT incident_in_regency_or_district;
DROP TRIGGER incidents_keep_report ON incidents_incident;
DROP FUNCTION incidents_keep_report();
DROP TRIGGER incidents_keep_update ON incidents_incidentupdate;
DROP FUNCTION incidents_keep_update();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
