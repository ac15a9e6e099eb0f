"""Scans and images: set straight, read, laid out as the pages of a PDF are; what is unsure is doubted at its place."""

from __future__ import annotations

import io
import re
import resource
import signal
import subprocess
import sys
import time

import pypdfium2
import pytest
from PIL import Image

pytest.importorskip("rapidocr", reason="the extra luoshi[ocr] is not installed")

import numpy as np
from reportlab.lib.utils import ImageReader

from luoshi.reading import read
from luoshi.reading.carried import carried
from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Block, Doubt, Span
from luoshi.reading.sources import apart, ocr, open_source
from luoshi.reading.sources.deskew import skew, straightened
from luoshi.reading.sources.ocr_doubts import MOST, unsure_doubts
from luoshi.reading.sources.ocr_lines import Char, Engine, Place, loaded, parted
from luoshi.reading.sources.ocr_rules import Stroke, strokes
from luoshi.reading.sources.ocr_sheets import page_sheet
from luoshi.reading.sources.ocr_words import settled
from luoshi.reading.sources.pdf_sheets import Sheet as PdfSheet
from luoshi.reading.sources.watching import watching
from tests.reading.sources.scans import Sheet, font_file, saved, scanned
from tests.reading.sources.test_pdf import drawn

pytestmark = pytest.mark.skipif(font_file() is None, reason="no Chinese font to draw pages with")

LINES = [
    (120, 80, "澜湾县2026年政府工作任务分解", 20),
    (92, 130, "一、加快产业发展", 16),
    (92, 160, "1.新增规上工业企业12家，改造老旧小区31个，增加停车泊位", 16),
    (60, 190, "1200个。", 16),
    (92, 220, "责任单位：县经信局、县住建局", 16),
    (92, 250, "2.粮食播种面积稳定在42万亩以上。", 16),
    (92, 280, "责任单位：县农业农村局", 16),
]
WORDS = [
    "澜湾县2026年政府工作任务分解",
    "一、加快产业发展",
    "1.新增规上工业企业12家，改造老旧小区31个，增加停车泊位1200个。",
    "责任单位：县经信局、县住建局",
    "2.粮食播种面积稳定在42万亩以上。",
    "责任单位：县农业农村局",
]
TABLE = [
    ["序号", "工作任务", "责任单位"],
    ["1", "改造老旧小区31个", "县住建局|县财政局"],
    ["2", "新建公办幼儿园4所", "县教育局"],
]


def prose() -> Image.Image:
    page = Sheet()
    for x, y, words, size in LINES:
        page.text(x, y, words, size)
    return page.image


@pytest.fixture(scope="module")
def engine() -> Engine:
    return loaded()


def sheet(engine: Engine, image: Image.Image) -> PdfSheet:
    """A picture of an A4 page, upright or on its side, read."""
    points = (595.0, 842.0) if image.width < image.height else (842.0, 595.0)
    return page_sheet(engine, np.asarray(image, np.uint8), 1, points)


def texts(page: PdfSheet) -> list[str]:
    from luoshi.reading.sources.pdf import opened

    return [block.text for block in opened([page]).blocks]


# --- set straight -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [-3.0, -0.8, 0.0, 1.4, 3.0])
def test_skew_is_found_and_undone(angle):
    grey = np.asarray(scanned(prose(), skew=angle, noise=10, blur=0.6), np.uint8)
    assert abs(skew(grey) - angle) < 0.25
    assert abs(skew(straightened(grey, skew(grey)))) < 0.25


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_page_has_no_skew(shade):
    assert skew(np.full((400, 300), shade, np.uint8)) == 0.0


def test_a_grainy_scan_aslant(engine):
    page = sheet(engine, scanned(prose(), skew=-2.2, noise=9, blur=0.5))
    assert abs(page.skew + 2.2) < 0.15
    assert texts(page) == WORDS


