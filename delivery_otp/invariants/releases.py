"""What must always hold of releases without a code."""

from delivery_otp.invariants.queries import Invariant

RELEASES = (
    Invariant(
        1,
        "a release was approved by as many of staff as it needs, all others than who enrolled its handheld",
        """
        SELECT s.public_id FROM handoffs_proofofdelivery p JOIN orders_shipment s ON s.id = p.shipment_id
        WHERE p.method = 'supervisor_release' AND 1 <> (
            SELECT COUNT(*) FROM handoffs_releaserequest r JOIN fleet_device v ON v.id = r.device_id
            WHERE r.shipment_id = s.id AND r.courier_id = p.courier_id AND r.used_at = p.delivered_at
              AND r.account_id IS NULL
              AND r.state = 'approved' AND r.decided_at <= r.used_at AND r.used_at < r.expires_at
              AND (r.approvals_needed = 2 OR s.code_reason <> 'high_value')
              AND r.approvals_needed = (
                  SELECT COUNT(DISTINCT a.staff_id) FROM handoffs_releaseapproval a
                  WHERE a.request_id = r.id AND a.verdict = 'approved'
                    AND a.staff_id <> COALESCE(v.enrolled_by_id, 0)))
        """,
    ),
    Invariant(
        1,
        "a release from an account was used in time, on the visit and by the courier that it was given for",
        """
        SELECT p.public_id FROM handoffs_proofofdelivery p
        WHERE p.method = 'account_release' AND 1 <> (
            SELECT COUNT(*) FROM handoffs_releaserequest r JOIN fleet_stop t ON t.id = r.stop_id
            JOIN fleet_route o ON o.id = t.route_id
            WHERE r.shipment_id = p.shipment_id AND r.account_id IS NOT NULL AND r.used_at = p.delivered_at
              AND r.courier_id = p.courier_id AND o.courier_id = p.courier_id
              AND t.shipment_id = p.shipment_id AND t.arrived_at <= r.decided_at
              AND r.state = 'approved' AND r.decided_at <= r.used_at AND r.used_at < r.expires_at)
        """,
    ),
    Invariant(
        1,
        "a release is used by the one delivery that it was for",
        """
        SELECT r.public_id FROM handoffs_releaserequest r WHERE r.used_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM handoffs_proofofdelivery p WHERE p.shipment_id = r.shipment_id
            AND p.method = CASE WHEN r.account_id IS NULL THEN 'supervisor_release' ELSE 'account_release' END
            AND p.delivered_at = r.used_at)
        """,
    ),
    Invariant(
        1,
        "a courier's releases of a day and of these 90 days stay within the caps",
        """
        SELECT c.public_id FROM fleet_courier c WHERE EXISTS (
            SELECT 1 FROM handoffs_releaserequest r WHERE r.courier_id = c.id AND r.approved_day IS NOT NULL
            GROUP BY r.approved_day HAVING COUNT(*) > %(releases_a_day)s)
        OR %(releases)s < (
            SELECT COUNT(*) FROM handoffs_releaserequest r
            WHERE r.courier_id = c.id AND r.approved_day > %(releases_since)s)
        """,
    ),
    Invariant(
        1,
        "nobody approves more of one courier's releases than the pair's cap in these 90 days",
        """
        SELECT c.public_id FROM handoffs_releaseapproval a
        JOIN handoffs_releaserequest r ON r.id = a.request_id JOIN fleet_courier c ON c.id = r.courier_id
        WHERE a.verdict = 'approved' AND a.at > %(pair_since)s
        GROUP BY c.public_id, a.staff_id HAVING COUNT(*) > %(releases_of_a_pair)s
        """,
    ),
    Invariant(
        8,
        "an open release is of a shipment that is out, for the courier who has it",
        """
        SELECT r.public_id FROM handoffs_releaserequest r
        JOIN orders_shipment s ON s.id = r.shipment_id JOIN fleet_stop t ON t.id = r.stop_id
        JOIN fleet_route o ON o.id = t.route_id
        WHERE r.state IN ('waiting', 'approved') AND r.used_at IS NULL AND (
            s.status <> 'out_for_delivery' OR t.replaced_at IS NOT NULL OR t.shipment_id <> s.id
            OR o.courier_id <> r.courier_id)
        """,
    ),
    Invariant(
        13,
        "every release asked for has its event, and the shipment knows an open one",
        """
        SELECT s.public_id FROM orders_shipment s
        WHERE (SELECT COUNT(*) FROM handoffs_releaserequest r WHERE r.shipment_id = s.id)
           <> (SELECT COUNT(*) FROM orders_event e
               WHERE e.shipment_id = s.id AND e.type IN ('release.requested', 'release.given'))
           OR CASE WHEN s.release_open THEN 1 ELSE 0 END <> (
               SELECT COUNT(*) FROM handoffs_releaserequest r WHERE r.shipment_id = s.id
               AND r.state IN ('waiting', 'approved') AND r.used_at IS NULL)
        """,
    ),
)
