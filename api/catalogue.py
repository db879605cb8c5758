"""Every problem code of the API: its status, its title and when it is answered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """One row of the catalogue. `meaning` is written for whoever has to handle the code."""

    status: int
    title: str
    meaning: str


PROBLEMS: dict[str, ProblemKind] = {
    "validation_failed": ProblemKind(
        400,
        "The request is not of the right form",
        "Body or query not of the right form; `errors` says where.",
    ),
    "malformed_json": ProblemKind(
        400,
        "The body is not strict JSON",
        "Not JSON: NaN, Infinity, too deep, bad UTF-8 and repeated names included.",
    ),
    "authentication_failed": ProblemKind(
        401, "No valid token was given", "No token, or one that is unknown, revoked or expired."
    ),
    "permission_denied": ProblemKind(
        403, "This caller may not do that", "A known caller of the wrong kind or without the right."
    ),
    "not_found": ProblemKind(404, "Not found", "Not there, or not yours: one and the same answer."),
    "method_not_allowed": ProblemKind(405, "Method not allowed", "The header `Allow` lists what works here."),
    "unsupported_media_type": ProblemKind(
        415, "Unsupported media type", "Send `Content-Type: application/json`, in UTF-8."
    ),
    "payload_too_large": ProblemKind(
        413, "The body is too large", "More than this endpoint takes; usually 1 MiB."
    ),
    "reference_taken": ProblemKind(
        409, "This reference is taken", "An order with this reference exists for this merchant."
    ),
    "illegal_transition": ProblemKind(
        409, "The shipment's status does not allow this", "`shipment_status` says what the status is."
    ),
    "idempotency_key_missing": ProblemKind(
        400,
        "An Idempotency-Key is required",
        "This endpoint is answered only with the header `Idempotency-Key`.",
    ),
    "idempotency_key_reused": ProblemKind(
        422, "This Idempotency-Key was used for another request", "Make a new key for a new request."
    ),
    "idempotency_in_progress": ProblemKind(
        409, "A request with this Idempotency-Key is still running", "Try again shortly, with the same key."
    ),
    "rate_limited": ProblemKind(429, "Too many requests", "The header `Retry-After` says when to try again."),
    "already_delivered": ProblemKind(409, "This shipment is already delivered", "`proof` says how and when."),
    "not_out_for_delivery": ProblemKind(
        409,
        "This shipment is not out for delivery",
        "Only a shipment that is out for delivery can be handed over.",
    ),
    "code_required": ProblemKind(
        422, "A delivery code is required", "This shipment needs a code and none was given."
    ),
    "code_malformed": ProblemKind(
        422, "This is not a delivery code", "Not the right number of ASCII digits. No attempt was charged."
    ),
    "wrong_parcel": ProblemKind(
        422, "This parcel is not in the shipment", "A scanned barcode is not in this shipment."
    ),
    "parcel_missing": ProblemKind(
        422,
        "A parcel of the shipment is missing",
        "Barcodes were sent, and one of the shipment was not among them.",
    ),
    "too_early": ProblemKind(409, "The courier has not arrived yet", "Report the arrival first."),
    "courier_suspended": ProblemKind(
        429,
        "The courier's wrong codes are spent",
        "No typed code is taken for now; `next` says what still works.",
    ),
    "code_expired": ProblemKind(
        410,
        "The delivery code has expired",
        "The live code's time is over, whatever was typed. No attempt was charged; `next` says what works.",
    ),
    "code_locked": ProblemKind(
        423, "No attempts are left", "The code or the shipment has no attempts left; `next` says what works."
    ),
    "wrong_code": ProblemKind(
        422, "The delivery code is wrong", "One attempt was charged; `attempts_left` remain."
    ),
    "qr_invalid": ProblemKind(
        422,
        "The QR token does not hold",
        "Its signature, key, shipment, generation, route or time does not hold.",
    ),
    "service_unavailable": ProblemKind(
        503,
        "A part we need is down",
        "Nothing was done, or it cannot be told. It is safe to try again with the same key.",
    ),
    "internal_error": ProblemKind(
        500, "Something went wrong here", "A defect of the service; tell its operator the `request_id`."
    ),
}
