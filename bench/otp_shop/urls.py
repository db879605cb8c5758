from django.urls import path

from bench.otp_shop.views import Bare, HandOver, WithToken

urlpatterns = [
    path("bare/<str:public_id>/handoff", Bare.as_view()),
    path("token/<str:public_id>/handoff", WithToken.as_view()),
    path("otp/<str:public_id>/handoff", HandOver.as_view()),
]
