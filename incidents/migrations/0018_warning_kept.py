"""The history of a warning and of a kecamatan's level of threat is added to, and an end stays."""

from django.db import migrations

KEPT = r"""
CREATE FUNCTION incidents_keep_warning_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of warnings and threats is added to, never changed'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER incidents_keep_warning_entry BEFORE UPDATE OR DELETE ON incidents_warningentry
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_warning_entry();
CREATE TRIGGER incidents_keep_warning_fact BEFORE UPDATE OR DELETE ON incidents_warningfact
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_warning_entry();
CREATE TRIGGER incidents_keep_threat BEFORE UPDATE OR DELETE ON incidents_threat
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_warning_entry();

CREATE FUNCTION incidents_keep_warning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.number, NEW.rule_id, NEW.region_id, NEW.why, NEW.raised_at)
        IS DISTINCT FROM
        (OLD.number, OLD.rule_id, OLD.region_id, OLD.why, OLD.raised_at)
        OR (OLD.state NOT IN ('berlaku', 'berakhir') AND NEW.state <> OLD.state)
        OR (OLD.state = 'berakhir' AND NEW.state = 'berlaku')
    THEN
        RAISE EXCEPTION 'what warning % was given for, and how it ended, is fixed', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_warning BEFORE UPDATE OR DELETE ON incidents_earlywarning
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_warning();
"""

LOOSE = """
DROP TRIGGER incidents_keep_warning ON incidents_earlywarning;
DROP FUNCTION incidents_keep_warning();
DROP TRIGGER incidents_keep_threat ON incidents_threat;
DROP TRIGGER incidents_keep_warning_fact ON incidents_warningfact;
DROP TRIGGER incidents_keep_warning_entry ON incidents_warningentry;
DROP FUNCTION incidents_keep_warning_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0017_warning")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
