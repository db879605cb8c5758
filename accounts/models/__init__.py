from accounts.models.browsers import KnownPlace, TrustedBrowser
from accounts.models.challenges import Challenge, CodeAddress
from accounts.models.users import User, UserManager

__all__ = ["Challenge", "CodeAddress", "KnownPlace", "TrustedBrowser", "User", "UserManager"]
