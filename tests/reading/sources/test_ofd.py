"""OFD: text by where it stands, tables by their lines, boxes on the page; what producers get wrong; what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.reading import blocks_of, read
from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Block
from luoshi.reading.sources import ocr, open_source
from luoshi.reading.sources.pictures import NoSuchPage, page_sizes, picture
from tests.reading.sources.ofds import SPACE, OfdSheet, ofd, printed

LINES = (
    "澜湾县2026年重点工作责任分解",
    "1.改造农村公路15公里，完成危桥改造4座。",
    "责任单位：县交通运输局、县财政局",
)
MM = 72 / 25.4
FILES = Path(__file__).parents[4] / "shared" / "corpus" / "dev" / "files"


def page(*lines: str, start: float = 30.0) -> OfdSheet:
    sheet = OfdSheet()
    for n, line in enumerate(lines or LINES):
        sheet.text(25, start + 12 * n, line)
    return sheet


def texts(data: bytes) -> list[str]:
    return [block.text for block in blocks_of(data, name="a.ofd") if block.kind != "chrome"]


def table() -> OfdSheet:
    """A ruled table of three columns; the second column's cells below the header are one."""
    sheet = page("责任分解表", start=20)
    xs, ys = (25.0, 45.0, 125.0, 185.0), (40.0, 52.0, 64.0, 76.0)
    for n, y in enumerate(ys):
        sheet.line(xs[0], y, xs[3], y)
        if n == 2:
            sheet.objects.pop()
            sheet.line(xs[0], y, xs[1], y)
            sheet.line(xs[2], y, xs[3], y)
    for x in xs:
        sheet.line(x, ys[0], x, ys[3])
    rows = [("序号", "工作任务", "责任单位"), ("1", "改造农村公路15公里", "县交通运输局"), ("2", "", "县财政局")]
    for row, top in zip(rows, ys):
        for text, x in zip(row, xs):
            if text:
                sheet.text(x + 2, top + 8, text)
    return sheet


def test_an_ofd_is_read_into_a_ledger() -> None:
    ledger = read(ofd([page()]), name="a.ofd")
    assert (ledger.source.media_type, ledger.source.pages) == ("application/ofd", 1)
    ((_, _, _, task),) = ledger.tasks()
    assert [(unit.name, unit.role) for unit in task.units] == [("县交通运输局", "joint"), ("县财政局", "joint")]
    assert [target.value for target in task.targets] == [15.0, 4.0]


def test_every_block_knows_its_page_and_box() -> None:
    blocks = blocks_of(ofd([page("1.推进项目建设。"), page("2.改造农村公路。")]), name="a.ofd")
    assert [(block.text, block.origin.page) for block in blocks] == [("1.推进项目建设。", 1), ("2.改造农村公路。", 2)]
    left, top, right, bottom = blocks[0].origin.box or (0, 0, 0, 0)
    assert (left, right) == pytest.approx((25 * MM, 70 * MM), abs=0.1)
    assert top < 30 * MM < bottom
    assert bottom - top == pytest.approx(5 * MM, abs=0.1)


def test_ruled_tables_come_as_cells() -> None:
    cells = [block for block in blocks_of(ofd([table()]), name="a.ofd") if block.kind == "cell"]
    assert [(c.text, c.origin.row, c.origin.column, c.origin.row_span) for c in cells] == [
        ("序号", 0, 0, 1), ("工作任务", 0, 1, 1), ("责任单位", 0, 2, 1),
        ("1", 1, 0, 1), ("改造农村公路15公里", 1, 1, 2), ("县交通运输局", 1, 2, 1),
        ("2", 2, 0, 1), ("县财政局", 2, 2, 1),
    ]  # fmt: skip
    assert cells[0].origin.box == pytest.approx([25 * MM, 40 * MM, 45 * MM, 52 * MM], abs=0.5)


