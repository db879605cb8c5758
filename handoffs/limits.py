"""The numbers that keep guessing hopeless. DESIGN.md's arithmetic rests on them."""

from datetime import timedelta

ATTEMPTS_PER_GENERATION = 5
ATTEMPTS_PER_SHIPMENT = 10

# Wrong codes per courier (the person, over all their devices): (days looked back on, most of them).
COURIER_BUDGET = ((1, 15), (90, 48), (365, 96))
TYPOS_GIVEN_BACK_PER_SHIPMENT = 2

SEND_COOLDOWN = timedelta(seconds=60)
SENDS_PER_GENERATION = 5
GENERATIONS_PER_SHIPMENT = 30

# The code that confirms an opt-out. Guesses: per challenge, which is also the most in an hour for one contact
# and address, and in all through one shipment's page. Sends: per contact, whatever the address.
PREFERENCE_CODE_LIFETIME = timedelta(minutes=10)
PREFERENCE_CODE_REPEATED_FOR = timedelta(minutes=5)
PREFERENCE_ATTEMPTS = 5
PREFERENCE_ATTEMPTS_PER_SHIPMENT = 10
PREFERENCE_SENDS_PER_DAY = 5
# Each change tells the contact before: without a limit, whoever holds a merchant's key sends without end.
CONTACT_CHANGES_PER_DAY = 5  # of one order
CONTACT_CHANGE_SETTLES = timedelta(hours=72)
