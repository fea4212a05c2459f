"""A version of a roll-up is closed once and never changed; rows kept so far begin their history."""

# ruff: noqa: S608 (the SQL below holds this module's own column names only)
from django.db import migrations

FIGURES = (
    "operation_id, cut_off_at, expected, received, late, missing, verified, total, present,"
    " engaged, standby, reserve, conflicts, as_of"
)
FIXED = f"""
CREATE FUNCTION deployments_fixed_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.until IS NULL AND NEW.until IS NOT NULL
        AND to_jsonb(NEW) - 'until' = to_jsonb(OLD) - 'until' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a roll-up showed stays on record' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER deployments_fixed_version BEFORE UPDATE OR DELETE ON deployments_rollupversion
    FOR EACH ROW EXECUTE FUNCTION deployments_fixed_version();
CREATE TRIGGER deployments_fixed_version BEFORE UPDATE OR DELETE ON deployments_unitrollupversion
    FOR EACH ROW EXECUTE FUNCTION deployments_fixed_version();

INSERT INTO deployments_rollupversion (region_id, agency_id, {FIGURES}, since)
SELECT region_id, agency_id, {FIGURES}, coalesce(as_of, cut_off_at) FROM deployments_rollup;
"""

LOOSE = """
DROP TRIGGER deployments_fixed_version ON deployments_unitrollupversion;
DROP TRIGGER deployments_fixed_version ON deployments_rollupversion;
DROP FUNCTION deployments_fixed_version();
"""


class Migration(migrations.Migration):
    dependencies = [("deployments", "0002_rollup_history")]

    operations = [migrations.RunSQL(FIXED, LOOSE)]
