"""What axe-core finds wrong with a page: https://github.com/dequelabs/axe-core, MPL-2.0."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })"


def violations(page: Page) -> list[str]:
    """Each rule of WCAG 2.2 AA that the page breaks, and where."""
    page.evaluate(SOURCE)
    found: dict[str, Any] = page.evaluate(RUN, WCAG)
    return [
        f"{each['id']}: {', '.join(str(node['target'][0]) for node in each['nodes'])}"
        for each in found["violations"]
    ]


def sticks_out(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
