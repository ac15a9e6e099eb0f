"""The database itself refuses to change what was submitted and how it was judged."""

from django.db import migrations

from luoshi.people.append_only import triggers

TABLES = [
    "progress_measurement", "progress_stageclaim", "progress_rostertick", "progress_evidence", "progress_review",
    "progress_ruleset", "progress_light", "progress_lightoverride", "progress_lightnote", "progress_forecast",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial")]

    operations = [triggers(TABLES)]
