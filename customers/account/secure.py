"""Behind the link of the warning: sign everything out, then set a new password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import secure_links
from customers.account.forms import ResetForm
from customers.account.guard import private
from customers.guard import secret_address


@secret_address
@private
def sign_everything_out(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what the button does; POST does it, once."""
    if request.method == "POST":
        if done := secure_links.secure(token):
            account, reset_token = done
            if account.is_staff:
                return render(request, "customers/account/ask_administrator.html")
            return redirect("account_reset_password_from_key", account.public_id, reset_token)
    elif secure_links.whose_link(token):
        return render(request, "customers/account/secure.html")
    return render(request, "customers/account/reset.html", {"form": ResetForm(), "dead": True})
