"""Lets the database itself refuse changes of the audit trail."""

from django.db import migrations

from zhicheng.apps.accounts.audit_triggers import create_sql, drop_sql


def create(apps, schema_editor):
    """Put the triggers in place."""
    for statement in create_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    """Take the triggers away."""
    for statement in drop_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [('accounts', '0002_organisation_agent')]

    operations = [migrations.RunPython(create, drop)]
