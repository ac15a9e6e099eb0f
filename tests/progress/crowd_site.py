"""Fifty people at the site as ``luoshi serve`` runs it: real sockets, real log-ins, the tokens of the pages.

``python -m benchmarks crowd`` prints the figures, the test beside this asks for them. Nothing of the site is
loaded into this process, so that a server killed here takes nobody with it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.progress.crowd import EACH, LINES, OPENS, PASSWORD, PEOPLE, TO_SUBMIT, reports_of

ROOT = Path(__file__).parents[2]
ENOUGH = 60  # acknowledged submissions after which the site is killed
PATIENCE = 120  # seconds that anything may take


class Refused(Exception):
    """An answer that is none: HTTP 4xx or 5xx."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass
class Person:
    """One at his browser: cookies, the token of the page last seen, and how long each answer took (seconds)."""

    base: str
    number: int
    token: str = ""
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar, NoRedirect, urllib.request.ProxyHandler({}))

    def ask(self, path: str, data: Any = None, *, as_json: bool = False) -> str:
        """GET, or POST of a form or of JSON; the page's text. Raises Refused, OSError."""
        body, headers = None, {"Referer": self.base + "/"}
        if data is not None:
            headers["X-CSRFToken"] = self.token
            headers["Content-Type"] = "application/json" if as_json else "application/x-www-form-urlencoded"
            body = (json.dumps(data) if as_json else urllib.parse.urlencode(data)).encode()
        begun = time.perf_counter()
        try:
            with self._opener.open(urllib.request.Request(self.base + path, body, headers), timeout=PATIENCE) as answer:
                text: str = answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code >= 400:
                raise Refused(f"{path}: HTTP {error.code}") from None
            text = ""
        self.took.append(time.perf_counter() - begun)
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = found[1]
        return text

    def log_in(self) -> None:
        """Through the log-in page."""
        self.ask("/login/")
        said = self.ask("/login/", {"username": f"person{self.number}", "password": PASSWORD})
        if said:  # the page again instead of a redirect
            raise Refused(f"person{self.number} was not let in")

    def reports(self, unit: int) -> list[int]:
        """The reports that the unit's page lists."""
        return [int(pk) for pk in re.findall(r'data-report="(\d+)"', self.ask(f"/units/{unit}/"))]

    def write(self, report: int, before: str, now: str) -> str:
        """As the page saves by itself: what stood there when it was opened, and what stands there now."""
        changes = {"progress": {"base": before, "value": now}}
        answer = self.ask(f"/reports/{report}/draft/", {"changes": changes}, as_json=True)
        return str(json.loads(answer)["values"]["progress"])

    def send(self, unit: int, report: int) -> None:
        """Sign and send in."""
        self.ask(f"/units/{unit}/submit/", {"report": report})


