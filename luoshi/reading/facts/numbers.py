"""Numerals: Arabic and Chinese written numbers as exact values. Our own, see docs/decisions/numerals.md."""

from __future__ import annotations

from luoshi.reading.rule import late

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "半": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10**4, "亿": 10**8}

CHINESE_FIRST = "一二两三四五六七八九十百千"
CHINESE = "零〇一二两三四五六七八九十百千万亿"

# 1,200 · 0.18 · 2600; at most twelve figures, so that a run of a million digits costs no more than its length.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,12})(?:\.\d{1,6})?"
# 三百 · 十二 · 一点五 · 三千五百
CHINESE_NUMERAL = rf"[{CHINESE_FIRST}][{CHINESE}]{{0,14}}(?:点[{CHINESE[:11]}]{{1,4}})?"

_NEIGHBOURS = late(
    f"(?P<head>(?:[{CHINESE}]{{0,8}}[十百千])?)(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<tail>[十百千万亿]{{0,3}})"
)


def arabic(text: str) -> float:
    """The value of an Arabic numeral as ``ARABIC`` matches it.

    >>> arabic("1,200.5")
    1200.5
    """
    return float(text.replace(",", ""))


def chinese(text: str) -> float | None:
    """The value of a Chinese numeral, or None where the characters make no number.

    >>> chinese("一千二百"), chinese("一万零五"), chinese("二点五"), chinese("三万五")
    (1200.0, 10005.0, 2.5, 35000.0)
    """
    whole, dot, fraction = text.partition("点")
    if dot:
        figures = [_DIGITS.get(c) for c in fraction]
        value = _whole(whole)
        if value is None or not figures or None in figures:
            return None
        return float(f"{value}." + "".join(map(str, figures)))
    value = _whole(whole)
    return None if value is None else float(value)


def neighbours(text: str) -> tuple[float, float] | None:
    """Two figures side by side say "from … to": 七八 is 7 to 8, 十五六 is 15 to 16, 两三百 is 200 to 300; else None.

    >>> neighbours("七八"), neighbours("二十七八"), neighbours("三五"), neighbours("一二三")
    ((7.0, 8.0), (27.0, 28.0), (3.0, 5.0), None)
    """
    found = _NEIGHBOURS.fullmatch(text)
    if not found:
        return None
    head, tail, low, high = found["head"], found["tail"], found["low"], found["high"]
    if _DIGITS[high] - _DIGITS[low] != 1 and low + high != "三五":
        return None
    one, other = chinese(head + low + tail), chinese(head + high + tail)
    return None if one is None or other is None else (one, other)


def _whole(text: str) -> int | None:
    """A whole number in words; digits one by one (二〇二二, 一二三) are read as figures."""
    if not text:
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = 0
    pending: int | None = None
    last = 0  # the weight just passed: 三万五 is 35,000
    for c in text:
        if c in _DIGITS:
            if pending:
                return None
            pending, last = _DIGITS[c], 1 if _DIGITS[c] == 0 else last
        elif c in _SMALL:
            section += (1 if pending is None or (pending == 0 and c == "十") else pending) * _SMALL[c]
            pending, last = None, _SMALL[c]
        elif c in _GREAT:
            section += pending or 0
            if c == "亿":
                total = (total + section or 1) * _GREAT[c]
            else:
                total += (section or 1) * _GREAT[c]
            section, pending, last = 0, None, _GREAT[c]
        else:
            return None
    if pending and last > 10:
        pending *= last // 10
    return total + section + (pending or 0)
