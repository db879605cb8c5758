"""How problems of one endpoint alone are described in the OpenAPI document."""

from drf_spectacular.utils import OpenApiResponse

from api.catalogue import PROBLEMS
from api.problems import PROBLEM_JSON

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def problems(*codes: str) -> dict[tuple[int, str], OpenApiResponse]:
    """Answers for `extend_schema`, of statuses that no other endpoint has."""
    return {
        (PROBLEMS[code].status, PROBLEM_JSON): OpenApiResponse(_PROBLEM, description=f"`{code}`")
        for code in codes
    }
