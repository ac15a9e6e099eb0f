"""Old Word documents (.doc, of WPS .wps too) and OpenDocument text: LibreOffice makes a .docx, which is read.

LibreOffice parses a stranger's file in an empty profile of its own in a temporary folder, without macros, without links being
followed and, where the system allows it, without a network; in the process apart (``apart.py``) that ends it in time.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.sources import MAX_BYTES, Opened
from luoshi.reading.sources.package import ZIP_FAULTS, check_size, is_locked

SECONDS = 75  # less than the process apart has: the sentence is then ours
_OLE = b"\xd0\xcf\x11\xe0"
_KINDS = (
    (_OLE, "doc", "application/msword"),
    (b"PK", "odt", "application/vnd.oasis.opendocument.text"),
)
_MISSING = (
    "读这种旧版文档（.doc、.wps、.odt）要用 LibreOffice，这台机器上没有；"
    "请用 WPS 或 Word 打开并另存为 .docx 再上传，或请管理员安装 LibreOffice（libreoffice-writer-nogui）。"
)
_LOCKED = "文件设有打开密码，无法读取；请先取消密码，另存一份再上传。"
_BROKEN = "文档已损坏或不完整，无法打开；请重新下载，或用 WPS、Word 打开后另存为 .docx 再上传。"
_TOO_SLOW = "文件内容过于复杂，读取超时；请用 WPS 或 Word 打开，另存为 .docx 再上传。"
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
# Macros never run, links are never followed; a proxy that is nobody takes what should ask for the network all the same.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}


def program() -> str | None:
    """The LibreOffice of this machine, None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def blocks_of(data: bytes) -> Opened:
    """Blocks of a document that LibreOffice can turn into .docx, in this process. Raises ``UnknownFormat`` where LibreOffice
    is not there, ``CannotOpen`` (broken, locked) or ``TooLarge``."""
    from luoshi.reading.sources.docx import blocks_of as read_docx

    office = program()
    if office is None:
        raise UnknownFormat(_MISSING)
    _refuse_locked(data)
    ending, media_type = next((ending, kind) for start, ending, kind in _KINDS if data.startswith(start))
    opened = read_docx(_converted(office, data, ending))
    return Opened(media_type, opened.blocks, opened.pages, opened.doubts)


def _refuse_locked(data: bytes) -> None:
    """Raise where the document asks for a password: the bit fEncrypted of its FIB ([MS-DOC] 2.5.2), or encrypted parts."""
    if _is_enciphered(data) if data.startswith(_OLE) else _holds_ciphers(data):
        raise CannotOpen(_LOCKED)


def _is_enciphered(data: bytes) -> bool:
    from xlrd.compdoc import CompDoc

    try:
        memory, base, size = CompDoc(data, logfile=io.StringIO()).locate_named_stream("WordDocument")
    except Exception:  # a damaged container is LibreOffice's to judge; the library meets damage with any error
        return False
    return memory is not None and size > 12 and bool(struct.unpack_from("<H", memory, base + 10)[0] & 0x0100)


def _holds_ciphers(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            check_size(container, len(data))
            return is_locked(container) or b"manifest:encryption-data" in container.read("META-INF/manifest.xml")
    except ZIP_FAULTS:
        return False


def _converted(office: str, data: bytes, ending: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="luoshi-office-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source = folder / f"document.{ending}"
        source.write_bytes(data)
        _write_profile(folder / "profile" / "user")
        command = [
            *_alone(),
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "made"), str(source)),
        ]
        keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
        try:
            subprocess.run(  # noqa: S603
                command,
                env={**keep, "HOME": made, "TMPDIR": made, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise TooLarge(_TOO_SLOW) from late
        result = folder / "made" / "document.docx"  # LibreOffice ends with 0 even where it made nothing
        if not result.is_file():
            raise CannotOpen(_BROKEN)
        if result.stat().st_size > MAX_BYTES:
            raise TooLarge(_TOO_SLOW)
        return result.read_bytes()


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        "utf-8",
    )


def _alone() -> list[str]:
    """What to put before a command so that it has no network; nothing where the system does not let us."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    command = [unshare, "--map-root-user", "--net"]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        tried = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603
        return command if tried.returncode == 0 else []
    return []
