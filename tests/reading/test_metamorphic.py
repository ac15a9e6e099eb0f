"""Where the meaning stays, the ledger stays: width, punctuation, encoding, numbering style, wrapping, line breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from luoshi.reading import read
from tests.reading.fuzz import changes
from tests.reading.fuzz.changes import gist

CORPORA = [Path(__file__).parent / name / "text" for name in ("corpus", "corpus3")]
TEXTS = [path for folder in CORPORA for path in sorted(folder.glob("*.txt"))]


def by_chance(change: changes.Change) -> Callable[[str], bytes]:
    """A change whose places are chosen by chance, the same in every run."""
    return lambda text: change(text, Random(text)).encode()


CHANGES: dict[str, Callable[[str], bytes]] = {
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16": lambda text: text.encode("utf-16"),
    "byte order mark and CRLF": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    **{name: by_chance(change) for name, change in changes.CHANGES.items()},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
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
