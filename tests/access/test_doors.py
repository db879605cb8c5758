"""A bounded run of bin/doors: the published document holds, whatever is sent."""

from collections.abc import Callable

from tests.access.doors import knock
from tests.scenarios.world import assert_sound
from tests.servers import Service


def test_every_operation_answers_as_the_document_says(make_service: Callable[..., Service]) -> None:
    service = make_service(environment={"TRUSTED_PROXIES": "1"})
    outcome = knock(service, seed=1, examples=2)
    assert outcome.passed, outcome.report
    assert outcome.cases > 1000, outcome.report
    assert_sound(service)
    assert "unexpected error" not in service.log_text()
