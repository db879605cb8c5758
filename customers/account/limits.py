"""How often one network may ask what costs us a message or a password hash, counted before it is done."""

from datetime import timedelta

from api.guesses import GuessLimit

SIGN_UPS = GuessLimit("sign-ups of a network", 20, timedelta(hours=1))
RESETS = GuessLimit("password resets of a network", 20, timedelta(hours=1))
