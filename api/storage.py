"""How PostgreSQL keeps a table: parameters for a migration to set. SQLite has none of them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def set_storage(table: str, **parameters: float) -> migrations.RunPython:
    """An operation that sets these storage parameters (postgresql.org/docs/current/sql-createtable.html)."""

    def alter(schema_editor: BaseDatabaseSchemaEditor, change: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} {change}")

    def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        alter(schema_editor, f"SET ({', '.join(f'{name} = {value}' for name, value in parameters.items())})")

    def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        alter(schema_editor, f"RESET ({', '.join(parameters)})")

    return migrations.RunPython(forwards, backwards)
