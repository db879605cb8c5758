"""Every problem code of the API: its status, its title, when it is answered and what to do then."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """One row of the catalogue. `meaning` and `remedy` are written for whoever has to handle the code."""

    status: int
    title: str
    meaning: str
    remedy: str


PROBLEMS: dict[str, ProblemKind] = {
    "validation_failed": ProblemKind(
        400,
        "The request is not of the right form",
        "Body or query not of the right form; `errors` says where.",
        "Mend what `errors` points at and send it again; the same key may be used.",
    ),
    "malformed_json": ProblemKind(
        400,
        "The body is not strict JSON",
        "Not JSON: NaN, Infinity, too deep, bad UTF-8 and repeated names included.",
        "Send strict JSON in UTF-8, written by a JSON library.",
    ),
    "authentication_failed": ProblemKind(
        401,
        "No valid token was given",
        "No token, or one that is unknown, revoked or expired.",
        (
            "Check the header `Authorization: Bearer …`. A handheld whose token no longer works has to be "
            "enrolled again."
        ),
    ),
    "permission_denied": ProblemKind(
        403,
        "This caller may not do that",
        "A known caller of the wrong kind or without the right.",
        "Use a merchant's key for the merchant's endpoints and a courier's token for the courier's.",
    ),
    "not_found": ProblemKind(
        404,
        "Not found",
        "Not there, or not yours: one and the same answer.",
        (
            "Check the id, and that the key is of the right merchant and mode: a test key sees only what "
            "test keys made."
        ),
    ),
    "method_not_allowed": ProblemKind(
        405,
        "Method not allowed",
        "The header `Allow` lists what works here.",
        "Use one of the methods in `Allow`.",
    ),
    "unsupported_media_type": ProblemKind(
        415,
        "Unsupported media type",
        "Send `Content-Type: application/json`, in UTF-8; a photo as `multipart/form-data`.",
        "Set the header `Content-Type` to what the endpoint takes. A photo is a JPEG, a PNG or a WebP.",
    ),
    "payload_too_large": ProblemKind(
        413,
        "The body is too large",
        "More than this endpoint takes; usually 1 MiB.",
        "Send less at once, such as fewer orders in a batch.",
    ),
    "reference_taken": ProblemKind(
        409,
        "This reference is taken",
        "An order with this reference exists for this merchant.",
        (
            "If the order is yours and as you want it, nothing is left to do: `GET /orders?reference=` "
            "finds it. Else choose another reference."
        ),
    ),
    "illegal_transition": ProblemKind(
        409,
        "The shipment's status does not allow this",
        "`shipment_status` says what the status is.",
        "Read the shipment, and do what its status allows.",
    ),
    "idempotency_key_missing": ProblemKind(
        400,
        "An Idempotency-Key is required",
        "This endpoint is answered only with the header `Idempotency-Key`.",
        (
            "Make a fresh random key for each handoff, keep it until the answer has come, and send it again "
            "with each retry."
        ),
    ),
    "idempotency_key_reused": ProblemKind(
        422,
        "This Idempotency-Key was used for another request",
        "Make a new key for a new request.",
        "Make a fresh key for each new request; keep one only for retries of the same.",
    ),
    "idempotency_in_progress": ProblemKind(
        409,
        "A request with this Idempotency-Key is still running",
        "Try again shortly, with the same key.",
        "Wait a second and send the same request with the same key again.",
    ),
    "rate_limited": ProblemKind(
        429,
        "Too many requests",
        "The header `Retry-After` says when to try again.",
        "Wait for as many seconds as `Retry-After` says, then send the same again.",
    ),
    "already_delivered": ProblemKind(
        409,
        "This shipment is already delivered",
        "`proof` says how and when.",
        "Nothing is left to do. Show the proof.",
    ),
    "not_out_for_delivery": ProblemKind(
        409,
        "This shipment is not out for delivery",
        "Only a shipment that is out for delivery can be handed over.",
        "`shipment_status` says how it stands. Dispatch it, or reopen the stop, first.",
    ),
    "code_required": ProblemKind(
        422,
        "A delivery code is required",
        "This shipment needs a code and none was given.",
        (
            "Ask the recipient for the code in their message and send it as `code`. Where it cannot be had, "
            "ask for a release."
        ),
    ),
    "code_malformed": ProblemKind(
        422,
        "This is not a delivery code",
        "Not the right number of ASCII digits. No attempt was charged.",
        "Ask for the digits once more and type them again.",
    ),
    "wrong_parcel": ProblemKind(
        422,
        "This parcel is not in the shipment",
        "A scanned barcode is not in this shipment.",
        "Take away the parcels in `barcodes`: they are not of this shipment.",
    ),
    "parcel_missing": ProblemKind(
        422,
        "A parcel of the shipment is missing",
        "Barcodes were sent, and one of the shipment was not among them.",
        "Find and scan the parcels in `barcodes`, or fail the stop as `missing`.",
    ),
    "too_early": ProblemKind(
        409,
        "The courier has not arrived yet",
        "Report the arrival first.",
        "Call `arrive` when you are at the door, then hand over.",
    ),
    "recipient_here": ProblemKind(
        409,
        "The recipient says that they are there",
        "Nobody home is not taken before `until`: the recipient has just said that they are there.",
        "Ring once more and wait; look for another door. Another reason is taken at once.",
    ),
    "courier_suspended": ProblemKind(
        429,
        "The courier's wrong codes are spent",
        "No typed code is taken for now; `next` says what still works.",
        "Ask for a release where `next` offers it, or fail the stop; support can see why.",
    ),
    "code_expired": ProblemKind(
        410,
        "The delivery code has expired",
        "The live code's time is over, whatever was typed. No attempt was charged; `next` says what works.",
        "Resend: it issues the next code where there may be one.",
    ),
    "code_locked": ProblemKind(
        423,
        "No attempts are left",
        "The code or the shipment has no attempts left; `next` says what works.",
        (
            "The recipient or support can get a new code while `next` has `rotate`. Else fail the stop as "
            "`no_code`."
        ),
    ),
    "wrong_code": ProblemKind(
        422,
        "The delivery code is wrong",
        "One attempt was charged; `attempts_left` remain.",
        (
            "Compare the digits with the recipient's message and type them again. Offer a resend before the "
            "last attempt."
        ),
    ),
    "qr_invalid": ProblemKind(
        422,
        "The QR token does not hold",
        "Its signature, key, shipment, generation, route or time does not hold.",
        "Ask for the digits instead.",
    ),
    "service_unavailable": ProblemKind(
        503,
        "A part we need is down",
        "Nothing was done, or it cannot be told. It is safe to try again with the same key.",
        "Wait a few seconds and send the same request with the same key until an answer comes.",
    ),
    "internal_error": ProblemKind(
        500,
        "Something went wrong here",
        "A defect of the service; tell its operator the `request_id`.",
        "Try again later with the same key; report the `request_id` if it goes on.",
    ),
}
