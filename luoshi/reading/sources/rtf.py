"""RTF documents (.rtf, often under the name .doc): what Word shows, by a small reader of our own.

The kept libraries lose what matters here: tables, characters of GBK split over bytes, characters beyond the first plane,
numbers. RTF is text with control words (Microsoft's Rich Text Format Specification 1.9.1): groups in braces, ``\\uN`` and
``\\'xx`` for characters. Pictures, objects, fields' instructions, hidden and deleted text are left out.
"""

from __future__ import annotations

import codecs
import copy
import re
from collections.abc import Callable
from dataclasses import dataclass

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Block, Doubt
from luoshi.reading.sources import Opened
from luoshi.reading.sources.numbering import symbol
from luoshi.reading.sources.rtf_flow import Flow
from luoshi.reading.sources.text import check_length

MEDIA_TYPE = "application/rtf"
_MAX_TOKENS = 3_000_000
_MAX_DEPTH = 300
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)",
    re.S,
)
_EMPTY = "RTF 文件里没有文字；请检查后重新上传。"
_TOO_COMPLEX = "RTF 文件内容过于复杂，无法一次读完；请用 WPS 或 Word 打开，另存为 .docx 再上传。"
_CUT = "文件末尾缺失，可能没有读全；请重新下载，与原件核对。"
# Groups that show nothing; a group that begins with \* shows nothing either, but for those in _SHOWN.
_UNSHOWN = frozenset(
    "fonttbl colortbl stylesheet info pict nonshppict nonesttables xe tc rxe sp shprslt filetbl generator objdata upr "
    "annotation ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn fldinst listtable listoverridetable revtbl rsidtbl themedata "
    "colorschememapping datastore latentstyles xmlnstbl mmathPr background template operator docvar userprops".split()
)
_SHOWN = frozenset({"shpinst", "do", "shptxt", "dptxbxtext", "fldrslt"})
_HEADERS = frozenset({"header", "headerl", "headerr", "headerf"})
_FOOTERS = frozenset({"footer", "footerl", "footerr", "footerf"})
_BOXES = frozenset({"shptxt", "dptxbxtext"})
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emdash": "—", "endash": "–", "emspace": "\u3000", "enspace": " ", "qmspace": " ", "nestcell": "\t", "nestrow": "\n",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_ROWS = frozenset({"trowd", "trleft", "clmrg", "clvmgf", "clvmrg", "cellx"})
# \fcharset of a font and \ansicpg of a file: the largest superset of each.
_CHARSETS = {134: "gb18030", 136: "big5hkscs", 128: "cp932", 129: "cp949"}
_CODEPAGES = {936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}
_WIDE = frozenset({*_CHARSETS.values(), "utf-8"})
_SYMBOL_FONT = 2


@dataclass(slots=True)
class _Group:
    """What holds within a pair of braces."""

    flow: Flow
    skipped: bool = False
    font: int = -1
    stand_ins: int = 1  # characters behind \uN for programmes that do not know it
    hidden: bool = False
    in_table: bool = False
    level: int | None = None
    starred: bool = False
    special: str = ""  # fonttbl, stylesheet, label: whose text is taken, not shown


def blocks_of(data: bytes) -> Opened:
    """Blocks of an RTF document in reading order; headers first and footers last, as chrome, notes before these.

    Raises ``CannotOpen`` where it holds no text, ``TooLarge`` beyond the limits. A file cut short gives a doubt.
    """
    reader = _Reader()
    reader.read(data)
    blocks = (*reader.headers, *reader.body, *reader.notes, *reader.footers)
    if not any(block.kind != "chrome" for block in blocks):
        raise CannotOpen(_EMPTY)
    check_length(sum(len(block.text) for block in blocks))
    doubts = (Doubt(code="cut-short", message=_CUT),) if reader.open_groups else ()
    return Opened(MEDIA_TYPE, blocks, None, doubts)


