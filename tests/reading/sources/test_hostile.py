"""Files made to be slow, to burst, spy or lock, torn and misnamed files: each ends soon, with blocks or with one sentence."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable

import pytest

from luoshi.reading.errors import CannotOpen, ReadingError
from luoshi.reading.sources import open_source
from tests.reading.fuzz.samples import FILES, sample
from tests.reading.sources.malice import CASES

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


# --- each in a process of its own, so that its memory can be measured ---------------------------------------------

BUSY = 25.0  # seconds of processor time, children's too; on a machine that is slow and busy
MEMORY = 900_000  # kilobytes, of the process or of its largest child
WATCHED = """
import json, resource, sys
from luoshi.reading.errors import ReadingError
from luoshi.reading.sources import open_source
said = None
try:
    open_source(sys.stdin.buffer.read(), sys.argv[1])
except ReadingError as why:
    said = str(why)
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
# Not its own ru_maxrss: that begins at what the process that started it held, as Linux keeps it over exec.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
used = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
print(json.dumps([said, used, max(peak, others.ru_maxrss)]))
"""


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malice_has_its_own_sentence_within_bounds(case) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, case.name], input=case.make(), capture_output=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-800:]
    said, used, memory = json.loads(done.stdout)
    if case.says is None:
        assert said is None
    elif case.says:
        assert said is not None and re.search(case.says, said) and said.endswith("。"), said
    assert said is None or said.count("。") <= 2
    assert used < BUSY
    assert memory < MEMORY


# --- torn and misnamed --------------------------------------------------------------------------------------------

CUTS = (0.15, 0.5, 0.9, 0.99)


@pytest.mark.parametrize("kind", FILES)
def test_a_torn_file_is_read_or_refused_in_a_sentence(kind: str) -> None:
    name, data = sample(kind)
    for cut in CUTS:
        try:
            open_source(data[: int(len(data) * cut)], name)
        except CannotOpen as why:
            assert str(why).endswith("。")


WRONG = (".docx", ".pdf", ".png", "")
# Bare text leaves it to the name whether commas part a table.
MISNAMED = {
    kind: WRONG if kind in ("text", "gb18030", "utf-16") else (*WRONG, ".csv", ".xls")
    for kind in FILES
    if kind != "csv"
}


@pytest.mark.parametrize("kind", MISNAMED)
def test_a_file_under_a_wrong_name_is_what_its_bytes_are(kind: str) -> None:
    name, data = sample(kind)
    right = open_source(data, name)
    for ending in MISNAMED[kind]:
        assert open_source(data, f"通知{ending}") == right, ending


def test_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    torn, misnamed = len(FILES) * len(CUTS), sum(map(len, MISNAMED.values()))
    with capsys.disabled():
        print(f"\nhostile files: {len(HOSTILE)} slow, {len(CASES)} malicious, {torn} torn, {misnamed} misnamed")
    assert len(CASES) > 40
