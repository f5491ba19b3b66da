"""What was answered stays: a correction is a new record that supersedes the old."""

from django.db import migrations

# disclosed_from is left out: it is emptied when the care provider's record is erased.
FORBID_CHANGE = """
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

ALLOW_CHANGE = "DROP TRIGGER proms_record_stays_once_answered ON proms_record;"


class Migration(migrations.Migration):
    dependencies = [("proms", "0002_append_only")]

    operations = [migrations.RunSQL(FORBID_CHANGE, ALLOW_CHANGE)]
