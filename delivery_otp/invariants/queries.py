"""What must always hold of the data, each as one query that finds what breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """`query` selects the public id (or key) of each row that breaks what `says`."""

    number: int
    says: str
    query: str


ALWAYS = (
    Invariant(
        1,
        "a delivered shipment has a proof: its code consumed in that check, a release, or none was needed",
        """
        SELECT s.public_id FROM orders_shipment s
        LEFT JOIN handoffs_proofofdelivery p ON p.shipment_id = s.id
        LEFT JOIN handoffs_codecheck c ON c.id = p.check_made_id
        WHERE s.status = 'delivered' AND (
            p.id IS NULL OR c.id IS NULL OR c.result <> 'delivered' OR c.shipment_id <> s.id
            OR (p.method = 'not_required' AND (s.code_required OR c.generation IS NOT NULL))
            OR (p.method IN ('supervisor_release', 'account_release') AND c.generation IS NOT NULL)
            OR (p.method NOT IN ('not_required', 'supervisor_release', 'account_release') AND 1 <> (
                SELECT COUNT(*) FROM handoffs_deliverycode d
                WHERE d.shipment_id = s.id AND d.ended_because = 'used' AND d.generation = c.generation)))
        """,
    ),
    Invariant(
        1,
        "a code is consumed and a proof made only where the shipment is delivered",
        """
        SELECT s.public_id FROM orders_shipment s WHERE s.status <> 'delivered' AND (
            EXISTS (SELECT 1 FROM handoffs_proofofdelivery p WHERE p.shipment_id = s.id)
            OR EXISTS (SELECT 1 FROM handoffs_deliverycode d
                       WHERE d.shipment_id = s.id AND d.ended_because = 'used')
            OR EXISTS (SELECT 1 FROM handoffs_codecheck c
                       WHERE c.shipment_id = s.id AND c.result = 'delivered'))
        """,
    ),
    Invariant(
        1,
        "a recipient opted out by typing the code that their contact was sent, or in their account",
        """
        SELECT p.id FROM orders_deliverypreference p WHERE p.wish = 'opted_out' AND NOT EXISTS (
            SELECT 1 FROM handoffs_preferencechallenge c
            WHERE c.preference_id = p.id AND c.ended_because = 'used')
        AND NOT EXISTS (
            SELECT 1 FROM handoffs_accountoptout_preferences t
            JOIN handoffs_accountoptout o ON o.id = t.accountoptout_id
            WHERE t.deliverypreference_id = p.id AND o.ended_at IS NULL)
        """,
    ),
    Invariant(
        2,
        "guesses at an opt-out stay within the challenge's and the shipment's",
        """
        SELECT s.public_id FROM handoffs_preferencechallenge c JOIN orders_shipment s ON s.id = c.shipment_id
        GROUP BY s.public_id
        HAVING SUM(c.attempts) > %(opt_out_attempts)s OR MAX(c.attempts - c.attempts_allowed) > 0
        """,
    ),
    Invariant(
        2,
        "attempts stay within the generation's and the shipment's",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        GROUP BY s.public_id
        HAVING SUM(d.attempts) > %(attempts)s OR MAX(d.attempts - d.attempts_allowed) > 0
        """,
    ),
    Invariant(
        2,
        "every attempt has its check, and every wrong or right code its attempt",
        """
        SELECT s.public_id FROM orders_shipment s
        WHERE (SELECT COALESCE(SUM(d.attempts), 0) FROM handoffs_deliverycode d WHERE d.shipment_id = s.id)
           <> (SELECT COUNT(*) FROM handoffs_codecheck c WHERE c.shipment_id = s.id AND (
                   c.result = 'wrong_code' OR (c.result = 'delivered' AND c.generation IS NOT NULL)))
        """,
    ),
    Invariant(
        2,
        "a courier's wrong codes of a day stay within the budget",
        """
        SELECT c.public_id FROM handoffs_courierday d JOIN fleet_courier c ON c.id = d.courier_id
        WHERE d.wrong_codes > %(wrong_a_day)s
        """,
    ),
    Invariant(
        4,
        "a delivered shipment has one delivered event, no other has any",
        """
        SELECT s.public_id FROM orders_shipment s
        WHERE (SELECT COUNT(*) FROM orders_event e
               WHERE e.shipment_id = s.id AND e.type = 'shipment.delivered')
           <> CASE WHEN s.status = 'delivered' THEN 1 ELSE 0 END
        """,
    ),
    Invariant(
        5,
        "at most one generation of a shipment lives, and it is the newest",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE d.ended_at IS NULL AND EXISTS (
            SELECT 1 FROM handoffs_deliverycode other
            WHERE other.shipment_id = d.shipment_id AND other.generation > d.generation)
        """,
    ),
    Invariant(
        6,
        "no generation forgets what the ones before it were charged",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE d.attempts_before <> (
            SELECT COALESCE(SUM(earlier.attempts), 0) FROM handoffs_deliverycode earlier
            WHERE earlier.shipment_id = d.shipment_id AND earlier.generation < d.generation)
        """,
    ),
    Invariant(
        8,
        "what is out for delivery is on one courier's route",
        """
        SELECT s.public_id FROM orders_shipment s WHERE s.status = 'out_for_delivery' AND 1 <> (
            SELECT COUNT(*) FROM fleet_stop t WHERE t.shipment_id = s.id AND t.replaced_at IS NULL)
        """,
    ),
    Invariant(
        10,
        "each message with a code that failed for good is told on the timeline",
        """
        SELECT m.public_id FROM notifications_message m JOIN orders_shipment s ON s.public_id = m.about
        WHERE m.kind = 'delivery_code' AND m.state = 'failed' AND NOT EXISTS (
            SELECT 1 FROM orders_event e WHERE e.shipment_id = s.id
            AND e.type IN ('code.not_received', 'code.undeliverable')
            AND CAST(e.data AS TEXT) LIKE '%%' || m.public_id || '%%')
        """,
    ),
    Invariant(
        10,
        "a living code that no provider has taken on any way is told as undeliverable",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE d.ended_at IS NULL AND d.sends > 0 AND EXISTS (
            SELECT 1 FROM notifications_message m WHERE m.about = s.public_id AND m.kind = 'delivery_code')
        AND NOT EXISTS (
            SELECT 1 FROM notifications_message m
            WHERE m.about = s.public_id AND m.kind = 'delivery_code' AND m.state <> 'failed')
        AND NOT EXISTS (
            SELECT 1 FROM orders_event e WHERE e.shipment_id = s.id AND e.type = 'code.undeliverable')
        """,
    ),
    Invariant(
        10,
        "a code of which nobody has heard goes another way within 15 minutes, where there is one",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE d.ended_at IS NULL AND s.status = 'out_for_delivery' AND d.unheard_since < %(untold)s
        AND NOT EXISTS (
            SELECT 1 FROM notifications_message m WHERE m.about = s.public_id
            AND m.kind = 'delivery_code' AND m.state IN ('queued', 'sending'))
        """,
    ),
    Invariant(
        10,
        "a living code has a message, or the timeline tells that it can have none",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE d.ended_at IS NULL AND d.sends = 0 AND NOT EXISTS (
            SELECT 1 FROM orders_event e WHERE e.shipment_id = s.id AND e.type = 'code.undeliverable')
        """,
    ),
    Invariant(
        10,
        "a message is sent, or its failure told, within 15 minutes of when it was due",
        """
        SELECT m.public_id FROM notifications_message m
        WHERE m.state IN ('queued', 'sending') AND m.attempts = 0 AND m.next_try_at < %(untold)s
        """,
    ),
    Invariant(
        13,
        "every generation has its event",
        """
        SELECT s.public_id FROM orders_shipment s
        WHERE (SELECT COUNT(*) FROM handoffs_deliverycode d WHERE d.shipment_id = s.id)
           <> (SELECT COUNT(*) FROM orders_event e WHERE e.shipment_id = s.id AND e.type = 'code.issued')
        """,
    ),
    Invariant(
        13,
        "the status is that of the newest event that tells one",
        """
        SELECT s.public_id FROM orders_shipment s WHERE s.status <> (
            SELECT CASE e.type WHEN 'order.created' THEN 'created' ELSE SUBSTR(e.type, 10) END
            FROM orders_event e WHERE e.shipment_id = s.id AND e.type IN (
                'order.created', 'shipment.in_transit', 'shipment.out_for_delivery',
                'shipment.attempt_failed', 'shipment.delivered', 'shipment.returning',
                'shipment.returned', 'shipment.cancelled')
            ORDER BY e.sequence DESC LIMIT 1)
        """,
    ),
    Invariant(
        17,
        "the chain has as many events as the shipment says, and ends where it says",
        """
        SELECT s.public_id FROM orders_shipment s
        LEFT JOIN orders_event last ON last.shipment_id = s.id AND last.sequence = s.events_count
        WHERE s.events_count <> (SELECT COUNT(*) FROM orders_event e WHERE e.shipment_id = s.id)
           OR s.events_head <> COALESCE(last.hash, '')
        """,
    ),
    Invariant(
        17,
        "a proof names the hash of its shipment's delivered event",
        """
        SELECT p.public_id FROM handoffs_proofofdelivery p
        WHERE NOT EXISTS (SELECT 1 FROM orders_event e WHERE e.shipment_id = p.shipment_id
                          AND e.type = 'shipment.delivered' AND e.hash = p.events_head)
        """,
    ),
    Invariant(
        18,
        "what a provider has said to be the end of a message stays its end",
        """
        SELECT m.public_id FROM notifications_message m
        WHERE (m.state = 'received' AND (m.received_at IS NULL OR m.sent_at IS NULL))
           OR (m.state <> 'received' AND m.received_at IS NOT NULL)
           OR (m.state <> 'sent' AND m.receipt_awaited_since IS NOT NULL)
        """,
    ),
    Invariant(
        23,
        "nothing that a code is derived from is left once its generation has ended or its shipment closed",
        """
        SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
        WHERE (d.ended_at IS NOT NULL AND (d.nonce IS NOT NULL OR d.predecessor_mark IS NOT NULL))
           OR (s.status IN ('delivered', 'returning', 'returned', 'cancelled')
               AND (d.nonce IS NOT NULL OR d.predecessor_mark IS NOT NULL OR d.mark IS NOT NULL))
        """,
    ),
)
