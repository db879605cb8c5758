from collections.abc import Callable


def drain(limit: int = 100, stop: Callable[[], bool] = lambda: False) -> int:
    return 0


def sweep() -> int:
    return 0
