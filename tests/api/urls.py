"""Small endpoints over the shared parts, as a surface would write them."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api import docs
from api.authentication import caller_of
from api.fields import (
    DayField,
    FlagField,
    MetadataField,
    MoneyField,
    OpaqueTextField,
    TextField,
    TimeField,
    WholeNumberField,
)
from api.models import IdempotentRequest
from api.pagination import page_of
from api.permissions import OnlyCouriers, OnlyMerchants
from api.refusals import Refusal
from api.serializers import ListQuery, PositionSerializer, StrictSerializer
from api.throttling import Limit
from api.tokens import new_token
from api.views import ApiView


class Form(StrictSerializer):
    name = TextField(max_length=20)
    note = TextField(max_length=20, multiline=True, required=False, allow_blank=True)
    code = OpaqueTextField(required=False)
    amount = MoneyField(required=False)
    count = WholeNumberField(min_value=1, max_value=9, required=False)
    sure = FlagField(required=False)
    at = TimeField(required=False)
    day = DayField(required=False)
    location = PositionSerializer(required=False)
    metadata = MetadataField(required=False)


class ListForm(StrictSerializer):
    people = Form(many=True)


class Public(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def idempotency_scope(self) -> str:
        return "public"


class Echo(Public):
    """Answers what it understood."""

    @extend_schema(request=Form, responses=Form)
    def post(self, request: Request) -> Response:
        form = Form(self.read(Form))
        given = {name: value for name, value in form.data.items() if value is not None}
        return Response(given)


class People(Public):
    def post(self, request: Request) -> Response:
        return Response(len(self.read(ListForm)["people"]))


class Merchant(ApiView):
    permission_classes = (OnlyMerchants,)

    def get(self, request: Request) -> Response:
        caller = caller_of(request)
        assert caller is not None
        return Response({"kind": caller.kind, "id": caller.id, "livemode": caller.livemode})


class Courier(ApiView):
    permission_classes = (OnlyCouriers,)

    def get(self, request: Request) -> Response:
        return Response({})


class Notes(ApiView):
    """Makes a row for each request and tells a secret once; `name` says how it goes wrong after that."""

    permission_classes = (OnlyMerchants,)
    query = ListQuery

    def get(self, request: Request) -> Response:
        page = page_of(note_rows(), path=request.path, **self.query_data)
        return Response({"data": [row.key_hash for row in page.rows], "next": page.next})

    def post(self, request: Request) -> HttpResponse:
        name = self.read(Form)["name"]
        write_note(name)
        if name == "refused":
            return self.refuse(Refusal("reference_taken", members={"reference": "A-1"}))
        if name == "limited":
            return self.refuse("rate_limited")
        if name == "forbidden":
            raise PermissionDenied
        if name == "down":
            raise OperationalError("the connection was lost at 10.0.0.1")
        if name == "overtaken":
            overtake(self)
        return Response({"secret": new_token("mk_test_")[0]}, status=201)

    def delete(self, request: Request) -> Response:
        write_note("deleted")
        return Response(status=204)


class Keyed(Notes):
    idempotency_key_required = True


class Limited(Public):
    limits = (Limit("tests", quota=2, window_seconds=60),)

    def post(self, request: Request) -> Response:
        return Response({})


class Thing(Public):
    def get(self, request: Request, thing: str) -> Response:
        return Response({"id": thing})


class Broken(Public):
    def get(self, request: Request) -> Response:
        raise ValueError("the code was " + request.META["HTTP_X_CODE"])


def note_rows() -> Any:
    return IdempotentRequest.objects.filter(scope="note")


def write_note(name: str) -> None:
    """A row of the one table this package has, standing for whatever a surface would write."""
    IdempotentRequest.objects.create(
        scope="note", key_hash=f"{name}-{note_rows().count()}", fingerprint="", status=200, sealed_body=b""
    )


def overtake(view: ApiView) -> None:
    """What another process would have stored under the same key in the meantime."""
    from api.idempotency import idempotency_keys

    key = view.idempotency_key() or ""
    IdempotentRequest.objects.create(
        scope=view.idempotency_scope(),
        key_hash=idempotency_keys().digest(key),
        fingerprint="",
        status=200,
        sealed_body=b"",
    )


def broken_page(request: HttpRequest) -> HttpResponse:
    raise ValueError("the code was " + request.META["HTTP_X_CODE"])


urlpatterns = [
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/people", People.as_view()),
    path("api/v1/merchant", Merchant.as_view()),
    path("api/v1/things/<str:thing>", Thing.as_view()),
    path("api/v1/courier", Courier.as_view()),
    path("api/v1/notes", Notes.as_view()),
    path("api/v1/other-notes", Notes.as_view()),
    path("api/v1/keyed", Keyed.as_view()),
    path("api/v1/limited", Limited.as_view()),
    path("api/v1/broken", Broken.as_view()),
    path("api/broken-page", broken_page),
    path("api/schema/", SpectacularAPIView.as_view()),
    path("api/docs/problems", docs.problems),
]
