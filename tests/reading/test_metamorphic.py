"""Where the meaning stays, the ledger stays: width, punctuation, encoding, numbering style, wrapping, line breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from luoshi.reading import Ledger, read
from luoshi.reading.rule import fold

CORPUS = Path(__file__).parent / "corpus" / "text"
WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789%"}
HALF = str.maketrans("，；：（）", ",;:()")


def gist(ledger: Ledger) -> list[object]:
    """What a ledger says, without places, white space and width."""

    def plain(text: str | None) -> str:
        return re.sub(r"\s", "", fold(text or ""))

    return [
        (
            plain(section.heading),
            plain(task.text),
            [(plain(unit.name), unit.role, plain(unit.partner)) for unit in task.units],
            [leader.name for leader in (*section.leader, *task.leaders)],
            task.deadline,
            [(t.value, t.value_to, plain(t.unit), t.bound, t.strength, t.kind, plain(t.subject)) for t in task.targets],
            [(plain(d.name), d.stage, d.strength) for d in task.deliverables],
        )
        for _, _, section, task in ledger.tasks()
    ]


def wide_digits(text: str) -> str:
    """Digits of the wording made full width; marks at the beginning of lines stay."""
    return "\n".join(
        re.sub(r"(?<=[\u4e00-\u9fa5])\d[\d.]*%?", lambda m: m.group().translate(WIDE), line)
        for line in text.split("\n")
    )


CHANGES: dict[str, Callable[[str], bytes]] = {
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16": lambda text: text.encode("utf-16"),
    "byte order mark and CRLF": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
    "trailing spaces": lambda text: text.replace("\n", "  \n").encode(),
    "indented": lambda text: text.replace("\n", "\n　　").encode(),
    "full-width digits": lambda text: wide_digits(text).encode(),
    "half-width punctuation": lambda text: text.translate(HALF).encode(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_ledger_stays_where_the_meaning_stays(path: Path, change: str) -> None:
    text = path.read_text("utf-8")
    assert gist(read(CHANGES[change](text), name=path.name)) == gist(read(text.encode(), name=path.name))


NOTICE = "澜湾县人民政府办公室关于印发2026年政府工作报告重点工作责任分解的通知\n各乡镇人民政府,县政府各部门:\n现印发给你们,责任单位中首位单位为牵头单位。\n2026年政府工作报告重点工作责任分解\n"
ITEMS = [
    ("推进强县富民,规上工业增加值增长8%左右,新增规上企业12家,力争引进亿元以上项目20个。", "县经信局、县商务局"),
    ("完成老旧小区改造25个,开工建设滨海大道二期,建成县文化馆新馆,新增停车泊位900个以上。", "县住建局、县城投集团"),
    ("城镇调查失业率控制在5.5%以内,新增就业4200人,学前教育普惠率由88%提高到91%。", "县人社局、县教育局"),
]


def body(mark: Callable[[int], str], label: str = "责任单位:", between: str = "\n", wrap: int = 0) -> str:
    lines: list[str] = []
    for i, (text, units) in enumerate(ITEMS, 1):
        sentence = mark(i) + text
        if wrap:
            sentence = "\n".join(sentence[j : j + wrap] for j in range(0, len(sentence), wrap))
        lines.append(f"{sentence}{between}{label}{units}")
    return NOTICE + "\n".join(lines) + "\n"


NUMERALS = "一二三"
PLAIN = body(lambda i: f"{i}.")
SHAPES = {
    "1、": body(lambda i: f"{i}、"),
    "1)": body(lambda i: f"{i})"),
    "(1)": body(lambda i: f"({i})"),
    "（一）": body(lambda i: f"（{NUMERALS[i - 1]}）"),
    "①": body(lambda i: "①②③"[i - 1]),
    "第一条": body(lambda i: f"第{NUMERALS[i - 1]}条 "),
    "任务1:": body(lambda i: f"任务{i}:"),
    "same line": body(lambda i: f"{i}.", between=" "),
    "in brackets": body(lambda i: f"{i}.", between="").replace("责任单位:", "(责任单位:").replace("局\n", "局)\n").replace("集团\n", "集团)\n"),
    "square brackets": body(lambda i: f"{i}.", between="").replace("责任单位:", "〔责任单位：").replace("局\n", "局〕\n").replace("集团\n", "集团〕\n"),
    "wrapped lines": body(lambda i: f"{i}.", wrap=24),
    "责任部门": body(lambda i: f"{i}.", label="责任部门："),
    "one endless line": PLAIN.replace("\n", " "),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_one_plan_in_many_shapes(shape: str) -> None:
    assert gist(read(SHAPES[shape].encode(), name="t.txt")) == gist(read(PLAIN.encode(), name="t.txt"))
    assert len(gist(read(PLAIN.encode(), name="t.txt"))) == 3
