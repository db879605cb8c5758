"""Indexes that Django makes by itself and that nobody asks, as a step of a migration."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def without_index(table: str, column: str) -> migrations.RunPython:
    """A migration step that drops the indexes on this column alone, besides one that keeps it unique.

    They are that of a foreign key (have the model say `db_index=False`), and on PostgreSQL the one by which
    LIKE finds the beginning of a text that is unique. A later migration that alters the column may make the
    latter again.
    """

    def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, table)
        for name, kind in found.items():
            only_finds = kind["index"] and not (kind["unique"] or kind["primary_key"])
            if only_finds and kind["columns"] == [column]:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}", None)

    return migrations.RunPython(drop, migrations.RunPython.noop)
