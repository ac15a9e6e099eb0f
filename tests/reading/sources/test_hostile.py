"""Files made to be slow or to burst: each ends soon, with blocks or with one sentence."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable

import pytest

from luoshi.reading.errors import ReadingError
from luoshi.reading.sources import open_source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
pytestmark = pytest.mark.slow
SIZE = 10_000_000
SECONDS = 10.0  # of processor time, on a machine that is slow and busy; a few are usual


def fill(piece: str) -> bytes:
    data = piece.encode()
    return data * (SIZE // len(data))


def page(piece: str) -> bytes:
    return b"<html><body>" + fill(piece)


def word(body: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as container:
        container.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return data.getvalue()


RUN = "<w:r><w:t>甲</w:t></w:r>"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "one line": lambda: fill("一"),
    "one line of brackets": lambda: fill("（"),
    "digits": lambda: fill("1"),
    "short lines": lambda: fill("甲\r"),
    "stray bytes": lambda: b"\xff\x81" * (SIZE // 2),
    "noise": lambda: random.Random(1).randbytes(SIZE),
    "open tags": lambda: page("<p>"),
    "open comments": lambda: page("<!--"),
    "angle brackets": lambda: page("<"),
    "charsets": lambda: page("<meta charset="),
    "layers": lambda: page("<div class='share nav'>"),
    "tables": lambda: page("<table><tr><td>甲<td>乙"),
    "hidden": lambda: b"<body>" + b"<i hidden>x</i>y" * 100_000,
    "elements": lambda: b"<body>" + b"<p>x y</p>" * 190_000,
    "rows spanned": lambda: b"<table><tr>" + b"<td rowspan=60000>x" * 128 + b"<tr><td>y" * 60_000,
    "columns spanned": lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=9>x" * 60_000,
    "deep and wide": lambda: b"<div class=share>" * 1500 + b"<p>x</p>" * 60_000,
    "nested lists": lambda: b"<ol><li>" * 900 + b"<a>x</a>" * 60_000,
    "a large picture within": lambda: b"<body><img src='data:" + b"x" * SIZE + "'><p>甲</p>".encode(),
    "spaces": lambda: "<p>甲".encode() + b" " * SIZE + "\n乙</p>".encode(),
    "paragraphs": lambda: word(f"<w:p>{RUN}</w:p>" * 120_000),
    "cells": lambda: word(f"<w:tbl><w:tr>{f'<w:tc><w:p>{RUN}</w:p></w:tc>' * 120_000}</w:tr></w:tbl>"),
    "runs": lambda: word(f"<w:p>{RUN * 200_000}</w:p>"),
    "marks deleted": lambda: word(f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{RUN}</w:p>" * 60_000),
    "controls": lambda: word("<w:sdt><w:sdtContent>" * 100_000),
    "controls closed": lambda: word(
        "<w:sdt><w:sdtContent>" * 120 + f"<w:p>{RUN}</w:p>" + "</w:sdtContent></w:sdt>" * 120
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_ends_soon_and_as_declared(make: Callable[[], bytes]) -> None:
    data = make()
    before = time.process_time()
    try:
        open_source(data, "文件")
    except ReadingError as fault:
        assert str(fault).endswith("。")
    assert time.process_time() - before < SECONDS
