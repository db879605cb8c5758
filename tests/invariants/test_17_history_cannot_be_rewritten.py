"""17: events, checks and staff's audit are append-only.

The service works as a database role that cannot rewrite them, whatever statement it is given.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from tests.doctor.conftest import run_doctor
from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, other_than, outcome
from tests.servers import PostgresServer, ServerError, Service
from tests.servers.environment import service_environment
from tests.servers.postgres import rows
from tests.servers.service import manage

APPEND_ONLY = ("orders_event", "handoffs_codecheck", "support_staffaction")
STAFF_ACTION = (
    "INSERT INTO support_staffaction "
    "(public_id, at, staff_id, action, about, reason, outcome, details, request_id) "
    "SELECT 'act_1', now(), id, 'code.resend', 'shp_1', 'lost', 'done', '{}', 'r' FROM accounts_user"
)
SECRET = uuid.uuid4().hex


@dataclass(frozen=True)
class TwoRoles:
    """One database as its owner reaches it, and as the service does."""

    owner: str
    app: str
    role: str


@pytest.fixture(scope="module")
def two_roles(postgres: PostgresServer) -> TwoRoles:
    return made(postgres, f"app_{uuid.uuid4().hex[:8]}")


def made(postgres: PostgresServer, role: str, *, attributes: str = "") -> TwoRoles:
    """A migrated database, and a role that it was granted to as docs/operators.md says."""
    name = f"of_{role}"
    owner = postgres.create_database(name)
    manage(service_environment(DATABASE_URL=owner), "migrate", "--verbosity=0")
    make_role(postgres, role, attributes)
    manage(service_environment(DATABASE_URL=owner), "grant_app_role", role)
    return TwoRoles(owner, f"postgresql://{role}:{SECRET}@127.0.0.1:{postgres.port}/{name}", role)


def make_role(postgres: PostgresServer, role: str, attributes: str = "") -> None:
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + attributes).format(
        sql.Identifier(role), sql.Literal(SECRET)
    )
    with psycopg.connect(postgres.superuser_url(), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="module")
def delivered(two_roles: TwoRoles) -> Iterator[tuple[Service, str]]:
    """A whole delivery by the service in its role, wrong code and all."""
    with Service(two_roles.app) as service:
        shop, rider = Shop(service), Rider(service)
        shipment = shop.dispatched(rider)
        code = code_on_phone(service, shipment)
        place = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}
        assert rider.post(f"/shipments/{shipment}/arrive", {"location": place}).status_code == 200
        assert outcome(rider.hand_over(shipment, other_than(code))) == "wrong_code"
        assert outcome(rider.hand_over(shipment, code)) == "delivered"
        service.manage("create_staff", "sue@example.com", "--role", "Support lead")
        rows(two_roles.app, STAFF_ACTION)
        yield service, shipment


def test_a_whole_delivery_needs_no_more_than_its_rights(delivered: tuple[Service, str]) -> None:
    service, shipment = delivered
    assert service.rows("SELECT status FROM orders_shipment WHERE public_id = %s", shipment) == [
        ("delivered",)
    ]
    assert_sound(service)
    assert "permission denied" not in service.log_text()


def test_a_recipient_can_be_forgotten_in_it_and_the_proof_still_holds(
    delivered: tuple[Service, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    service, shipment = delivered
    ((token, order),) = service.rows(
        "SELECT p.signature, o.public_id FROM handoffs_proofofdelivery p JOIN orders_shipment s "
        "ON s.id = p.shipment_id JOIN orders_order o ON o.id = s.order_id WHERE s.public_id = %s",
        shipment,
    )
    proof = tmp_path_factory.mktemp("proof") / "proof.jws"
    proof.write_text(token)
    before = service.manage_json("verify_proof", str(proof))
    service.manage_json("erase_recipient", order)
    after = service.manage_json("verify_proof", str(proof))
    assert (after["valid"], after["events"]) == (True, before["events"])


WAYS = (
    "UPDATE {table} SET id = id",
    "UPDATE {table} SET id = id WHERE false",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE false",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "SELECT * FROM {table} FOR UPDATE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id",
    "MERGE INTO {table} t USING {table} s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {table}_append_only",
    "ALTER TABLE {table} RENAME TO elsewhere",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TRIGGER {table}_append_only ON {table}",
    "DROP TABLE {table} CASCADE",
    "CREATE OR REPLACE TRIGGER {table}_append_only BEFORE INSERT ON {table} EXECUTE FUNCTION refuse_change()",
    "CREATE RULE silent AS ON INSERT TO {table} DO INSTEAD NOTHING",
)
ELSEWHERE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION refuse_change() CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE delivery",
    "SET SESSION AUTHORIZATION delivery",
    "CREATE TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine",
    "GRANT delivery TO CURRENT_USER",
    "DROP SCHEMA public CASCADE",
    "DELETE FROM django_migrations",
)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("way", WAYS)
def test_history_cannot_be_rewritten(
    two_roles: TwoRoles, delivered: tuple[Service, str], table: str, way: str
) -> None:
    assert rows(two_roles.owner, f"SELECT count(*) > 0 FROM {table}") == [(True,)]
    before = rows(two_roles.owner, f"SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM {table} t")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(two_roles.app, way.format(table=table))
    assert rows(two_roles.owner, f"SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM {table} t") == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_it_cannot_give_itself_the_right(
    two_roles: TwoRoles, delivered: tuple[Service, str], table: str
) -> None:
    rows(two_roles.app, f"GRANT UPDATE ON {table} TO CURRENT_USER")  # PostgreSQL warns, and grants nothing
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(two_roles.app, f"UPDATE {table} SET id = id")


@pytest.mark.parametrize("way", ELSEWHERE)
def test_nor_what_guards_it(two_roles: TwoRoles, way: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(two_roles.app, way)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "way", ["UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_owner_is_refused_too_as_long_as_the_triggers_are_there(
    two_roles: TwoRoles, delivered: tuple[Service, str], table: str, way: str
) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        rows(two_roles.owner, way.format(table=table))


def test_doctor_tells_the_two_apart(two_roles: TwoRoles) -> None:
    as_owner, as_app = run_doctor(DATABASE_URL=two_roles.owner), run_doctor(DATABASE_URL=two_roles.app)
    (said,) = [each for each in as_owner.findings if each["check"] == "role"]
    assert (said["level"], "owns its tables" in said["says"]) == ("warning", True)
    (said,) = [each for each in as_app.findings if each["check"] == "role"]
    assert (said["level"], "cannot rewrite" in said["says"]) == ("ok", True)
    assert as_app.problems("database") == as_owner.problems("database")


def test_doctor_finds_a_right_too_many_and_one_too_few(postgres: PostgresServer) -> None:
    fresh = made(postgres, f"app_{uuid.uuid4().hex[:8]}")
    rows(fresh.owner, f"GRANT UPDATE (type) ON orders_event TO {fresh.role}")
    (said,) = [each for each in run_doctor(DATABASE_URL=fresh.app).findings if each["check"] == "role"]
    assert (said["level"], said["says"]) == ("warning", "The service's role may rewrite: orders_event.")
    manage(service_environment(DATABASE_URL=fresh.owner), "grant_app_role", fresh.role)
    rows(fresh.owner, f"REVOKE INSERT ON orders_shipment FROM {fresh.role}")
    report = run_doctor(DATABASE_URL=fresh.app)
    assert report.problems("role") == ["The service's role lacks rights on: orders_shipment."]
    manage(service_environment(DATABASE_URL=fresh.owner), "grant_app_role", fresh.role)
    assert run_doctor(DATABASE_URL=fresh.app).problems("role") == []


@pytest.mark.parametrize("attributes", ["SUPERUSER", "CREATEROLE"])
def test_a_role_that_nothing_bounds_is_refused(
    two_roles: TwoRoles, postgres: PostgresServer, attributes: str
) -> None:
    make_role(postgres, f"mighty_{attributes.lower()}", attributes)
    with pytest.raises(ServerError, match="no grant can bound it"):
        grant(two_roles, f"mighty_{attributes.lower()}")


def test_the_owner_itself_its_members_and_nobody_are_refused(
    two_roles: TwoRoles, postgres: PostgresServer
) -> None:
    make_role(postgres, "deputy", "IN ROLE delivery")
    for role, why in (
        ("delivery", "owns the tables"),
        ("deputy", "owns the tables"),
        ("nobody", "no role nobody"),
    ):
        with pytest.raises(ServerError, match=why):
            grant(two_roles, role)


def grant(two_roles: TwoRoles, role: str) -> str:
    return manage(service_environment(DATABASE_URL=two_roles.owner), "grant_app_role", role)


def test_the_statements_can_be_read_first(two_roles: TwoRoles) -> None:
    environment = service_environment(DATABASE_URL=two_roles.owner)
    told = manage(environment, "grant_app_role", two_roles.role, "--sql")
    (appending,) = [line for line in told.splitlines() if line.startswith("GRANT SELECT, INSERT ON")]
    assert all(table in appending for table in APPEND_ONLY)
    assert "UPDATE" not in appending
