"""A stand-in for Twilio on 127.0.0.1: the real client talks to it, and it calls back as the real one does.

`plans` says how each number fares, `account` keeps messages and calls, `callbacks` signs and sends what
Twilio tells, `calls` is the phone that rings, `server` speaks HTTP.
"""

from tests.servers.twilio.account import ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID, Account
from tests.servers.twilio.callbacks import Callback, over_http, signature
from tests.servers.twilio.plans import Plan, Refusal
from tests.servers.twilio.server import TwilioStandIn, twilio_server

__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "SERVICE_SID",
    "Account",
    "Callback",
    "Plan",
    "Refusal",
    "TwilioStandIn",
    "over_http",
    "signature",
    "twilio_server",
]
