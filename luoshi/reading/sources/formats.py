"""Which source reads a file: told from its first bytes, and from its name only where these leave it open."""

from __future__ import annotations

import io
import re
import struct
from typing import Literal

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.sources import MAX_BYTES

Kind = Literal[
    "text", "html", "docx", "doc", "pdf", "ofd", "image", "rtf", "xlsx", "xls", "csv", "sheetxml", "zip", "mail"
]

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b\x08", "archive"),
)
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_SENTENCES = {
    "archive": "这种压缩包（.rar、.7z、.gz）不能识读；请解压后上传里面的文件，或重新压缩成 .zip 再上传。",
    "ppt": "这是演示文稿；请把文字复制到 Word 文档，另存为 .docx 再上传。",
    "ole": "这是旧版 Office 文件，但看不出是哪一种，可能已损坏；请用原来的程序打开，另存为 .docx 或 .xlsx 再上传。",
    "wordxml": "这是 Word 2003 的 XML 文档；请用 Word 打开并另存为 .docx 再上传。",
    "msg": "这是 Outlook 的邮件（.msg）；请在 Outlook 中另存为 .eml，或直接上传附件。",
}
_PROTECTED = "文件设有打开密码，无法读取；请先取消密码，另存一份再上传。"
# Names of streams in an old Office container (UTF-16 in its directory), most telling first.
_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__substg1.0_", "msg"),
)
_PAGE = re.compile(rb"<(?:!doctype\s{1,20}html|html|head|body)\b", re.I)
_FRAGMENT = re.compile(
    rb"<(?:meta|title|div|table|p|h[1-6]|span|article|section|main|br|center|font|ul|ol|!--)[\s/>-]", re.I
)
_HEAD = 4096
_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?", re.M)
_MAIL_HEADERS = {b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"received", b"content-type"}
# A text under such a name is a table: many systems write commas or tabs and call it Excel.
_TABLES = (".csv", ".tsv", ".xls", ".xlsx", ".et")
_BIFF = re.compile(
    rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00[\x00\x02\x03\x04\x05\x06\x07]"
)  # a workbook without container
_SHEET_XML = re.compile(rb"<Workbook[^>]{0,600}urn:schemas-microsoft-com:office:spreadsheet", re.I)
_BLANK = b"\x00 \t\r\n"


def detect(data: bytes, name: str) -> Kind:
    """The kind of file. Raises ``TooLarge``, ``UnknownFormat`` or ``CannotOpen`` (empty, protected by a password)."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB，无法读取；请删去图片或拆成几个文件再上传。")
    if not data[:64].strip(_BLANK) and not data.strip(_BLANK):
        raise CannotOpen("文件是空的；请检查后重新上传。")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(data, name)
    if _BIFF.match(data):
        return "xls"
    if _SHEET_XML.search(data[:_HEAD]):
        return "sheetxml"
    if data.startswith((b"{\\rtf", b"\xef\xbb\xbf{\\rtf")):
        return "rtf"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if _is_image(data[:_HEAD]):
        return "image"
    if _is_mail(data[:_HEAD]):
        return "mail"
    _refuse_known(data)
    if _looks_like_html(data, name):
        return "html"
    return "csv" if name.lower().endswith(_TABLES) else "text"


def _zip_kind(data: bytes) -> Literal["docx", "doc", "xlsx", "ofd", "zip"]:
    """What a zip holds, by the names of its parts; "docx" for other Office files, which its source tells apart."""
    import zipfile  # only a zip needs it, and a text file must open fast

    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error):
        return "docx"
    if "word/document.xml" in names:
        return "docx"
    if any(part.startswith("xl/") for part in names):
        return "xlsx"
    if any(part.strip("/").lower() == "ofd.xml" for part in names):
        return "ofd"
    if "content.xml" in names and b"opendocument.text" in data[:200]:
        return "doc"
    return "docx" if "[Content_Types].xml" in names or "content.xml" in names else "zip"


def _old_office(data: bytes, name: str) -> Literal["doc", "xls"]:
    """The kind of an old Office container; raises for those not read, and for one that wraps a file with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise CannotOpen(_PROTECTED)
    if name.lower().endswith(_TABLES) and "Workbook".encode("utf-16-le") in data:
        return "xls"  # a document may be embedded in it
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            if kind in ("doc", "xls"):
                return "doc" if kind == "doc" else "xls"
            raise UnknownFormat(_SENTENCES[kind])
    raise UnknownFormat(_SENTENCES["ole"])


def _is_image(head: bytes) -> bool:
    """Whether this is a picture of a kind that ``images.py`` opens."""
    web = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head.startswith(_IMAGES) or web or (head[:2] == b"BM" and head[6:10] == bytes(4))


def _refuse_known(data: bytes) -> None:
    """Raise for a kind that is known and not read."""
    head = data[:_HEAD]
    kind = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None) or _kind_within(head)
    if kind is not None:
        raise UnknownFormat(_SENTENCES[kind])


def _kind_within(head: bytes) -> str | None:
    """A kind told by more than its first bytes."""
    if b"<w:wordDocument" in head or b'progid="Word.Document"' in head:
        return "wordxml"
    return None


def _is_mail(head: bytes) -> bool:
    """Whether a file begins with the headers of an e-mail, as a page saved as one file (.mht) does too."""
    headers = head.lstrip().partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    if not _HEADER.match(headers):
        return False
    return len({found.lower() for found in _HEADER.findall(headers)} & _MAIL_HEADERS) >= 2


def _looks_like_html(data: bytes, name: str) -> bool:
    """Whether the beginning is that of a web page, or of a piece of one."""
    head = data[:_HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<") and (_PAGE.search(head) or _FRAGMENT.match(head)):
        return True
    named = name.lower().endswith((".html", ".htm", ".shtml", ".xhtml"))
    return named and bool(_PAGE.search(head) or _FRAGMENT.search(head))
