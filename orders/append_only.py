"""Tables that the database itself keeps append-only."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

SQLITE = """
CREATE TRIGGER {table}_never_{participle} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
SQLITE_VERBS = (("UPDATE", "updated"), ("DELETE", "deleted"))


def triggers_of(table: str, vendor: str) -> set[str]:
    """The names of the triggers that guard the table on this kind of database."""
    kinds = (
        ("append_only", "never_truncated") if vendor == "postgresql" else ("never_updated", "never_deleted")
    )
    return {f"{table}_{kind}" for kind in kinds}


def append_only(table: str) -> migrations.RunPython:
    """A migration step after which the database refuses UPDATE and DELETE on the table.

    On SQLite a later migration that rebuilds the table drops its triggers: repeat this step after it.
    """

    def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL.format(table=table), None)
        else:
            for verb, participle in SQLITE_VERBS:
                schema_editor.execute(SQLITE.format(table=table, verb=verb, participle=participle), None)

    # The hint lets `manage.py doctor` find the tables, and see whether they still have their triggers.
    return migrations.RunPython(guard, migrations.RunPython.noop, hints={"append_only": table})
