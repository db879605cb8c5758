"""An expected "no", as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why something was not done. It is returned, never raised: raising would undo what the refusal itself
    records.

    `code` is one of the problem codes of the API, `detail` a sentence for a person (empty: the code's own
    title), `members` what the problem carries besides, such as `attempts_left` or `shipment_status`.
    """

    code: str
    detail: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
