"""What can break, one module for each part."""

from importlib import import_module

PARTS = ("database", "crashes", "disk", "queue", "workers", "provider", "messages", "clock")


def load() -> None:
    """Put all scenarios into the catalogue."""
    for part in PARTS:
        import_module(f"{__name__}.{part}")