class Site:
    """A site of its own with its data in a folder, as ``luoshi serve`` runs it, on a port that was free."""

    def __init__(self, folder: Path, settings: str) -> None:
        own = ("DATABASE_URL", "LUOSHI_HTTPS")
        self._environment = {name: value for name, value in os.environ.items() if name not in own}
        self._environment |= {"LUOSHI_DATA": str(folder), "PYTHONPATH": str(ROOT), "LUOSHI_TODAY": OPENS.isoformat()}
        self._environment["DJANGO_SETTINGS_MODULE"] = settings
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self._log = folder / "serve.log"

    def step(self, name: str) -> dict[str, list[str]]:
        """A step of the crowd, as facts."""
        command = [sys.executable, "-m", "tests.progress.crowd", name]
        done = self._run(command)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line}

    def luoshi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command line."""
        return self._run([sys.executable, "-c", "from luoshi.cli.main import main; main()", *words])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server, up; at the end it and whatever it started is gone, however the test ended."""
        command = [sys.executable, "-c", "from luoshi.cli.main import main; main()", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            server = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait(server)
            yield server
        finally:
            kill(server)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and server.poll() is None:
            try:
                Person(self.base, 0).ask("/login/")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(self._log.read_text()[-2000:])

    def complaints(self) -> list[str]:
        """What the server wrote of errors."""
        return [line for line in self._log.read_text().splitlines() if " ERROR " in line or "locked" in line]


def kill(server: subprocess.Popen[bytes]) -> None:
    """kill -9 for it and its children: they are a group of their own."""
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    server.wait(timeout=30)


@dataclass
class Crowd:
    """The fifty, where they belong, and what went wrong."""

    site: Site
    office: int
    units: list[int]
    people: list[Person] = field(default_factory=list)
    own: dict[int, list[int]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def unit(self, person: Person) -> int:
        return self.units[person.number // 2]

    def all_at_once(self) -> float:
        """Everybody logs in, opens his unit's page, writes his report in three goes, adds his line to the office's, signs.
        Seconds until the last is through."""
        self._wait_for_the_worker()
        begun = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            self.people = list(pool.map(self._report, range(PEOPLE)))
        return time.perf_counter() - begun

    def _wait_for_the_worker(self) -> None:
        """The site's own worker opens the period; then one lays out the office's report."""
        first, until = Person(self.site.base, 0), time.monotonic() + PATIENCE
        first.log_in()
        while not (found := first.reports(self.office)):
            if time.monotonic() > until:
                raise RuntimeError("the worker did not open the period")
            time.sleep(0.3)
        first.write(min(found), "", LINES)

    def _report(self, number: int) -> Person:
        person = Person(self.site.base, number)
        try:
            person.log_in()
            mine = self.own[number] = reports_of(person.reports(self.unit(person)), number)
            text = ""
            for part in ("现场已清理，", "材料已报送，", f"第{number}人填完。"):
                text = person.write(mine[0], text, text + part)
            common = min(person.reports(self.office))
            person.write(common, LINES, LINES.replace(f"第{number}人：", f"第{number}人：已办{number}件"))
            person.send(self.unit(person), mine[0])
        except (Refused, OSError, IndexError) as error:
            self.errors.append(f"person{number}: {error!r}")
        return person

    def killed(self, server: subprocess.Popen[bytes]) -> tuple[set[int], set[int]]:
        """Fifty people send in two hundred reports; after ``ENOUGH`` the server is killed. The reports of which it said
        that they are kept, and that they are in."""
        kept, sent, over = set[int](), set[int](), threading.Event()

        def some(person: Person) -> None:
            for report in self.own[person.number][1 : 1 + EACH]:
                try:
                    person.write(report, "", f"{report} 已完成本月节点。")
                    kept.add(report)
                    person.send(self.unit(person), report)
                    sent.add(report)
                except OSError:  # the server is gone: what it did not answer is not acknowledged
                    return
                except Refused as error:
                    self.errors.append(f"person{person.number}: {error!r}")
                    return
                if len(sent) >= ENOUGH:
                    over.set()

        with ThreadPoolExecutor(PEOPLE) as pool:
            going = [pool.submit(some, person) for person in self.people]
            over.wait(PATIENCE)
            kill(server)
            for each in going:
                each.result(PATIENCE)
        return kept, sent

    def figures(self) -> str:
        """How many answers, and how long they took."""
        took = [1000 * each for person in self.people for each in person.took]
        late = quantiles(took, n=20)[-1]
        return (
            f"{len(took)} answers, median {median(took):.0f} ms, 95 % within {late:.0f} ms, longest {max(took):.0f} ms"
        )


def gathered(folder: Path, settings: str = "luoshi.config.settings") -> Crowd:
    """A fresh site with the county in it."""
    site = Site(folder, settings)
    found = site.step("prepare")
    return Crowd(site, int(found["office"][0]), [int(pk) for pk in found["units"]])


def measure() -> dict[str, Any]:
    """Fifty at once, then killed in the middle of two hundred; prints what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = gathered(Path(folder))
        with crowd.site.serving() as server:
            seconds = crowd.all_at_once()
            print(f"  {PEOPLE} people reporting at once, each from log-in to signature: {seconds:.1f} s")
            print(f"  {crowd.figures()}; errors {len(crowd.errors)}")
            kept, sent = crowd.killed(server)
        with crowd.site.serving():
            found = crowd.site.step("check")
            verified = crowd.site.luoshi("verify")
        there = {int(pk) for pk in found["sent"]}
        drafts = {int(pk) for pk in found["drafted"]} | there
        print(f"  edits of the same report kept: {found['common'][0]} of {PEOPLE}")
        print(f"  killed after {len(sent)} of {TO_SUBMIT} acknowledged; lost {len(sent - there) + len(kept - drafts)}")
        print(f"  luoshi verify: {verified.stdout.strip()}")
    return {
        "people": PEOPLE, "seconds": round(seconds, 1), "errors": len(crowd.errors), "edits_kept": int(found["common"][0]),
        "acknowledged": len(sent), "lost": len(sent - there) + len(kept - drafts), "verify": verified.returncode,
    }  # fmt: skip
