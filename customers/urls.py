"""The recipient's pages, under `/o/`. A tracking number opens the bare page; only messages carry a proof."""

from django.urls import path, re_path

from customers import delegates, installed, preferences, views

BARE = r"^(?P<tracking>[0-9A-Za-z]{1,16})/"
OWN = r"^(?P<tracking>[0-9A-Za-z]{1,16})\.(?P<proof>[^/]{1,200})/"

app_name = "customers"
urlpatterns = [
    path("worker.js", installed.worker, name="worker"),
    re_path(BARE + "$", views.bare, name="bare"),
    re_path(BARE + "fresh-link/$", views.fresh_link, name="fresh-link"),
    re_path(OWN + "$", views.own, name="own"),
    re_path(OWN + "manifest/$", installed.manifest, name="manifest"),
    re_path(OWN + "resend/$", views.resend_code, name="resend"),
    re_path(OWN + "new-code/$", views.new_code, name="new-code"),
    re_path(OWN + "here/$", views.here, name="here"),
    re_path(OWN + "not-received/$", views.not_received, name="not-received"),
    re_path(OWN + "preferences/$", preferences.show, name="preferences"),
    re_path(OWN + "preferences/send/$", preferences.send, name="preferences-send"),
    re_path(OWN + "delegates/$", delegates.name, name="delegates-name"),
    re_path(OWN + "delegates/revoke/$", delegates.revoke, name="delegates-revoke"),
    re_path(OWN + "preferences/confirm/$", preferences.confirm, name="preferences-confirm"),
    re_path(OWN + "preferences/codes-again/$", preferences.codes_again, name="preferences-codes-again"),
]
