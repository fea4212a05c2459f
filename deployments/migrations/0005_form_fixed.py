"""A published form is fixed, whatever the application believes; late answers are marked late."""

from django.db import migrations

FIXED = """
UPDATE deployments_expectedreport SET late = true WHERE state = 'received_late';

CREATE FUNCTION deployments_fixed_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'published form % version % is fixed', OLD.key, OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER deployments_fixed_form BEFORE UPDATE OR DELETE ON deployments_reportform
    FOR EACH ROW EXECUTE FUNCTION deployments_fixed_form();

CREATE FUNCTION deployments_form_is_published(form bigint) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT FROM deployments_reportform f WHERE f.id = form AND f.published_at IS NOT NULL
    )
$$;

CREATE FUNCTION deployments_fixed_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND deployments_form_is_published(OLD.form_id))
        OR (TG_OP <> 'DELETE' AND deployments_form_is_published(NEW.form_id))
    THEN
        RAISE EXCEPTION 'the groups of a published form are fixed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER deployments_fixed_group BEFORE INSERT OR UPDATE OR DELETE ON deployments_formgroup
    FOR EACH ROW EXECUTE FUNCTION deployments_fixed_group();

CREATE FUNCTION deployments_fixed_field() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    published boolean;
BEGIN
    SELECT bool_or(deployments_form_is_published(g.form_id)) INTO published
    FROM deployments_formgroup g
    WHERE g.id = CASE TG_OP WHEN 'INSERT' THEN NEW.group_id ELSE OLD.group_id END
        OR g.id = CASE TG_OP WHEN 'DELETE' THEN OLD.group_id ELSE NEW.group_id END;
    IF published THEN
        RAISE EXCEPTION 'the fields of a published form are fixed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER deployments_fixed_field BEFORE INSERT OR UPDATE OR DELETE ON deployments_formfield
    FOR EACH ROW EXECUTE FUNCTION deployments_fixed_field();
"""

LOOSE = """
DROP TRIGGER deployments_fixed_field ON deployments_formfield;
DROP FUNCTION deployments_fixed_field();
DROP TRIGGER deployments_fixed_group ON deployments_formgroup;
DROP FUNCTION deployments_fixed_group();
DROP FUNCTION deployments_form_is_published(bigint);
DROP TRIGGER deployments_fixed_form ON deployments_reportform;
DROP FUNCTION deployments_fixed_form();
"""


class Migration(migrations.Migration):
    dependencies = [("deployments", "0004_readiness")]

    operations = [migrations.RunSQL(FIXED, LOOSE)]
