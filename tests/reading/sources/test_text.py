"""Plain text in every encoding an office saves, and what only pretends to be text."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge, UnknownFormat
from luoshi.reading.sources import MAX_CHARACTERS, open_source
from luoshi.reading.sources.text import decode

SAMPLE = (
    "澜湾县人民政府办公室关于印发重点工作责任分解的通知\n"
    "1.全县地区生产总值增长6.8％左右，规上工业增加值增长9%。\n责任单位：县发改局、县统计局\n"
)
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def texts(data: bytes, name: str = "a.txt") -> list[str]:
    return [block.text for block in open_source(data, name).blocks]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_reads_alike(encoding: str, end: str) -> None:
    assert texts(SAMPLE.replace("\n", end).encode(encoding)) == SAMPLE.splitlines()


def test_lines_keep_their_number_and_their_spaces() -> None:
    blocks = open_source("\n　　甲　\n \n| a | b |\n||\n".encode(), "a.txt").blocks
    assert [(block.origin.line, block.text) for block in blocks] == [(1, "　　甲　"), (3, "| a | b |"), (4, "||")]
    assert {block.kind for block in blocks} == {"paragraph"}


def test_control_characters_become_one_space_each() -> None:
    long = "推进农村公路改造" * 10
    assert texts(f"甲乙\x00丙丁\x0c戊\t己{long}\x85".encode()) == [f"甲乙 丙丁 戊\t己{long} "]


def test_a_text_cut_within_a_character_is_still_read() -> None:
    assert texts(SAMPLE.encode()[:-2])[:2] == SAMPLE.splitlines()[:2]
    assert texts(SAMPLE.encode("gb18030").rstrip(b"\n")[:-1])[:2] == SAMPLE.splitlines()[:2]


def test_traditional_text_in_big5_is_no_error() -> None:
    assert open_source("政府工作報告重點工作責任分解".encode("big5"), "a.txt").blocks


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(40), "图片"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "图片"),
        (b"Rar!\x1a\x07\x00abc", "压缩包"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "2003"),
        (bytes([1, 2, 3, 4, 5, 6]) * 100, "不是文字"),
    ],
)
def test_other_formats_are_named_whatever_the_ending(data: bytes, says: str) -> None:
    with pytest.raises((UnknownFormat, CannotOpen), match=says):
        open_source(data, "通知.txt")


def test_a_password_is_said_to_be_one() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(CannotOpen, match="密码"):
        open_source(container, "通知.docx")


def test_empty_and_oversized_files_are_refused_in_one_sentence() -> None:
    with pytest.raises(CannotOpen, match="空"):
        open_source(b"\n \r\n", "a.txt")
    with pytest.raises(TooLarge, match="100 万字"):
        open_source(b"1" * (MAX_CHARACTERS + 1), "a.txt")
    with pytest.raises(TooLarge, match="40 MB"):
        open_source(b"1" * 40_000_001, "a.txt")


def test_a_page_named_txt_is_a_page_and_a_text_named_html_a_text() -> None:
    assert open_source("<html><body><p>甲</p></body></html>".encode(), "a.txt").media_type == "text/html"
    assert open_source("<html><body><p>甲，乙。</p></body></html>".encode("utf-16"), "a.txt").media_type == "text/html"
    assert open_source("增速<6%的，由县局负责".encode(), "a.html").media_type == "text/plain"


def test_reading_text_imports_no_parser_of_other_formats() -> None:
    code = (
        "import sys; from luoshi.reading.sources import open_source; open_source('甲\\n乙'.encode(), 'a.txt');"
        "print(sorted({'lxml', 'docx', 'charset_normalizer', 'zipfile', 'django'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode()) == text or "\x00" in text


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=40))
def test_chinese_in_gb18030_is_never_taken_for_anything_else(text: str) -> None:
    data = text.encode("gb18030")
    assume("\ufffd" in data.decode("utf-8", "replace"))  # 一一 in GB18030 is һһ in UTF-8, byte for byte
    assert decode(data) == text


def test_accents_are_no_chinese() -> None:
    assert texts("naïve café".encode()) == ["naïve café"]
    assert texts("联通".encode("gb18030")) == ["联通"]


@given(st.binary(), st.sampled_from(["a.txt", "a.html", "a.docx", ""]))
def test_any_bytes_open_or_say_why_not(data: bytes, name: str) -> None:
    try:
        opened = open_source(data, name)
    except ReadingError as fault:
        assert str(fault).endswith("。")
    else:
        assert all(block.text.strip() for block in opened.blocks)
