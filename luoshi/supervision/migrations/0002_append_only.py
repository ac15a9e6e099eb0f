"""The database itself refuses to change what was drawn, found and closed."""

from django.db import migrations

from luoshi.people.append_only import triggers


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [triggers(["supervision_sample", "supervision_verification", "supervision_closing"])]
