"""Tables that the database itself keeps append-only."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader

POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

SQLITE = """
CREATE TRIGGER {table}_never_{participle} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE deletes the rows that are in its way, and without PRAGMA recursive_triggers no trigger of
# DELETE sees it. So an INSERT that another row is in the way of is refused before that.
SQLITE_VERBS = (("UPDATE", "updated"), ("DELETE", "deleted"), ("INSERT", "replaced"))


def triggers_of(table: str, vendor: str) -> set[str]:
    """The names of the triggers that guard the table on this kind of database."""
    kinds = (
        ("append_only", "never_truncated")
        if vendor == "postgresql"
        else [f"never_{participle}" for _, participle in SQLITE_VERBS]
    )
    return {f"{table}_{kind}" for kind in kinds}


def append_only(table: str) -> migrations.RunPython:
    """A migration step after which the database refuses UPDATE and DELETE on the table, by whatever name.

    On SQLite a later migration that rebuilds the table drops its triggers, and one that makes something else
    unique in it is not known to them: repeat this step after it.
    """

    def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL.format(table=table), None)
            return
        for verb, participle in SQLITE_VERBS:
            when = f"WHEN {_in_the_way(table, schema_editor)}" if verb == "INSERT" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_never_{participle}", None)
            schema_editor.execute(
                SQLITE.format(table=table, verb=verb, participle=participle, when=when), None
            )

    # The hint is what `append_only_tables` finds them by.
    return migrations.RunPython(guard, migrations.RunPython.noop, hints={"append_only": table})


def append_only_tables(loader: MigrationLoader) -> list[str]:
    """The tables that a migration of this release makes append-only."""
    operations = (each for migration in loader.disk_migrations.values() for each in migration.operations)
    hints = (each.hints for each in operations if isinstance(each, migrations.RunPython))
    return sorted({hint["append_only"] for hint in hints if "append_only" in hint})


def _in_the_way(table: str, schema_editor: BaseDatabaseSchemaEditor) -> str:
    """The SQL condition that a row has what is unique in the NEW one."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    unique = sorted({tuple(each["columns"]) for each in found if each["unique"] or each["primary_key"]})
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")" for columns in unique
    )
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608 - names from the schema itself
