"""Parts that fail on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

ON_SQLITE = "CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
ON_POSTGRESQL = """
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION broken()"""


@contextmanager
def refusing(table: str) -> Iterator[None]:
    """Have the database refuse every new row of a table."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute((ON_SQLITE if on_sqlite else ON_POSTGRESQL).format(table=table))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken" if on_sqlite else "DROP FUNCTION broken CASCADE")
