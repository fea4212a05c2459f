"""Field reports are fixed once sent, strikes and filings are traces, and what an incident is known to
be may be mended by those who handle it: who reported it, when and under which number stays."""

from django.db import migrations

KEPT = r"""
ALTER TABLE incidents_fieldreport ADD CONSTRAINT field_report_in_regency_or_district
    CHECK (region_id ~ '^\d\d\.\d\d(\.\d\d)?$');

CREATE FUNCTION incidents_keep_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a % is fixed once written', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER incidents_keep_field_report BEFORE UPDATE OR DELETE ON incidents_fieldreport
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_sent();
CREATE TRIGGER incidents_keep_strike BEFORE UPDATE OR DELETE ON incidents_strike
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_sent();

CREATE FUNCTION incidents_keep_filing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
        (NEW.report_id, NEW.incident_id, NEW.reason, NEW.post_id, NEW.at)
        IS DISTINCT FROM (OLD.report_id, OLD.incident_id, OLD.reason, OLD.post_id, OLD.at)
    THEN
        RAISE EXCEPTION 'a filing is a trace: it may only end, once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_filing BEFORE UPDATE OR DELETE ON incidents_filing
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_filing();

CREATE OR REPLACE FUNCTION incidents_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.number, NEW.reported_at, NEW.reporter_post_id, NEW.unit_id, NEW.agency_id,
         NEW.illustrative)
        IS DISTINCT FROM
        (OLD.number, OLD.reported_at, OLD.reporter_post_id, OLD.unit_id, OLD.agency_id,
         OLD.illustrative)
    THEN
        RAISE EXCEPTION 'who reported incident % and when is fixed', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

LOOSE = """
ALTER TABLE incidents_fieldreport DROP CONSTRAINT field_report_in_regency_or_district;
DROP TRIGGER incidents_keep_field_report ON incidents_fieldreport;
DROP TRIGGER incidents_keep_strike ON incidents_strike;
DROP FUNCTION incidents_keep_sent();
DROP TRIGGER incidents_keep_filing ON incidents_filing;
DROP FUNCTION incidents_keep_filing();
CREATE OR REPLACE FUNCTION incidents_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_field_reports")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