@pytest.mark.parametrize("turns", [2, 3])
def test_turned_pages(engine, turns):
    """``turns`` quarters clockwise; the box of a line lies where the line lies on the page as shown."""
    image = scanned(prose(), skew=0.6).rotate(-90 * turns, expand=True)
    page = sheet(engine, image)
    assert page.turns == turns
    assert texts(page) == WORDS
    top = min(glyph.top for glyph in page.glyphs)
    left, upper, right, lower = page.shown((120, top, 420, top + 20))
    scale = image.width / (595 if turns == 2 else 842)
    inside = np.asarray(image.crop((left * scale, upper * scale, right * scale, lower * scale)))
    assert (inside < 128).mean() > 0.05, "the title is not in its box"


# --- tables -------------------------------------------------------------------------------------------------------


def test_a_ruled_table_becomes_cells(engine):
    page = Sheet()
    page.text(150, 60, "澜湾县民生实事责任分解表", 20)
    page.table((60, 110, 350, 530), 110, TABLE)
    from luoshi.reading.sources.pdf import opened

    blocks = opened([sheet(engine, scanned(page.image, skew=1.1, noise=6))]).blocks
    cells = {(b.origin.row, b.origin.column): b.text for b in blocks if b.kind == "cell"}
    wanted = {(n, m): words.replace("|", "\n") for n, row in enumerate(TABLE) for m, words in enumerate(row)}
    assert cells == wanted


def test_strokes_of_letters_are_no_lines():
    page = Sheet(dpi=200)
    page.text(60, 60, "国土田目十王工三二一丰面固困回", 22)
    for y in range(120, 400, 24):
        page.text(60, y, "三十一王工土二目田国且丰五正止", 14)
    assert strokes(np.asarray(page.image, np.uint8), 14 * 200 / 72) == ([], [])


def test_lines_of_a_table_are_found():
    page = Sheet(dpi=200)
    page.table((60, 110, 350, 530), 110, TABLE)
    lying, standing = strokes(np.asarray(scanned(page.image, noise=8), np.uint8), 12 * 200 / 72)
    scale = 200 / 72
    assert [round(line.at / scale) for line in sorted(lying)] == [110, 150, 190, 230]
    assert [round(line.at / scale) for line in sorted(standing)] == [60, 110, 350, 530]


def test_a_box_over_two_cells_is_cut_at_the_line():
    place = Place(100, 50, 300, 80)
    assert parted([place], [Stroke(200, 0, 500, 2)]) == [Place(100, 50, 198, 80), Place(202, 50, 300, 80)]
    assert parted([place], [Stroke(200, 0, 60, 2), Stroke(104, 0, 500, 2)]) == [place]


# --- characters ---------------------------------------------------------------------------------------------------


def line(text: str, wide: str = "") -> list[Char]:
    """Characters of 10 dots; ASCII half as wide but those in ``wide``."""
    chars, x = [], 0.0
    for char in text:
        width = 5.0 if char.isascii() and char not in wide else 10.0
        chars.append(Char(char, x + width / 2, 0.9))
        x += width
    return chars


@pytest.mark.parametrize(
    ("read_as", "wide", "meant"),
    [
        ("单位:县财政局", ":", "单位：县财政局"),
        ("就业5200人,培训", "", "就业5200人,培训"),
        ("就业5200人,培训", ",", "就业5200人，培训"),
        ("增长3.5%", "", "增长3.5%"),
        ("澜政办[2026]5号", "[]", "澜政办〔2026〕5号"),
        ("澜政办（2026）5号", "", "澜政办〔2026〕5号"),
        ("计划（2026）年", "", "计划（2026）年"),
        ("完成:", "", "完成："),
        ("GDP:", "", "GDP:"),
        ("小区31个", "31", "小区３１个"),
        ("小区31个", "", "小区31个"),
        ("2026年5月", "", "2026年5月"),
    ],
)
def test_marks_are_as_wide_as_drawn(read_as, wide, meant):
    assert "".join(char.char for char in settled(line(read_as, wide), 10)) == meant


