"""What the database itself forbids: the log only grows, and what was used or given stays."""

from django.db import migrations

# Whoever was granted a table (the web and worker roles, by whatever names) may only insert and
# read the log. Unlike a list of names this holds on any installation.
ONLY_INSERT = """
DO $$
DECLARE granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT grantee, table_name FROM information_schema.role_table_grants
        WHERE table_schema = current_schema() AND grantee <> current_user
          AND table_name IN ('proms_accessevent', 'proms_accessedpatient')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I',
                       granted.table_name, granted.grantee);
    END LOOP;
END $$;
"""

FORBID_CHANGE = """
CREATE FUNCTION proms_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER proms_accessevent_append_only BEFORE UPDATE OR DELETE ON proms_accessevent
    FOR EACH ROW EXECUTE FUNCTION proms_forbid_change();
CREATE TRIGGER proms_accessedpatient_append_only BEFORE UPDATE OR DELETE ON proms_accessedpatient
    FOR EACH ROW EXECUTE FUNCTION proms_forbid_change();
CREATE TRIGGER proms_measurement_never_changes BEFORE UPDATE ON proms_measurement
    FOR EACH ROW EXECUTE FUNCTION proms_forbid_change();
CREATE TRIGGER proms_score_never_changes BEFORE UPDATE ON proms_score
    FOR EACH ROW EXECUTE FUNCTION proms_forbid_change();
CREATE TRIGGER proms_instrumentversion_stays_once_used BEFORE UPDATE ON proms_instrumentversion
    FOR EACH ROW WHEN (OLD.used_at IS NOT NULL AND
        (OLD.instrument_id, OLD.version, OLD.language, OLD.mode, OLD.sha256, OLD.definition,
         OLD.used_at)
        IS DISTINCT FROM
        (NEW.instrument_id, NEW.version, NEW.language, NEW.mode, NEW.sha256, NEW.definition,
         NEW.used_at))
    EXECUTE FUNCTION proms_forbid_change();

-- disclosed_from is left out: it is emptied when the care provider's record is erased.
CREATE TRIGGER proms_record_stays_once_answered BEFORE UPDATE ON proms_record
    FOR EACH ROW WHEN (OLD.status IN ('answered', 'partial') AND
        (OLD.event_id, OLD.care_provider_id, OLD.register_id, OLD.occasion_id, OLD.survey,
         OLD.survey_version, OLD.time_point, OLD.status, OLD.ended_at, OLD.mode, OLD.medium,
         OLD.language, OLD.channel, OLD.identity_level, OLD.version, OLD.supersedes_id)
        IS DISTINCT FROM
        (NEW.event_id, NEW.care_provider_id, NEW.register_id, NEW.occasion_id, NEW.survey,
         NEW.survey_version, NEW.time_point, NEW.status, NEW.ended_at, NEW.mode, NEW.medium,
         NEW.language, NEW.channel, NEW.identity_level, NEW.version, NEW.supersedes_id))
    EXECUTE FUNCTION proms_forbid_change();
"""

ALLOW_CHANGE = "DROP FUNCTION proms_forbid_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("proms", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_INSERT, migrations.RunSQL.noop),
        migrations.RunSQL(FORBID_CHANGE, ALLOW_CHANGE),
    ]
