"""What the OpenAPI document says of every endpoint alike: tokens, problems, keys, query and request ids."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny

from api.catalogue import PROBLEMS
from api.permissions import OnlyCouriers, OnlyMerchants
from api.problems import PROBLEM_JSON
from api.views import ApiView

_STRING = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. Some codes carry more members: `/api/docs/problems`.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _STRING,
        "status": {"type": "integer"},
        "detail": _STRING,
        "instance": _STRING,
        "code": {"type": "string", "enum": list(PROBLEMS)},
        "request_id": _STRING,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": _STRING, "code": _STRING, "detail": _STRING},
            },
        },
    },
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How `BearerAuthentication` is described."""

    target_class = "api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        description = "Merchant keys start `mk_test_` or `mk_live_`; courier device tokens start `ct_`."
        return {"type": "http", "scheme": "bearer", "description": description}


class StrictFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How our own fields are described."""

    target_class = "api.fields.StrictField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return dict(self.target.openapi)


CODES, CALLER = "x-problem-codes", "x-caller"
_CALLERS = {OnlyMerchants: "merchant", OnlyCouriers: "courier", AllowAny: "anyone"}
_ANYWHERE = {"validation_failed", "method_not_allowed", "internal_error", "service_unavailable"}
_WITH_TOKEN = {"authentication_failed", "permission_denied", "rate_limited"}
_WITH_BODY = {"malformed_json", "payload_too_large", "unsupported_media_type"}
_WITH_KEY = {"idempotency_key_reused", "idempotency_in_progress"}


def refuses(*codes: str) -> Callable[[Any], Any]:
    """Says of an operation which problems it can answer besides those that every operation of its kind can.

    Raises KeyError for a code that is not in the catalogue.
    """
    return extend_schema(extensions={CODES: [code for code in codes if PROBLEMS[code]]})


class ApiSchema(AutoSchema):
    """Adds what an ApiView takes besides its body (its query, the Idempotency-Key), who may call it and
    what it refuses."""

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, ApiView):
            return []
        asks = self.method == "GET" and self.view.query().fields
        parameters: list[Any] = [self.view.query] if asks else []
        if self._changes:
            parameters.append(_idempotency_key(required=self.view.idempotency_key_required))
        return parameters

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None and isinstance(self.view, ApiView):
            codes = self._usual_codes(self.view) | set(operation.get(CODES, ()))
            callers = (_CALLERS.get(permission) for permission in self.view.permission_classes)
            operation[CODES] = [code for code in PROBLEMS if code in codes]
            operation[CALLER] = next(filter(None, callers), "anyone with a token")
        return operation

    @property
    def _changes(self) -> bool:
        return self.method in {"POST", "PUT", "PATCH", "DELETE"}

    def _usual_codes(self, view: ApiView) -> set[str]:
        codes = set(_ANYWHERE)
        if view.get_authenticators():
            codes |= _WITH_TOKEN
        if "{" in self.path:
            codes.add("not_found")
        if view.limits:
            codes.add("rate_limited")
        if self._changes:
            codes |= _WITH_BODY | _WITH_KEY
        if self._changes and view.idempotency_key_required:
            codes.add("idempotency_key_missing")
        return codes


def _idempotency_key(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotency-Key",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        required=required,
        pattern=r"^[\x20-\x7e]{1,255}$",
        description="The same key with the same request gets the first answer again; nothing is done twice.",
    )


def describe_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A postprocessing hook: requests are strict, any operation can answer a problem, every answer has
    its request id."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request") and "properties" in schema:
            schema["additionalProperties"] = False
    schemas["Problem"] = _PROBLEM
    components.setdefault("headers", {})["X-Request-Id"] = {
        "schema": _STRING,
        "description": "Quote it to support.",
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                _describe(operation)
    return result


def _describe(operation: dict[str, Any]) -> None:
    by_status: dict[int, list[str]] = {}
    for code in operation.get(CODES, ()):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, codes in sorted(by_status.items()):
        described = {"description": ", ".join(f"`{code}`" for code in codes), "content": content}
        operation["responses"][str(status)] = described
    for response in operation["responses"].values():
        response.setdefault("headers", {})["X-Request-Id"] = {"$ref": "#/components/headers/X-Request-Id"}
