"""The zip container of an Office document, read with limits: parts as XML trees, found by their relationships."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import IO, NoReturn

from lxml import etree

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat

MAX_UNPACKED = 200_000_000
MAX_PART = 60_000_000
_MAX_RATIO = 400  # deflate cannot pass about 1000; a document's repetitive XML reaches 50
_MAX_PARTS = 10_000
_BROKEN = "文件已损坏或不完整，无法打开；请重新下载，或用 WPS、Office 打开后另存一份再上传。"
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, IndexError)
# Documents saved as "strict" use other namespaces for the same names.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_OTHERS = (
    ("ppt/", "这是演示文稿（.pptx）；请把文字复制到 Word 文档，另存为 .docx 再上传。"),
    ("content.xml", "这是 OpenDocument 文件；请用 WPS 或 Word 打开并另存为 .docx 再上传。"),
)


def xml(raw: bytes) -> etree._Element:
    """The root of an XML part: no entities resolved, no network, libxml2's own limits on depth and size kept."""
    for strict, usual in _STRICT:
        raw = raw.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise CannotOpen(_BROKEN) from fault
    if root.getroottree().docinfo.internalDTD is not None:  # Word writes none; one could only bring entities in
        raise CannotOpen(_BROKEN)
    return root


def check_size(container: zipfile.ZipFile, packed: int) -> None:
    """Raise ``TooLarge`` for what would unpack beyond measure, by the sizes the container states (reading stops there)."""
    parts = container.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > _MAX_PARTS or unpacked > 1_000_000 + packed * _MAX_RATIO:
        raise TooLarge("文件解压后过大，可能不是正常文档；请用 WPS 或 Office 打开，删去图片后另存一份再上传。")


def is_locked(container: zipfile.ZipFile) -> bool:
    """Whether any part of a container asks for a password."""
    return any(part.flag_bits & 1 for part in container.infolist())


class Package:
    """An opened container, of Word unless a kind of its own says otherwise. Raises ``CannotOpen``, ``UnknownFormat`` or ``TooLarge`` on opening."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_FAULTS as fault:
            raise CannotOpen(_BROKEN) from fault
        check_size(self._zip, len(data))
        if is_locked(self._zip):
            raise CannotOpen("文件设有密码，无法读取；请先取消密码，再上传。")
        self.document = self._find_document()

    def _find_document(self) -> str:
        """The name of the main part; a zip without one is told apart."""
        names = self._zip.namelist()
        if "_rels/.rels" in names:
            for kind, target in self.related("").values():
                if kind == "officeDocument" and target in names and not target.startswith(("xl/", "ppt/")):
                    return target
        if "word/document.xml" in names:
            return "word/document.xml"
        for start, sentence in _OTHERS:
            if any(name.startswith(start) for name in names):
                raise UnknownFormat(sentence)
        if "[Content_Types].xml" in names:
            raise CannotOpen("Word 文档缺少正文部分，已损坏；请在 Word 或 WPS 中打开后另存为 .docx 再上传。")
        raise CannotOpen(_BROKEN)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id → (last word of the type, name of the target part)."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._zip.NameToInfo:
            return {}
        found = {}
        for rel in self.part(rels):
            target = rel.get("Target", "")
            where = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if rel.get("TargetMode") != "External":
                found[rel.get("Id", "")] = (rel.get("Type", "").rpartition("/")[2], where)
        return found

    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def size(self, name: str) -> int:
        """The unpacked size of a part in bytes, 0 where it is missing."""
        return self._zip.NameToInfo[name].file_size if self.has(name) else 0

    def stream(self, name: str) -> IO[bytes]:
        """A part as a stream, for parts too large to hold as a tree; the same errors as ``part``, on opening."""
        try:
            if self._zip.getinfo(name).file_size > MAX_PART:
                raise TooLarge("文档内容过大，无法一次读完；请拆成几个文件再上传。")
            return self._zip.open(name)
        except (*ZIP_FAULTS, RuntimeError) as fault:
            _broken(fault)

    def has(self, name: str) -> bool:
        """Whether the container holds a part of this name."""
        return name in self._zip.NameToInfo

    def part(self, name: str) -> etree._Element:
        """The root element of a part. Raises ``CannotOpen`` where it is missing or broken, ``TooLarge`` by its size."""
        try:
            if self._zip.getinfo(name).file_size > MAX_PART:
                raise TooLarge("文档内容过大，无法一次读完；请拆成几个文件再上传。")
            raw = self._zip.read(name)
        except (*ZIP_FAULTS, RuntimeError) as fault:
            _broken(fault)
        return xml(raw)


def _broken(fault: Exception) -> NoReturn:
    raise CannotOpen(_BROKEN) from fault
