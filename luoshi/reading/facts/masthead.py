"""What a document says of itself (公文要素): title, number, issuer, dates, addressees, and the web page's index fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.reading.ledger import DocumentFields, Span
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.rule import any_of, late
from luoshi.reading.words import load

_WORDS = load("masthead")
_NUMBER = re.compile(r"[^\W\da-zA-Z_]{1,14}\s{0,2}[\[(]\s?20\d\d\s?[\])]\s{0,2}第?\s?\d{1,4}\s?号")
_LABELS = {
    "index_number": r"(?:信息)?索\s{0,3}引\s{0,3}号|索取号",
    "publisher": any_of(_WORDS["publisher"]),
    "category": r"主题分类|组配分类|信息分类|分\s{0,3}类|主\s{0,3}题|体裁分类|栏目分类",
    "written_on": r"成文日期|成文时间",
    "validity": r"有\s{0,3}效\s{0,3}性|时\s{0,3}效\s{0,3}性|时效状态",
}
_OTHER_LABELS = rf"文\s{{0,4}}号|关\s{{0,3}}键\s{{0,3}}词|来\s{{0,3}}源|名\s{{0,3}}称|标\s{{0,3}}题|主\s{{0,3}}送|{any_of(_WORDS['other field'])}"
_FIELD = re.compile(
    r"(?<![^\W\da-zA-Z_])(?:"
    + "|".join(f"(?P<{k}>{v})" for k, v in _LABELS.items())
    + rf"|(?P<other>{_OTHER_LABELS}))(?:\s{{0,3}}[:|]|\s{{2,6}}(?=\S))"
)
_LABEL_CELL = late(r"(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _LABELS.items()) + r")\s{0,3}:?$")
_DATE = re.compile(r"(20\d\d)\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})")
_PUBLIC = re.compile(any_of(_WORDS["public"]))
_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_CHINESE_DATE = re.compile(
    r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_TITLE = re.compile(
    rf"关于.{{4,90}}{any_of(_WORDS['paper kind'])}$|{any_of(_WORDS['plan'])}{any_of(_WORDS['plan form'])}?$"
)
_NOTICE = re.compile(rf"关于.{{4,90}}{any_of(_WORDS['notice kind'])}$")
_ISSUER = re.compile(rf"(?P<issuer>.{{4,30}}?{any_of(_WORDS['issuer'])})(?:文件|关于)")
_ISSUING = re.compile(rf"^[^,。:;]{{4,40}}{any_of(_WORDS['signs'])}$")
_ADDRESS = re.compile(rf"^{any_of(_WORDS['addressed'])}.{{2,160}}:")
_SEPARATOR = re.compile(r"[,、;]")


def read_masthead(
    page: Page, head: Sequence[Piece], signed: Sequence[Piece], plan_titles: Sequence[Sequence[Piece]]
) -> DocumentFields:
    """The document's own fields; each is None where the document does not give it. Dates are ISO."""
    found: dict[str, object] = {}
    at: dict[str, Span] = {}
    for piece in head:
        _labelled(page, piece, found, at)
    _number(page, head, found, at)
    _signature(page, signed, found, at)
    _title(page, head, plan_titles, found, at)
    _addressees(page, head, found, at)
    if "issuer" not in found and isinstance(found.get("title"), str):
        _issuer_of_title(page, at["title"], found, at)
    if any(_PUBLIC.search(page.folded(piece)) for piece in [*head, *signed]):
        found["public"] = True
    return DocumentFields(**found, at=at)  # type: ignore[arg-type]


def iso_date(text: str) -> str | None:
    """The first full date in a text as ISO, in figures or Chinese numerals; 元月 is January."""
    text = text.replace("元月", "1月").replace("正月", "1月")
    if match := _DATE.search(text):
        return f"{match.group(1)}-{int(match.group(2)):02d}-{int(match.group(3)):02d}"
    if match := _CHINESE_DATE.search(text):
        year = "".join(_CHINESE_DIGITS[c] for c in match.group(1))
        return f"{year}-{_tens(match.group(2)):02d}-{_tens(match.group(3)):02d}"
    return None


def _tens(word: str) -> int:
    head, ten, tail = word.partition("十")
    if not ten:
        return int(_CHINESE_DIGITS[word])
    return 10 * (int(_CHINESE_DIGITS[head]) if head else 1) + (int(_CHINESE_DIGITS[tail]) if tail else 0)


def _labelled(page: Page, piece: Piece, found: dict[str, object], at: dict[str, Span]) -> None:
    """索引号: x | 成文日期: y – the value runs to the next label, pipe, or end of the line; it may stand in the next cell."""
    folded = page.folds[piece.block]
    if page.blocks[piece.block].kind == "cell" and (label := _LABEL_CELL.match(folded, piece.start, piece.end)):
        _keep(page, label.lastgroup, _next_cell(page, piece.block), found, at)
        return
    labels = list(_FIELD.finditer(folded, piece.start, piece.end))
    for label, after in zip(labels, [*labels[1:], None]):
        key = label.lastgroup
        if key is None or key == "other" or key in found:
            continue
        block, start, end = piece.block, label.end(), after.start() if after else piece.end
        value = _value(page, block, start, end, key == "index_number")
        if (
            value is None
            and after is None
            and not page.strip(block, start, end, "|").end > page.strip(block, start, end, "|").start
        ):
            value = _next_cell(page, block)
        _keep(page, key, value, found, at)


def _keep(page: Page, key: str | None, value: Piece | None, found: dict[str, object], at: dict[str, Span]) -> None:
    if key is None or value is None or key in found:
        return
    text = iso_date(page.folded(value)) if key == "written_on" else page.text(value)
    if text:
        found[key], at[key] = text, value.span


