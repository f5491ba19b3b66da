"""A published survey version never changes, and an answer is only ever replaced."""

from django.db import migrations

FREEZE = """
CREATE TRIGGER surveys_surveyversion_is_frozen BEFORE UPDATE ON surveys_surveyversion
    FOR EACH ROW EXECUTE FUNCTION proms_forbid_change();
CREATE TRIGGER surveys_answer_is_only_replaced BEFORE UPDATE ON surveys_answer
    FOR EACH ROW WHEN (
        (OLD.occasion_id, OLD.instrument, OLD.item, OLD.revision, OLD.value, OLD.language,
         OLD.level, OLD.session, OLD.answered_at)
        IS DISTINCT FROM
        (NEW.occasion_id, NEW.instrument, NEW.item, NEW.revision, NEW.value, NEW.language,
         NEW.level, NEW.session, NEW.answered_at))
    EXECUTE FUNCTION proms_forbid_change();
"""

THAW = """
DROP TRIGGER surveys_surveyversion_is_frozen ON surveys_surveyversion;
DROP TRIGGER surveys_answer_is_only_replaced ON surveys_answer;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("proms", "0002_append_only")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
