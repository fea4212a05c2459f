"""Triggers that keep the ledger: entries stay, both sides belong together, no balance below zero.

The balances are checked at commit: a correction may take people out before it brings them back.
A day is the smallest step, so what comes in on a day may go out again on it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger rows are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_transfer_keep BEFORE UPDATE OR DELETE ON deployments_strengthtransfer
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_account_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'ledger accounts stay' USING ERRCODE = 'insufficient_privilege';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.balance <> 0 THEN
            RAISE EXCEPTION 'an account opens empty' USING ERRCODE = 'check_violation';
        END IF;
    -- Depth 2: from within the trigger of an entry, the only writer of a balance.
    ELSIF pg_trigger_depth() < 2 OR to_jsonb(NEW) - 'balance' <> to_jsonb(OLD) - 'balance' THEN
        RAISE EXCEPTION 'ledger accounts are never changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_account_keep BEFORE INSERT OR UPDATE OR DELETE
    ON deployments_strengthaccount FOR EACH ROW EXECUTE FUNCTION ledger_account_keep();

CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    undone deployments_strengthtransfer%ROWTYPE;
BEGIN
    -- Both sides in the order of their ids: two entries never wait for each other.
    PERFORM 1 FROM deployments_strengthaccount
        WHERE id IN (NEW.source_id, NEW.target_id) ORDER BY id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM deployments_strengthaccount
        WHERE id IN (NEW.source_id, NEW.target_id)
          AND (operation_id, agency_id) <> (NEW.operation_id, NEW.agency_id)
    ) THEN
        RAISE EXCEPTION 'an entry stays within one operation and one owner'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO undone FROM deployments_strengthtransfer WHERE id = NEW.reverses_id;
        IF undone.source_id IS DISTINCT FROM NEW.target_id
           OR undone.target_id IS DISTINCT FROM NEW.source_id
           OR undone.personnel <> NEW.personnel
           OR undone.effective_on <> NEW.effective_on THEN
            RAISE EXCEPTION 'a reversal mirrors its entry' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    UPDATE deployments_strengthaccount
        SET balance = balance
            + CASE WHEN id = NEW.target_id THEN NEW.personnel ELSE -NEW.personnel END
        WHERE id IN (NEW.source_id, NEW.target_id);
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_transfer_post AFTER INSERT ON deployments_strengthtransfer
    FOR EACH ROW EXECUTE FUNCTION ledger_post();

CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- From the entry's day on; earlier days are as they were.
    IF EXISTS (
        SELECT 1 FROM (
            SELECT side.account, step.effective_on, sum(sum(
                CASE WHEN step.target_id = side.account
                     THEN step.personnel ELSE -step.personnel END
            )) OVER (PARTITION BY side.account ORDER BY step.effective_on) AS running
            FROM unnest(ARRAY[NEW.source_id, NEW.target_id]) AS side(account)
            JOIN deployments_strengthtransfer step
              ON side.account IN (step.source_id, step.target_id)
            GROUP BY side.account, step.effective_on
        ) AS days
        WHERE running < 0 AND effective_on >= NEW.effective_on
    ) THEN
        RAISE EXCEPTION 'a balance of the ledger falls below zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_never_below_zero';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_never_below_zero AFTER INSERT ON deployments_strengthtransfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
"""

REVERSE = """
DROP TRIGGER ledger_never_below_zero ON deployments_strengthtransfer;
DROP FUNCTION ledger_balanced();
DROP TRIGGER ledger_transfer_post ON deployments_strengthtransfer;
DROP FUNCTION ledger_post();
DROP TRIGGER ledger_account_keep ON deployments_strengthaccount;
DROP FUNCTION ledger_account_keep();
DROP TRIGGER ledger_transfer_keep ON deployments_strengthtransfer;
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("deployments", "0006_ledger")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
