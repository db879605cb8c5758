"""What must always hold of accounts and their codes."""

from delivery_otp.invariants.queries import Invariant

ACCOUNTS = (
    Invariant(
        2,
        "guesses at an account's codes stay within the challenge's five and twenty in a row",
        """
        SELECT c.public_id FROM accounts_challenge c
        WHERE c.attempts > c.attempts_allowed OR c.attempts_allowed > %(account_attempts)s
        UNION ALL
        SELECT u.public_id FROM accounts_user u WHERE u.code_failures > %(account_failures)s
        """,
    ),
    Invariant(
        5,
        "at most one challenge of an account lives for each purpose",
        """
        SELECT MIN(c.public_id) FROM accounts_challenge c
        WHERE c.ended_at IS NULL AND c.account_id IS NOT NULL
        GROUP BY c.account_id, c.purpose HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        23,
        "nobody can compute a code of an account that has ended",
        "SELECT c.public_id FROM accounts_challenge c WHERE c.ended_at IS NOT NULL AND c.nonce IS NOT NULL",
    ),
)
