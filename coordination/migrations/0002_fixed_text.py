"""Published words stay: triggers refuse to change them, whatever the application believes."""

from django.db import migrations

FIXED = """
CREATE FUNCTION coordination_fixed_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'published' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'published minutes % are fixed', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_fixed_minutes BEFORE UPDATE OR DELETE ON coordination_minutes
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_minutes();

CREATE FUNCTION coordination_fixed_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM coordination_minutes AS minutes
        WHERE minutes.state = 'published' AND minutes.id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.minutes_id END,
            CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.minutes_id END
        )
    ) THEN
        RAISE EXCEPTION 'sections of published minutes are fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coordination_fixed_section
    BEFORE INSERT OR UPDATE OR DELETE ON coordination_minutessection
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_section();

CREATE FUNCTION coordination_fixed_directive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR
        (NEW.meeting_id, NEW.section_id, NEW.number, NEW.title, NEW.text, NEW.output, NEW.evidence,
         NEW.kind, NEW.binding, NEW.priority, NEW.issuer_agency_id, NEW.issuer_post_id,
         NEW.default_due_at, NEW.issued_at, NEW.classification)
        IS DISTINCT FROM
        (OLD.meeting_id, OLD.section_id, OLD.number, OLD.title, OLD.text, OLD.output, OLD.evidence,
         OLD.kind, OLD.binding, OLD.priority, OLD.issuer_agency_id, OLD.issuer_post_id,
         OLD.default_due_at, OLD.issued_at, OLD.classification)
    THEN
        RAISE EXCEPTION 'issued directive % is fixed', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_fixed_directive BEFORE UPDATE OR DELETE ON coordination_directive
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_directive();

CREATE FUNCTION coordination_fixed_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of an obligation is added to, never changed'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER coordination_fixed_report BEFORE UPDATE OR DELETE ON coordination_progressreport
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_report();
"""

LOOSE = """
DROP TRIGGER coordination_fixed_report ON coordination_progressreport;
DROP FUNCTION coordination_fixed_report();
DROP TRIGGER coordination_fixed_directive ON coordination_directive;
DROP FUNCTION coordination_fixed_directive();
DROP TRIGGER coordination_fixed_section ON coordination_minutessection;
DROP FUNCTION coordination_fixed_section();
DROP TRIGGER coordination_fixed_minutes ON coordination_minutes;
DROP FUNCTION coordination_fixed_minutes();
"""


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_initial")]

    operations = [migrations.RunSQL(FIXED, LOOSE)]
