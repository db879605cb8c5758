from accounts.models.browsers import TrustedBrowser
from accounts.models.challenges import Challenge, CodeAddress
from accounts.models.users import User, UserManager

__all__ = ["Challenge", "CodeAddress", "TrustedBrowser", "User", "UserManager"]
