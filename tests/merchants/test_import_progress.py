"""The progress bar: on a terminal only, and one line whatever it says."""

from io import StringIO

from merchants.management.progress import ProgressBar


def test_it_draws_over_itself() -> None:
    out = StringIO()
    bar = ProgressBar(out, shown=True)
    bar.show("Placing orders", 250, 1_000)
    bar.show("Placing orders", 1_000, 1_000)
    bar.clear()
    drawn = [line.removeprefix("\x1b[K") for line in out.getvalue().split("\r")[1:]]
    assert drawn == [
        "Placing orders [########                      ]  25%  250 of 1,000",
        "Placing orders [##############################] 100%  1,000 of 1,000",
        "",
    ]


def test_it_is_drawn_at_most_ten_times_a_second() -> None:
    out = StringIO()
    bar = ProgressBar(out, shown=True)
    for done in range(1, 10_000):
        bar.show("Reading", done, 10_000)
    assert out.getvalue().count("\r") < 20


def test_without_a_terminal_nothing_is_drawn() -> None:
    out = StringIO()
    bar = ProgressBar(out, shown=False)
    bar.show("Reading", 1, 1)
    bar.clear()
    assert out.getvalue() == ""
