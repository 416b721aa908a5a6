"""A browser of one person, of which everything that reaches it is kept: pages, JSON, downloads, websocket frames."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Download,
    Error,
    Page,
    Request,
    Response,
    WebSocket,
    expect,
)

EMPTY = (204, 301, 302, 303, 304, 307, 308)  # statuses without a body to read


def settled(page: Page) -> None:
    """Waits until the page has been drawn to its end, as a person sees from its running sign."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


@dataclass(frozen=True)
class Marker:
    """What is looked for. literal: stands in every match, and is found much faster than the pattern."""

    literal: bytes
    pattern: re.Pattern[bytes]


@dataclass
class Watched:
    """tokens: the Authorization headers that its pages sent, by the address they were first sent to."""

    context: BrowserContext
    page: Page
    received: list[tuple[str, bytes]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    _unread: list[Response] = field(default_factory=list)
    _whole: set[Request] = field(default_factory=set)
    _saved: list[Download] = field(default_factory=list)

    def read(self) -> None:
        """Reads the answers that have come; before the page is left, with which a browser forgets them.

        One that is still coming (a recording that is played) is asked for once more, whole.
        """
        for answer in self._unread:
            if not answer.url.startswith("http"):
                continue  # blob: and data: are made in the browser of what has come already
            self.keep(f"headers of {answer.url}", repr(answer.headers))
            if answer.status in EMPTY:
                continue
            try:
                if answer.request not in self._whole:
                    raise Error("it has not come to its end")
                self.keep(answer.url, answer.body())
            except Error:
                if "attachment" not in answer.headers.get("content-disposition", ""):
                    assert answer.request.method == "GET", answer.url
                    self.ask("GET", answer.url)
        for download in self._saved:
            self.keep(f"download {download.suggested_filename}", Path(download.path()).read_bytes())
        self._unread.clear()
        self._saved.clear()

    def keep(self, where: str, content: bytes | str) -> None:
        """Something that has reached the browser."""
        self.received.append((where, content.encode() if isinstance(content, str) else content))

    def open(self, url: str) -> None:
        """Goes to an address of the app and waits until it is drawn."""
        self.read()
        self.page.goto(url)
        settled(self.page)

    def ask(self, method: str, url: str, **sent: Any) -> int:
        """One request by hand with this browser's cookies; what comes is kept. Returns the status."""
        answer = self.context.request.fetch(url, method=method, max_redirects=0, **sent)
        self.keep(f"{method} {url}", answer.body())
        self.keep(f"headers of {method} {url}", repr(answer.headers))
        return answer.status

    def look_at_everything(self) -> None:
        """On the page that is open: every tab, every fold, every switch, every download."""
        main = self.page.get_by_test_id("stMain")
        for part in ("[data-testid=stExpander] summary", "[data-testid=stCheckbox] label", "[role=tab]"):
            for number in range(main.locator(part).count()):
                one = main.locator(part).nth(number)
                if one.is_visible() and one.is_enabled():
                    one.click()
                    settled(self.page)
                    self._take_downloads()
        self._take_downloads()
        self.read()

    def _take_downloads(self) -> None:
        buttons = self.page.get_by_test_id("stMain").locator("[data-testid=stDownloadButton] button")
        for number in range(buttons.count()):
            if buttons.nth(number).is_visible() and buttons.nth(number).is_enabled():
                with self.page.expect_download():
                    buttons.nth(number).click()
                settled(self.page)

    def found(self, markers: Mapping[str, Marker]) -> dict[str, list[str]]:
        """Which markers have reached it, and where."""
        self.read()
        hits: dict[str, list[str]] = {}
        for content, where in {content: where for where, content in self.received}.items():
            for name, marker in markers.items():
                if marker.literal in content and marker.pattern.search(content):
                    hits.setdefault(name, []).append(where)
        return hits


def watched(browser: Browser, **options: Any) -> Watched:
    """A new browser of somebody, watched from its first request on."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    made = Watched(context, page)

    def socket(opened: WebSocket) -> None:
        opened.on("framereceived", lambda frame: made.keep(f"websocket on {page.url}", frame))

    def header(request: Request) -> None:
        if token := request.headers.get("authorization"):
            made.tokens[request.url.partition("?")[0]] = token

    context.on("request", header)
    context.on("requestfinished", lambda request: made._whole.add(request))
    context.on("response", lambda answer: made._unread.append(answer))
    page.on("websocket", socket)
    page.on("download", lambda download: made._saved.append(download))
    return made
