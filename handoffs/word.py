"""The word with which a courier proves themselves first: their handheld and the recipient's page show it."""

from django.conf import settings

from codes.derivation import derive_number
from fleet.models import Stop

LABEL = "courier-word/v1"
# Known in most languages and hard to mistake for one another, on the phone either.
WORDS = [
    *("ALBATROS", "BALCONY", "BAMBOO", "BANANA", "BANJO", "BARITONE", "BAZAAR", "BIKINI"),
    *("BINGO", "CACTUS", "CALYPSO", "CAMERA", "CANNOLI", "CARAMEL", "CASINO", "CAVIAR"),
    *("CHAMPAGNE", "CHOCOLATE", "COBRA", "COCONUT", "DELTA", "DOMINO", "DRAGON", "ELEPHANT"),
    *("ESPRESSO", "FLAMINGO", "GALAXY", "GIRAFFE", "GONDOLA", "GORILLA", "GUITAR", "HARMONICA"),
    *("HORIZON", "JAGUAR", "JASMINE", "KANGAROO", "KARATE", "KIMONO", "KIWI", "LEMON"),
    *("LIMOUSINE", "MAGNET", "MANDARIN", "MANGO", "MARATHON", "MELODY", "MIRAGE", "ORCHESTRA"),
    *("ORCHID", "PANDA", "PAPAYA", "PIANO", "PYRAMID", "RADIO", "ROBOT", "SAFARI"),
    *("SAMBA", "SATELLITE", "SAXOPHONE", "TANGO", "TORNADO", "TULIP", "VANILLA", "VOLCANO"),
]


def word_of(stop: Stop) -> str:
    """The word of this courier's stop; another courier's stop has another one. Needs no statement, with the
    shipment loaded.

    It is no secret of the code: it is derived without its nonce, and knowing it opens nothing.
    """
    master = list(settings.DELIVERY_CODE_KEYS.values())[-1]
    place = derive_number(master, LABEL, stop.shipment.public_id, str(stop.pk), len(WORDS))
    return WORDS[place]
