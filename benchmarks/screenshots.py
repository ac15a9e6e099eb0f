"""Pictures of the main pages for the documentation: 1366×768, light and dark, of the example in a folder of its own.

python -m benchmarks.screenshots [FOLDER]      (default docs/images)
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from luoshi.cli import example
from luoshi.cli.example.people import LEADER_ACCOUNTS, MEMBERS, OFFICE, PASSWORD

FOLDER = Path(__file__).parent.parent / "docs" / "images"
LUOSHI = [sys.executable, "-c", "from luoshi.cli.main import main; main()"]
TODAY = "2026-12-31"  # the last day of the example year, when all of it is there
LIAISON = next(name for name, _person, role, *_ in MEMBERS if role == "liaison")
SIZE: Any = {"width": 1366, "height": 768}
YEAR: dict[str, tuple[tuple[str, str], ...]] = {  # account → (name of the picture, address; "" is where it lands)
    OFFICE: (
        ("workbench", ""),
        ("review", "/review/"),
        ("heatmap", "/plans/{plan}/heatmap/"),
        ("set-up", "/plans/{plan}/set-up/"),
        ("forecasts", "/plans/{plan}/forecasts/"),
    ),
    LIAISON: (("unit", ""),),
    LEADER_ACCOUNTS[1]: (("leader", ""),),  # one whose portfolio holds something behind
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, _site(data) as address:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=_chromium(driver), args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                tab = browser.new_page(viewport=SIZE, color_scheme=scheme, locale="zh-CN")
                _take_all(tab, address, folder, scheme, Path(data))
                tab.close()
            _take_year(browser, address, folder)
            browser.close()


def _chromium(driver: Any) -> str:
    own = Path(driver.chromium.executable_path)
    return str(own) if own.exists() else shutil.which("chromium") or shutil.which("google-chrome") or str(own)


def _take_all(tab: Any, address: str, folder: Path, scheme: str, data: Path) -> None:
    def take(name: str) -> None:
        tab.wait_for_timeout(400)
        tab.screenshot(path=folder / f"{name}-{scheme}.png")

    tab.goto(f"{address}/login/")
    take("login")
    _log_in(tab, address, OFFICE)
    tab.goto(f"{address}/documents/")
    take("home")
    tab.goto(f"{address}{_first(tab, '/documents/')}")
    take("reading")
    tab.goto(f"{address}/documents/")
    tab.goto(f"{address}{_first(tab, '/plans/')}")
    take("ledger")
    tab.goto(f"{address}{_first(tab, '/tasks/')}")
    take("task")
    page = data / "page.html"
    subprocess.run([*LUOSHI, "read", "-", "-o", page], input=example.document(), check=True)
    tab.goto(page.as_uri())
    for _ in range(8):
        tab.keyboard.press("j")
    tab.keyboard.press("Tab")
    take("one-page")


def _log_in(tab: Any, address: str, name: str) -> None:
    tab.goto(f"{address}/login/")
    tab.fill("input[name=username]", name)
    tab.fill("input[name=password]", PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "/login/" not in url, timeout=60_000)
    tab.wait_for_load_state("networkidle")


def _take_year(browser: Any, address: str, folder: Path) -> None:
    """The pages of the running year, light and dark: who logs in, what is opened, what it is called."""
    for scheme in ("light", "dark"):
        for account, pages in YEAR.items():
            tab = browser.new_page(viewport=SIZE, color_scheme=scheme, locale="zh-CN")
            _log_in(tab, address, account)
            plan = _first(tab, "/plans/").split("/")[2] if account == OFFICE else ""
            for name, path in pages:
                if path:
                    tab.goto(f"{address}{path.format(plan=plan)}")
                tab.wait_for_timeout(400)
                tab.screenshot(path=folder / f"{name}-{scheme}.png")
            if account == OFFICE:
                _take_curve(tab, f"{address}/plans/{plan}/", folder / f"curve-{scheme}.png")
            tab.close()


def _take_curve(tab: Any, ledger: str, picture: Path) -> None:
    """The first task of the ledger that has a curve, its drawing in the middle of the window."""
    tab.goto(ledger)
    links = tab.eval_on_selector_all("a[href*='/tasks/']", "all => all.map(a => a.href)")
    for link in dict.fromkeys(links):
        tab.goto(link)
        if tab.locator("[data-chart]").count():
            break
    tab.wait_for_selector("[data-drawn] svg path", state="attached", timeout=20_000)
    tab.locator("[data-drawn]").first.evaluate("chart => chart.scrollIntoView({block: 'center'})")
    tab.wait_for_timeout(900)
    tab.screenshot(path=picture)


def _first(tab: Any, part: str) -> str:
    """The first link of the page below an address: a document, a plan, a task."""
    links = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return str(next(link for link in links if part in link and any(c.isdigit() for c in link) and "export" not in link))


@contextmanager
def _site(data: str) -> Iterator[str]:
    """The example on a free port; stopped at the end."""
    environment = os.environ | {"LUOSHI_DATA": data, "LUOSHI_TODAY": TODAY}
    environment.pop("DATABASE_URL", None)
    subprocess.run([*LUOSHI, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*LUOSHI, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/login/")
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"nothing answers at {address}")


if __name__ == "__main__":
    main()
