import re
import time

from api.ids import new_id


def test_an_id_is_a_prefix_and_26_characters_of_crockford_base32() -> None:
    assert re.fullmatch(r"shp_[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}", new_id("shp"))


def test_ids_made_in_one_millisecond_differ() -> None:
    assert len({new_id("shp") for _ in range(5_000)}) == 5_000


def test_a_later_id_sorts_later() -> None:
    earlier = new_id("shp")
    time.sleep(0.002)
    assert earlier < new_id("shp")


def test_an_id_tells_its_millisecond() -> None:
    digits = new_id("shp").removeprefix("shp_")
    number = 0
    for digit in digits:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(digit)
    assert abs((number >> 80) / 1000 - time.time()) < 5
