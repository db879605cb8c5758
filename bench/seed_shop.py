"""The same parcels for the shop that a user would assemble: a recipient with an EmailDevice for each."""

from collections.abc import Sequence

import psycopg

from bench.seed import Parcel

STATEMENTS = """
INSERT INTO auth_user (id, username, password, first_name, last_name, email, is_staff, is_active,
    is_superuser, date_joined)
SELECT min(k), token, '', '', '', '', false, true, false, now() FROM parcels GROUP BY token;
INSERT INTO authtoken_token (key, created, user_id)
SELECT right(token, 40), now(), min(k) FROM parcels GROUP BY token;
INSERT INTO auth_user (id, username, password, first_name, last_name, email, is_staff, is_active,
    is_superuser, date_joined)
SELECT 1000000000 + k, shipment, '', '', '', 'r' || k || '@example.com', false, true, false, now()
FROM parcels;
INSERT INTO otp_email_emaildevice (user_id, name, confirmed, token, valid_until, throttling_failure_count)
SELECT 1000000000 + k, 'default', true, code, now() + interval '1 day', 0 FROM parcels;
INSERT INTO shop_shipment (public_id, recipient_id, courier_id, status)
SELECT p.shipment, 1000000000 + p.k, c.id, 'out_for_delivery'
FROM parcels p JOIN auth_user c ON c.username = p.token;
VACUUM ANALYZE
"""


def seed_shop(url: str, parcels: Sequence[Parcel]) -> None:
    """Fill the migrated, empty database at `url`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE parcels (k bigint, shipment text, code text, token text)")
        with connection.cursor().copy("COPY parcels FROM STDIN") as copy:
            for number, parcel in enumerate(parcels, start=1):
                copy.write_row((number, parcel.shipment, parcel.code, parcel.token))
        for statement in STATEMENTS.split(";"):
            connection.execute(statement.encode())


def shop_token(parcel: Parcel) -> str:
    """The courier's token in the shop: DRF's are of 40 characters."""
    return parcel.token[-40:]
