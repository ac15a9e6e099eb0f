"""The database itself refuses to change what only grows."""

from django.db import migrations

from luoshi.people.append_only import triggers


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [triggers(["documents_reading", "documents_correction"])]