@pytest.mark.skipif(not FILES.is_dir(), reason="the shared corpus is not at hand")
@pytest.mark.parametrize("name", ["dayun-pdf", "heyang-pdf", "lishi-pdf"])
def test_a_page_reads_the_same_as_ofd_and_as_pdf(name: str) -> None:
    from luoshi.reading.sources.pdf import open_document, read_sheets

    data = (FILES / f"{name}.pdf").read_bytes()
    document = open_document(data)
    other = read(printed(read_sheets(document)), name="a.ofd")
    document.close()
    ledger = read(data, name="a.pdf")
    assert len(list(ledger.tasks())) > 10
    assert [block.text for block in other.blocks] == [block.text for block in ledger.blocks]
    assert other.plans == ledger.plans


# --- what producers write -----------------------------------------------------------------------------------------


def test_characters_stand_where_deltas_say() -> None:
    sheet = OfdSheet()
    sheet.text(25, 30, "县财政局县税务局", DeltaX="g 3 5 60 5 5 5")  # one object, two columns
    sheet.text(25, 42, "PM2.5浓度", DeltaX="3 4.2 2.6 1.4 2.6 5 5")
    assert texts(ofd([sheet])) == ["县财政局", "县税务局", "PM2.5浓度"]


def test_matrices_scale_turn_and_shift() -> None:
    sheet = page()
    sheet.text(25, 100, "大字", CTM="2 0 0 2 0 0")
    sheet.text(150, 150, "印章", CTM="0.7 0.7 -0.7 0.7 0 0")
    blocks = blocks_of(ofd([sheet]), name="a.ofd")
    large = next(block for block in blocks if block.text == "大字")
    assert large.origin.box[3] - large.origin.box[1] == pytest.approx(10 * MM, abs=0.2)
    assert [block.text for block in blocks if block.kind == "chrome"] == ["印章"]


def test_a_page_on_its_side_is_read_and_its_boxes_lie_as_shown() -> None:
    sheet = OfdSheet(297, 210)
    for n, line in enumerate(LINES):
        # From top to bottom, columns from right to left: the page was turned clockwise.
        sheet.objects.append(
            f'<ofd:TextObject ID="{n + 100}" Boundary="{250 - 12 * n} 20 5 150" CTM="0 1 -1 0 0 0" Font="3" Size="5">'
            f'<ofd:TextCode X="0" Y="0" DeltaX="g {len(line) - 1} 5">{line}</ofd:TextCode></ofd:TextObject>'
        )
    blocks = blocks_of(ofd([sheet]), name="a.ofd")
    assert [block.text for block in blocks] == list(LINES)
    left, top, right, bottom = blocks[0].origin.box or (0, 0, 0, 0)
    assert (top, bottom) == pytest.approx((20 * MM, (20 + 5 * len(LINES[0])) * MM), abs=6)
    assert 245 * MM < left < right < 256 * MM


def test_templates_blocks_and_units_are_drawn() -> None:
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" Width="100" Height="10"><ofd:Content>'
        '<ofd:TextObject ID="8" Boundary="0 0 60 5" Font="3" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g 20 5">'
        "牵头单位：县农业农村局</ofd:TextCode></ofd:TextObject></ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits>"
    )
    sheet = page("1.建设高标准农田8万亩。")
    sheet.template = "5"
    sheet.objects.append('<ofd:CompositeObject ID="200" Boundary="25 38 100 10" ResourceID="7"/>')
    sheet.objects.append(
        '<ofd:PageBlock ID="201"><ofd:PageBlock ID="202"><ofd:TextObject ID="203" Boundary="25 60 60 5" Font="3" Size="5">'
        '<ofd:TextCode X="0" Y="5" DeltaX="g 9 5">完成时限：12月底</ofd:TextCode></ofd:TextObject></ofd:PageBlock></ofd:PageBlock>'
    )
    sheet.text(25, 90, "草稿", Visible="false")
    found = texts(ofd([sheet], templates={"5": page("澜湾县人民政府文件", start=16)}, resources=unit))
    assert found == ["澜湾县人民政府文件", "1.建设高标准农田8万亩。", "牵头单位：县农业农村局", "完成时限：12月底"]


