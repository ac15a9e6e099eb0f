"""Changes that leave the meaning where it is: width, punctuation, encoding, spaces, page damage, synonyms, order."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from luoshi.reading import Ledger
from luoshi.reading.rule import fold

WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789%"}
HALF = str.maketrans("，；：（）", ",;:()")
FULL = str.maketrans(",;:()", "，；：（）")


def gist(ledger: Ledger, *, headings: bool = True, spaces: bool = False) -> list[object]:
    """What a ledger says, without places, white space, width and numbers of items."""

    def plain(text: str | None) -> str:
        return re.sub(r"\s", "", fold(text or ""))

    return [
        (
            plain(section.heading) if headings else "",
            plain(task.text),
            [(plain(unit.name), unit.role, plain(unit.partner)) for unit in task.units],
            [leader.name for leader in (*section.leader, *task.leaders)] if headings else [],
            task.deadline,
            [(t.value, t.value_to, plain(t.unit), t.bound, t.strength, t.kind, plain(t.subject)) for t in task.targets],
            [(plain(d.name), d.stage, d.strength) for d in task.deliverables],
        )
        for _, _, section, task in ledger.tasks()
    ]


Change = Callable[[str, Random], str]


def wide_digits(text: str, chance: Random | None = None) -> str:
    """Digits of the wording made full width; marks at the beginning of lines stay."""
    return "\n".join(
        re.sub(r"(?<=[\u4e00-\u9fa5])\d[\d.]*%?", lambda m: m.group().translate(WIDE), line)
        for line in text.split("\n")
    )


def half_punctuation(text: str, chance: Random | None = None) -> str:
    return text.translate(HALF)


def full_punctuation(text: str, chance: Random | None = None) -> str:
    """Full-width punctuation, but for what belongs to figures, times and marks at the beginning of lines."""
    return re.sub(
        r"(?<=[\u4e00-\u9fa5])[,;:()]|(?<=[\u4e00-\u9fa5%])[)](?=[\u4e00-\u9fa5。])",
        lambda m: m[0].translate(FULL),
        text,
    )


def blank_lines(text: str, chance: Random) -> str:
    return "".join(line + "\n" * chance.choice((1, 1, 2, 3)) for line in text.split("\n"))


def spaces_behind(text: str, chance: Random) -> str:
    return "".join(line + chance.choice(("", " ", "　", "\t", "\xa0")) + "\n" for line in text.split("\n"))


def indented(text: str, chance: Random) -> str:
    sign = chance.choice(("　　", "  ", "\xa0\xa0", "\t"))
    return "".join((sign + line if line else line) + "\n" for line in text.split("\n"))


def page_numbers(text: str, chance: Random) -> str:
    """Numbers of pages between lines, as copying from a printed page leaves them."""
    shape = chance.choice(("— {} —", "- {} -", "－{}－", "第 {} 页", "第{}页 共9页", "— {} —\n"))
    lines, page, out = text.split("\n"), 0, []
    for n, line in enumerate(lines):
        out.append(line)
        if (
            n > 7
            and n < len(lines) - 2
            and chance.random() < 0.12
            and line.rstrip().endswith(("。", "局", "镇", "）", ")"))
        ):
            page += 1
            out.append(shape.format(page))
    return "\n".join(out)


def striving(text: str) -> str:
    return text.replace("力争", "力求")


def at_least(text: str) -> str:
    """N个以上 as 不少于N个, where a verb and a thing stand before it."""
    return re.sub(r"(?<=[\u4e00-\u9fa5])(\d+(?:家|个|公里|人|张|座|亩|万亩))以上(?=[，。,])", r"不少于\1", text)


def invisible(text: str, chance: Random) -> str:
    """A byte order mark in the middle and soft marks that no reader of a page sees."""
    lines = text.split("\n")
    for at in chance.sample(range(len(lines)), min(3, len(lines))):
        lines[at] += chance.choice(("\u200b", "\ufeff"))
    return "\n".join(lines)


CHANGES: dict[str, Change] = {
    "full-width digits": wide_digits,
    "half-width punctuation": half_punctuation,
    "full-width punctuation": full_punctuation,
    "blank lines": blank_lines,
    "spaces behind lines": spaces_behind,
    "indented": indented,
    "page numbers": page_numbers,
    "invisible characters": invisible,
}
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def changed(text: str, chance: Random) -> tuple[bytes, list[str]]:
    """One to three changes and an encoding, and their names."""
    names = chance.sample(list(CHANGES), chance.choice((1, 1, 2, 3)))
    for name in names:
        text = CHANGES[name](text, chance)
    if chance.random() < 0.3:
        text = text.replace("\n", "\r\n")
        names.append("CRLF")
    encoding = chance.choice(ENCODINGS)
    return text.encode(encoding), [*names, encoding]
