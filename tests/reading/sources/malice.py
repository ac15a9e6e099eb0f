"""Files made by hand to burst, hang, spy or lock: what each is, its name, and the words its sentence has (None: it is read)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from tests.reading.fuzz.samples import sample
from tests.reading.sources.ofds import OfdSheet, ofd

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = '<!ENTITY a "lol">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
QUADRATIC = f'<!ENTITY m "{"x" * 200_000}">'
OUTSIDE = '<!ENTITY m SYSTEM "file:///etc/hostname">'
PARAMETER = '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;<!ENTITY m "x">'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


class Case(NamedTuple):
    name: str
    make: Callable[[], bytes]
    says: str | None


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """The same zip, every part said to be enciphered."""
    made = bytearray(data)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def word(subset: str = "", entity: str = "&m;", more: dict[str, bytes] | None = None) -> bytes:
    doctype = f"<!DOCTYPE x [{subset}]>" if subset else ""
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>甲{entity}</w:t></w:r></w:p></w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": doctype + body, **(more or {})})


def workbook(subset: str) -> bytes:
    doctype = f"<!DOCTYPE x [{subset}]>"
    return zipped({"xl/workbook.xml": f'{doctype}<workbook xmlns="{S}"><sheets>&m;</sheets></workbook>'})


def overlapping() -> bytes:
    """A zip whose parts all are the same packed bytes, listed two thousand times over."""
    data = zipped({"a.txt": b"0" * 30_000_000})
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    count = 2000
    tail = end[:8] + struct.pack("<HHI", count, count, len(entry) * count) + end[16:]
    return data[:at] + entry * count + tail


def lying() -> bytes:
    """A zip that states a member of ten bytes and unpacks to thirty million."""
    data = bytearray(zipped({"a.txt": b"0" * 30_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature)
        data[at + offset : at + offset + 4] = struct.pack("<I", 10)
    return bytes(data)


def nested() -> bytes:
    inner = zipped({"a.txt": b"0" * 9_000_000})
    for _ in range(6):
        inner = zipped({f"{n}.zip": inner for n in range(8)})
    return inner


def pdf_of(pages: int) -> bytes:
    """A PDF whose pages all are one page."""
    kids = b"3 0 R " * pages
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + item + b"endobj\n"
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)


def locked_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    data = io.BytesIO()
    canvas = Canvas(data, encrypt="geheim")
    canvas.drawString(100, 700, "1.")
    canvas.save()
    return data.getvalue()


def ole(*streams: str) -> bytes:
    return OLE + b"".join(stream.encode("utf-16-le") + bytes(64) for stream in streams) + bytes(512)


def with_macros(kind: str) -> bytes:
    """A real file with a project of macros in it, as .docm and .xlsm have."""
    with zipfile.ZipFile(io.BytesIO(sample(kind)[1])) as whole:
        parts: dict[str, bytes | str] = {name: whole.read(name) for name in whole.namelist()}
    folder = "word" if kind == "docx" else "xl"
    return zipped({**parts, f"{folder}/vbaProject.bin": ole("VBA", "AutoOpen")})


def one_page(**parts: bytes) -> bytes:
    sheet = OfdSheet()
    sheet.text(25, 30, "1.改造农村公路15公里。")
    return ofd([sheet], parts={name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()})


def entity_ofd(subset: str) -> bytes:
    return one_page(OFD_xml=f"<!DOCTYPE x [{subset}]><x>&m;</x>".encode())


def entity_sheet(subset: str) -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?><!DOCTYPE x [{subset}]><Workbook xmlns="{space}">&m;</Workbook>'.encode()


def entity_page(subset: str) -> bytes:
    return f"<!DOCTYPE html [{subset}]><html><body><p>1.改造农村公路15公里。&m;</p></body></html>".encode()


_PASSWORD = "密码|加密"
CASES: dict[str, Case] = {
    # Passwords
    "docx with a password": Case("a.docx", lambda: ole("EncryptionInfo", "EncryptedPackage"), _PASSWORD),
    "xlsx with a password": Case("a.xlsx", lambda: ole("EncryptionInfo", "EncryptedPackage"), _PASSWORD),
    "parts of a docx enciphered": Case("a.docx", lambda: locked(word(entity="")), _PASSWORD),
    "pdf with a password": Case("a.pdf", locked_pdf, _PASSWORD),
    "zip with a password": Case("a.zip", lambda: locked(zipped({"a.txt": "甲"})), _PASSWORD),
    "ofd with a password": Case("a.ofd", lambda: locked(one_page()), _PASSWORD),
    "ofd enciphered": Case("a.ofd", lambda: one_page(Encryptions_xml=b"<x/>"), _PASSWORD),
    # Bombs
    "docx bomb": Case("a.docx", lambda: word(entity="", more={"word/media/x": b"0" * 190_000_000}), "过大"),
    "xlsx bomb": Case("a.xlsx", lambda: zipped({"xl/workbook.xml": b" " * 190_000_000}), "过大"),
    "ofd bomb": Case("a.ofd", lambda: one_page(x=b"0" * 190_000_000), "过大"),
    "zip bomb": Case("a.zip", lambda: zipped({f"{n}.txt": b"0" * 30_000_000 for n in range(6)}), "过大"),
    "zip of overlapping parts": Case("a.zip", overlapping, "过大|超过"),
    "zip that states a false size": Case("a.zip", lying, "损坏"),
    "zips within zips": Case("a.zip", nested, "都不能读"),
    "zip of many files": Case("a.zip", lambda: zipped({f"{n}.txt": "甲" for n in range(9000)}), "超过 200 份"),
    "large picture": Case("a.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(3_000_000), ""),
    # Entities
    **{
        f"{what} in {kind}": Case(f"a.{kind}", make, "" if kind == "html" else "损坏|引号不成对")
        for what, subset in (
            ("billion laughs", LAUGHS), ("quadratic growth", QUADRATIC), ("an outside file", OUTSIDE), ("an outside DTD", PARAMETER),
        )
        for kind, make in (
            ("docx", lambda subset=subset: word(subset, "&m;" * 500)), ("xlsx", lambda subset=subset: workbook(subset)),
            ("ofd", lambda subset=subset: entity_ofd(subset)), ("xls", lambda subset=subset: entity_sheet(subset)),
            ("html", lambda subset=subset: entity_page(subset)),
        )
    },
    # Macros
    "docm": Case("a.docm", lambda: with_macros("docx"), None),
    "xlsm": Case("a.xlsm", lambda: with_macros("xlsx"), None),
    # Size
    "pdf of 10,000 pages": Case("a.pdf", lambda: pdf_of(10_000), "10000 页"),
    "ofd of 10,000 pages": Case("a.ofd", lambda: ofd([OfdSheet()] * 10_000), "页|过大"),
    "rtf of open groups": Case("a.rtf", lambda: b"{\\rtf1" + b"{" * 9_000_000, "过于复杂"),
    "rtf of cells": Case("a.rtf", lambda: b"{\\rtf1" + b"\\cell" * 2_000_000, "过大"),
    "e-mail of parts": Case("a.eml", lambda: _parts(20_000), "过多"),
    "e-mail within e-mails": Case("a.eml", lambda: _within(3_000), ""),
    "files beyond the limit": Case("a.txt", lambda: b"x" * 41_000_000, "超过 40 MB"),
}  # fmt: skip
_MAIL = b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def _parts(count: int) -> bytes:
    part = b"--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n"
    return _MAIL + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * count + b"--b--\r\n"


def _within(depth: int) -> bytes:
    return _MAIL + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)
    )
