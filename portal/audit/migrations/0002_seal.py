"""Triggers that keep the trail: no change, no deletion, and a seal for each entry at commit.

Sealing waits for the commit (a deferred trigger): an inline chain made one transaction in four
die of deadlock under sixteen writers.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entry_keep BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_keep_all BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_keep BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_keep_all BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- The fields are named one by one, so that a column added later leaves old digests valid.
CREATE FUNCTION audit_digest(previous bytea, e audit_entry) RETURNS bytea
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        e.id, e.at, e.true_at, e.verb, e.object_type, e.object_id, e.object_label,
        e.user_id, e.post_id, e.post_title, e.agency_id, e.before, e.after,
        e.note, e.channel, e.request_id, e.address
    )::text, 'UTF8'))
$$;

CREATE FUNCTION audit_seal_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_chain%ROWTYPE;
    mine bytea;
BEGIN
    INSERT INTO audit_chain (id, seq, digest) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_chain WHERE id = 1 FOR UPDATE;
    mine := audit_digest(head.digest, NEW);
    INSERT INTO audit_seal (seq, entry_id, previous, digest)
        VALUES (head.seq + 1, NEW.id, head.digest, mine);
    UPDATE audit_chain SET seq = head.seq + 1, digest = mine WHERE id = 1;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_seal AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal_entry();
"""

REVERSE = """
DROP TRIGGER audit_entry_seal ON audit_entry;
DROP FUNCTION audit_seal_entry();
DROP FUNCTION audit_digest(bytea, audit_entry);
DROP TRIGGER audit_seal_keep_all ON audit_seal;
DROP TRIGGER audit_seal_keep ON audit_seal;
DROP TRIGGER audit_entry_keep_all ON audit_entry;
DROP TRIGGER audit_entry_keep ON audit_entry;
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
