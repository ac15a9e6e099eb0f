"""The database itself refuses to change what was signed."""

from django.db import migrations

from luoshi.people.append_only import triggers


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_setting_up")]

    operations = [triggers(["plans_signoff"])]
