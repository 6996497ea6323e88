"""The search index over a document's words: FTS5 with triggers on SQLite, GIN on PostgreSQL."""

from django.db import migrations

from store import search


def forwards(apps, schema_editor):
    search.install(schema_editor.connection)


def backwards(apps, schema_editor):
    search.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
