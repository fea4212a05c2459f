"""A line of a hand-over keeps the title that stood in it; older ones get today's."""

from django.db import migrations, models

FILL = """
ALTER TABLE incidents_shiftline DISABLE TRIGGER incidents_keep_shift_line;
UPDATE incidents_shiftline AS line SET title = incident.title FROM incidents_incident AS incident
    WHERE incident.id = line.incident_id AND incident.classification < 3;  -- Rahasia
ALTER TABLE incidents_shiftline ENABLE TRIGGER incidents_keep_shift_line;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0018_warning_kept")]

    operations = [
        migrations.AddField(
            "shiftline",
            "title",
            models.CharField(blank=True, max_length=160, verbose_name="Apa yang terjadi"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
