"""What passes between psycopg and PostgreSQL, as bytes to watch for."""

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"  # a simple query, as libpq sends it
MARKED_AS_SENT = b"\"state\" = 'sent'"  # in the UPDATE that records a message's sending