def _value(page: Page, block: int, start: int, end: int, one_word: bool) -> Piece | None:
    piece = page.strip(block, start, end, "|,;")
    folded = page.folds[block]
    stop = re.search(r"[|\t]|\s{2,}" if not one_word else r"[|\s]", folded[piece.start : piece.end])
    if stop:
        piece = page.strip(block, piece.start, piece.start + stop.start(), "|,;")
    elif " " in folded[piece.start : piece.end]:
        first = folded.index(" ", piece.start, piece.end)
        piece = Piece(block, piece.start, first)
    return piece if piece.end > piece.start else None


def _next_cell(page: Page, block: int) -> Piece | None:
    """The value cell to the right of a label cell of a native table."""
    label = page.blocks[block].origin
    if block + 1 >= len(page.blocks) or label.table is None:
        return None
    cell = page.blocks[block + 1].origin
    if cell.table != label.table or cell.row != label.row or _FIELD.match(page.folds[block + 1]):
        return None
    return page.strip(block + 1, 0, len(page.texts[block + 1]))


def _number(page: Page, head: Sequence[Piece], found: dict[str, object], at: dict[str, Span]) -> None:
    for piece in head:
        folded = page.folds[piece.block]
        for match in _NUMBER.finditer(folded, piece.start, piece.end):
            start = match.start()
            for word in ("文号", "字号", "编号", "号"):
                cut = folded.rfind(word, start, match.end() - 6)
                start = cut + len(word) if cut >= 0 else start
            found["number"] = page.texts[piece.block][start : match.end()].strip()
            at["number"] = Span(piece.block, start, match.end())
            return


def _signature(page: Page, signed: Sequence[Piece], found: dict[str, object], at: dict[str, Span]) -> None:
    for i, piece in enumerate(signed):
        date = iso_date(squeeze(page.folded(piece)))
        if date is None:
            continue
        found["signed_on"], at["signed_on"] = date, piece.span
        before = signed[i - 1] if i else None
        if before is not None and not iso_date(page.folded(before)) and not _PUBLIC.search(page.folded(before)):
            found["issuer"], at["issuer"] = squeeze(page.text(before)), before.span
        return


def _title(
    page: Page,
    head: Sequence[Piece],
    plan_titles: Sequence[Sequence[Piece]],
    found: dict[str, object],
    at: dict[str, Span],
) -> None:
    """The notice's title, on one line or two; a document without a notice is titled as its first plan."""
    pieces = [piece for piece in head if not _FIELD.search(page.folded(piece))]
    for i, piece in enumerate(pieces):
        one = squeeze(page.folded(piece).rstrip("|"))
        if len(one) > 120 or (_ADDRESS.match(one)):
            break
        before = pieces[i - 1] if i and one.startswith("关于") and _ISSUING.search(page.folded(pieces[i - 1])) else None
        if _NOTICE.search(one):
            return _set_title(page, [before, piece] if before else [piece], found, at)
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        if after and "关于" in one and _NOTICE.search(one + squeeze(page.folded(after).rstrip("|"))):
            return _set_title(page, [before, piece, after] if before else [piece, after], found, at)
    split = plan_titles[0] if plan_titles and len(plan_titles[0]) > 1 else ()
    for piece in pieces:
        if piece in split:
            return _set_title(page, list(split), found, at)
        if _TITLE.search(squeeze(page.folded(piece).rstrip("|"))) and len(page.folded(piece)) <= 60:
            i = pieces.index(piece)
            before = pieces[i - 1] if i and _ISSUING.search(squeeze(page.folded(pieces[i - 1]))) else None
            return _set_title(page, [before, piece] if before else [piece], found, at)
    if plan_titles and plan_titles[0]:
        return _set_title(page, list(plan_titles[0]), found, at)
    return None


def _set_title(page: Page, pieces: list[Piece], found: dict[str, object], at: dict[str, Span]) -> None:
    stripped = [page.strip(piece.block, piece.start, piece.end, "|") for piece in pieces]
    found["title"] = squeeze("".join(page.text(piece) for piece in stripped))
    at["title"] = stripped[0].span


def _issuer_of_title(page: Page, title: Span, found: dict[str, object], at: dict[str, Span]) -> None:
    match = _ISSUER.match(page.folds[title.block], title.start, title.end)
    if match:
        s, e = match.span("issuer")
        found["issuer"], at["issuer"] = page.texts[title.block][s:e], Span(title.block, s, e)


def _addressees(page: Page, head: Sequence[Piece], found: dict[str, object], at: dict[str, Span]) -> None:
    for piece in head:
        folded = page.folded(piece)
        match = _ADDRESS.match(folded)
        if not match or _FIELD.match(folded):
            continue
        colon = piece.start + folded.index(":")
        names, start = [], piece.start
        text = page.texts[piece.block]
        for stop in [*_outside_brackets(page.folds[piece.block], piece.start, colon), colon]:
            if name := squeeze(text[start:stop]):
                names.append(name)
            start = stop + 1
        found["addressees"], at["addressees"] = tuple(names), Span(piece.block, piece.start, colon)
        return


def _outside_brackets(folded: str, start: int, end: int) -> list[int]:
    depth, out = 0, []
    for i in range(start, end):
        if folded[i] in "([":
            depth += 1
        elif folded[i] in ")]":
            depth = max(0, depth - 1)
        elif not depth and _SEPARATOR.match(folded[i]):
            out.append(i)
    return out
