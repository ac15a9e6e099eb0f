"""``luoshi explain``: what a place of the document was read as, and which rules looked at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from luoshi.cli.inputs import Input, gather
from luoshi.cli.say import say

if TYPE_CHECKING:
    from luoshi.reading.ledger import Block, Ledger, Span
    from luoshi.reading.rule import Rule

NEAR = 30  # characters either side of the place within which a trigger word counts
SHOWN = 40  # characters of text shown either side
HELP = "说明文件某处读成了什么、依据哪条规则。N 是全文第几个字（从 0 数，各块之间算一个换行），或“块:字”。"


@click.command(help=say(HELP))
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@click.option("--at", "place", required=True, metavar="N", help=say("位置：N 或 块:字"))
def explain(file: str, place: str) -> None:
    from luoshi.cli.read import read_one

    inputs = gather([file]).inputs
    if len(inputs) != 1:
        raise click.UsageError(say("一次只说明一份文件"))
    ledger = read_one(inputs[0])
    if ledger is None:
        raise click.exceptions.Exit(2)
    block, offset = _locate(ledger, place)
    for line in _account(ledger, inputs[0], block, offset):
        click.echo(line)


def _locate(ledger: Ledger, place: str) -> tuple[int, int]:
    """Block and character of ``--at``. Raises UsageError naming what there is."""
    match = re.fullmatch(r"(?:(\d{1,9}):)?(\d{1,12})", place)
    if not match:
        raise click.UsageError(say("--at 要写成一个数，或“块:字”，例如 --at 120 或 --at 7:15"))
    offset = int(match[2])
    if match[1] is not None:
        block = int(match[1])
        if block >= len(ledger.blocks) or offset >= max(len(ledger.blocks[block].text), 1):
            raise click.UsageError(say("文件共 {n} 块，没有 {place} 这个位置", n=len(ledger.blocks), place=place))
        return block, offset
    for block, b in enumerate(ledger.blocks):
        if offset <= len(b.text):  # the line break after a block counts as its end
            return block, min(offset, max(len(b.text) - 1, 0))
        offset -= len(b.text) + 1
    total = sum(len(b.text) + 1 for b in ledger.blocks)
    raise click.UsageError(say("全文只有 {n} 个字，没有第 {place} 个", n=max(total - 1, 0), place=place))


def _account(ledger: Ledger, item: Input, index: int, offset: int) -> Iterator[str]:
    block = ledger.blocks[index]
    yield say(
        "{name} 第 {block} 块第 {offset} 字（{origin}）",
        name=item.name,
        block=index,
        offset=offset,
        origin=_origin(block),
    )
    start, end = max(0, offset - SHOWN), min(len(block.text), offset + SHOWN)
    yield f"  {_flat(block.text[start:offset])}【{_flat(block.text[offset : offset + 1])}】{_flat(block.text[offset + 1 : end])}"
    facts = list(_covering(ledger, index, offset))
    yield say("着落：{state}", state=say(_state(ledger, index, offset, bool(facts))))
    yield say("读成：") if facts else say("这里没有读成字段。")
    for path, span, shown in facts:
        yield f"  {path}  {span.block}:{span.start}-{span.end}  “{_flat(ledger.quote(span))}”  {shown}"
    for doubt in ledger.doubts:
        if doubt.at and doubt.at.block == index and doubt.at.start <= offset < doubt.at.end:
            yield say("存疑：{what}（{code}）", what=doubt.message, code=doubt.code)
    tried = list(_rules_near(block, offset))
    yield say("附近有触发词的规则：") if tried else say("附近没有任何规则的触发词。")
    yield from tried


def _state(ledger: Ledger, index: int, offset: int, fact: bool) -> str:
    if fact:
        return "字段"
    if any(s.block == index and s.start <= offset < s.end for s in ledger.coverage.not_understood):
        return "未读懂"
    inside = any(t.at.block == index and t.at.start <= offset < t.at.end for *_, t in ledger.tasks())
    return "一般叙述（任务正文中没有字段的话）" if inside else "篇章结构或一般叙述"


def _covering(ledger: Ledger, index: int, offset: int) -> Iterator[tuple[str, Span, str]]:
    """Everything in the ledger whose span covers the place, widest first, except the wording of tasks and doubts."""
    found = [f for f in _spans(ledger, "") if f[1].block == index and f[1].start <= offset < f[1].end]
    yield from sorted(found, key=lambda f: f[1].start - f[1].end)


def _spans(value: Any, path: str) -> Iterator[tuple[str, Span, str]]:
    import msgspec

    from luoshi.reading.ledger import Block, Coverage, Doubt, Span, Task

    if isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield from _spans(item, f"{path}/{place}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _spans(item, f"{path}/{name}")
    elif isinstance(value, Span):
        yield path.strip("/"), value, ""
    elif isinstance(value, msgspec.Struct) and not isinstance(value, (Block, Coverage, Doubt)):
        for field in msgspec.structs.fields(value):
            item = getattr(value, field.name)
            if isinstance(item, Span) and field.name == "at" and not isinstance(value, Task):
                yield path.strip("/"), item, _brief(value)
            elif not (isinstance(value, Task) and field.name == "at"):
                yield from _spans(item, f"{path}/{field.name}")


def _brief(value: Any) -> str:
    """The plain fields of a fact on one line."""
    import msgspec

    shown = {f.encode_name: getattr(value, f.name) for f in msgspec.structs.fields(value)}
    return " ".join(
        f"{k}={v}" for k, v in shown.items() if isinstance(v, (str, int, float)) and k not in ("quote", "text")
    )


def _rules_near(block: Block, offset: int) -> Iterator[str]:
    """Every rule with a trigger word near the place: what it read there, or why it did not."""
    import luoshi.reading
    from luoshi.reading.rule import all_rules, fold

    assert luoshi.reading  # loading the reader loads its rules
    folded = fold(block.text)
    start, end = max(0, offset - NEAR), min(len(folded), offset + NEAR)
    for rule in all_rules():
        read_to = 0  # a rule does not look again into what it has read
        for place, word in _triggers(rule, folded, start, end):
            if place < read_to:
                continue
            match = rule.pattern.match(folded, place)
            value = rule.value(match) if match else None
            read_to = match.end() if match and value is not None else read_to
            where = f"{place}-{match.end()}" if match else f"{place}"
            if match is None:
                yield say("  ✗ {rule}  “{word}”在 {where}，句式不合", rule=rule.name, word=word, where=where)
            elif value is None:
                yield say(
                    "  ✗ {rule}  “{text}”在 {where}，合句式，但取不出值",
                    rule=rule.name,
                    text=_flat(match.group()),
                    where=where,
                )
            else:
                mark = "✓" if match.start() <= offset < match.end() else "·"
                yield say(
                    "  {mark} {rule}  读出“{text}”在 {where}：{value}",
                    mark=mark, rule=rule.name, text=_flat(match.group()), where=where, value=value,
                )  # fmt: skip


def _triggers(rule: Rule[Any], folded: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Places of a rule's trigger words in a stretch; where two begin together, the longer."""
    from luoshi.reading.rule import fold

    longest: dict[int, str] = {}
    for word in map(fold, rule.triggers):
        place = folded.find(word, start, end)
        while place >= 0:
            longest[place] = max(longest.get(place, ""), word, key=len)
            place = folded.find(word, place + 1, end)
    yield from sorted(longest.items())


def _origin(block: Block) -> str:
    names = {
        "page": "页",
        "sheet": "表",
        "table": "表格",
        "row": "行",
        "column": "列",
        "paragraph": "段",
        "line": "文本行",
    }
    known = [f"{names[k]} {getattr(block.origin, k)}" for k in names if getattr(block.origin, k) is not None]
    return "，".join([block.kind, *known])


def _flat(text: str) -> str:
    return re.sub(r"\s", " ", text)
