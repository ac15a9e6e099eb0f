"""Numbers as a sheet shows them: a stored number and its format code (ECMA-376 part 1, 18.8.31) give the text people see."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

# The codes that a file names only by their number; those that each country's Excel shows its own way are given as here.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    **dict.fromkeys((14, 15, 22, 30, 31, 36, 50, 51, 54, 58), "yyyy/m/d"),
    **dict.fromkeys((16, 28, 29), "m/d"),
    **dict.fromkeys((17, 27, 52, 55, 57), "yyyy/m"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 53, 56), "h:mm"),
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    49: "@",
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]{0,255})"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]{0,60})\]'
    r"|(?P<digits>[0#?](?:[0#?,.]{0,60}[0#?.,])?)|(?P<date>[yYmMdDhHsSbBeEgG]{1,5})|(?P<percent>%)|(?P<plain>.)",
    re.S,
)
_GENERAL = re.compile(r"general|g/通用格式|@", re.I)
_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_MAX_CODE = 255
_LONGEST = 1e15  # beyond, a sheet shows powers of ten


class _Format(NamedTuple):
    """A section of a code: what stands before and behind the digits, their pattern, and what the date shows."""

    before: str = ""
    digits: str = ""
    behind: str = ""
    percent: bool = False
    date: str = ""


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as its cell shows it: 2022.0 → 2022, 0.125 as ``0.0%`` → 12.5%, a day → 2022年6月30日, by the parts shown."""
    if not math.isfinite(value):
        return ""
    if len(code) > _MAX_CODE:
        return general(value)
    sections = _sections(code)
    negative = value < 0 and len(sections) > 1
    form = sections[1] if negative else sections[2] if value == 0 and len(sections) > 2 else sections[0]
    if form.date:
        return _date(value, form.date, since_1904) or general(value)
    if not form.digits:
        return general(value) if form == _Format() or abs(value) >= _LONGEST else form.before + form.behind
    return form.before + _number(abs(value) if negative else value, form) + form.behind


def general(value: float) -> str:
    """A number without a format: eleven digits at most, no needless point."""
    if value == int(value) and abs(value) < _LONGEST:
        return str(int(value))
    text = f"{value:.10g}"
    return format(Decimal(text), "f") if "e" in text and 1e-9 < abs(value) < _LONGEST else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Format, ...]:
    return tuple(_section(part) for part in _SECTION.split(code)[:4])


def _section(code: str) -> _Format:
    if not code.strip() or _GENERAL.search(re.sub(r"\[[^\]]{0,60}\]", "", code)):
        return _Format()
    before, digits, behind, percent, date = "", "", "", False, ""
    for token in _TOKEN.finditer(code):
        kind, text = token.lastgroup, token[token.lastgroup] if token.lastgroup else ""
        if kind == "digits" and not digits:
            digits = text
        elif kind == "date":
            date += text.lower()
        elif kind == "bracket":
            if text[:1] == "$":  # [$¥-804]: a currency sign, and whose
                before, behind = (before + text[1:].split("-")[0], behind) if not digits else (before, behind)
            elif text.lower().strip("hms") == "":
                date += text.lower()
        elif kind in ("quoted", "escaped", "plain", "percent"):
            percent = percent or kind == "percent"
            before, behind = (before, behind + text) if digits else (before + text, behind)
        elif kind == "digits" and "/" in behind:  # a fraction: shown as a decimal
            return _Format()
    if date and not (digits and date.strip("e") == ""):
        return _Format(date=date)
    return _Format() if date else _Format(before, digits, behind, percent)


def _number(value: float, form: _Format) -> str:
    pattern = form.digits.rstrip(",")
    exact = Decimal(repr(value)) * (100 if form.percent else 1)
    exact = exact.scaleb(-3 * (len(form.digits) - len(pattern)))
    whole, _, decimals = pattern.partition(".")
    if exact.adjusted() > 300:
        return general(value)
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP) if exact.adjusted() < 20 else exact
    text = f"{abs(rounded):,f}" if "," in whole else f"{abs(rounded):f}"
    for optional in reversed(decimals):
        if optional == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    least = whole.count("0")
    digits, point, rest = text.partition(".")
    digits = digits.zfill(least) if "," not in whole else digits
    sign = "-" if rounded < 0 else ""
    return sign + digits + (point if rest else "") + rest


def _date(value: float, parts: str, since_1904: bool) -> str | None:
    """A day number as the parts of a date that the cell shows, in words that cannot be mistaken (2022年6月30日)."""
    if not 0 <= value < 2_958_466 - (1462 if since_1904 else 0):
        return None
    # Excel counts a 29 February 1900 that never was.
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if value < 60 else 30)
    moment = start + timedelta(days=value) + timedelta(milliseconds=1)
    year, day = ("y" in parts or "e" in parts), "d" in parts
    month = "m" in parts and (year or day or not set(parts) & set("hs"))
    text = (
        (f"{moment.year}年" if year else "")
        + (f"{moment.month}月" if month else "")
        + (f"{moment.day}日" if day else "")
    )
    if "h" in parts and (not text or moment.hour or moment.minute):
        text += (" " if text else "") + f"{moment.hour}:{moment.minute:02d}"
    return text or None
