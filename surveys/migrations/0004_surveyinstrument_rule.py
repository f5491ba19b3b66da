"""Say when the adaptive test of a survey stops."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_intakerequest_response_as_text")]

    operations = [
        migrations.AddField(
            model_name="surveyinstrument",
            name="rule",
            field=models.CharField(
                choices=[
                    ("standard", "Standard: 4 to 12 questions"),
                    ("recommended", "Recommended: 4 to 8 questions"),
                    ("screen-to-cat", "Screen: the healthiest first answer is enough, else 4 to 8"),
                    ("paediatric", "Children and proxies: 5 to 12 questions"),
                ],
                default="recommended",
                help_text="When an adaptive test stops; fixed questionnaires have none.",
                max_length=20,
                verbose_name="stop rule",
            ),
        ),
    ]
