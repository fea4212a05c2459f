"""The history of a case is added to, and what a case was opened with stays."""

from django.db import migrations

KEPT = r"""
CREATE FUNCTION incidents_keep_case_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a case is added to, never changed'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER incidents_keep_case_entry BEFORE UPDATE OR DELETE ON incidents_caseentry
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_case_entry();

CREATE FUNCTION incidents_keep_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.number, NEW.incident_id, NEW.region_id, NEW.basis, NEW.known_at, NEW.received_at,
         NEW.summary, NEW.opened_at, NEW.opened_by_id, NEW.illustrative)
        IS DISTINCT FROM
        (OLD.number, OLD.incident_id, OLD.region_id, OLD.basis, OLD.known_at, OLD.received_at,
         OLD.summary, OLD.opened_at, OLD.opened_by_id, OLD.illustrative)
        OR (OLD.outcome <> '' AND NEW.outcome <> OLD.outcome)
    THEN
        RAISE EXCEPTION 'what case % was opened with, and how it ended, is fixed', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_case BEFORE UPDATE OR DELETE ON incidents_gakkumducase
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_case();
"""

LOOSE = """
DROP TRIGGER incidents_keep_case ON incidents_gakkumducase;
DROP FUNCTION incidents_keep_case();
DROP TRIGGER incidents_keep_case_entry ON incidents_caseentry;
DROP FUNCTION incidents_keep_case_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0008_gakkumdu")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
