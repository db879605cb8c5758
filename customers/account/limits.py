"""How often one network or account may ask what costs us a message or a hash, counted before it is done."""

from datetime import timedelta

from api.guesses import GuessLimit

SIGN_UPS = GuessLimit("sign-ups of a network", 20, timedelta(hours=1))
RESETS = GuessLimit("password resets of a network", 20, timedelta(hours=1))
RESETS_OF_ADDRESS = GuessLimit("password resets of an address", 2, timedelta(hours=1))
PASSKEY_OPTIONS = GuessLimit("passkey challenges of a network", 300, timedelta(hours=1))
# How long what nobody has signed in to is kept, after it was last used.
UNFINISHED = timedelta(hours=1)
# Of one account: each sends a code to somebody who has not asked for it.
NUMBERS = GuessLimit("phone numbers of an account", 10, timedelta(days=1))
NUMBERS_OF_NETWORK = GuessLimit("phone numbers of a network", 50, timedelta(days=1))
ADDRESSES = GuessLimit("e-mail addresses of an account", 10, timedelta(days=1))
