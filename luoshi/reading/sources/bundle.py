"""Bundles: a zip, or an e-mail with what is attached, holding a covering notice and its annexes, read as one document.

The notice comes first, then what has no number, then annexes by number; every block's origin names its file. What cannot
be read becomes a doubt that names it and stops nothing else. Nothing is ever written to disk: names are only labels.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.ledger import Block, Doubt, Origin
from luoshi.reading.sources import MAX_BYTES, Opened, formats, open_source
from luoshi.reading.sources.package import MAX_UNPACKED, ZIP_FAULTS, check_size
from luoshi.reading.sources.text import check_length

Kind = Literal["zip", "mail"]
MEDIA_TYPES: dict[Kind, str] = {"zip": "application/zip", "mail": "message/rfc822"}
_MAX_FILES = 200
_MAX_DEPTH = 2  # a zip within a mail, a zip within a zip
_BROKEN = "压缩包已损坏或不完整，无法打开；请重新下载或重新压缩后再上传。"
_LOCKED = "压缩包设有密码，无法读取；请解压后重新压缩成没有密码的 .zip 再上传。"
_EMPTY = "压缩包里没有文件；请检查后重新上传。"
_TOO_MANY = f"压缩包里的文件超过 {_MAX_FILES} 份，无法一次读完；请只留通知和附件，或分成几个压缩包再上传。"
_TOO_LARGE = "压缩包解压后过大，无法读取；请删去图片、视频等，只留通知和附件再上传。"
# What systems leave behind in folders and archives.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.[^/]*|~\$[^/]*|thumbs\.db|desktop\.ini)$", re.I)
_NUMERALS = "一二三四五六七八九十"
_ANNEX = re.compile(rf"附\s?[件表]\s?[:：]?\s?(?P<number>\d{{1,2}}(?!\d)|[{_NUMERALS}]{{1,3}})?")
_NUMBER = re.compile(r"[〔（(\[【［]20\d\d[〕）)\]】］]\s?第?\s?\d{1,4}\s?号")
_ADDRESSED = re.compile(
    r"^\s{0,8}(?:各|有关|[^\n，。]{1,12}(?:局|委|办|镇|乡|街道|政府|单位))[^\n。]{0,300}[:：]\s{0,4}$", re.M
)
_NOTICE = re.compile(r"通知|印发|通报|决定|来函")
_DUTIES = re.compile(r"责任单位|牵头单位|责任分解|任务分解")
_HEAD = 1500
_NO_WORD = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
_SHINGLE = 8
_SHORT = 100
_ALIKE = 0.85
# Of two files with the same words the one is read whose format says most about their order.
_BEST = ("wordprocessingml", "msword", "opendocument", "rtf", "sheet", "excel", "html", "text/", "ofd", "pdf", "")


@dataclass(frozen=True)
class Member:
    """A file of a bundle: its path there and its bytes, or the reason why these cannot be had (``fault``).

    ``letter``: what an e-mail says about itself, where this is its own text.
    """

    path: str
    data: bytes = b""
    fault: str = ""
    letter: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A member that was read, and its words without chrome."""

    member: Member
    opened: Opened
    text: str


def blocks_of(data: bytes, kind: Kind) -> Opened:
    """Blocks of all files in a bundle. Raises ``CannotOpen`` where none can be read, ``TooLarge`` beyond the limits."""
    parts: list[_Part] = []
    doubts: list[Doubt] = []
    for member in _flat(data, kind, _Budget(), "", 1):
        try:
            if member.fault:
                raise CannotOpen(member.fault)
            opened = open_source(member.data, member.path.rpartition("/")[2])
        except ReadingError as why:
            doubts.append(_unread(member.path, why))
            continue
        text = "\n".join(block.text for block in opened.blocks if block.kind != "chrome")
        parts.append(_Part(member, opened, text))
        check_length(sum(len(part.text) for part in parts))
    if not parts:
        raise CannotOpen(f"里面的 {len(doubts)} 份文件都不能读，例如{doubts[0].message}" if doubts else _EMPTY)
    kept, repeated = _once(_ordered(parts))
    blocks = tuple(_joined(kept))
    check_length(sum(len(block.text) for block in blocks))
    own = [_of(part.member.path, doubt) for part in kept for doubt in part.opened.doubts]
    return Opened(MEDIA_TYPES[kind], blocks, None, (*doubts, *repeated, *own))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files by their paths as one zip, to be read together; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as container:
        for path, data in files.items():
            container.writestr(zipfile.ZipInfo(path), data)
    return out.getvalue()


def _unread(path: str, why: ReadingError) -> Doubt:
    return Doubt(code="file-unread", message=f"“{path}”没有读到：{str(why).rstrip('。')}。")


def _of(path: str, doubt: Doubt) -> Doubt:
    return msgspec.structs.replace(doubt, message=f"“{path}”：{doubt.message}")


# --- members ------------------------------------------------------------------------------------------------------


class _Budget:
    """How much a bundle may hold, all that is within it together."""

    def __init__(self) -> None:
        self._files = self._bytes = 0

    def take(self, member: Member) -> None:
        self._files, self._bytes = self._files + 1, self._bytes + len(member.data)
        if self._files > _MAX_FILES:
            raise TooLarge(_TOO_MANY)
        if self._bytes > MAX_UNPACKED:
            raise TooLarge(_TOO_LARGE)


