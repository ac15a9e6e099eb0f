"""The database itself refuses to change what only grows."""

from django.db import migrations

from luoshi.people.append_only import triggers


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [triggers(["people_entry"])]
