"""A small writer of OFD files for tests: characters and lines where a page's sheet has them, or texts where a test says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from luoshi.reading.sources.pdf_sheets import Sheet

SPACE = "http://www.ofdspec.org/2016"
POINTS = 72 / 25.4


@dataclass
class OfdSheet:
    """A page while it is drawn, in millimetres: XML of its objects."""

    width: float = 210.0
    height: float = 297.0
    objects: list[str] = field(default_factory=list)
    template: str | None = None

    def text(self, x: float, y: float, text: str, size: float = 5.0, **attributes: str) -> None:
        """A text whose baseline begins at a place; ``DeltaX`` and the like as keywords."""
        more = {"X": "0", "Y": f"{size:g}", "DeltaX": f"g {len(text) - 1} {size}", **attributes}
        own = {name: more.pop(name) for name in list(more) if name in ("CTM", "HScale", "Visible")}
        codes = "".join(f' {name}="{value}"' for name, value in more.items() if value)
        around = "".join(f' {name}="{value}"' for name, value in own.items())
        self.objects.append(
            f'<ofd:TextObject ID="{len(self.objects) + 100}" Boundary="{x:g} {y - size:g} {size * len(text):g} {size:g}" '
            f'Font="3" Size="{size:g}"{around}>'
            f"<ofd:TextCode{codes}>{escape(text)}</ofd:TextCode></ofd:TextObject>"
        )

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str = "0 0 0") -> None:
        self.objects.append(
            f'<ofd:PathObject ID="{len(self.objects) + 100}" Boundary="{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g}" LineWidth="0.25">'
            f'<ofd:StrokeColor Value="{colour}"/>'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:g} {y1 - y0:g}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        self.objects.append(
            f'<ofd:ImageObject ID="{len(self.objects) + 100}" Boundary="{x:g} {y:g} {width:g} {height:g}" '
            f'CTM="{width:g} 0 0 {height:g} 0 0" ResourceID="9"/>'
        )


def ofd(
    pages: Sequence[OfdSheet],
    templates: dict[str, OfdSheet] | None = None,
    resources: str = "",
    parts: dict[str, bytes] | None = None,
) -> bytes:
    """The bytes of a file with these pages; ``parts`` replaces or adds parts by name."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    named = "".join(f'<ofd:TemplatePage ID="{key}" BaseLoc="Tpls/{key}.xml"/>' for key in templates or {})
    made: dict[str, bytes | str] = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{SPACE}" Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID>'
        "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{named}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/>'
        f"</ofd:Fonts>{resources}</ofd:Res>",
    }
    for key, page in (templates or {}).items():
        made[f"Doc_0/Tpls/{key}.xml"] = _content(page)
    for n, page in enumerate(pages):
        made[f"Doc_0/Pages/Page_{n}/Content.xml"] = _content(page)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in {**made, **(parts or {})}.items():
            container.writestr(name, content)
    return out.getvalue()


def _content(page: OfdSheet) -> str:
    template = f'<ofd:Template TemplateID="{page.template}"/>' if page.template else ""
    return (
        f'<ofd:Page xmlns:ofd="{SPACE}">{template}<ofd:Area><ofd:PhysicalBox>0 0 {page.width:g} {page.height:g}'
        '</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="50">'
        f"{''.join(page.objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def printed(sheets: Iterable[Sheet]) -> bytes:
    """Pages of a PDF as an OFD: each character and line where it stood."""
    pages = []
    for sheet in sheets:
        page = OfdSheet(sheet.width / POINTS, sheet.height / POINTS)
        for glyph in sheet.glyphs:
            size = glyph.size / POINTS
            base = (glyph.bottom - 0.12 * glyph.size) / POINTS
            page.text(glyph.x0 / POINTS, base, glyph.char, size, DeltaX="")
        for rule in sheet.lying:
            page.line(rule.start / POINTS, rule.at / POINTS, rule.end / POINTS, rule.at / POINTS)
        for rule in sheet.standing:
            page.line(rule.at / POINTS, rule.start / POINTS, rule.at / POINTS, rule.end / POINTS)
        pages.append(page)
    return ofd(pages)
