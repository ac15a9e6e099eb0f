"""A printed document for the tests: two pages with text, made by another program."""

from __future__ import annotations

import io
from functools import cache

LINES = [
    "澜湾县人民政府办公室关于印发重点工作责任分解的通知",
    "澜政办发〔2026〕31号",
    "一、沈牧川县长牵头重点工作",
    "1.全县生产总值增长6.5%左右。（责任单位：县发改局）",
    "2.完成12个老旧小区综合改造。（责任单位：县住建局）",
    "3.新建污水管网28公里以上。（责任单位：县住建局）",
]
SECOND = [
    "二、顾怀璟常务副县长牵头重点工作",
    "1.新增公办学位900个，建成望潮小学。（责任单位：县教育局）",
    "2.改造中心城区道路9条。（责任单位：县住建局）",
]
TOP, LEADING, LEFT, SIZE = 760, 36, 72, 12


@cache
def pdf(*pages: tuple[str, ...]) -> bytes:
    """The lines, a page each tuple; without any the two pages above. Lines are 12 points high, 36 apart."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for lines in pages or (tuple(LINES), tuple(SECOND)):
        canvas.setFont("STSong-Light", SIZE)
        for n, line in enumerate(lines):
            canvas.drawString(LEFT, TOP - n * LEADING, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
