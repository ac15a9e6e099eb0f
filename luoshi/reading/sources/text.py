"""Plain text: bytes in the encodings met in offices, one block a line that holds anything."""

from __future__ import annotations

import codecs
import re

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.ledger import Block, Origin
from luoshi.reading.sources import MAX_CHARACTERS, Opened

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")
# Control characters take their place as one space each, so that offsets stay; the tab is text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SAMPLE = 8192
# The office's charset names stand for their largest superset: pages that say gb2312 use characters beyond it.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}


def blocks_of(data: bytes) -> Opened:
    """One paragraph a physical line, verbatim but for its line end; control characters become spaces, one for one.

    Raises ``CannotOpen`` where the bytes are no text, ``TooLarge`` beyond ``MAX_CHARACTERS``.
    """
    text = decode(data)
    check_length(len(text))
    if _CONTROL.search(text):
        _check_controls(text)
        text = _CONTROL.sub(" ", text)
    blocks = [
        Block(kind="paragraph", text=line, origin=Origin(line=number))
        for number, line in enumerate(_LINE_END.split(text))
        if line and not line.isspace()
    ]
    return Opened("text/plain", tuple(blocks))


def _check_controls(text: str) -> None:
    """Raise ``UnknownFormat`` where more than one character in twenty is a control character."""
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 20 > len(sample):
        raise UnknownFormat("文件内容不是文字，无法识读；请用原来的程序打开后另存为 .docx 或 .txt 再上传。")


def check_length(characters: int) -> None:
    """Raise ``TooLarge`` beyond ``MAX_CHARACTERS``."""
    if characters > MAX_CHARACTERS:
        raise TooLarge(f"文件超过 {MAX_CHARACTERS // 10000} 万字，无法一次读完；请拆成几个文件再上传。")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of bytes in UTF-8, UTF-16, GB18030 or, failing these, whatever fits; without the byte order mark.

    ``declared`` is the charset a web page names; it counts where the bytes are not plainly UTF-8 or UTF-16. Raises
    ``CannotOpen`` where nothing fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    if b"\x00" in data and (wide := _utf16_order(data)):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_otherwise(data, declared)


def _decode_otherwise(data: bytes, declared: str | None) -> str:
    """Bytes that are not wholly UTF-8: the declared charset, a damaged UTF-8, UTF-16 without mark, GB18030, a guess."""
    if declared and (text := _decode_declared(data, declared)) is not None:
        return text
    text = data.decode("utf-8", "replace")
    if _is_slightly_damaged(text):
        return text
    if wide := _utf16_order(data):
        return data.decode(wide, "replace")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return text if _is_slightly_damaged(text) else _guess(data)


def _decode_declared(data: bytes, declared: str) -> str | None:
    """The text in the charset a page declares, None where the charset is unknown or plainly wrong."""
    try:
        name = codecs.lookup(_SUPERSETS.get(declared.lower(), declared)).name
        text = data.decode(name, "replace")
    except (LookupError, ValueError):
        return None
    return text if _is_slightly_damaged(text) else None


def _is_slightly_damaged(text: str) -> bool:
    """Whether at most one in fifty characters beyond ASCII (or one in all, at the cut end) could not be decoded."""
    bad = text.count("\ufffd")
    if not bad:
        return True
    wide = len(text) - len(text.encode("ascii", "ignore")) - bad
    return bad * 50 <= wide or (bad == 1 and text.endswith("\ufffd") and wide > 0)


def _utf16_order(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` where the bytes read as Chinese or Latin text in it, else None.

    A code unit of such text has its upper byte at 00 (Latin), 20 or 30 (punctuation), 4E–9F (characters) or FF
    (full-width forms). Letters in ASCII pairs look like characters too, so a line end or a Chinese comma must be seen.
    """
    sample = data[: _SAMPLE // 2 * 2]
    for name, upper, marks in (
        ("utf-16-le", sample[1::2], (b"\n\x00", b"\x02\x30", b"\x01\x30", b"\x0c\xff")),
        ("utf-16-be", sample[0::2], (b"\x00\n", b"\x30\x02", b"\x30\x01", b"\xff\x0c")),
    ):
        likely = sum(1 for byte in upper if byte in (0, 0x20, 0x30, 0xFF) or 0x4E <= byte <= 0x9F)
        latin = upper.count(0) * 2 > len(upper)
        if upper and likely * 100 >= len(upper) * 98 and (latin or any(mark in sample for mark in marks)):
            text = sample.decode(name, "replace")
            if len(_CONTROL.findall(text)) * 20 <= len(text):
                return name
    return None


def _guess(data: bytes) -> str:
    """The text by statistics, for the rare rest (Big5, Shift-JIS …)."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 64 * _SAMPLE]).best()
    if best is not None:
        text = data.decode(best.encoding, "replace")
        if _is_slightly_damaged(text):
            return text
    raise CannotOpen("文件的文字编码无法识别；请用记事本打开，确认文字正常后另存为 UTF-8 编码再上传。")
