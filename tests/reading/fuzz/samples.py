"""Small real files of every kind, made by the libraries that make such files: what damage is done to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.reading.sources.workbooks import Drawn, xls, xlsx

TITLE = "澜湾县2026年政府工作报告重点工作责任分解"
TEXT = f"""{TITLE}
澜政办发〔2026〕3号
各乡镇人民政府，县政府各部门：
现印发给你们，责任单位中首位单位为牵头单位。
澜湾县人民政府办公室
2026年2月3日
一、周明县长牵头重点工作
1.全县生产总值增长6%左右，规上工业增加值增长7.5%以上，力争新增规上企业12家。
责任单位：县发改局、县经信局
2.完成老旧小区改造25个，开工建设滨海大道二期，6月底前建成县文化馆新馆。
责任单位：县住建局、县文广旅体局、各镇（街道）
二、民生实事
3.学前教育普惠率由88%提高到91%，城镇调查失业率控制在5.5%以内。（牵头单位：县教育局；配合单位：县人社局）
"""
ROWS: list[list[Any]] = [
    ["序号", "工作任务", "牵头单位", "责任单位", "完成时限", "目标值"],
    ["1", "建成县文化馆新馆，新增停车泊位900个以上", "县住建局", "县财政局、县城投集团", "2026年6月底前", 900],
    ["2", "新增就业4200人，引进亿元以上项目20个", "县人社局", "县商务局", "年底前", (0.075, "0.0%")],
    ["3", "一般公共预算收入增长5%左右", "县财政局", "县税务局", "全年", None],
]


def _table(row: str = "<tr>{}</tr>", cell: str = "<td>{}</td>") -> str:
    shown = [[str(v[0] if isinstance(v, tuple) else v or "") for v in line] for line in ROWS]
    return "".join(row.format("".join(cell.format(value) for value in line)) for line in shown)


def html() -> bytes:
    lines = "".join(f"<p style='text-indent:2em'>{line}</p>\n" for line in TEXT.splitlines())
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><div class='nav'>"
        f"<a href='/'>首页</a> &gt; 政务公开</div><div id='zoom'>{lines}<table border='1'>{_table()}"
        "<tr><td rowspan='2'>合计</td><td colspan='5'>共&nbsp;3项</td></tr></table></div><div>打印 关闭</div></body></html>"
    ).encode()


def old_html() -> bytes:
    body = "<br>　　".join(TEXT.splitlines())
    return f"<html><head><meta charset=gb2312></head><body><font size=3>{body}</font>".encode("gb18030")


def docx() -> bytes:
    import docx as word

    made = word.Document()
    made.add_heading(TITLE, 1)
    for line in TEXT.splitlines()[1:]:
        made.add_paragraph(line, style="List Number" if line[0].isdigit() else None)
    table = made.add_table(rows=len(ROWS), cols=len(ROWS[0]))
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            table.cell(r, c).text = str(value or "")
    table.cell(1, 4).merge(table.cell(2, 4))
    out = io.BytesIO()
    made.save(out)
    return _light(out.getvalue())


def _light(data: bytes) -> bytes:
    """Without the pictures and themes that a library's template brings, which the reader does not look at."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if "theme" not in name and not name.endswith((".jpeg", "stylesWithEffects.xml")):
                new.writestr(name, old.read(name))
    return out.getvalue()


def pdf() -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=True, pageCompression=0)
    for page in (TEXT.splitlines()[:8], TEXT.splitlines()[8:]):
        canvas.setFont("STSong-Light", 11)
        for n, line in enumerate(page):
            canvas.drawString(70, 760 - 26 * n, line)
        canvas.grid([70, 170, 270], [200, 240, 280])
        canvas.drawString(80, 250, "序号")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheets() -> tuple[Drawn, ...]:
    return Drawn("责任分解", [[TITLE], *ROWS], merges=[(0, 0, 0, 5), (2, 2, 3, 2)], hidden_rows=[4]), Drawn(
        "附表", ROWS
    )


def sheet_xml() -> bytes:
    cells = _table("<Row>{}</Row>", "<Cell><Data ss:Type='String'>{}</Data></Cell>")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f"<?xml version='1.0' encoding='utf-8'?><Workbook xmlns='{space}' xmlns:ss='{space}'>"
        f"<Worksheet ss:Name='甲'><Table>{cells}</Table></Worksheet></Workbook>"
    ).encode()


def csv() -> bytes:
    lines = [",".join(f'"{v or ""}"' for v in row) for row in ROWS]
    return f"{TITLE},,,,,\r\n{chr(10).join(lines)}".encode("gb18030")


def rtf() -> bytes:
    def coded(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c) - 65536 if ord(c) > 32767 else ord(c)}?" for c in text)

    body = "\\par\n".join(coded(line) for line in TEXT.splitlines())
    cells = "".join(f"\\intbl {coded(str(value or ''))}\\cell " for value in ROWS[1])
    edges = "".join(f"\\cellx{n}000" for n in range(1, 7))
    row = f"\\trowd{edges} {cells}\\row "
    return f"{{\\rtf1\\ansi\\ansicpg936{{\\fonttbl{{\\f0 SimSun;}}}}\\f0 {body}\\par {row}}}".encode("ascii")


def ofd() -> bytes:
    space = "http://www.ofdspec.org/2016"
    lines = "".join(
        f'<ofd:TextObject ID="{10 + n}" Boundary="20 {20 + 10 * n} 170 6" Font="3" Size="5"><ofd:TextCode X="0" Y="5" '
        f'DeltaX="g {len(line)} 5">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(TEXT.splitlines())
    )
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{space}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{space}"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297'
        "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{space}"><ofd:Content><ofd:Layer ID="2">{lines}</ofd:Layer>'
        "</ofd:Content></ofd:Page>",
    }  # fmt: skip
    return _zipped({name: content.encode() for name, content in parts.items()})


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def bundle() -> bytes:
    return _zipped(
        {"通知.txt": "\n".join(TEXT.splitlines()[:6]).encode(), "附件1.csv": csv(), "附件2.txt": TEXT.encode()}
    )


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("a.txt", TEXT.encode),
    "gb18030": ("a.txt", lambda: TEXT.encode("gb18030")),
    "utf-16": ("a.txt", lambda: TEXT.encode("utf-16")),
    "html": ("a.html", html),
    "old html": ("a.htm", old_html),
    "docx": ("a.docx", docx),
    "xlsx": ("a.xlsx", lambda: xlsx(*_sheets())),
    "xls": ("a.xls", lambda: xls(*_sheets())),
    "csv": ("a.csv", csv),
    "sheet xml": ("a.xls", sheet_xml),
    "pdf": ("a.pdf", pdf),
    "rtf": ("a.rtf", rtf),
    "ofd": ("a.ofd", ofd),
    "zip": ("a.zip", bundle),
}


@cache
def sample(kind: str) -> tuple[str, bytes]:
    """Name and bytes of a small whole file of a kind."""
    name, make = FILES[kind]
    return name, make()
