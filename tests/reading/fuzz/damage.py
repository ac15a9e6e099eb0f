"""Damage: bytes lost, repeated, exchanged or put in from another file, in the file itself or in a part of its container."""

from __future__ import annotations

import io
import zipfile
from random import Random

# Bytes that mean something to one format or another.
TELLING = (
    b"\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"-1", b"99999999999999999999", b"1e999", b"nan", b"<", b">", b"</p>",
    b"<table><tr><td>", b"</table>", b"<!--", b"]]>", b"&#0;", b"&#xD800;", b"&#x10FFFF;", b"&x;", b'"', b"'", b"\x1b",
    b"PK\x03\x04", b"%PDF-1.7", b"<html", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\t",
    b'rowspan="65534"', b'colspan="0"', b'w:val="-5"', b"\xe8\xb4\xa3\xe4\xbb\xbb\xe5\x8d\x95\xe4\xbd\x8d:", b"\xa3\xba",
    b"endobj", b"stream", b"/Length 0", b"/Kids", b"{\\", b"\\bin9999 ", b"\\u-3913?", b"=1/0", b"A1048577", b"&#x202e;",
)  # fmt: skip


def damaged(data: bytes, other: bytes, chance: Random) -> bytes:
    """One to eight damages to a file; a container is damaged inside as often as outside."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.75:
        return _inside(data, other, chance)
    return _bytes(data, other, chance)


def _bytes(data: bytes, other: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = chance.choice(_WAYS)(data, other, chance)
    return data


def _inside(data: bytes, other: bytes, chance: Random) -> bytes:
    """The same container with one or two parts damaged, lost, doubled or exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        heavy = [name for name in parts if name.endswith((".xml", ".rels")) and "theme" not in name] or list(parts)
        for name in chance.sample(heavy, min(len(heavy), chance.choice((1, 1, 2)))):
            way = chance.random()
            if way < 0.06:
                del parts[name]
            elif way < 0.1:
                parts[name] = chance.choice(list(parts.values()))
            else:
                parts[name] = _bytes(parts[name], other, chance)
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def _place(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 80, 400)))


def _lost(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + data[end:]


def _cut(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _begun(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[chance.randrange(min(len(data), 60) + 1) :]


def _changed(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _flipped(data: bytes, other: bytes, chance: Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _doubled(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + data[start:end] * chance.choice((2, 2, 3, 40)) + data[end:]


def _told(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + chance.choice(TELLING) + data[start if chance.random() < 0.5 else end :]


def _spliced(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(other, chance)
    here = chance.randrange(len(data) + 1)
    return data[:here] + other[start:end] + data[here:]


def _grafted(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _moved(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _place(data, chance)
    rest = data[:start] + data[end:]
    here = chance.randrange(len(rest) + 1)
    return rest[:here] + data[start:end] + rest[here:]


def _figures(data: bytes, other: bytes, chance: Random) -> bytes:
    """A number of the file made another: sizes, counts, references and spans all are digits somewhere."""
    places = [at for at in range(len(data)) if 48 <= data[at] <= 57]
    if not places:
        return data
    at = chance.choice(places)
    return data[:at] + chance.choice((b"0", b"-1", b"9", b"65536", b"2147483648", b"")) + data[at + 1 :]


_WAYS = (
    _lost,
    _lost,
    _cut,
    _begun,
    _changed,
    _flipped,
    _flipped,
    _doubled,
    _told,
    _told,
    _spliced,
    _grafted,
    _moved,
    _figures,
)
