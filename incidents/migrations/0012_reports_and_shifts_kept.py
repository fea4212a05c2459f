"""A special report never changes; a hand-over takes its signature, or is replaced, once."""

from django.db import migrations

KEPT = r"""
CREATE FUNCTION incidents_keep_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was issued or handed over is added to, never changed'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER incidents_keep_special BEFORE UPDATE OR DELETE ON incidents_specialreport
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_paper();
CREATE TRIGGER incidents_keep_shift_line BEFORE UPDATE OR DELETE ON incidents_shiftline
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_paper();

CREATE FUNCTION incidents_keep_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL OR OLD.replaced_at IS NOT NULL OR
        (NEW.unit_id, NEW.region_id, NEW.agency_id, NEW.out_post_id, NEW.out_user_id,
         NEW.to_post_id, NEW.notes, NEW.equipment, NEW.field_waiting, NEW.public_waiting,
         NEW.written_at, NEW.illustrative)
        IS DISTINCT FROM
        (OLD.unit_id, OLD.region_id, OLD.agency_id, OLD.out_post_id, OLD.out_user_id,
         OLD.to_post_id, OLD.notes, OLD.equipment, OLD.field_waiting, OLD.public_waiting,
         OLD.written_at, OLD.illustrative)
    THEN
        RAISE EXCEPTION 'hand-over % is fixed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_keep_shift BEFORE UPDATE OR DELETE ON incidents_shifthandover
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_shift();
"""

LOOSE = """
DROP TRIGGER incidents_keep_shift ON incidents_shifthandover;
DROP FUNCTION incidents_keep_shift();
DROP TRIGGER incidents_keep_shift_line ON incidents_shiftline;
DROP TRIGGER incidents_keep_special ON incidents_specialreport;
DROP FUNCTION incidents_keep_paper();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0011_reports_and_shifts")]

    operations = [migrations.RunSQL(KEPT, LOOSE)]
