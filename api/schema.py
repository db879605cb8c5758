"""What the OpenAPI document says of every endpoint alike: tokens, problems, keys, query and request ids."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.catalogue import PROBLEMS
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


class ApiSchema(AutoSchema):
    """Adds what an ApiView takes besides its body: its query, and the Idempotency-Key."""

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, ApiView):
            return []
        asks = self.method == "GET" and self.view.query().fields
        parameters: list[Any] = [self.view.query] if asks else []
        if self.method in {"POST", "PUT", "PATCH", "DELETE"}:
            parameters.append(_idempotency_key(required=self.view.idempotency_key_required))
        return parameters


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
        for method, operation in path.items():
            if isinstance(operation, dict) and "responses" in operation:
                _describe(operation, changing=method in {"post", "put", "patch", "delete"})
    return result


def _describe(operation: dict[str, Any], *, changing: bool) -> None:
    statuses = {"400", "404", "405", "429", "500", "503"}
    if any(operation.get("security", ())):
        statuses |= {"401", "403"}
    if changing:
        statuses |= {"409", "413", "415", "422"}
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        titles = sorted(code for code, kind in PROBLEMS.items() if str(kind.status) == status)
        described = {"description": ", ".join(f"`{code}`" for code in titles), "content": content}
        operation["responses"].setdefault(status, described)
    for response in operation["responses"].values():
        response.setdefault("headers", {})["X-Request-Id"] = {"$ref": "#/components/headers/X-Request-Id"}
