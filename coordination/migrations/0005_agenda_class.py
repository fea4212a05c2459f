"""An item on an agenda has its meeting's class; until now it had none of its own."""

from django.db import migrations

COPY = """
UPDATE coordination_agendaitem AS item SET classification = meeting.classification
FROM coordination_meeting AS meeting WHERE meeting.id = item.meeting_id;
"""


class Migration(migrations.Migration):
    dependencies = [("coordination", "0004_planning")]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
