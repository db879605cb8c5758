"""The numbers that keep guessing an account's codes hopeless. docs/security.md computes with them."""

from datetime import timedelta

DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
# A code that has this much of its life left is sent again as it is: two messages then never disagree.
REPEATED_WITH_LEFT = timedelta(minutes=3)
ATTEMPTS = 5  # of one challenge, and of one account for one purpose in ATTEMPTS_WINDOW
ATTEMPTS_WINDOW = timedelta(minutes=15)
FAILURES_IN_A_ROW = 20  # of one account, across everything
JUDGED_BY_ANYBODY = 20  # in a day, for one address: of the codes that anybody can have sent there
SEND_COOLDOWN = timedelta(seconds=60)  # for one address, whoever asked
SENDS_PER_ADDRESS = 5
SENDS_WINDOW = timedelta(hours=1)
SENDS_BY_ANYBODY = 3  # of those: what needs no password or session of the owner of the address

FRESH_FOR = timedelta(minutes=10)  # how long a code counts as fresh for changes
BROWSER_TRUSTED_FOR = timedelta(days=30)
BROWSERS_PER_COOKIE = 5  # people who share one browser
SET_UP_WITHIN = timedelta(minutes=30)  # from the picture for an app to its first code
RESET_LINK_LIFETIME = timedelta(hours=1)