class _Reader:
    def __init__(self) -> None:
        self.body: list[Block] = []
        self.headers: list[Block] = []
        self.footers: list[Block] = []
        self.notes: list[Block] = []
        self._counts = [0, 0]
        self._main = Flow(self.body, counts=self._counts)
        self._group = _Group(self._main)
        self._stack: list[_Group] = []
        self._fonts: dict[int, int] = {}
        self._levels: dict[int, int] = {}  # heading levels by style
        self._style = 0
        self._codepage: str | None = None
        self._default_font = -1
        self._bytes = bytearray()  # not yet characters
        self._skip = 0  # stand-ins still to come

    @property
    def open_groups(self) -> int:
        return len(self._stack)

    def read(self, data: bytes) -> None:
        at = tokens = 0
        while found := _TOKEN.match(data, at):
            at = found.end()
            tokens += 1
            if tokens > _MAX_TOKENS:
                raise TooLarge(_TOO_COMPLEX)
            word, number, coded, mark, brace, text = found.groups()
            if text is not None:
                self._text(text)
            elif coded is not None:
                self._coded(coded)
            elif word is not None:
                if word == b"bin":
                    at += max(int(number or 0), 0)
                self._word(word.decode("ascii"), None if number is None else int(number))
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                if self._close():
                    break
            elif mark is not None:
                self._mark(mark)
        self._flush()
        self._main.end()

    # Groups

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._stack) >= _MAX_DEPTH:
            raise TooLarge(_TOO_COMPLEX)
        self._stack.append(self._group)
        self._group = copy.copy(self._group)
        self._group.starred = False

    def _close(self) -> bool:
        """Leave a group; whether that was the last."""
        self._flush()
        self._skip = 0
        if not self._stack:
            return True
        left, self._group = self._group, self._stack.pop()
        if left.flow is not self._group.flow:
            if left.special == "label":
                self._group.flow.label = "".join(left.flow.words).strip()
            else:
                left.flow.end()
        return not self._stack

    def _mark(self, mark: bytes) -> None:
        """A backslash before something that is no letter."""
        self._flush()
        if mark == b"*":
            self._group.starred = True
        elif mark in b"\r\n":
            self._word("par", None)
        else:
            self._say(_SYMBOLS.get(mark, ""))

    # Characters

    def _say(self, text: str) -> None:
        group = self._group
        if text and not (group.skipped or group.hidden):
            group.flow.words.append(text)

    def _text(self, text: bytes) -> None:
        if self._skip:
            self._skip, text = max(self._skip - len(text), 0), text[self._skip :]
        if self._group.skipped or self._group.hidden or not text:
            return
        if self._bytes and self._awaits_more():
            self._bytes += text[:1]
            text = text[1:]
        if text.isascii():
            self._flush()
            self._say(text.decode("ascii"))
        else:
            self._bytes += text

    def _coded(self, digits: bytes) -> None:
        if self._skip:
            self._skip -= 1
        elif not (self._group.skipped or self._group.hidden):
            self._bytes.append(int(digits, 16))

    def _codec(self) -> str:
        own = _CHARSETS.get(self._fonts.get(self._group.font, 0))
        return own or self._codepage or "cp1252"

    def _awaits_more(self) -> bool:
        """Whether the bytes so far end within a character: programmes write its second byte as a letter."""
        codec = self._codec()
        if codec not in _WIDE:
            return False
        decoder = codecs.getincrementaldecoder(codec)("ignore")
        decoder.decode(bytes(self._bytes))
        return bool(decoder.getstate()[0])

    def _flush(self) -> None:
        """Make characters of the bytes gathered."""
        if not self._bytes:
            return
        raw = bytes(self._bytes)
        self._bytes.clear()
        if self._fonts.get(self._group.font) == _SYMBOL_FONT:
            self._say("".join(symbol(0xF000 + byte) for byte in raw))
        else:
            self._say(_decoded(raw, self._codec()))

    # Words

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        group = self._group
        if self._skip and word not in ("u", "par", "cell", "row"):
            self._skip -= 1
            return
        self._skip = 0
        if group.starred:
            group.starred = False
            if word not in _SHOWN and word not in _UNSHOWN:
                group.skipped = True
        if word in _UNSHOWN:
            group.skipped = True
            group.special = word
        elif group.special in ("fonttbl", "stylesheet"):
            self._table_word(word, number)
        elif word in _OF_THE_FILE:
            _OF_THE_FILE[word](self, number)
        elif not group.skipped:
            self._shown_word(word, number)

    def _table_word(self, word: str, number: int | None) -> None:
        """A word within the table of fonts or of styles."""
        if self._group.special == "fonttbl":
            if word == "f":
                self._group.font = number or 0
            elif word == "fcharset":
                self._fonts[self._group.font] = number or 0
        elif word == "s":
            self._style = number or 0
        elif word == "outlinelevel" and number is not None and 0 <= number <= 8:
            self._levels[self._style] = number + 1

    def _shown_word(self, word: str, number: int | None) -> None:
        group = self._group
        if word == "u":
            self._say(chr((number or 0) % 0x10000))
            self._skip = group.stand_ins
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif word in ("par", "sect"):
            group.flow.paragraph(in_table=group.in_table, level=group.level)
        elif word == "cell":
            group.flow.cell()
        elif word == "row":
            group.flow.row()
        elif word in _ROWS:
            group.flow.define(word, number or 0)
        elif word in _STYLES:
            _STYLES[word](self, number)
        elif word in ("listtext", "pntext"):
            group.flow, group.special = Flow([]), "label"
        else:
            self._story(word)

    def _story(self, word: str) -> None:
        """Words that begin a story of its own."""
        group = self._group
        if word in _HEADERS:
            group.flow = Flow(self.headers, "chrome", [0, 0])
        elif word in _FOOTERS:
            group.flow = Flow(self.footers, "chrome", [0, 0])
        elif word == "footnote":
            group.flow = Flow(self.notes, counts=self._counts)
        elif word in _BOXES:
            group.flow = Flow(self.body, "textbox", self._counts)
        else:
            return
        group.in_table, group.level = False, None

    def _set_codepage(self, number: int | None) -> None:
        codec = _CODEPAGES.get(number or 0, f"cp{number}")
        try:
            codecs.lookup(codec)
        except LookupError:
            return
        self._codepage = codec

    def _set_default_font(self, number: int | None) -> None:
        self._default_font = self._group.font = number or 0

    def _set_stand_ins(self, number: int | None) -> None:
        self._group.stand_ins = min(max(1 if number is None else number, 0), 16)

    def _set_font(self, number: int | None) -> None:
        self._group.font = number or 0

    def _set_hidden(self, number: int | None) -> None:
        self._group.hidden = number != 0

    def _set_plain(self, number: int | None) -> None:
        self._group.hidden, self._group.font = False, self._default_font

    def _set_paragraph(self, number: int | None) -> None:
        self._group.in_table, self._group.level = False, None

    def _set_in_table(self, number: int | None) -> None:
        self._group.in_table = True

    def _set_level(self, number: int | None) -> None:
        self._group.level = number + 1 if number is not None and 0 <= number <= 8 else None

    def _set_style(self, number: int | None) -> None:
        self._group.level = self._levels.get(number or 0)


_Setting = Callable[[_Reader, int | None], None]
# Words that hold wherever they stand, and those of what is shown.
_OF_THE_FILE: dict[str, _Setting] = {
    "ansicpg": _Reader._set_codepage,
    "deff": _Reader._set_default_font,
    "uc": _Reader._set_stand_ins,
}
_STYLES: dict[str, _Setting] = {
    "f": _Reader._set_font,
    "v": _Reader._set_hidden,
    "deleted": _Reader._set_hidden,
    "plain": _Reader._set_plain,
    "pard": _Reader._set_paragraph,
    "intbl": _Reader._set_in_table,
    "outlinelevel": _Reader._set_level,
    "s": _Reader._set_style,
}


def _decoded(raw: bytes, codec: str) -> str:
    """Bytes as characters; where the declared code does not fit, as that which does."""
    if codec == "cp1252" and len(raw) % 2 == 0 and min(raw) >= 0xA1:
        codec = "gb2312"  # Western by declaration, Chinese by its bytes
    for one in (codec, "gb18030", "cp1252"):
        text = raw.decode(one, "replace")
        if text.count("\ufffd") * 4 <= len(text) - 1:  # a cut file ends within a character
            return text
    return raw.decode("gb18030", "replace")
