"""Keep an answer to the letter: jsonb would change the order of its keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_frozen_versions")]

    operations = [
        migrations.AlterField(
            model_name="intakerequest",
            name="response",
            field=models.TextField(blank=True),
        ),
    ]
