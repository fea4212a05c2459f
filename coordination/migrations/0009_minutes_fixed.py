"""Signed and published words stay, with all that belongs to them: files, history, addenda."""

from django.db import migrations

FIXED = """
CREATE OR REPLACE FUNCTION coordination_fixed_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'published minutes % are fixed', OLD.number
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.state = 'signed' THEN
        IF TG_OP = 'DELETE' OR (NEW.state <> 'draft' AND
            (NEW.meeting_id, NEW.opening, NEW.conclusion, NEW.closing, NEW.taker_office,
             NEW.taker_name, NEW.taker_rank, NEW.chair_rank, NEW.vice_chair_office,
             NEW.vice_chair_name, NEW.secretary_office, NEW.secretary_name, NEW.object_until,
             NEW.skip_reason, NEW.signed_at, NEW.signed_by_id, NEW.signed_office, NEW.signed_with,
             NEW.signed_sha256)
            IS DISTINCT FROM
            (OLD.meeting_id, OLD.opening, OLD.conclusion, OLD.closing, OLD.taker_office,
             OLD.taker_name, OLD.taker_rank, OLD.chair_rank, OLD.vice_chair_office,
             OLD.vice_chair_name, OLD.secretary_office, OLD.secretary_name, OLD.object_until,
             OLD.skip_reason, OLD.signed_at, OLD.signed_by_id, OLD.signed_office, OLD.signed_with,
             OLD.signed_sha256))
        THEN
            RAISE EXCEPTION 'signed minutes are fixed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION coordination_fixed_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM coordination_minutes AS minutes
        WHERE minutes.state IN ('signed', 'published') AND minutes.id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.minutes_id END,
            CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.minutes_id END
        )
    ) THEN
        RAISE EXCEPTION 'sections of published minutes are fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION coordination_fixed_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND
        (NEW.minutes_id, NEW.of_head, NEW.number, NEW.values, NEW.origin, NEW.author_id,
         NEW.author_office, NEW.at)
        IS DISTINCT FROM
        (OLD.minutes_id, OLD.of_head, OLD.number, OLD.values, OLD.origin, OLD.author_id,
         OLD.author_office, OLD.at)
    THEN
        RAISE EXCEPTION 'a revision is fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM coordination_minutes AS minutes
        WHERE minutes.state = 'published'
            AND minutes.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.minutes_id ELSE OLD.minutes_id END
    ) THEN
        RAISE EXCEPTION 'the history of published minutes is fixed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coordination_fixed_revision
    BEFORE INSERT OR UPDATE OR DELETE ON coordination_sectionrevision
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_revision();

CREATE FUNCTION coordination_fixed_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM coordination_minutes AS minutes
        WHERE minutes.state = 'published'
            AND minutes.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.minutes_id ELSE OLD.minutes_id END
    ) THEN
        RAISE EXCEPTION 'objections to published minutes are fixed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coordination_fixed_objection
    BEFORE INSERT OR UPDATE OR DELETE ON coordination_objection
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_objection();

CREATE FUNCTION coordination_fixed_addendum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'a published addendum is fixed' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.state = 'signed' THEN
        IF TG_OP = 'DELETE' OR (NEW.state <> 'draft' AND
            (NEW.minutes_id, NEW.section_id, NEW.original, NEW.text, NEW.reason, NEW.signed_at,
             NEW.signed_by_id, NEW.signed_office)
            IS DISTINCT FROM
            (OLD.minutes_id, OLD.section_id, OLD.original, OLD.text, OLD.reason, OLD.signed_at,
             OLD.signed_by_id, OLD.signed_office))
        THEN
            RAISE EXCEPTION 'a signed addendum is fixed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coordination_fixed_addendum BEFORE UPDATE OR DELETE ON coordination_addendum
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_addendum();

CREATE FUNCTION coordination_fixed_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed attachments_attachment;
BEGIN
    changed := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    IF EXISTS (
        SELECT FROM coordination_minutes AS minutes
        JOIN django_content_type AS type ON type.id = changed.content_type_id
        WHERE type.app_label = 'coordination' AND type.model = 'minutes'
            AND minutes.id = changed.object_id AND minutes.state IN ('signed', 'published')
    ) THEN
        RAISE EXCEPTION 'files of signed minutes are fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coordination_fixed_files
    BEFORE INSERT OR UPDATE OR DELETE ON attachments_attachment
    FOR EACH ROW EXECUTE FUNCTION coordination_fixed_files();
"""

AS_BEFORE = """
DROP TRIGGER coordination_fixed_files ON attachments_attachment;
DROP FUNCTION coordination_fixed_files();
DROP TRIGGER coordination_fixed_addendum ON coordination_addendum;
DROP FUNCTION coordination_fixed_addendum();
DROP TRIGGER coordination_fixed_objection ON coordination_objection;
DROP FUNCTION coordination_fixed_objection();
DROP TRIGGER coordination_fixed_revision ON coordination_sectionrevision;
DROP FUNCTION coordination_fixed_revision();

CREATE OR REPLACE FUNCTION coordination_fixed_section() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION coordination_fixed_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'published' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'published minutes % are fixed', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial"), ("coordination", "0008_minutes")]

    operations = [migrations.RunSQL(FIXED, AS_BEFORE)]
