"""The database role that the service works as: it may write, but owns nothing and rewrites no history.

Whoever owns a table can switch its triggers off. So a second role owns the tables and runs the migrations,
and the service's own role gets what it needs: on append-only tables SELECT and INSERT alone. PostgreSQL only.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from orders.append_only import append_only_tables

WRITING = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPENDING = ("SELECT", "INSERT")
READING = ("SELECT",)
REWRITING = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
MIGRATIONS = "django_migrations"
TABLES_WHERE = (
    "SELECT c.relname FROM pg_class c "
    "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND "
)


@dataclass(frozen=True)
class Role:
    """What a role is, apart from its rights on tables."""

    name: str
    superuser: bool
    creates_roles: bool


def rights() -> dict[str, tuple[str, ...]]:
    """Every table of the service, and what its role needs on it."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    appended = set(append_only_tables(MigrationLoader(None)))
    needed = {table: APPENDING if table in appended else WRITING for table in sorted(tables)}
    return {**needed, MIGRATIONS: READING}


def statements(role: str) -> list[str]:
    """The SQL that gives `role` these rights and takes all others away. To be run as the tables' owner."""
    name, schema = _quoted(role), _quoted(_one("SELECT current_schema()"))
    database = _quoted(str(connection.settings_dict["NAME"]))
    made = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}, PUBLIC",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}, PUBLIC",
        f"REVOKE ALL ON SCHEMA {schema} FROM {name}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
    ]
    by_rights: dict[tuple[str, ...], list[str]] = {}
    for table, needed in rights().items():
        by_rights.setdefault(needed, []).append(_quoted(table))
    return made + [
        f"GRANT {', '.join(needed)} ON {', '.join(tables)} TO {name}" for needed, tables in by_rights.items()
    ]


def find_role(name: str | None = None) -> Role | None:
    """The role of this name, or the one that this connection works as."""
    rows = _rows(
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = COALESCE(%s, current_user)",
        name,
    )
    return Role(*rows[0]) if rows else None


def owned_by(role: str) -> list[str]:
    """The tables that `role` can do anything with, because it owns them or may act as who does."""
    return _tables("pg_has_role(%s, c.relowner, 'MEMBER')", role)


def rewritable_by(role: str) -> list[str]:
    """The append-only tables on which `role` has any right besides reading and adding rows."""
    appended = [table for table, needed in rights().items() if needed == APPENDING]
    found = _tables("has_table_privilege(%s, c.oid, %s)", role, ", ".join(REWRITING))
    columns = _tables("has_any_column_privilege(%s, c.oid, 'UPDATE')", role)
    return sorted({*found, *columns} & set(appended))


def lacking_for(role: str) -> list[str]:
    """The tables on which `role` lacks a right that the service needs."""
    lacking: set[str] = set()
    for right in WRITING:
        missing = set(_tables("NOT has_table_privilege(%s, c.oid, %s)", role, right))
        lacking |= {table for table, needed in rights().items() if right in needed and table in missing}
    return sorted(lacking)


def _tables(condition: str, *values: str) -> list[str]:
    """Those of the service's tables for which the condition on `pg_class c` holds."""
    ours = rights()
    return [row[0] for row in _rows(TABLES_WHERE + condition, *values) if row[0] in ours]


def _rows(statement: str, *values: str | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _one(statement: str) -> str:
    return str(_rows(statement)[0][0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
