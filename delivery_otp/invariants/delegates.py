"""What must always hold of those whom recipients have named."""

from delivery_otp.invariants.queries import Invariant

DELEGATES = (
    Invariant(
        1,
        "a delegate's code was taken while their pass held, and the proof names whose it was",
        """
        SELECT p.public_id FROM handoffs_proofofdelivery p
        WHERE (p.method = 'delegate_code') <> (p.delegate_number IS NOT NULL)
           OR (p.method = 'delegate_code' AND (p.received_by <> 'delegate' OR 1 <> (
               SELECT COUNT(*) FROM handoffs_delegate d
               WHERE d.shipment_id = p.shipment_id AND d.number = p.delegate_number
                 AND d.made_at <= p.delivered_at AND p.delivered_at < d.expires_at
                 AND (d.revoked_at IS NULL OR d.revoked_at > p.delivered_at))))
        """,
    ),
    Invariant(
        2,
        "no more passes hold at once than a shipment may have, nor in its life",
        """
        SELECT s.public_id FROM handoffs_delegate d JOIN orders_shipment s ON s.id = d.shipment_id
        GROUP BY s.public_id
        HAVING COUNT(*) > %(delegates)s
            OR SUM(CASE WHEN d.revoked_at IS NULL AND d.expires_at > %(now)s THEN 1 ELSE 0 END)
               > %(delegates_at_once)s
        """,
    ),
    Invariant(
        13,
        "every pass given and taken back has its event, and the shipment knows how many it gave",
        """
        SELECT s.public_id FROM orders_shipment s
        WHERE s.passes_made <> (SELECT COUNT(*) FROM handoffs_delegate d WHERE d.shipment_id = s.id)
           OR s.passes_made <> (SELECT COUNT(*) FROM orders_event e
                                WHERE e.shipment_id = s.id AND e.type = 'delegate.named')
           OR (SELECT COUNT(*) FROM handoffs_delegate d
               WHERE d.shipment_id = s.id AND d.revoked_at IS NOT NULL)
              <> (SELECT COUNT(*) FROM orders_event e
                  WHERE e.shipment_id = s.id AND e.type = 'delegate.revoked')
        """,
    ),
)
