"""People at a real browser, before the built front end. Without Chromium or the build, tests are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BUILT = Path(__file__).parents[2] / "luoshi/ui/static/build/luoshi.js"


class Desk:
    """A person at a browser: opens pages, and minds what the browser complains of."""

    def __init__(self, browser: Browser, base: str, **options: Any) -> None:
        self.base = base
        self.context = browser.new_context(
            **{"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", "accept_downloads": True, **options}
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.base + path)
        return self.page

    def log_in(self, username: str, password: str) -> Page:
        """Through the log-in page, as everyone."""
        page = self.open("/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", password)
        page.click("button.pri")
        page.wait_for_url(f"{self.base}/")
        return page


@pytest.fixture
def desks(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Makes desks; at the end none of their browsers may have complained."""
    if not BUILT.exists():
        pytest.skip("the front end is not built: make static")
    made: list[Desk] = []

    def make(**options: Any) -> Desk:
        made.append(Desk(browser, live_server.url, **options))
        return made[-1]

    yield make
    complaints = [each for desk in made for each in desk.complaints]
    for desk in made:
        desk.context.close()
    assert not complaints


@pytest.fixture
def people(transactional_db: None) -> Any:
    """The cast, in a database that the server's threads see too."""
    from tests.cast import assemble

    return assemble()
