"""Where a web page's document is, among navigation, share bars, related links and footers.

The *core* is the smallest element that holds most of the page's plain (unlinked) text. What stands beside it is judged
piece by piece: titles, lists of document fields and sentences belong to the document; the rest is chrome.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from luoshi.reading.rule import Rule, RuleSet, any_of
from luoshi.reading.words import load

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section select summary table tbody td"
    " textarea tfoot th thead tr ul button".split()
)
_CHROME_TAGS = frozenset(("nav", "footer", "button", "select", "textarea", "option"))
_ROWS = frozenset(("tr", "thead", "tbody", "tfoot"))
_NOT_ENTERED = frozenset(("p", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre"))
_CORE_SHARE = 0.6
# Words in class and id by which site builders name the parts around a document.
_HINT = re.compile(
    r"(?:^|[^a-z])(?:nav|menu|crumbs?|bread|breadcrumb|position|location|weizhi|dqwz|side|sider|sidebar|foot|footer|bottom"
    r"|copyright|friendlink|links|top|topbar|header|head|banner|logo|search|share|bdshare|jiathis|tool|tools|print|qrcode|ewm"
    r"|related|xgxx|xgwj|xglj|recommend|prev|next|pager|pagination|login|toolbar)(?:[^a-z]|$)"
)
_HINT_WITHIN = re.compile(
    r"(?:^|[^a-z])(?:share|bdshare|jiathis|print|qrcode|ewm|related|xgxx|xgwj|xglj|recommend|pager|pagination|crumbs?|breadcrumb)(?:[^a-z]|$)"
)
_WORDS = load("site")
_SITE = Rule(
    name="page-site",
    triggers=("【", "[", "（", "(", *_WORDS["site"]),
    pattern=re.compile(rf"[【\[（(]?{any_of(_WORDS['site'])}"),
    value=lambda m: m.group(),
    reads=(("[打印本页]", "[打印"), ("上一篇:关于印发实事清单的通知", "上一篇"), ("浏览次数:12", "浏览次数")),
    refuses=("关于印发责任分解的通知", "[2026]3号"),
)
_FRAME = Rule(
    name="page-frame",
    triggers=("所在", "的", "位置", *_WORDS["you are"], *_WORDS["now"], *_WORDS["frame"], *_WORDS["record"]),
    pattern=re.compile(
        rf"{any_of(_WORDS['you are'])}?{any_of(_WORDS['now'])}?的?(?:所在)?位置|{any_of(_WORDS['frame'])}"
        rf"|.{{0,10}}{any_of(_WORDS['record'])}"
    ),
    value=lambda m: m.group(),
    reads=(("您当前所在位置:首页", "您当前所在位置"), ("网站地图", "网站地图"), ("澜ICP备12号", "ICP备")),
    refuses=("目前全县共有学校12所", "县政府办公室"),
)
_IMPRINT = Rule(
    name="page-imprint",
    triggers=_WORDS["imprint"],
    pattern=re.compile(any_of(_WORDS["imprint"])),
    value=lambda m: m.group(),
    reads=(("澜公网安备3300号", "公网安备"), ("版权所有:澜湾县人民政府", "版权所有")),
    refuses=("县公安局备案", "索引号"),
)
_FIELD = Rule(
    name="page-field",
    triggers=("【", "[", *_WORDS["field"], *(word[0] for word in _WORDS["spaced field"])),
    pattern=re.compile(
        r"[【\[]?(?:"
        + "|".join(r"\s{0,4}".join(word) for word in _WORDS["spaced field"])
        + rf"|{any_of(_WORDS['field'])})"
    ),
    value=lambda m: m.group(),
    reads=(("索 引 号:0001", "索 引 号"), ("发布日期:2026-03-18", "发布日期"), ("来  源:县政府办", "来  源")),
    refuses=("县财政局", "文件精神", "主题公园"),
)
_SITE_NAME = Rule(
    name="page-site-name",
    triggers=_WORDS["site name"],
    pattern=re.compile(any_of(_WORDS["site name"]) + "$"),
    value=lambda m: m.group(),
    reads=(("澜湾县人民政府", "人民政府"), ("澜湾县政府门户网站", "门户网站")),
    refuses=("关于印发责任分解的通知", "局长信箱"),
)
_AROUND = RuleSet([_SITE, _FRAME, _IMPRINT, _FIELD, _SITE_NAME])
_LISTS = frozenset(("ul", "ol", "dl"))
_ATTACHED = re.compile(r"附\s?件|\.(?:docx?|xlsx?|pdf|wps|zip)")
_SPACE = re.compile(r"\s+")


@dataclass
class _Measure:
    """What an element holds, in characters that are not spaces."""

    size: int = 0
    linked: int = 0
    weight: float = 0.0
    links: int = 0
    has_blocks: bool = False


class Page:
    """A page measured. ``chrome`` says of an element whether it and what is in it are chrome, until one inside differs."""

    def __init__(self, body: etree._Element, title: str) -> None:
        self._body = body
        self._titles = _titles(title)
        self._nodes = list(body.iter(etree.Element))  # keeps the proxies, and so the dictionaries' keys, alive
        self._of: dict[etree._Element, _Measure] = {}
        self._measure()
        self.layout_tables = {table for table in body.iter("table") if self._is_layout(table)}
        self._core = self._find_core()
        self.chrome: dict[etree._Element, bool] = {}
        self._judge_all()

    # Measuring

    def _measure(self) -> None:
        """Sizes from the leaves up: preorder backwards meets children before parents."""
        unlinked: dict[etree._Element, bool] = {}
        of = self._of
        for node in self._nodes:
            parent = node.getparent()
            unlinked[node] = node.tag != "a" and unlinked.get(parent, True) if parent is not None else True
            of[node] = _Measure()
            _count(node.text, of[node], unlinked[node])
            if node is not self._body and parent is not None:
                _count(node.tail, of[parent], unlinked[parent])
        for node in reversed(self._nodes):
            own = of[node]
            if node is self._body:
                continue
            total = of[self._body]
            parent = node.getparent()
            total = of[parent] if parent is not None else total
            if self._is_frame(node, own):
                own.weight = 0.0
            total.size += own.size
            total.linked += own.linked
            total.weight += own.weight
            total.links += own.links + (node.tag == "a")
            total.has_blocks = total.has_blocks or own.has_blocks or node.tag in BLOCKS

    def _is_frame(self, node: etree._Element, own: _Measure) -> bool:
        """Whether an element is named like a part around a document (a large one hardly is, whatever its name)."""
        return node.tag in _CHROME_TAGS or (own.size < 600 and bool(_HINT.search(_names(node))))

    def _is_layout(self, table: etree._Element) -> bool:
        """Whether a table only places things on the page: its cells are read as paragraphs."""
        if table.get("role") == "presentation":
            return True
        rows = rows_of(table)
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if max(map(len, cells), default=0) <= 1:
            return True
        if any(cell.tag == "th" for row in cells for cell in row) or table.find("caption") is not None:
            return False
        if table.get("border", "0") in ("", "0") and next(table.iterdescendants("table"), None) is not None:
            return True
        if len(rows) > 4:
            return False
        largest = max((cell for row in cells for cell in row), key=lambda cell: self._of[cell].size)
        size = self._of[largest].size
        paragraphs = list(islice(largest.iterdescendants("p", "div", "h1", "h2", "h3"), 3))
        return size > 300 and len(paragraphs) == 3 and size * 10 > self._of[table].size * 7

    # Finding the core

    def _find_core(self) -> etree._Element:
        """Down from the body, as long as one child holds most of the page's weight; never into a table of data."""
        core = self._body
        least = self._of[core].weight * _CORE_SHARE
        while least > 0:
            heaviest = max(core, key=lambda child: self._weight(child), default=None)
            if heaviest is None or self._weight(heaviest) < least or not self._may_enter(heaviest):
                break
            core = heaviest
        while core.tag in _ROWS or core in self.layout_tables:
            parent = core.getparent()
            if parent is None or core is self._body:
                break
            core = parent
        return core

    def _weight(self, node: etree._Element) -> float:
        return self._of[node].weight if node in self._of else 0.0

    def _may_enter(self, node: etree._Element) -> bool:
        if node.tag in ("tr", "td"):  # met only in a layout table
            return True
        return (
            node.tag in BLOCKS and node.tag not in _NOT_ENTERED and (node.tag != "table" or node in self.layout_tables)
        )

    # Judging

    def _judge_all(self) -> None:
        """Top down: an element settled as chrome or document settles what is in it."""
        path = {self._core, *self._core.iterancestors()}
        parent_of_core = self._core.getparent()
        body = self._of[self._body]
        plain = body.linked * 20 <= body.size  # a page with hardly a link is a document, not a site
        modes: dict[etree._Element, str] = {}
        for node in self._nodes:
            parent = node.getparent()
            mode = modes.get(parent, "outside") if parent is not None else "outside"
            if node in path:
                near = node is parent_of_core and (plain or node is not self._body)
                # Where nothing stands out from the body, every piece of a site's page is judged.
                is_core = node is self._core and (plain or node is not self._body)
                modes[node] = "core" if is_core else "near" if near or plain or node is self._core else "outside"
                self.chrome[node] = modes[node] == "outside"
            elif mode == "settled" or node.tag not in BLOCKS:
                modes[node] = mode
            else:
                modes[node] = self._judge(node, mode)

    def _judge(self, node: etree._Element, mode: str) -> str:
        """Settle an element if it can be, and return the mode for what is in it."""
        own = self._of[node]
        verdict = self._within(node, own) if mode == "core" else self._beside(node, own, near=mode == "near")
        if verdict is None:
            return mode
        self.chrome[node] = verdict
        return "settled"

    def _within(self, node: etree._Element, own: _Measure) -> bool | None:
        """Inside the core only what is plainly of the site is chrome."""
        if node.tag in _CHROME_TAGS:
            return True
        names = _names(node)
        if own.size * 5 < self._of[self._core].size and (
            _HINT_WITHIN.search(names) or (_HINT.search(names) and own.linked * 2 > own.size)
        ):
            return True
        if node.tag in _LISTS and own.links >= 3 and own.linked * 5 >= own.size * 4 and own.size < 2000:
            return None if _ATTACHED.search(self._text(node)) else True
        if own.has_blocks or own.size > 160:
            return None
        text = self._text(node)
        linked = own.linked * 3 > own.size and (_SITE.pattern.match(text) or _FRAME.pattern.match(text))
        return True if linked or _IMPRINT.pattern.search(text) else None

    def _beside(self, node: etree._Element, own: _Measure, *, near: bool) -> bool | None:
        """Beside the core. Without a verdict what is inside is judged one by one."""
        if not own.size:
            return None
        text = self._text(node) if own.size < 400 and not own.has_blocks else ""
        if self._is_title(text):
            return False
        if self._is_frame(node, own):
            return None if own.has_blocks and self._holds_title(node) else True
        if own.linked * 2 > own.size:
            return True
        if node.tag == "table" and node not in self.layout_tables:
            return not (_FIELD.pattern.search(self._text(node)) or own.size >= 40)
        if own.has_blocks:
            return None
        if node.tag == "h1" and not _SITE_NAME.pattern.search(text) or _FIELD.pattern.match(text):
            return False
        if (_SITE.pattern.match(text) or _FRAME.pattern.match(text)) and own.size < 160:
            return True
        return not (near or own.size >= 40 or re.search("[。；]", text))

    def _holds_title(self, node: etree._Element) -> bool:
        """Whether an element named like a frame holds the document's title or its fields after all."""
        return any(
            self._is_title(text) or _FIELD.pattern.match(text)
            for inner in islice(node.iterdescendants(etree.Element), 2000)
            if inner.tag in BLOCKS and not self._of[inner].has_blocks and 0 < self._of[inner].size < 200
            for text in (self._text(inner),)
        )

    def _is_title(self, text: str) -> bool:
        """Whether a text is one that the page's own title (``<title>``) gives, the site's name apart."""
        text = _SPACE.sub("", text)
        return (
            len(text) >= 6
            and not _SITE_NAME.pattern.search(text)
            and any(t.startswith(text) or text == t for t in self._titles)
        )

    def _text(self, node: etree._Element) -> str:
        return "".join(str(piece) for piece in islice(node.itertext(), 1000)).strip()


def rows_of(table: etree._Element) -> list[etree._Element]:
    """A table's own rows, those of tables nested in it apart."""
    rows: list[etree._Element] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in _ROWS:
            rows += child.findall("tr")
    return rows


def _count(text: str | None, into: _Measure, unlinked: bool) -> None:
    """Add the characters of a piece of text; sentences weigh more than labels."""
    if not text or not (size := len(_SPACE.sub("", text))):
        return
    into.size += size
    if unlinked:
        into.weight += size if size >= 20 or any(mark in text for mark in "，。；、：") else size / 2
    else:
        into.linked += size


def _names(node: etree._Element) -> str:
    """Class and id of an element, with the humps of camelCase parted."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f"{node.get('class', '')} {node.get('id', '')}"[:200]).lower()


def _titles(title: str) -> list[str]:
    """The page's title whole and in the parts between which sites put their names."""
    parts = [title, *re.split(r"[_|]| - |—{1,2}|-(?=[^0-9])", title)]
    return [text for text in (_SPACE.sub("", part) for part in parts) if len(text) >= 6]