# --- doubts -------------------------------------------------------------------------------------------------------


def test_doubts_are_about_letters_and_few():
    blocks = [Block(kind="paragraph", text="县财政局，县税务局"), Block(kind="paragraph", text="甲乙" * 500)]
    found = list(unsure_doubts(blocks, {0: (2, 3, 4), 1: tuple(range(0, 1000, 5))}))
    assert found[0].at == Span(0, 2, 4) and "“政局”" in found[0].message
    assert len(found) == MOST + 1 and found[-1].at is None and f"还有{201 - MOST}处" in found[-1].message


def test_a_smeared_word_is_doubted_at_its_place(engine):
    """What a blot leaves of two characters is read as something or nothing, but not in silence."""
    page = Sheet(dpi=200)
    page.text(92, 100, "新增规上工业企业十二家，改造老旧小区三十一个。", 16)
    blot = page.image.crop((800, 270, 890, 330)).resize((9, 6)).resize((90, 60))
    page.image.paste(blot, (800, 270))
    from luoshi.reading.sources.pdf import opened

    found = opened([page_sheet(engine, np.asarray(page.image, np.uint8), 1, (595.0, 842.0))])
    doubts = [doubt for doubt in found.doubts if doubt.code == "ocr-unsure"]
    words = "".join(block.text for block in found.blocks)
    assert doubts, words
    for doubt in doubts:
        assert doubt.at is not None
        block = found.blocks[doubt.at.block]
        assert f"“{block.text[doubt.at.start : doubt.at.end]}”" in doubt.message
        assert block.origin.page == 1


def test_doubts_follow_their_characters():
    before = [Block(kind="paragraph", text="改造老旧 小区"), Block(kind="paragraph", text="31个")]
    after = [Block(kind="paragraph", text="改造老旧小区31个")]
    doubts = [Doubt(code="a", message="a", at=Span(1, 0, 2)), Doubt(code="b", message="b", at=Span(0, 3, 6))]
    assert [doubt.at for doubt in carried(doubts, before, after)] == [Span(0, 6, 8), Span(0, 3, 5)]
    assert [doubt.at for doubt in carried(doubts, before, after[::-1])] == [Span(0, 6, 8), Span(0, 3, 5)]
    other = [Block(kind="paragraph", text="31个改造老旧小区")]
    assert [doubt.at for doubt in carried(doubts, before, other)] == [None, None]


# --- files --------------------------------------------------------------------------------------------------------


def test_an_image_becomes_a_ledger():
    ledger = read(saved([scanned(prose(), skew=0.9, noise=5)], "PNG"), name="扫描.png")
    assert ledger.source.media_type == "image/png" and ledger.source.pages == 1
    tasks = [task for plan in ledger.plans for section in plan.sections for task in section.tasks]
    assert [[unit.name for unit in task.units] for task in tasks] == [["县经信局", "县住建局"], ["县农业农村局"]]
    assert [target.value for task in tasks for target in task.targets] == [12, 31, 1200, 42]
    box = ledger.blocks[0].origin.box
    assert box and box[0] == pytest.approx(120, abs=8) and box[1] == pytest.approx(80, abs=10)


def test_pages_of_a_tiff_and_pages_of_text_among_scans():
    """A page with text is read as text, the picture behind it by OCR, in the order of the pages."""
    page = Sheet()
    page.text(92, 100, "2.粮食播种面积稳定在42万亩以上。")

    def pages(canvas):
        if canvas.getPageNumber() == 2:
            canvas.drawImage(ImageReader(page.image), 0, 0, 595, 842)
        else:
            canvas.drawString(80, 700, f"{canvas.getPageNumber()}.新建公办幼儿园4所，新增学位1080个。")

    opened = open_source(drawn(pages, pages=3), "a.pdf")
    assert [(block.origin.page, block.text) for block in opened.blocks] == [
        (1, "1.新建公办幼儿园4所，新增学位1080个。"),
        (2, "2.粮食播种面积稳定在42万亩以上。"),
        (3, "3.新建公办幼儿园4所，新增学位1080个。"),
    ]
    assert not opened.doubts
    strip = page.image.crop((0, 150, page.image.width, 400))
    tiff = saved([strip, strip], "TIFF")
    assert [block.origin.page for block in ocr.blocks_of("image", tiff).blocks] == [1, 2]


