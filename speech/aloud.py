"""Digits, letters and signs that are left in a text, as people say them; and where to breathe."""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS = "零一二三四五六七八九"
TELEPHONE_ONE = "幺"
MEASURES = "份个位点次天块碗样种句遍回包瓶盒片粒颗杯斤两名间张号台层楼家桌顿壶勺声步趟周年月小时分钟秒度"
"""After these words a two is 两 (两份), save where it is part of a date or an ordinal."""
NOT_LIANG = "号月楼层度"
"""… and these take 二 all the same: 二号, 二月, 二楼."""
LETTERS = {
    "A": "诶", "B": "必", "C": "西", "D": "迪", "E": "伊", "F": "艾弗", "G": "吉", "H": "艾尺", "I": "爱",
    "J": "杰", "K": "开", "L": "艾勒", "M": "艾姆", "N": "恩", "O": "欧", "P": "批", "Q": "丘", "R": "阿尔",
    "S": "艾斯", "T": "提", "U": "优", "V": "维", "W": "达不溜", "X": "艾克斯", "Y": "外", "Z": "贼",
}  # fmt: skip

LONGEST_PIECE = 40
"""Characters spoken in one piece: more and the first sound comes late, and the voice runs out of breath."""

SHORT_SENTENCE = 8
"""A sentence longer than this begins with a piece of its own, up to its first comma: its sound comes early,
and the openings that many replies share (好的，) can be kept ready."""

SHORTEST_PIECE = 2
"""Characters of the shortest piece: a voice given one syllable swallows it."""


def say_digits(digits: str) -> str:
    """Return digits one by one, one as 幺: telephone numbers and rooms."""
    return "".join(TELEPHONE_ONE if one == "1" else DIGITS[int(one)] for one in digits)


def say_year(digits: str) -> str:
    """Return the digits of a year one by one."""
    return "".join(DIGITS[int(one)] for one in digits)


def say_whole(number: int, *, liang: bool = False) -> str:
    """Return a whole number in words; ``liang`` where a lone two is 两."""
    if number < 0:
        return "负" + say_whole(-number)
    if number == 2 and liang:
        return "两"
    if number >= 100_000_000:
        return _joined(number, 100_000_000, "亿")
    if number >= 10_000:
        return _joined(number, 10_000, "万")
    words = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += (DIGITS[digit] if not (digit == 1 and unit == 10 and not words) else "") + sign
        elif words and number and not words.endswith("零"):
            words += "零"
    return words or "零"


