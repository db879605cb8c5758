"""Results as JSON, a table and a plot."""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.rounds import Cell, Summary, as_json

RESULTS = Path(__file__).parent / "results"


def table(found: Sequence[Summary]) -> str:
    """A table in Markdown, a row for each contender and number of connections."""
    lines = [
        "| | connections | requests/s | range | p50 ms | p99 ms | server CPU ms | database CPU ms | errors |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.contender} | {one.connections} | {one.per_second:.0f} "
        f"| {one.lowest:.0f} to {one.highest:.0f} | {one.p50:.1f} | {one.p99:.1f} "
        f"| {one.server_cpu:.2f} | {one.database_cpu:.2f} | {one.errors} |"
        for one in found
    ]
    return "\n".join(lines)


def ratios(found: Sequence[Summary]) -> dict[str, dict[int, float]]:
    """What is promised, at each number of connections."""
    rates = {(one.contender, one.connections): one.per_second for one in found}
    told: dict[str, dict[int, float]] = {}

    def tell(name: str, connections: int, value: float) -> None:
        told.setdefault(name, {})[connections] = round(value, 3)

    for one in found:
        if one.contender != "ours":
            continue
        at = one.connections
        for other in ("otp-tuned", "otp-startproject", "token"):
            if rates.get((other, at)):
                tell(f"ours / {other}", at, one.per_second / rates[other, at])
        bare, floor = rates.get(("bare", at)), rates.get(("floor", at))
        if bare and floor:
            tell("ours / (1/(1/bare + 1/floor))", at, one.per_second * (1 / bare + 1 / floor))
        if one.p50:
            tell("p99 / p50", at, one.p99 / one.p50)
    return told


def show(
    name: str,
    found: Sequence[Summary],
    cells: Sequence[Cell],
    promised: dict[str, dict[int, float]],
    options: argparse.Namespace,
) -> None:
    """Print the table, and keep everything in `bench/results/<name>.json`."""
    print(table(found))
    for what, values in promised.items():
        print(f"{what}: " + ", ".join(f"{value:.2f} at {at}" for at, value in values.items()))
    keep(name, {"summaries": as_json(found), "ratios": promised, "cells": as_json(cells)}, options)


def keep(name: str, found: dict[str, Any], options: argparse.Namespace) -> None:
    """Write what was found to `bench/results/<name>.json`, where that is wanted."""
    if not options.keep:
        return
    RESULTS.mkdir(exist_ok=True)
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "options": {key: value for key, value in vars(options).items() if key != "run"},
        **found,
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
