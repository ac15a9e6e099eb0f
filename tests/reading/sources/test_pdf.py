"""PDF files drawn by another program: paragraphs, columns and tables come back as they were meant."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)

from luoshi.reading import read
from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.ledger import Block
from luoshi.reading.sources import open_source, pdf
from luoshi.reading.sources.apart import read_apart

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "dev"
FONT = "STSong-Light"  # every PDF program knows it: nothing to embed
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
PLAIN = ParagraphStyle("plain", parent=BODY, firstLineIndent=0)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=18, leading=28, alignment=1, firstLineIndent=0)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=9, leading=12, firstLineIndent=0)
CENTRED = ParagraphStyle("centred", parent=SMALL, alignment=1)
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]

HEADER = ["序号", "工作任务", "牵头单位", "配合单位"]
ROWS = [
    ["1", "改造老旧小区31个，新增停车泊位1200个，建成城市书房6座，让群众生活更加方便舒适。", "县住建局", "县财政局"],
    ["2", "粮食播种面积稳定在42万亩以上，建成高标准农田3.5万亩。", "县农业农村局", "县水利局<br/>县自然资源局"],
    [
        "3",
        "县人民医院新院区年底前投入使用，每千人口执业医师达到3.1人。",
        "县卫生健康局",
        "县疾病预防控制中心（县卫生监督所）",
    ],
    ["4", "新建公办幼儿园4所，新增学位1080个。", "县教育局", ""],
]
PROSE = [
    "一、陈望舒县长牵头重点工作",
    "1.坚持项目为王，全年固定资产投资增长8%以上，新开工亿元以上项目25个，确保澜湾大桥及接线工程6月底前开工建设。"
    "（责任单位：县发改局、县交通运输局）",
    "2.提升城市品质，改造老旧小区31个，新增停车泊位1200个，建成城市书房6座，让群众生活更加方便舒适。（责任单位：县住建局）",
    "3.推进招商引资，引进亿元以上项目18个。（责任单位：县商务局）",
    "二、林致远副县长牵头重点工作",
    "4.粮食播种面积稳定在42万亩以上，建成高标准农田3.5万亩，农村居民人均可支配收入增长7.5%左右。（责任单位：县农业农村局）",
    "5.新建公办幼儿园4所，新增学位1080个，义务教育学校课后服务覆盖率达到100%，县职业中学新校区开工。（责任单位：县教育局）",
]


def edges(canvas: Canvas, template: BaseDocTemplate) -> None:
    """What stands on every page and is no part of the text."""
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(template.pagesize[0] / 2, 30, f"— {template.page} —")
    if template.header:
        canvas.drawString(60, template.pagesize[1] - 32, template.header)


def made(
    story: list[Flowable], *, size: tuple[float, float] = A4, frames: list[Frame] | None = None, header: str = ""
) -> bytes:
    """The story as a PDF, with a number and perhaps a header on each page."""
    data = io.BytesIO()
    document = BaseDocTemplate(data, pagesize=size)
    document.header = header
    whole = Frame(60, 60, size[0] - 120, size[1] - 120, leftPadding=0, rightPadding=0)
    document.addPageTemplates(PageTemplate(frames=frames or [whole], onPage=edges))
    document.build(story)
    return data.getvalue()


def drawn(draw: Callable[[Canvas], Any], pages: int = 1) -> bytes:
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=A4)
    for _ in range(pages):
        canvas.setFont(FONT, 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def table(rows: list[list[str]], widths: list[float], style: list[Any] = GRID, **options: Any) -> Table:
    cells = [[Paragraph(text, SMALL if n else CENTRED) for n, text in enumerate(row)] for row in rows]
    return Table(cells, colWidths=widths, style=style, **options)


def blocks(data: bytes) -> tuple[Block, ...]:
    return pdf.blocks_of(data).blocks


def texts(data: bytes, kind: str = "paragraph") -> list[str]:
    return [block.text for block in blocks(data) if block.kind == kind]


def grid(data: bytes) -> list[list[str]]:
    """The cells of the only table, row by row, "" where none stands."""
    cells = [block for block in blocks(data) if block.kind == "cell"]
    assert {cell.origin.table for cell in cells} == {0}
    places = {(cell.origin.row or 0, cell.origin.column or 0): cell.text for cell in cells}
    rows, columns = (max(place[n] for place in places) + 1 for n in (0, 1))
    return [[places.get((row, column), "") for column in range(columns)] for row in range(rows)]


def meant(rows: list[list[str]]) -> list[list[str]]:
    return [[text.replace("<br/>", "\n") for text in row] for row in rows]


# --- prose --------------------------------------------------------------------------------------------------------


def test_lines_become_the_paragraphs_they_were() -> None:
    story = [Paragraph("关于印发澜湾县2024年重点工作责任分解的通知", TITLE), Paragraph("各乡镇人民政府：", PLAIN)]
    found = texts(made([*story, *(Paragraph(text, BODY) for text in PROSE)]))
    assert found == ["关于印发澜湾县2024年重点工作责任分解的通知", "各乡镇人民政府：", *PROSE]


def test_a_paragraph_goes_on_over_the_page_and_page_edges_are_chrome() -> None:
    data = made([Paragraph(text, BODY) for text in PROSE * 12], header="澜湾县人民政府公报")
    opened = pdf.blocks_of(data)
    assert opened.pages is not None and opened.pages >= 3
    assert [block.text for block in opened.blocks if block.kind == "paragraph"] == PROSE * 12
    chrome = [block.text for block in opened.blocks if block.kind == "chrome"]
    assert chrome.count("澜湾县人民政府公报") == opened.pages
    assert [f"— {n} —" for n in range(1, opened.pages + 1)] == [text for text in chrome if text[0] == "—"]


def test_a_title_over_two_lines_is_one() -> None:
    title = "关于印发《澜湾县人民政府2024年政府工作报告重点工作责任分解》的通知"
    assert texts(made([Paragraph(title, TITLE), *(Paragraph(text, BODY) for text in PROSE)]))[0] == title


def test_two_columns_are_read_one_after_the_other_below_what_runs_across() -> None:
    width = (A4[0] - 120 - 24) / 2
    frames = [
        Frame(60, 420, A4[0] - 120, 350, leftPadding=0, rightPadding=0),
        Frame(60, 60, width, 350, leftPadding=0, rightPadding=0),
        Frame(60 + width + 24, 60, width, 350, leftPadding=0, rightPadding=0),
    ]
    over = [Paragraph("澜湾县2024年民生实事项目清单", TITLE), table([HEADER, *ROWS], [35, 260, 85, 95]), FrameBreak()]
    data = made([*over, *(Paragraph(text, BODY) for text in PROSE)], frames=frames)
    found = texts(data)
    assert found[-len(PROSE) :] == PROSE
    assert grid(data) == meant([HEADER, *ROWS])


# --- tables -------------------------------------------------------------------------------------------------------


def test_wrapped_cells_are_joined_and_set_lines_kept() -> None:
    assert grid(made([table([HEADER, *ROWS], [35, 200, 85, 110])])) == meant([HEADER, *ROWS])


@pytest.mark.parametrize("width", [60, 64, 71, 80, 93, 107, 140, 210])
def test_names_of_units_survive_any_width(width: float) -> None:
    names = [
        "县文化广播影视新闻出版局",
        "县住房和城乡建设局<br/>县自然资源和规划局",
        "县农业农村局<br/>县水利局<br/>县财政局",
    ]
    rows = [HEADER, *([str(n), f"完成第{n}项任务。", name, "县发改局"] for n, name in enumerate(names, 1))]
    assert grid(made([table(rows, [35, 120, width, 80])])) == meant(rows)


def test_a_table_over_pages_is_one_and_its_returning_header_chrome() -> None:
    rows = [[str(n), *ROWS[n % 4][1:]] for n in range(1, 80)]
    data = made([table([HEADER, *rows], [35, 230, 85, 110], repeatRows=1)])
    assert grid(data) == meant([HEADER, *rows])
    pages = {block.origin.page for block in blocks(data) if block.kind == "cell"}
    assert len(pages) >= 3
    assert texts(data, "chrome").count("牵头单位") == len(pages) - 1


@pytest.mark.parametrize("returns", [True, False], ids=["header returns", "no header"])
@pytest.mark.parametrize("closed", [True, False], ids=["line at the end", "no line at the end"])
def test_a_row_broken_by_the_end_of_the_page_is_one_row(returns: bool, closed: bool) -> None:
    line = "完成水库除险加固工程并新增灌溉面积确保如期通过验收，"[:24]  # as many as stand in a line of the column
    assert len(line) == 24
    rows = [[str(n), *ROWS[n % 4][1:]] for n in range(1, 9)]
    above = [HEADER, *rows, ["9", line * 3, "县水利局", "县财政局"]]
    below = [*([HEADER] if returns else []), ["", line * 2 + "全部办结。", "", "县审计局"], ["10", *ROWS[0][1:]]]
    widths = [35.0, 24 * 9 + 12.5, 85.0, 110.0]
    lines = [("LINEABOVE", (0, 0), (-1, -1), 0.5, "black"), ("LINEBEFORE", (0, 0), (-1, -1), 0.5, "black")]
    style = GRID if closed else [*lines, ("LINEAFTER", (-1, 0), (-1, -1), 0.5, "black")]
    data = made([table(above, widths, style), PageBreak(), table(below, widths)])
    whole = ["9", line * 5 + "全部办结。", "县水利局", "县财政局\n县审计局"]
    assert grid(data) == [*meant([HEADER, *rows]), whole, *meant([["10", *ROWS[0][1:]]])]


def test_a_merged_cell_goes_on_over_the_page() -> None:
    above = [HEADER, *([str(n), *ROWS[n % 4][1:]] for n in range(1, 5))]
    below = [HEADER, ["5", *ROWS[0][1:]], ["6", *ROWS[1][1:]], ["7", *ROWS[2][1:]]]
    below[1][2] = below[2][2] = ""
    first = table(above, [35, 200, 85, 110], [*GRID, ("SPAN", (2, 3), (2, 4))])
    second = table(below, [35, 200, 85, 110], [*GRID, ("SPAN", (2, 1), (2, 2))])
    cells = [block for block in blocks(made([first, PageBreak(), second])) if block.kind == "cell"]
    merged = next(cell for cell in cells if cell.origin.column == 2 and cell.origin.row == 3)
    assert (merged.origin.row_span, merged.text) == (4, ROWS[3][2])


def test_merged_cells_and_headings_across_keep_their_spans() -> None:
    rows = [HEADER, ["一、改善民生", "", "", ""], *ROWS]
    style = [*GRID, ("SPAN", (0, 1), (-1, 1)), ("SPAN", (2, 2), (2, 4))]
    cells = [block for block in blocks(made([table(rows, [35, 200, 85, 110], style)])) if block.kind == "cell"]
    spans = {cell.text: (cell.origin.row_span, cell.origin.column_span) for cell in cells}
    assert spans["一、改善民生"] == (1, 4)
    assert spans["县住建局"] == (3, 1)
    assert spans["县教育局"] == (1, 1)


@pytest.mark.parametrize("style", [[], [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black")]], ids=["bare", "lying lines"])
@pytest.mark.parametrize("place", ["TOP", "MIDDLE"])
def test_a_table_without_standing_lines_is_found_by_its_columns(style: list[Any], place: str) -> None:
    rows = [[str(n), *ROWS[n % 4][1:]] for n in range(1, 40)]
    aligned = [*style, ("VALIGN", (0, 0), (-1, -1), place)]
    data = made([Paragraph("任务清单", TITLE), table([HEADER, *rows], [35, 220, 90, 115], aligned, repeatRows=1)])
    assert grid(data) == meant([HEADER, *rows])
    assert texts(data) == ["任务清单"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_the_same_and_its_boxes_lie_on_it_as_shown(turn: int) -> None:
    upright = made([table([HEADER, *ROWS], [35, 300, 100, 150])], size=landscape(A4))
    document = pypdfium2.PdfDocument(upright)
    document[0].set_rotation(turn)
    turned = io.BytesIO()
    document.save(turned)
    shown = document[0].get_size()
    one, other = blocks(upright), blocks(turned.getvalue())
    assert [block.text for block in one] == [block.text for block in other]
    for block in other:
        left, top, right, bottom = block.origin.box or (0, 0, 0, 0)
        assert 0 <= left < right <= shown[0] and 0 <= top < bottom <= shown[1]
    first, last = (next(b.origin.box for b in other if b.text == text) for text in ("序号", "县教育局"))
    below = {90: first[0] > last[0], 180: first[1] > last[1], 270: first[0] < last[0]}
    assert below[turn]


def test_text_drawn_along_the_page_is_turned_upright() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        for n, text in enumerate(["澜湾县2024年重点工作", "一、稳住经济大盘", "二、办好民生实事"]):
            canvas.drawString(100, -100 - 30 * n, text)

    assert texts(drawn(draw)) == ["澜湾县2024年重点工作", "一、稳住经济大盘", "二、办好民生实事"]


def test_a_stamp_aslant_is_chrome_and_stays_out_of_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "新建公办幼儿园4所，新增学位1080个。")
        canvas.translate(150, 650)
        canvas.rotate(30)
        canvas.drawString(0, 0, "内部资料")

    data = drawn(draw)
    assert texts(data) == ["新建公办幼儿园4所，新增学位1080个。"]
    assert texts(data, "chrome") == ["内部资料"]


def test_bold_by_drawing_twice_is_read_once_and_white_lines_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3):
            canvas.drawString(80 + shift, 700, "2024年民生实事")
        canvas.setStrokeColorRGB(1, 1, 1)
        canvas.grid([60, 120, 300], [650, 690, 730])

    assert [(b.kind, b.text) for b in blocks(drawn(draw))] == [("paragraph", "2024年民生实事")]


def test_every_block_has_its_page_and_box() -> None:
    data = made([Paragraph(PROSE[0], BODY), PageBreak(), table([HEADER, *ROWS], [35, 200, 85, 110])])
    found = blocks(data)
    assert {block.origin.page for block in found} == {1, 2}
    assert all(block.origin.box for block in found)
    left, top, right, bottom = next(b.origin.box or (0, 0, 0, 0) for b in found if b.text == PROSE[0])
    assert 80 < left < 90 and 60 < top < 85 and right - left == pytest.approx(13 * 12, abs=12) and bottom - top < 14


# --- the whole way ------------------------------------------------------------------------------------------------


def test_a_pdf_becomes_a_ledger() -> None:
    title = Paragraph("2024年县政府重点工作任务分解表", TITLE)
    ledger = read(made([title, table([HEADER, *ROWS], [35, 200, 85, 110])]), name="任务.pdf")
    assert (ledger.source.media_type, ledger.source.pages) == ("application/pdf", 1)
    tasks = [task for _, _, _, task in ledger.tasks()]
    assert [task.number for task in tasks] == ["1", "2", "3", "4"]
    assert [(u.name, u.role) for u in tasks[1].units] == [
        ("县农业农村局", "lead"),
        ("县水利局", "support"),
        ("县自然资源局", "support"),
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not at hand")
@pytest.mark.parametrize("name", ["dayun-pdf", "heyang-pdf", "lishi-pdf"])
def test_shared_documents_lose_no_task_and_no_unit(name: str) -> None:
    gold = json.loads((CORPUS / "gold" / f"{name}.json").read_text())
    wanted = [task for plan in gold["plans"] for section in plan["sections"] for task in section["tasks"]]
    ledger = read(CORPUS / "files" / f"{name}.pdf")
    tasks = [task for _, _, _, task in ledger.tasks()]
    assert [task.number for task in tasks] == [task["number"] for task in wanted]
    assert [task.text.lstrip("★") for task in tasks] == [task["text"].lstrip("★") for task in wanted]


def test_a_scan_says_so_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luoshi.reading.sources.ocr.is_installed", lambda: False)
    picture = Image.new("L", (300, 400), 200)
    with pytest.raises(CannotOpen, match=r'扫描.*pip install "luoshi\[ocr\]"'):
        open_source(drawn(lambda canvas: canvas.drawImage(ImageReader(picture), 50, 50, 500, 700)), "a.pdf")


def test_pages_that_are_pictures_among_others_are_doubted_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luoshi.reading.sources.ocr.is_installed", lambda: False)
    picture = Image.new("L", (300, 400), 200)

    def page(canvas: Canvas) -> None:
        if canvas.getPageNumber() == 2:
            canvas.drawImage(ImageReader(picture), 50, 50, 500, 700)
        else:
            canvas.drawString(80, 700, "新建公办幼儿园4所，新增学位1080个。")

    ledger = read(drawn(page, pages=3), name="a.pdf")
    (doubt,) = [doubt for doubt in ledger.doubts if doubt.code == "page-unread"]
    assert doubt.message.startswith("第2页只有图片没有文字，没有读到（共1页）；可安装")
    assert ledger.source.pages == 3


# --- bad files ----------------------------------------------------------------------------------------------------

SHORT = drawn(lambda canvas: canvas.drawString(80, 700, "新建公办幼儿园4所。"))


def test_the_content_decides_not_the_name() -> None:
    for name in ("a.txt", "a.docx", "a"):
        assert [block.text for block in open_source(SHORT, name).blocks] == ["新建公办幼儿园4所。"]
    assert open_source(b"\r\n" * 20 + SHORT, "a.pdf").pages == 1
    with pytest.raises(CannotOpen, match="损坏"):
        open_source(b"%PDF-1.7\n...", "a.txt")


def test_a_password_has_its_own_sentence() -> None:
    data = io.BytesIO()
    canvas = Canvas(data, encrypt="geheim")
    canvas.drawString(80, 700, "secret")
    canvas.save()
    with pytest.raises(CannotOpen, match="密码"):
        open_source(data.getvalue(), "a.pdf")


def test_a_page_without_anything_says_so() -> None:
    with pytest.raises(CannotOpen, match="没有文字"):
        pdf.blocks_of(drawn(lambda canvas: None))


def test_too_many_pages_are_refused_with_their_number() -> None:
    data = drawn(lambda canvas: canvas.drawString(80, 700, "x"), pages=10_000)
    before = time.monotonic()
    with pytest.raises(TooLarge, match="10000 页"):
        open_source(data, "a.pdf")
    assert time.monotonic() - before < 20


def test_damaged_files_end_in_blocks_or_a_sentence() -> None:
    data = made([Paragraph(text, BODY) for text in PROSE])
    chance = random.Random(7)
    spoiled = [data[: len(data) * n // 12] for n in range(1, 12)]
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(8, len(broken))] = chance.randrange(256)
        spoiled.append(bytes(broken))
    refused = 0
    for part in spoiled:
        try:
            pdf.blocks_of(part)
        except ReadingError as error:
            refused += 1
            assert str(error).endswith("。")
    assert 0 < refused < len(spoiled)


@pytest.mark.slow
def test_a_huge_page_ends_within_its_limits() -> None:
    def words(canvas: Canvas) -> None:
        for n in range(30_000):
            canvas.drawString(10 + n % 60 * 9, 10 + n // 60 % 80 * 10, "甲乙丙丁" * 10)

    def lines(canvas: Canvas) -> None:
        for n in range(40_000):
            canvas.line(10, n % 800, 500, n % 800)
            canvas.line(n % 500, 10, n % 500, 800)
        canvas.drawString(80, 700, "新建公办幼儿园4所。")

    for draw in (words, lines):
        before = time.monotonic()
        try:
            open_source(drawn(draw), "a.pdf")
        except ReadingError as error:
            assert str(error).endswith("。")
        assert time.monotonic() - before < 100


def test_what_breaks_off_apart_is_one_sentence_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    with pytest.raises(CannotOpen, match="中断"):
        read_apart("pdf", SHORT)