def test_damaged_prefixes_and_encodings_are_mended() -> None:
    content = (
        '<?xml version="1.0" encoding="GBK"?><ofd:Page xmlns="" xmlns:ofd="http://www.ofdspec.org"><:Content xmlns:="">'
        '<ofd:Layer ID="2"><ofd:TextObject ID="3" Boundary="25 25 100 5" Font="3" Size="5"><ofd:TextCode X="0" Y="5">'
        "改造农村公路15公里。</ofd:TextCode></ofd:TextObject></ofd:Layer></:Content></ofd:Page>"
    ).encode("gbk")
    assert texts(ofd([page()], parts={"Doc_0/Pages/Page_0/Content.xml": content})) == ["改造农村公路15公里。"]


def test_several_documents_in_one_file_follow_one_another() -> None:
    space = f'xmlns:ofd="{SPACE}"'
    more = {
        "OFD.xml": f"<ofd:OFD {space}>"
        + "".join(f"<ofd:DocBody><ofd:DocRoot>Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>" for n in (0, 1))
        + "</ofd:OFD>",
        "Doc_1/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="1" BaseLoc="/Doc_0/Pages/Page_0/Content.xml"/>'
        "</ofd:Pages></ofd:Document>",
    }
    blocks = blocks_of(ofd([page("甲县。")], parts={name: text.encode() for name, text in more.items()}), name="a.ofd")
    assert [(block.text, block.origin.page) for block in blocks] == [("甲县。", 1), ("甲县。", 2)]


def test_white_and_thin_lines() -> None:
    sheet = table()
    white = OfdSheet()
    for n, line in enumerate(LINES):
        white.text(25, 30 + 12 * n, line)
    for y in (20.0, 40.0, 60.0):
        white.line(20, y, 180, y, colour="255 255 255")
        white.line(20, 20, 20, 60, colour="255 255 255")
    assert {block.kind for block in blocks_of(ofd([white]), name="a.ofd")} == {"paragraph"}
    # A border as thin filled shapes, as some programmes write it.
    thin = OfdSheet(objects=[o for o in sheet.objects if "TextObject" in o])
    for x0, y0, x1, y1 in ((25, 40, 185, 40), (25, 52, 185, 52), (25, 64, 185, 64), (25, 76, 185, 76),
                           (25, 40, 25, 76), (45, 40, 45, 76), (125, 40, 125, 76), (185, 40, 185, 76)):  # fmt: skip
        thin.objects.append(
            f'<ofd:PathObject ID="9" Boundary="{x0} {y0} {x1 - x0 + 0.3} {y1 - y0 + 0.3}" Stroke="false" Fill="true">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0 + 0.3} 0 L {x1 - x0 + 0.3} {y1 - y0 + 0.3} L 0 {y1 - y0 + 0.3} C"
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )
    assert len([block for block in blocks_of(ofd([thin]), name="a.ofd") if block.kind == "cell"]) == 8


# --- what cannot be read ------------------------------------------------------------------------------------------


def test_pages_that_are_pictures_or_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    scan = OfdSheet()
    scan.picture(0, 0, 210, 297)
    ledger = read(
        ofd([page(), scan, page("另一页的文字在这里。")], parts={"Doc_0/Pages/Page_2/Content.xml": b"<a"}), name="a.ofd"
    )
    assert [d.message for d in ledger.doubts if d.code == "page-unread"] == [
        "第2页只有图片没有文字，没有读到（共1页）。",
        "第3页内容缺失或损坏，没有读到（共1页）。",
    ]
    assert ledger.source.pages == 3
    with pytest.raises(CannotOpen, match=r"扫描的 OFD.+文字识别部件"):
        open_source(ofd([scan]), "a.ofd")


def _flagged(data: bytes) -> bytes:
    """The same zip, all its parts said to be enciphered."""
    made = bytearray(data)
    for at in range(len(data)):
        if data.startswith(b"PK\x01\x02", at):
            made[at + 8] |= 1
    return bytes(made)


LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (ofd([]), CannotOpen, "损坏"),
        (ofd([OfdSheet()]), CannotOpen, "没有文字"),
        (ofd([page("\ue000" * 30)]), CannotOpen, "乱码"),
        (ofd([page()])[:700], CannotOpen, "损坏"),
        (ofd([page()], parts={"OFD.xml": b"<x/>"}), CannotOpen, "损坏"),
        (ofd([page()], parts={"Doc_0/Document.xml": b"<x"}), CannotOpen, "损坏"),
        (ofd([page()], parts={"Encryptions.xml": b"<x/>"}), CannotOpen, "加密"),
        (_flagged(ofd([page()])), CannotOpen, "加密"),
        (ofd([OfdSheet()] * 501), TooLarge, "501 页"),
        (ofd([page()], parts={"x": b"0" * 40_000_000}), TooLarge, "过大"),
        (ofd([page()], parts={"OFD.xml": f'<!DOCTYPE x [<!ENTITY a "l">{LAUGHS}]><x>&m;</x>'.encode()}), CannotOpen, "损坏"),
        (ofd([page()], parts={"OFD.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'}), CannotOpen, "损坏"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(data: bytes, error: type[CannotOpen], says: str) -> None:
    with pytest.raises(error, match=says) as told:
        open_source(data, "a.ofd")
    assert type(told.value) is error
    assert str(told.value).endswith("。")


def test_units_within_units_end() -> None:
    """Units that each draw two further units would be drawn thousands of millions of times."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + f'<ofd:CompositeObject ID="1{n}" ResourceID="{n + 1}"/>' * 2
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in range(1000, 1040)
    )
    sheet = page()
    sheet.objects.append('<ofd:CompositeObject ID="200" ResourceID="1000"/>')
    data = ofd([sheet], resources=f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")
    assert texts(data) == list(LINES)


def test_numbers_beyond_reason_do_no_harm() -> None:
    sheet = page()
    for bad in ("nan", "1e999", "x", "", "g 999999999 5", "g 1", "1e308 1e308"):
        sheet.text(25, 100, "坏", DeltaX=bad, DeltaY=bad, X=bad, CTM=f"{bad} 0 0 1 0 0")
        sheet.objects.append(
            f'<ofd:PathObject ID="9" Boundary="{bad}"><ofd:AbbreviatedData>M {bad} L</ofd:AbbreviatedData></ofd:PathObject>'
        )
    found: tuple[Block, ...] = blocks_of(ofd([sheet]), name="a.ofd")
    assert [block.text for block in found if block.text in LINES] == list(LINES)


# --- pictures -----------------------------------------------------------------------------------------------------


def test_a_page_is_drawn_where_its_characters_and_lines_stand() -> None:
    import xml.etree.ElementTree as ET

    sheet = table()
    sheet.text(25, 200, "<script>&'\"𠮷")
    sheet.text(150, 150, "印章", CTM="0.7 0.7 -0.7 0.7 0 0")
    sheet.picture(20, 220, 30, 20)
    data = ofd([page(), sheet])
    made = picture(data, "a.ofd", 2, width=600)
    assert (made.media_type, made.width, made.height) == ("image/svg+xml", 600, round(600 * 297 / 210))
    root = ET.fromstring(made.data)  # it is well-formed, and the words in it are no tags
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "g", "rect", "path", "text"}
    words = {"".join(e.itertext()): e for e in root.iter() if e.tag.endswith("text")}
    assert "<script>&'\"𠮷" in words
    assert len(words["<script>&'\"𠮷"].get("x", "").split()) == 13
    # A block's box holds the characters that were drawn for it.
    block = next(b for b in blocks_of(data, name="a.ofd") if b.text == "县交通运输局")
    left, top, right, bottom = block.origin.box or (0, 0, 0, 0)
    drawn = next(e for said, e in words.items() if said.endswith("县交通运输局"))
    assert all(left < float(x) < right for x in drawn.get("x", "").split()[-6:])
    assert top < float(drawn.get("y", "0")) < bottom
    assert page_sizes(data, "a.ofd")[1] == pytest.approx((210 * MM, 297 * MM))
    with pytest.raises(NoSuchPage, match="共 2 页"):
        picture(data, "a.ofd", 3)
