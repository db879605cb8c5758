"""Which kind of caller a surface is for."""

from typing import Any, Literal

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.authentication import caller_of


def only(kind: Literal["merchant", "courier"]) -> type[BasePermission]:
    """A permission for callers of one kind: 401 to nobody known, 403 `permission_denied` to any other
    kind."""

    class Only(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            caller = caller_of(request)
            return caller is not None and caller.kind == kind

    Only.__name__ = Only.__qualname__ = f"Only{kind.capitalize()}s"
    return Only


OnlyMerchants = only("merchant")
OnlyCouriers = only("courier")
