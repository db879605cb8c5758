import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from api.catalogue import PROBLEMS


@pytest.fixture
def schema(anyone: APIClient) -> Any:
    return json.loads(anyone.get("/api/schema/?format=json").content)


def test_a_protected_endpoint_asks_for_a_bearer_token(schema: Any) -> None:
    assert schema["paths"]["/api/v1/merchant"]["get"]["security"] == [{"bearer": []}]
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_endpoint_can_answer_a_problem(schema: Any) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            content = operation["responses"]["503"]["content"]
            assert content["application/problem+json"]["schema"]["$ref"] == "#/components/schemas/Problem"
    assert set(schema["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(PROBLEMS)


def parameters(operation: Any) -> dict[str, bool]:
    return {
        parameter["name"]: parameter.get("required", False) for parameter in operation.get("parameters", [])
    }


def test_what_changes_something_takes_an_idempotency_key(schema: Any) -> None:
    assert parameters(schema["paths"]["/api/v1/notes"]["post"]) == {"Idempotency-Key": False}
    assert parameters(schema["paths"]["/api/v1/keyed"]["post"]) == {"Idempotency-Key": True}


def test_a_list_takes_a_limit_and_a_cursor(schema: Any) -> None:
    assert parameters(schema["paths"]["/api/v1/notes"]["get"]) == {"cursor": False, "limit": False}


def test_a_request_is_described_as_strictly_as_it_is_read(schema: Any) -> None:
    form = schema["components"]["schemas"]["FormRequest"]
    assert form["additionalProperties"] is False
    assert form["properties"]["count"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert form["properties"]["at"] == {"type": "string", "format": "date-time"}
