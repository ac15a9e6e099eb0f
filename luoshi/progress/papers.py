"""Whether a file is the paper that its name says: told by its content, before it is kept as evidence. Touches no database.

A torn upload, a program under a paper's name, a page saved as Excel: each ends in one sentence that says what to do.
Pictures under each other's endings are common (telephones and chats rename them) and do no harm: they are taken as what
they are.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _
from PIL import Image

from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.sources import formats, pictures

PIXELS = 60_000_000  # a larger picture is not unpacked to see whether it is whole
UNPACKED = 200_000_000  # bytes; what would unpack to more is taken as it is
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1")
_PLACE = re.compile(rb"startxref\s{1,4}(\d{1,12})\s")
_TABLE = re.compile(rb"xref|\d{1,10} \d{1,5} obj")
OFFICE = frozenset({"doc", "docx", "xls", "xlsx", "rtf", "sheetxml", "office"})
# What may lie under an ending: kinds as the reader's ``formats`` names them, "office" for other Office containers.
MAY_BE: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}), "ofd": frozenset({"ofd"}), "txt": frozenset({"text", "mail"}),
    "zip": frozenset({"zip", "docx", "xlsx", "ofd", "doc"}),
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "heic", "tif", "tiff", "bmp"), frozenset({"image", "heic"})),
    **dict.fromkeys(("doc", "docx", "wps", "xls", "xlsx", "et"), OFFICE),
}  # fmt: skip
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff", "BMP": "image/bmp"}


class NoPaper(ValueError):
    """The file is not what its name says, or cannot be opened; the sentence says what to do."""


def check(data: bytes, name: str, ending: str) -> str:
    """The media type of a picture by its content, "" for anything else. Raises NoPaper."""
    kind = _kind(data, name)
    if kind not in MAY_BE[ending]:
        said = _("“%(name)s”的内容是%(what)s，与扩展名 .%(ending)s 不符；请用原来的程序另存后再上传。")
        raise NoPaper(said % {"name": name, "what": _words(kind), "ending": ending})
    try:
        if kind == "image":
            return _picture(data)
        if kind == "heic":
            return "image/heic"
        if kind == "ofd" or (kind == "pdf" and not _whole_pdf(data)):
            pictures.page_sizes(data, f"a.{kind}")
        elif data.startswith(b"PK"):
            _whole_zip(data)
    except TooLarge:
        return ""  # more than is looked into, which says nothing against it
    except ReadingError:
        said = _("“%(name)s”打不开，可能已损坏或没有传完整；请在电脑上打开看看，重新导出后再上传。")
        raise NoPaper(said % {"name": name}) from None
    return ""


def _kind(data: bytes, name: str) -> str:
    """The kind of the content: the reader's word where it has one, else "office", "heic", "program" or "unknown"."""
    head = data[:64]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "heic"
    if head.startswith(_PROGRAMS):
        return "program"
    try:
        kind = formats.detect(data, "a.txt" if data[:1] != _OLE[:1] else name)
    except TooLarge:
        return "unknown"
    except ReadingError:
        return "office" if head.startswith(_OLE) else "unknown"
    if kind == "text" and b"\x00" in data[:4096] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "unknown"
    return kind


def _words(kind: str) -> str:
    if kind in OFFICE:
        return _("Word 或 Excel 文件")
    return {
        "pdf": "PDF", "ofd": "OFD", "zip": _("压缩包"), "image": _("图片"), "heic": _("图片"), "html": _("网页"),
        "program": _("程序"), "text": _("纯文本"), "csv": _("纯文本"), "mail": _("邮件"),
    }.get(kind, _("认不出的格式"))  # fmt: skip


def _whole_pdf(data: bytes) -> bool:
    """Whether its end points at its table, as that of every PDF that was written to the end does; where not, it may still
    open, which a reader must say."""
    start = max(data.find(b"%PDF-", 0, 1024), 0)
    found = _PLACE.findall(data[-2048:])
    return bool(found) and b"%%EOF" in data[-1024:] and bool(_TABLE.match(data, start + int(found[-1])))


def _whole_zip(data: bytes) -> None:
    """Read every part to its checksum. Raises CannotOpen; an encrypted one is left as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            if sum(part.file_size for part in parts) > UNPACKED or any(part.flag_bits & 1 for part in parts):
                return
            if container.testzip() is not None:
                raise CannotOpen("")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, IndexError) as fault:
        raise CannotOpen("") from fault


def _picture(data: bytes) -> str:
    """Unpack it once, so that a torn one is found out; its media type. Raises CannotOpen."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            media = MEDIA.get(picture.format or "")
            if media is None:
                raise CannotOpen("")
            if picture.width * picture.height <= PIXELS:
                picture.draft("L", (256, 256))
                picture.load()
            return media
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise CannotOpen("") from fault