def _flat(data: bytes, kind: Kind, budget: _Budget, around: str, depth: int) -> Iterator[Member]:
    """The files of a bundle, those of bundles within it too."""
    if kind == "zip":
        members = _zipped(data)
    else:
        from luoshi.reading.sources.mail import members_of

        members = members_of(data)
    for member in members:
        budget.take(member)
        path = around + member.path
        try:
            inner = "" if member.fault or member.letter else formats.detect(member.data, member.path)
            if inner != "zip" and inner != "mail":
                yield Member(path, member.data, member.fault, member.letter)
            elif depth < _MAX_DEPTH:
                yield from _flat(member.data, inner, budget, f"{path}/", depth + 1)
            else:
                yield Member(path, fault="层层套着的压缩包不再往里读；请解压后再上传。")
        except ReadingError as why:
            yield Member(path, fault=str(why))


def _zipped(data: bytes) -> Iterator[Member]:
    """The files of a zip. Raises ``CannotOpen`` (broken, locked as a whole) or ``TooLarge``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            files = [info for info in container.infolist() if not info.is_dir() and not _LITTER.search(_label(info))]
            locked = [info for info in files if info.flag_bits & 1]
            if locked and len(locked) == len(files):
                raise CannotOpen(_LOCKED)
            if len(files) > _MAX_FILES:
                raise TooLarge(_TOO_MANY)
            check_size(container, len(data))
            for info in files:
                yield _unpacked(container, info)
    except ZIP_FAULTS as fault:
        raise CannotOpen(_BROKEN) from fault


def _unpacked(container: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    label = _label(info)
    if info.flag_bits & 1:
        return Member(label, fault="设有密码；请取消密码后再上传。")
    if info.file_size > MAX_BYTES:
        return Member(label, fault=f"超过 {MAX_BYTES // 1_000_000} MB；请删去图片或拆成几个文件再上传。")
    try:
        with container.open(info) as stream:
            return Member(label, stream.read(MAX_BYTES + 1))
    except (*ZIP_FAULTS, RuntimeError):
        return Member(label, fault="在压缩包里已损坏；请重新压缩后再上传。")


def _label(info: zipfile.ZipInfo) -> str:
    """A member's path as a label: Chinese systems write GBK or UTF-8 without saying so; no root and no way up."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", "replace") if not name.isascii() else b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    steps = (step.strip() for step in re.split(r"[/\\]", re.sub(r"[\x00-\x1f\x7f]", "", name)))
    return "/".join(step for step in steps if step.strip(". ") and not re.fullmatch("[A-Za-z]:", step))[-300:] or "?"


# --- order --------------------------------------------------------------------------------------------------------


def _ordered(parts: Sequence[_Part]) -> list[_Part]:
    """Covering notice first, then what has no number, then annexes by number; an e-mail's own text before all."""
    return sorted(parts, key=_place)


def _place(part: _Part) -> tuple[int, int, list[tuple[int, str]]]:
    path, head = part.member.path, part.text[:_HEAD]
    name = path.rpartition("/")[2].rpartition(".")[0]
    natural = [(int(word), "") if word.isdigit() else (-1, word) for word in re.split(r"(\d{1,9})", path) if word]
    annex = _ANNEX.match(name.lstrip("0123456789.、-— ")) or _ANNEX.match(head.lstrip())
    if part.member.letter:
        return 0, 0, natural
    if annex is not None:
        return 3, _value(annex["number"]), natural
    says = 2 * bool(_NUMBER.search(head)) + bool(_ADDRESSED.search(head)) + bool(_NOTICE.search(name))
    return (1 if says else 2), 0, natural


def _value(number: str | None) -> int:
    """The number of an annex, up to 一十九 in words; 0 where it has none."""
    if not number:
        return 0
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    value = _NUMERALS.find(ones) + 1 if ones else 0
    return value + (10 * max(_NUMERALS.find(tens) + 1, 1) if ten else 0)


def _once(parts: Sequence[_Part]) -> tuple[list[_Part], list[Doubt]]:
    """Each text once: offices put the same file up as .docx and .pdf. What is left out is named in a doubt."""
    dropped: dict[int, int] = {}
    shingles = [_shingles(part.text) for part in parts]
    for one in range(len(parts)):
        for other in range(one):
            if one in dropped or other in dropped or not _are_alike(shingles[one], shingles[other]):
                continue
            worse, better = (one, other) if _rank(parts[one]) >= _rank(parts[other]) else (other, one)
            dropped[worse] = better
    doubts = [
        Doubt(
            code="file-repeated",
            message=f"“{parts[worse].member.path}”与“{parts[better].member.path}”内容相同，只读了后者。",
        )
        for worse, better in sorted(dropped.items())
    ]
    return [part for index, part in enumerate(parts) if index not in dropped], doubts


def _shingles(text: str) -> frozenset[str]:
    """A sample of a text's pieces, chosen by their first character; a short text stands for itself."""
    words = _NO_WORD.sub("", text)
    if len(words) < _SHORT:
        return frozenset((words,))
    return frozenset(words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE) if not ord(words[at]) & 3)


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= _ALIKE * (len(one) + len(other) - common)


def _rank(part: _Part) -> int:
    return next(rank for rank, word in enumerate(_BEST) if word in part.opened.media_type)


# --- blocks -------------------------------------------------------------------------------------------------------


def _joined(parts: Sequence[_Part]) -> Iterator[Block]:
    """The blocks of all files, each under its path as chrome; tables are counted through."""
    tables = 0
    for part in parts:
        path, letter = part.member.path, part.member.letter
        for line in letter or (path,):
            yield Block(kind="chrome", text=line, origin=Origin(file=path))
        # A letter that only says that something is attached is none of the document.
        mere = letter and len(parts) > 1 and not _DUTIES.search(part.text)
        last = -1
        for block in part.opened.blocks:
            table = block.origin.table
            last = max(last, -1 if table is None else table)
            origin = msgspec.structs.replace(block.origin, file=path, table=None if table is None else tables + table)
            yield Block(kind="chrome" if mere else block.kind, text=block.text, origin=origin)
        tables += last + 1
