"""The base of every API class: input strictly read, a key honoured, an answer rendered once."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from rest_framework.exceptions import AuthenticationFailed, Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import caller_of
from api.encoding import canonical_json
from api.errors import Refused
from api.negotiation import FixedNegotiation
from api.parsers import MAX_BODY_BYTES
from api.problems import problem_response
from api.refusals import Refusal
from api.replays import KeyedRequest, answer_once, uses_key_up
from api.serializers import NothingSerializer, StrictSerializer
from api.throttling import Limit

# An Idempotency-Key, and the ids in addresses.
KEY = re.compile(r"[\x20-\x7e]{1,255}")
ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
# Nobody guesses 256 bits: this is for programs that go on and on with a token that was revoked.
UNKNOWN_TOKENS = Limit("unknown-tokens", quota=120, window_seconds=60)


@lru_cache
def _form(form: type[StrictSerializer]) -> StrictSerializer:
    return form()


def checked(form: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """What `form` makes of `data`. Raises ValidationError.

    One form serves all requests: making one copies all its fields, which takes longer than to check them.
    """
    return dict(_form(form).run_validation(data))


class ApiView(APIView):
    """Derive, set what differs, and write one method for each verb."""

    content_negotiation_class = FixedNegotiation
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    query: ClassVar[type[StrictSerializer]] = NothingSerializer
    limits: ClassVar[tuple[Limit, ...]] = ()
    max_body_bytes: ClassVar[int] = MAX_BODY_BYTES
    idempotency_key_required: ClassVar[bool] = False
    # Where a verb keeps its own record of what was asked and answered, as a handoff does.
    own_idempotency: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        # Problems are read by programs and their authors: one language, so that one request has one answer.
        with translation.override("en"):
            try:
                self.initial(self.request, *args, **kwargs)
                return self._rendered(self._answer())
            except Exception as exc:
                return self._rendered(self.handle_exception(exc))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not all(ID.fullmatch(str(part)) for part in kwargs.values()):
            raise Refused("not_found")  # No id looks like that, and PostgreSQL cannot even look for a NUL.
        self.query_data = self._read_query(request)
        if request.method in _CHANGING:
            _ = request.data  # Malformed JSON and other media types are refused before anything is looked up.
            if self.idempotency_key_required and self.idempotency_key() is None:
                raise Refused("idempotency_key_missing")

    def perform_authentication(self, request: Request) -> None:
        """Who brings a token that is nobody's is told so, too often 429. A live one always opens."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            self._spend(UNKNOWN_TOKENS, request)
            raise

    def check_throttles(self, request: Request) -> None:
        for limit in self.limits:
            self._spend(limit, request)

    def prepare(self) -> None:
        """Read what was sent where that takes long, and keep it on the view. It is called before the
        transaction that a key opens, which on SQLite lets nobody else write. Raises what `read` raises."""

    def read(self, form: type[StrictSerializer]) -> dict[str, Any]:
        """The request's body, checked by `form`. Raises ValidationError (400)."""
        return checked(form, self.request.data)

    def refuse(self, refusal: Refusal | str) -> HttpResponse:
        """Answer a refusal as a problem."""
        return problem_response(refusal, self.request)

    def idempotency_key(self) -> str | None:
        """The Idempotency-Key of this request, if it bears one. Raises ValidationError if malformed."""
        key: str | None = self.request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is not None and not KEY.fullmatch(key):
            raise ValidationError({"Idempotency-Key": ["Must be 1 to 255 printable ASCII characters."]})
        return key

    def idempotency_scope(self) -> str:
        """Within which a key is unique: the caller, and whether this is a test. Endpoints without a caller
        override it."""
        caller = caller_of(self.request)
        assert caller is not None, "an endpoint without a caller has to say whose keys these are"
        return f"{caller.id}:{'live' if caller.livemode else 'test'}"

    def idempotency_parts(self) -> tuple[str | bytes, ...]:
        """What of the body makes two requests the same. Called after `prepare`."""
        return (canonical_json(self.request.data),)

    def _spend(self, limit: Limit, request: Request) -> None:
        spent = limit.spend(request)
        if spent is None:
            return
        self.headers.update(spent.headers())
        if spent.refused:
            raise Throttled(wait=spent.resets_in)

    def _answer(self) -> HttpResponse:
        method = (self.request.method or "").lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            return self.http_method_not_allowed(self.request, *self.args, **self.kwargs)
        if self.request.method in _CHANGING:
            self.prepare()
        answer = partial(handler, self.request, *self.args, **self.kwargs)
        keyed = self.request.method in _CHANGING and not self.own_idempotency
        key = self.idempotency_key() if keyed else None
        return answer() if key is None else self._answer_once(key, answer)

    def _answer_once(self, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
        request = self.request
        parts = (request.method or "", request.get_full_path(), *self.idempotency_parts())
        asked = KeyedRequest(self.idempotency_scope(), key, parts)
        try:
            outcome = answer_once(asked, lambda: self._rendered(answer()))
        except Exception as exc:
            response = self._rendered(self.handle_exception(exc))
            # What the handler did is undone; a final refusal that it raised is still this key's answer.
            outcome = answer_once(asked, lambda: response) if uses_key_up(response.status_code) else response
        return self.refuse(outcome) if isinstance(outcome, Refusal) else outcome

    def _rendered(self, response: Any) -> HttpResponse:
        """Finished here, inside what catches exceptions, and inside the transaction that stores the bytes."""
        finished: HttpResponse = self.finalize_response(self.request, response, *self.args, **self.kwargs)
        if isinstance(finished, Response):
            finished.render()
        return finished

    def _read_query(self, request: Request) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if not request.query_params and self.query is NothingSerializer:
            return values
        for name, given in request.query_params.lists():
            if len(given) != 1:
                raise ValidationError({name: ["Must be given once."]})
            values[name] = given[0]
        return checked(self.query, values)
