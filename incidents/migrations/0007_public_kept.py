"""What the public wrote is kept as it came, or emptied; an answer is written once."""

from django.db import migrations

KEPT = r"""
ALTER TABLE incidents_publicreport ADD CONSTRAINT public_report_in_regency_or_district
    CHECK (region_id ~ '^63\.\d\d(\.\d\d)?$');

CREATE FUNCTION incidents_keep_public_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.number, NEW.code_hash, NEW.subject_id, NEW.region_id, NEW.timing, NEW.occurred_at,
         NEW.anonymous, NEW.classification, NEW.received_at, NEW.illustrative)
        IS DISTINCT FROM
        (OLD.number, OLD.code_hash, OLD.subject_id, OLD.region_id, OLD.timing, OLD.occurred_at,
         OLD.anonymous, OLD.classification, OLD.received_at, OLD.illustrative)
        OR (NEW.text <> OLD.text AND NEW.text <> '')
        OR (NEW.place <> OLD.place AND NEW.place <> '')
    THEN
        RAISE EXCEPTION 'what the public reported under % is fixed', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_public_report BEFORE UPDATE OR DELETE ON incidents_publicreport
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_public_report();

CREATE FUNCTION incidents_keep_public_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.report_id, NEW.kind, NEW.post_id, NEW.at)
        IS DISTINCT FROM (OLD.report_id, OLD.kind, OLD.post_id, OLD.at)
        OR (NEW.text <> OLD.text AND NEW.text <> '')
        OR (OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at)
    THEN
        RAISE EXCEPTION 'the thread of a public report is added to, never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_public_message BEFORE UPDATE OR DELETE ON incidents_publicmessage
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_public_message();

CREATE FUNCTION incidents_keep_anonymous() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT anonymous FROM incidents_publicreport WHERE id = NEW.report_id) THEN
        RAISE EXCEPTION 'an anonymous report has no contact' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_anonymous BEFORE INSERT OR UPDATE ON incidents_publiccontact
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_anonymous();
"""

LOOSE = """
DROP TRIGGER incidents_keep_anonymous ON incidents_publiccontact;
DROP FUNCTION incidents_keep_anonymous();
DROP TRIGGER incidents_keep_public_message ON incidents_publicmessage;
DROP FUNCTION incidents_keep_public_message();
DROP TRIGGER incidents_keep_public_report ON incidents_publicreport;
DROP FUNCTION incidents_keep_public_report();
ALTER TABLE incidents_publicreport DROP CONSTRAINT public_report_in_regency_or_district;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_public_reports")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