def _joined(number: int, unit: int, sign: str) -> str:
    high, low = divmod(number, unit)
    rest = ("零" if low < unit // 10 else "") + say_whole(low) if low else ""
    return ("两" if high == 2 else say_whole(high)) + sign + rest


def say_decimal(text: str) -> str:
    """Return a number with or without a point in words."""
    whole, _, part = text.partition(".")
    return say_whole(int(whole)) + ("点" + "".join(DIGITS[int(one)] for one in part) if part else "")


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    said = say_whole(hour, liang=True) + "点"
    if minute == 30:
        return said + "半"
    return said + (("零" if minute < 10 else "") + say_whole(minute) + "分" if minute else "")


def _telephone(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    if len(digits) == 11 and digits[0] == "1":
        groups = [digits[:3], digits[3:7], digits[7:]]
    elif len(digits) > 8:
        groups = [digits[:-8], digits[-8:-4], digits[-4:]]
    else:
        groups = [digits[:-4], digits[-4:]] if len(digits) > 4 else [digits]
    return "，".join(say_digits(group) for group in groups)


def _long(found: re.Match[str]) -> str:
    digits = found[0]
    return say_whole(int(digits)) if digits.endswith("000") and len(digits) <= 9 else say_digits(digits)


def _counted(found: re.Match[str]) -> str:
    digits, measure = found[1], found[2]
    if "." in digits:
        return say_decimal(digits) + measure
    return say_whole(int(digits), liang=measure not in NOT_LIANG) + measure


RULES = (
    (re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{3,4}-\d{3,4})(?!\d)"),
     _telephone),
    (re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)"),
     lambda m: f"{say_year(m[1])}年{say_whole(int(m[2]))}月{say_whole(int(m[3]))}日"),
    (re.compile(r"(?<!\d)(\d{4})(?=年)"), lambda m: say_year(m[1])),
    (re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)"), _clock),
    (re.compile(r"(\d+(?:\.\d+)?)\s*[%％]"), lambda m: "百分之" + say_decimal(m[1])),
    (re.compile(r"[¥￥]\s*(\d+(?:\.\d+)?)元?"), lambda m: say_decimal(m[1]) + "元"),
    (re.compile(r"(\d+(?:\.\d+)?)\s*[℃°]C?"), lambda m: say_decimal(m[1]) + "度"),
    (re.compile(r"(?<!\d)(\d{2,3})/(\d{2,3})(?!\d)"),
     lambda m: f"{say_whole(int(m[1]))}，{say_whole(int(m[2]))}"),
    (re.compile(r"(?<=\d)\s*[-—~～]\s*(?=\d)"), lambda _: "到"),
    (re.compile(r"\d{3,}(?=室|房|号房|路公交|路车)"), lambda m: say_digits(m[0])),
    (re.compile(r"(?<![\d.])(?:110|119|120|122|12345|95\d{3})(?![\d.])"), lambda m: say_digits(m[0])),
    (re.compile(rf"(?<![\d.第初])(\d{{1,4}}(?:\.\d+)?)([{MEASURES}])"), _counted),
    (re.compile(r"\d+\.\d+"), lambda m: say_decimal(m[0])),
    (re.compile(r"\d{5,}"), _long),
    (re.compile(r"\d+"), lambda m: say_whole(int(m[0]))),
    (re.compile(r"[A-Za-z]"), lambda m: LETTERS[m[0].upper()]),
)  # fmt: skip

_SIGNS = str.maketrans(
    {**dict.fromkeys("～~、—：:,（）()", "，"), **dict.fromkeys("…；;\n", "。"), "?": "？", "!": "！"}
)
_UNSPOKEN = re.compile(r"[^\u3400-\u9fff，。？！]+")


def as_said(text: str) -> str:
    """Return ``text`` in characters and the four stops ，。？！ only: what a voice can read.

    A text that ends with ， is a piece of a sentence, and keeps it.
    """
    is_piece = text.endswith("，")
    for pattern, say in RULES:
        text = pattern.sub(say, text)
    text = re.sub(r"(?<=[\u3400-\u9fff])\.(?=\s|$)", "。", text).translate(_SIGNS)
    text = _UNSPOKEN.sub("", text)
    text = re.sub(r"[，。？！]*([。？！])[，。？！]*", r"\1", text)
    text = re.sub(r"，+", "，", text)
    return text.lstrip("，") if is_piece else text.strip("，")


def sentences(text: str) -> list[str]:
    """Return the sentences of what ``as_said`` returned, each with its stop."""
    found = re.findall(r"[^。？！]+[。？！]?", text)
    return [sentence for sentence in found if sentence.strip("，。？！")]


def pieces(text: str, *, longest: int = LONGEST_PIECE) -> Iterator[str]:
    """Yield what ``as_said`` returned piece by piece: sentences, or parts of long ones.

    How a sentence is cut depends on nothing but itself, so that a piece can be known beforehand.
    """
    for sentence in sentences(text):
        rest = sentence
        if len(rest) > SHORT_SENTENCE and (commas := _commas(rest)):
            yield rest[: commas[0]]
            rest = rest[commas[0] :]
        while len(rest) > longest and (commas := _commas(rest)):
            cut = max((at for at in commas if at <= longest), default=commas[0])
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _commas(sentence: str) -> list[int]:
    """Return where a sentence can be cut: after commas that leave no single syllable on either side."""
    return [
        at + 1
        for at, sign in enumerate(sentence)
        if sign == "，" and SHORTEST_PIECE <= at < len(sentence) - 1 - SHORTEST_PIECE
    ]
