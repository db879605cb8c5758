"""What a page does that nobody should see: errors of scripts, refused content, requests that fail."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request, Response

TOLD_BY_ITS_RESPONSE = "Failed to load resource"
# A browser gives up an icon or a style that was still under way when the page was left: nobody misses it.
FILES, PAGE_LEFT = "/static/", "net::ERR_ABORTED"


class Watch:
    """Collects them from a page. What a story wants to happen, it announces with `expect`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self._expected: list[str] = []
        self._allowed: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", self._broke)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        page.on("dialog", self._asked)

    def expect(self, pattern: str) -> None:
        """A problem like `422 POST .*/handoff` or `failed GET .*/route`, a regular expression, will come."""
        self._expected.append(pattern)

    def allow(self, pattern: str) -> None:
        """A problem that may come or not, such as a request that was under way when the page was left."""
        self._allowed.append(pattern)

    def assert_quiet(self) -> None:
        """Nothing but the expected, and all of that."""
        known = [*self._expected, *self._allowed]
        surprises = [p for p in self.problems if not any(re.search(e, p) for e in known)]
        missing = [e for e in self._expected if not any(re.search(e, p) for p in self.problems)]
        assert not surprises, f"the page had problems: {surprises}"
        assert not missing, f"the page did not have the problems expected: {missing}"

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(TOLD_BY_ITS_RESPONSE):
            self.problems.append(f"console: {message.text}")

    def _broke(self, error: Error) -> None:
        self.problems.append(f"script: {error.message}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            path = urlsplit(response.url).path
            self.problems.append(f"{response.status} {response.request.method} {path}")

    def _failed(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith(FILES) and request.failure == PAGE_LEFT:
            return
        self.problems.append(f"failed {request.method} {path}: {request.failure}")

    def _asked(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()
