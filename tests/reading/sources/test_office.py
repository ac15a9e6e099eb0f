"""Old Word documents through LibreOffice: what it makes of them, that it ends, and how it is started."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import threading
import xml.etree.ElementTree as ET
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pytest

from luoshi.reading import read
from luoshi.reading.errors import CannotOpen, ReadingError, UnknownFormat
from luoshi.reading.ledger import Ledger
from luoshi.reading.sources import office, open_source

needs_office = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
ODT = "application/vnd.oasis.opendocument.text"


def document() -> bytes:
    made = docx.Document()
    made.add_paragraph("澜湾县2026年重点工作责任分解")
    table = made.add_table(3, 3)
    table.style = "Table Grid"
    rows = [
        ("序号", "工作任务", "牵头单位"),
        ("1", "改造农村公路15公里", "县交通运输局"),
        ("2", "新建口袋公园3个", "县住建局"),
    ]
    for row, texts in zip(table.rows, rows):
        for cell, text in zip(row.cells, texts):
            cell.text = text
    made.add_paragraph("各单位年底前报送完成情况。")  # Word ends no document with a table, and LibreOffice relies on it
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One document in the formats that LibreOffice writes."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "a.docx").write_bytes(document())
    for ending in ("doc", "odt", "rtf"):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [str(office.program()), profile, "--headless", "--convert-to", ending, "--outdir", str(folder)]
        subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=120)
    return {path.suffix[1:]: path.read_bytes() for path in folder.glob("a.*")}


def facts(ledger: Ledger) -> list[tuple[str, list[tuple[str, str]], list[float | None]]]:
    return [
        (task.text, [(unit.name, unit.role) for unit in task.units], [target.value for target in task.targets])
        for *_, task in ledger.tasks()
    ]


@needs_office
@pytest.mark.parametrize(
    ("ending", "name", "media_type"),
    [
        ("doc", "通知.doc", "application/msword"),
        ("doc", "通知.wps", "application/msword"),
        ("doc", "通知.docx", "application/msword"),  # the content decides
        ("odt", "通知.odt", ODT),
        ("rtf", "通知.doc", "application/rtf"),
    ],
)
def test_an_old_document_reads_like_the_new_one(
    made: dict[str, bytes], ending: str, name: str, media_type: str
) -> None:
    ledger = read(made[ending], name=name)
    assert facts(ledger) == facts(read(made["docx"], name="通知.docx"))
    assert len(facts(ledger)) == 2
    assert ledger.source.media_type == media_type


@needs_office
def test_conversions_at_once_do_not_meet(made: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(2) as pool:
        read_at_once = list(pool.map(lambda data: facts(read(data, name="a.doc")), [made["doc"]] * 3))
    assert read_at_once == [facts(read(made["docx"], name="a.docx"))] * 3


@needs_office
def test_nothing_is_left_behind(made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    open_source(made["doc"], "a.doc")
    with pytest.raises(ReadingError):
        open_source(made["doc"][:3000], "a.doc")
    assert list(tmp_path.iterdir()) == []


def odt(content: str, *parts: tuple[str, str], manifest: str = "") -> bytes:
    """An OpenDocument text made by hand."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "script", "draw", "manifest", "style")
    )
    spaces += ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ooo="http://openoffice.org/2004/office"'
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name, _ in parts
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("mimetype", ODT)
        container.writestr(
            "content.xml", f'<office:document-content{spaces} office:version="1.2">{content}</office:document-content>'
        )
        container.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest{spaces}><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
            f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>{listed}{manifest}</manifest:manifest>',
        )
        for name, text in parts:
            container.writestr(name, text)
    return out.getvalue()


BODY = "<office:body><office:text><text:p>1.改造农村公路15公里。</text:p>{}</office:text></office:body>"


