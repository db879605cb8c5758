"""The account's pages. Where django-allauth looks a page up by name, it has allauth's name."""

from django.urls import path

from customers.account import email, home, password, phone, sign_in, sign_up, step_up

urlpatterns = [
    path("", home.home, name="account_home"),
    path("login/", sign_in.sign_in, name="account_login"),
    path("login/code/", sign_in.code, name="account_confirm_login_code"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("signup/", sign_up.sign_up, name="account_signup"),
    path("signup/code/", sign_up.code, name="account_confirm_sign_up"),
    path("password/", password.change, name="account_change_password"),
    path("password/reset/", password.reset, name="account_reset_password"),
    path(
        "password/reset/<slug:account_id>/<slug:token>/",
        password.set_by_link,
        name="account_reset_password_from_key",
    ),
    path("phone/", phone.choose, name="account_phone"),
    path("phone/code/", phone.code, name="account_confirm_phone"),
    path("phone/remove/", phone.remove, name="account_remove_phone"),
    path("phone/way/", phone.way, name="account_code_way"),
    path("email/", email.change, name="account_email"),
    path("email/code/", email.code, name="account_confirm_email"),
    path("confirm/", step_up.code, name="account_reauthenticate"),
    path("browsers/forget/", home.forget_browser, name="account_forget_browser"),
]