def test_whoever_watches_is_told_of_each_page_and_may_stop():
    page = Sheet()
    page.text(92, 160, "1.新增规上工业企业12家。")
    told = []
    with watching(lambda done, pages: told.append((done, pages))):
        assert open_source(saved([page.image] * 2, "TIFF"), "扫描件.tif").pages == 2
    assert told == [(0, 2), (1, 2), (2, 2)]

    class Enough(Exception):
        pass

    def stop(_done, _pages):
        raise Enough

    begun = time.monotonic()
    with pytest.raises(Enough), watching(stop):
        open_source(saved([page.image] * 40, "PDF"), "扫描件.pdf")
    assert time.monotonic() - begun < 30, "40 pages would take minutes: the child has ended with the one who waited"


def test_without_the_parts_one_sentence_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(CannotOpen, match=re.escape('pip install "luoshi[ocr]"')):
        open_source(saved([prose()], "PNG"), "a.png")


# --- hostile ------------------------------------------------------------------------------------------------------


def test_a_picture_without_text_says_so():
    with pytest.raises(CannotOpen, match="没有识读出文字"):
        ocr.blocks_of("image", saved([Image.new("L", (300, 400), 240)], "PNG"))


def test_more_scanned_pages_than_the_limit():
    page = ImageReader(Image.new("1", (8, 8)))
    data = drawn(lambda canvas: canvas.drawImage(page, 0, 0, 500, 800), pages=ocr.MAX_SCANNED + 1)
    before = time.monotonic()
    with pytest.raises(TooLarge, match="超过 100 页"):
        open_source(data, "a.pdf")
    assert time.monotonic() - before < 20
    small = Image.new("1", (8, 8))
    with pytest.raises(TooLarge, match="超过 100 页"):
        ocr.blocks_of("image", saved([small] * (ocr.MAX_SCANNED + 1), "TIFF"))


def test_a_huge_page_is_drawn_small(engine, monkeypatch):
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_000, 14_000)
    out = io.BytesIO()
    document.save(out)
    sizes = []
    monkeypatch.setattr("luoshi.reading.sources.pdf.needs_ocr", lambda sheet: True)

    def read_nothing(image, number, points):
        sizes.append(image.size)
        return PdfSheet(number, *points)

    monkeypatch.setattr(ocr, "_reader", lambda: read_nothing)
    with pytest.raises(CannotOpen):
        ocr.blocks_of("pdf", out.getvalue())
    assert sizes[0][0] * sizes[0][1] <= 14_100_000


def test_noise_alone_is_bounded(engine):
    grain = np.random.default_rng(1).integers(0, 256, (1400, 1000), dtype=np.uint8)
    before = time.monotonic()
    page_sheet(engine, grain, 1, (595.0, 842.0))
    assert time.monotonic() - before < 60


def test_a_page_has_its_seconds():
    """Each page is allowed some from where the one before ended; what does not end is ended."""
    program = "from luoshi.reading.sources import apart\napart._limit('scan')\nfor _ in range(3): apart.allow(1)\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", program], timeout=120, check=False)
    assert -ended.returncode in (signal.SIGXCPU, signal.SIGKILL)


def test_who_reads_a_scan_in_his_own_process_lives_on():
    before = resource.getrlimit(resource.RLIMIT_CPU)
    apart.allow(1)
    assert resource.getrlimit(resource.RLIMIT_CPU) == before
