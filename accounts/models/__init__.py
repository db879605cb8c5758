from accounts.models.browsers import KnownPlace, TrustedBrowser
from accounts.models.challenges import Challenge, CodeAddress
from accounts.models.factors import AuthenticatorApp, RecoveryCode
from accounts.models.history import SecurityEvent, SignInTry
from accounts.models.sessions import AccountSession
from accounts.models.users import User, UserManager

__all__ = [
    "AccountSession",
    "AuthenticatorApp",
    "Challenge",
    "CodeAddress",
    "KnownPlace",
    "RecoveryCode",
    "SecurityEvent",
    "SignInTry",
    "TrustedBrowser",
    "User",
    "UserManager",
]
