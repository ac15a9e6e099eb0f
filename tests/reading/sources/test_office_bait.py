"""Documents that would run a macro or call home when LibreOffice opens them: they are read, and neither happens.

Each bait is first opened by a LibreOffice with its guards down, to see that it would bite.
"""

from __future__ import annotations

import http.server
import io
import os
import signal
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from luoshi.reading.sources import office, open_source

pytestmark = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")

ODT = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
        "dom": "http://www.w3.org/2001/xml-events",
        "ooo": "http://openoffice.org/2004/office",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
LIBRARY = "http://openoffice.org/2000/"
TEXT = "1.改造农村公路15公里。"
OPEN = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "0",
        "DisableMacrosExecution": "false",
        "BlockUntrustedRefererLinks": "false",
    }
}


def basic(marker: Path) -> str:
    return f'Sub Main\nn = FreeFile\nOpen "{marker}" For Output As #n\nPrint #n, "ran"\nClose #n\nEnd Sub\n'


def odt(body: str = "", macro: str = "") -> bytes:
    """An OpenDocument text: a task, more of a body, and a Basic library whose Main runs when the document opens."""
    link = "vnd.sun.star.script:Standard.Bait.Main?language=Basic&amp;location=document"
    listener = (
        '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" '
        f'script:event-name="dom:load" xlink:href="{link}" xlink:type="simple"/></office:event-listeners></office:scripts>'
    )
    parts = {
        "content.xml": f'<office:document-content {SPACES} office:version="1.2">{listener if macro else ""}<office:body>'
        f"<office:text><text:p>{TEXT}</text:p>{body}</office:text></office:body></office:document-content>"
    }
    if macro:
        doctype = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}">\n'
        linked = f'xmlns:library="{LIBRARY}library" xmlns:xlink="http://www.w3.org/1999/xlink"'
        parts |= {
            "Basic/script-lc.xml": doctype.format("library:libraries", "libraries.dtd")
            + f'<library:libraries {linked}><library:library library:name="Standard" library:link="false"/></library:libraries>',
            "Basic/Standard/script-lb.xml": doctype.format("library:library", "library.dtd")
            + f'<library:library xmlns:library="{LIBRARY}library" library:name="Standard" library:readonly="false" '
            'library:passwordprotected="false"><library:element library:name="Bait"/></library:library>',
            "Basic/Standard/Bait.xml": doctype.format("script:module", "module.dtd")
            + f'<script:module xmlns:script="{LIBRARY}script" script:name="Bait" script:language="StarBasic">'
            + macro.replace("&", "&amp;").replace('"', "&quot;")
            + "</script:module>",
        }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>{entries}</manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("mimetype", ODT)
        for name, content in {**parts, "META-INF/manifest.xml": manifest}.items():
            container.writestr(name, content)
    return out.getvalue()


def opened(data: bytes) -> list[str]:
    return [block.text for block in open_source(data, "通知.odt").blocks]


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process LibreOffice is started with its guards down."""
    monkeypatch.setattr(office, "_SETTINGS", OPEN)
    monkeypatch.setattr(office, "_alone", list)


# --- a macro ----------------------------------------------------------------------------------------------------------


def opens(
    folder: Path, settings: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch, seconds: float
) -> float | None:
    """Let LibreOffice open the bait for good, as a person would; after how many seconds the macro ran, None where it did not."""
    folder.mkdir()
    marker = folder / "ran.txt"
    (folder / "a.odt").write_bytes(odt(macro=basic(marker)))
    monkeypatch.setattr(office, "_SETTINGS", settings)
    office._write_profile(folder / "profile" / "user")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    begun = time.monotonic()
    running = subprocess.Popen(
        [str(office.program()), f"-env:UserInstallation=file://{folder}/profile", *options, str(folder / "a.odt")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        while time.monotonic() - begun < seconds:
            if marker.exists():
                return time.monotonic() - begun
            time.sleep(0.2)
        return None
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def test_a_macro_that_starts_by_itself_would_run_but_for_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bait bites a LibreOffice with its guards down, and not one with ours, which gets twice that time."""
    ours = office._SETTINGS
    took = opens(tmp_path / "down", OPEN, monkeypatch, 60)
    assert took is not None
    assert opens(tmp_path / "ours", ours, monkeypatch, 2 * took + 3) is None


def test_a_macro_that_starts_by_itself_does_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran.txt"
    assert opened(odt(macro=basic(marker))) == [TEXT]
    assert not marker.exists()


# --- the network ------------------------------------------------------------------------------------------------------


class Listener:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        came = self.came = list[str]()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                came.append(self.path)
                self.send_error(404)

            do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def linked(address: str) -> str:
    """A picture and a section that live elsewhere."""
    return (
        '<text:p><draw:frame draw:name="a" text:anchor-type="as-char" svg:width="3cm" svg:height="3cm">'
        f'<draw:image xlink:href="{address}/picture.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
        "</draw:frame></text:p>"
        f'<text:section text:name="b"><text:section-source xlink:href="{address}/section.odt" xlink:type="simple"/>'
        "<text:p>二</text:p></text:section>"
    )


def test_a_linked_picture_would_be_fetched(listener: Listener, unguarded: None) -> None:
    office.blocks_of(odt(linked(listener.address)))
    assert listener.came


def test_nothing_is_fetched(listener: Listener) -> None:
    assert TEXT in opened(odt(linked(listener.address)))
    time.sleep(0.5)
    assert not listener.came


def test_nothing_is_fetched_where_the_system_gives_no_network_of_its_own(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings alone hold it back, on systems that have no ``unshare``."""
    monkeypatch.setattr(office, "_alone", list)
    office.blocks_of(odt(linked(listener.address)))
    time.sleep(0.5)
    assert not listener.came


@pytest.mark.skipif(not office._alone(), reason="this system lets no process have a network of its own")
def test_the_network_is_shut_even_where_links_are_followed(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_SETTINGS", OPEN)
    office.blocks_of(odt(linked(listener.address)))
    time.sleep(0.5)
    assert not listener.came
