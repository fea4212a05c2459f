"""A comment stays as it was written: a trigger lets it be struck out, once, and nothing else."""

from django.db import migrations

FIXED = """
CREATE FUNCTION coordination_fixed_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.struck_at IS NOT NULL OR
        (NEW.id, NEW.obligation_id, NEW.agency_id, NEW.post_id, NEW.body, NEW.is_internal, NEW.at)
        IS DISTINCT FROM
        (OLD.id, OLD.obligation_id, OLD.agency_id, OLD.post_id, OLD.body, OLD.is_internal, OLD.at)
    THEN
        RAISE EXCEPTION 'a comment is struck out, never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_fixed_comment BEFORE UPDATE OR DELETE ON coordination_comment
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_comment();

CREATE FUNCTION coordination_fixed_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'that an item was dropped, and why, stays on record'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER coordination_fixed_dropped BEFORE UPDATE ON coordination_dropped
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_dropped();
"""

LOOSE = """
DROP TRIGGER coordination_fixed_dropped ON coordination_dropped;
DROP FUNCTION coordination_fixed_dropped();
DROP TRIGGER coordination_fixed_comment ON coordination_comment;
DROP FUNCTION coordination_fixed_comment();
"""


class Migration(migrations.Migration):
    dependencies = [("coordination", "0011_chain")]

    operations = [migrations.RunSQL(FIXED, LOOSE)]