def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, list[str]]:
    """How LibreOffice is started: the settings of its profile, the network it sees, its environment."""
    stand_in = tmp_path / "soffice"
    stand_in.write_text(
        f"#!/bin/sh\nfor a; do case $a in -env:UserInstallation=file://*) p=${{a#-env:UserInstallation=file://}};; esac; done\n"
        f"cp $p/user/registrymodifications.xcu {tmp_path}/settings; cat /proc/net/dev > {tmp_path}/network\n"
        f"env | cut -d= -f1 > {tmp_path}/names\n"
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LUOSHI_SECRET", "x")
    with pytest.raises(CannotOpen, match="损坏"):  # it made nothing
        open_source(OLE, "a.doc")
    read_back = [(tmp_path / name).read_text() for name in ("settings", "network", "names")]
    return read_back[0], read_back[1], read_back[2].split()


def test_macros_links_and_the_network_are_shut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, network, names = started(tmp_path, monkeypatch)
    root = ET.fromstring(settings)
    oor = "{http://openoffice.org/2001/registry}"
    said = {prop.get(f"{oor}name"): prop.findtext("value") for prop in root.iter("prop")}
    assert said["MacroSecurityLevel"] == "3"
    assert said["DisableMacrosExecution"] == said["BlockUntrustedRefererLinks"] == "true"
    assert (said["Link"], said["ooInetProxyType"], said["ooInetHTTPProxyPort"]) == ("0", "2", "9")
    assert "LUOSHI_SECRET" not in names
    if office._alone():
        assert [line.split(":")[0].strip() for line in network.splitlines()[2:]] == ["lo"]


REGISTRY = Path("/usr/lib/libreoffice/share/registry/main.xcd")


@pytest.mark.skipif(not REGISTRY.is_file(), reason="LibreOffice's list of settings is not at hand")
def test_libreoffice_knows_the_settings() -> None:
    known = set(
        re.findall(r'oor:name="([A-Za-z]+)"', "".join(p.read_text("utf-8") for p in REGISTRY.parent.glob("*.xcd")))
    )
    assert known
    assert not {name for settings in office._SETTINGS.values() for name in settings} - known


# --- what cannot be read ------------------------------------------------------------------------------------------


def test_without_libreoffice_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        # The same machine, its programmes but for LibreOffice out of sight.
        places = os.environ["PATH"].split(os.pathsep)
        monkeypatch.setenv("PATH", os.pathsep.join(p for p in places if not Path(p, "soffice").exists()))
    with pytest.raises(UnknownFormat, match=r"LibreOffice.*另存为 \.docx") as told:
        open_source(OLE, "a.doc")
    assert str(told.value).endswith("。")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(900)


@needs_office
def test_passwords_and_damage_have_their_sentences(made: dict[str, bytes]) -> None:
    from xlrd.compdoc import CompDoc

    memory, base, _ = CompDoc(made["doc"], logfile=io.StringIO()).locate_named_stream("WordDocument")
    assert memory == made["doc"], "the stream is not in one piece"
    locked = bytearray(made["doc"])
    locked[base + 11] |= 0x01  # fEncrypted of the FIB
    with pytest.raises(CannotOpen, match="设有打开密码"):
        open_source(bytes(locked), "a.doc")
    ciphered = odt(BODY.format(""), manifest="<manifest:encryption-data/>")
    with pytest.raises(CannotOpen, match="设有打开密码"):
        open_source(ciphered, "a.odt")
    for torn in (OLE, made["doc"][:2000], made["doc"][: len(made["doc"]) // 2]):
        with pytest.raises(CannotOpen, match="损坏"):
            open_source(torn, "a.doc")


@needs_office
def test_a_conversion_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A programme in LibreOffice's place that starts another and hangs: both are gone afterwards."""
    mark = tmp_path / "pid"
    hanging = tmp_path / "soffice"
    hanging.write_text(f"#!/bin/sh\nsleep 300 & echo $! > {mark}\nwait\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    from luoshi.reading.sources import apart

    monkeypatch.setitem(apart._LIMITS, "doc", apart._LIMITS["doc"]._replace(seconds=6))
    with pytest.raises(ReadingError, match="超时"):
        open_source(OLE, "a.doc")
    with pytest.raises(ProcessLookupError):
        for _ in range(50):
            os.kill(int(mark.read_text()), 0)
            threading.Event().wait(0.1)
