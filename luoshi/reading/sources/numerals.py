"""Numbers as Word's automatic numbering writes them: 一, 十一, 壹拾, ①, iv …"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def written(number: int, style: str) -> str:
    """The number in a numbering style (``w:numFmt``, ECMA-376 17.18.59); unknown styles and huge numbers are decimal.

    >>> written(11, "chineseCounting"), written(20, "decimalEnclosedCircle"), written(4, "lowerRoman")
    ('十一', '⑳', 'iv')
    """
    if style == "none":
        return ""
    write = _STYLES.get(style)
    return write(number) if write and 0 < number < 10_000 else str(number)


def counted(
    number: int, digits: str = _DIGITS, units: str = "十百千", *, bare_ten: bool = True, zero: str = "零"
) -> str:
    """A number below 10,000 in words: 105 → 一百零五. ``bare_ten``: 12 → 十二, not 一十二."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += (zero if gap and words else "") + digits[digit] + (units[place - 1] if place else "")
        gap = not digit
    one_ten = digits[1] + units[0]
    return words[1:] if bare_ten and words.startswith(one_ten) else words


def _digital(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _chinese_counting(number: int) -> str:
    return counted(number) if number < 100 else _digital(number)


def _japanese_counting(number: int) -> str:
    """Tens, hundreds and thousands without a leading one: 110 → 百十."""
    words = counted(number, zero="")
    for unit in "十百千":
        words = words.replace(f"一{unit}", unit)
    return words


def _enclosed_circle(number: int) -> str:
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(code + number - first)
    return str(number)


def _from_twenty(code: int) -> Callable[[int], str]:
    """One of twenty characters that stand in a row from ``code``."""
    return lambda number: chr(code + number - 1) if number <= 20 else str(number)


def _cycle(names: str) -> Callable[[int], str]:
    return lambda number: names[(number - 1) % len(names)]


def _letters(number: int) -> str:
    """a … z, then aa … zz, as Word counts; no longer than Word's 30."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)


def _roman(number: int) -> str:
    words = ""
    for value, letters in _ROMAN:
        words += letters * (number // value)
        number %= value
    return words


def _full_width(number: int) -> str:
    return "".join(chr(0xFF10 + int(digit)) for digit in str(number))


_STYLES: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese_counting,
    "chineseCountingThousand": counted,
    "taiwaneseCounting": _chinese_counting,
    "taiwaneseCountingThousand": counted,
    "japaneseCounting": _japanese_counting,
    "koreanCounting": counted,
    "ideographDigital": _digital,
    "taiwaneseDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "chineseLegalSimplified": lambda n: counted(n, _LEGAL, "拾佰仟", bare_ten=False),
    "ideographLegalTraditional": lambda n: counted(n, _LEGAL_TRADITIONAL, "拾佰仟", bare_ten=False),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _enclosed_circle,
    "decimalEnclosedCircleChinese": _enclosed_circle,
    "ideographEnclosedCircle": lambda n: chr(0x3280 + n - 1) if n <= 10 else str(n),
    "decimalEnclosedParen": _from_twenty(0x2474),
    "decimalEnclosedFullstop": _from_twenty(0x2488),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda n: f"{n:02d}",
    "numberInDash": lambda n: f"- {n} -",
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
}
