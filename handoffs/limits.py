"""The numbers that keep guessing hopeless. DESIGN.md's arithmetic rests on them."""

from datetime import timedelta

FEWEST_DIGITS = 6  # of a code; a merchant may want up to 8
# Delegates: living at once, and in the shipment's life, each of which tells the recipient.
DELEGATES_AT_ONCE = 3
DELEGATES_PER_SHIPMENT = 10
DELEGATE_NAME_LENGTH = 40
# Who has a code of their own for one shipment. Each more makes every guess likelier, and has it cost a
# courier's budget so many times: handoffs/promise.py.
HOLDERS_PER_SHIPMENT = 1 + DELEGATES_AT_ONCE
ATTEMPTS_PER_GENERATION = 5
ATTEMPTS_PER_SHIPMENT = 10

# Wrong codes per courier (the person, over all their devices): (days looked back on, most of them).
COURIER_BUDGET = ((1, 15), (90, 48), (365, 96))
TYPOS_GIVEN_BACK_PER_SHIPMENT = 2

SEND_COOLDOWN = timedelta(seconds=60)
SENDS_PER_GENERATION = 5
SENDS_AT_THE_DOOR = 1  # besides those, once the courier has arrived
GENERATIONS_PER_SHIPMENT = 30

# Releases without a code. Approved ones per courier, and per courier and member of staff who approves:
# (days of the depot looked back on, most of them). A pair that colludes is a third of what a courier may.
RELEASES_PER_COURIER = ((1, 2), (90, 10))
RELEASES_PER_PAIR = (90, 3)
RELEASE_ASKS_PER_SHIPMENT = 3  # in 24 hours: each one tells the recipient
ACCOUNT_RELEASES_PER_SHIPMENT = 3  # in 24 hours: each one tells every contact
ACCOUNT_RELEASE_SETTLES = timedelta(hours=72)  # none so soon after a changed contact or a dispute
RELEASE_WAITS = timedelta(minutes=10)
RELEASE_USABLE = timedelta(minutes=10)

# "I'm here": how long nobody home is not taken after it, and at most how long after the arrival, so that a
# courier at a door that nobody opens is not held there.
HERE_HOLDS = timedelta(minutes=10)
HERE_HOLDS_AFTER_ARRIVAL = timedelta(minutes=15)

ARRIVAL_IS_CLOSE_M = 500  # one honest position in ten is more than 400 m off

DISPUTE_WINDOW = timedelta(days=14)  # after the handoff

# A link asked for by whoever has the tracking number: never the last sends, nor one after the other.
FRESH_LINK_SENDS = 3  # of a generation's, for all that asks
FRESH_LINK_COOLDOWN = timedelta(minutes=5)

# The code that confirms an opt-out. Guesses: per challenge, which is also the most in an hour for one contact
# and address, and in all through one shipment's page. Sends: per contact, whatever the address.
PREFERENCE_CODE_LIFETIME = timedelta(minutes=10)
PREFERENCE_CODE_REPEATED_FOR = timedelta(minutes=5)
PREFERENCE_ATTEMPTS = 5
PREFERENCE_ATTEMPTS_PER_SHIPMENT = 10
PREFERENCE_SENDS_PER_DAY = 5
ACCOUNT_OPT_OUTS_PER_DAY = 5  # each tells every contact of the account
# Each change tells the contact before: without a limit, whoever holds a merchant's key sends without end.
CONTACT_CHANGES_PER_DAY = 5  # of one order
# No opt-out so soon after a contact was changed or a parcel disputed.
SETTLES = timedelta(hours=72)

# Photos: what a courier may send in 24 hours, and how long one waits to be used.
PHOTOS_PER_DAY = 200
PHOTO_WAITS_FOR = timedelta(days=2)
