"""Numbers as elders say them: 一百五, 两千五, 廿三, 俩, 半, 十来个, 三十八度二, 七个八. Stdlib only."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "壹": 1, "幺": 1, "二": 2, "贰": 2, "两": 2, "俩": 2, "三": 3}
_DIGITS |= {"叁": 3, "仨": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8}
_DIGITS |= {"捌": 8, "九": 9, "玖": 9}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_TENS = str.maketrans({"廿": "二十", "卅": "三十", "卌": "四十"})
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，：／", "0123456789.,:/")
"""Full-width digits and the marks between them, one character for one."""

_D = "[一二三四五六七八九]"
_HAN_TENS = rf"(?:{_D}?十{_D}?|[廿卅卌]{_D}?)"
_HAN_HUNDREDS = rf"(?:[一二两三四五六七八九]?百(?:零{_D}|{_D}?十{_D}?|[廿卅]{_D}?|{_D})?)"
_HAN_THOUSANDS = rf"(?:[一二两三四五六七八九]?千(?:零(?:{_HAN_TENS}|{_D})|{_HAN_HUNDREDS}|{_D})?)"
_HAN_BELOW_MYRIAD = rf"(?:{_HAN_THOUSANDS}|{_HAN_HUNDREDS}|{_HAN_TENS}|[零〇一二两三四五六七八九])"
_HAN_WHOLE = rf"(?:{_HAN_BELOW_MYRIAD}万(?:零?{_HAN_BELOW_MYRIAD})?|{_HAN_BELOW_MYRIAD})"
HAN_NUMBER = rf"(?:{_HAN_WHOLE}(?:点[零〇一二三四五六七八九]+(?![十百分刻点]))?)"
"""One number in Chinese characters, whole or with 点 as the decimal point; for building other patterns."""
ARABIC_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
"""One number in digits."""

# What stands after a number when it counts something.
_MEASURES = (
    "个份碗只盘盒袋杯斤两块张位人天次样瓶包片粒颗根条件套勺口双串桶升克度下元角分毛岁楼室户对间把趟回顿"
)
# Words that are no numbers although they are written with them.
_IDIOMS = (
    r"一[点些下起样定直般共边旦向会切律概半致同再贯辈天到口样早]|[万统第唯单专划同始如归][一二]|[周期拜初][一二三四五六]"
    r"|十分|千万|百合|百叶|百姓|八宝|四喜|三鲜|三高|五花|四季|三明治|七喜|半[天夜路边身截晌票]|两[边口旁头]|三七"
    r"|千张|五香|八角|十全|三文|九华|百年|万年|五谷|三黄|四川|九转|三丁|五仁|百般|七上八下|三心二意|乱七八糟|亿"
)
_FIND = re.compile(
    rf"(?P<skip>{_IDIOMS})"
    rf"|(?P<half>(?P<whole>{ARABIC_NUMBER}|[一二两三四五六七八九十]+)个半(?![小钟月天])|一半)"
    rf"|(?P<about>{_HAN_TENS}来(?=[{_MEASURES}])|[{_MEASURES[:6]}百]把(?=[{_MEASURES}])|个把)"
    rf"|(?P<degrees>{HAN_NUMBER}度{_D}(?![{_MEASURES}十百千点])|\d+度\d(?!\d))"
    rf"|(?P<mixed>{ARABIC_NUMBER}[十百千万](?:{_D}|\d+)?)"
    rf"|(?P<arabic>{ARABIC_NUMBER})"
    r"|(?P<digits>[零〇一二三四五六七八九幺](?:[零〇一二三四五六七八九幺]{2,}|[零〇幺][零〇一二三四五六七八九幺]*)"
    r"(?![十百千万点])|幺[零〇一二三四五六七八九幺]+)"
    rf"|(?P<pair>(?:一两|两三|三四|四五|五六|六七|七八|八九|三五)(?=[{_MEASURES}百千万十]))[十百千万]?"
    rf"|(?P<han>{HAN_NUMBER})"
    rf"|(?P<two>俩|仨)"
    rf"|(?P<part>半)(?=[{_MEASURES[:14]}小])"
)


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number in a sentence, with code-point offsets.

    ``upper`` is the other end where a span was said (两三个: 2 to 3); ``about`` where it is only roughly so.
    """

    value: float | int
    text: str
    start: int
    end: int
    upper: float | int | None = None
    about: bool = False


def read_number(text: str) -> float | int | None:
    """Return the value of ``text`` when the whole of it is a number, else None. Never raises.

    Besides formal numbers: 一百五 150, 两千五 2500, 百八 180, 廿五 25, 俩 2, 半 0.5, 两个半 2.5, 十来 10,
    个把 1, 幺三八 138, 三十八度二 38.2, 七个八 7.8, 七点八 7.8, full-width and mixed digits (3万5).
    """
    plain = text.strip().translate(FULL_WIDTH)
    if not plain or len(plain) > 40:
        return None
    if plain in ("半", "一半", "半个"):
        return 0.5
    if plain in ("个把", "百把", "千把"):
        return {"个": 1, "百": 100, "千": 1000}[plain[0]]
    sign = 1
    if plain[0] in "负-" and len(plain) > 1:
        sign, plain = -1, plain[1:]
    if plain.startswith("百分之"):
        plain = plain[3:]
    value = _plain_number(plain)
    return None if value is None else sign * value


def _plain_number(plain: str) -> float | int | None:
    if re.fullmatch(ARABIC_NUMBER, plain, re.ASCII):
        bare = plain.replace(",", "")
        return float(bare) if "." in bare else int(bare)
    split = re.fullmatch(r"(.+?)个半", plain)
    if split:
        whole = _plain_number(split.group(1))
        return None if whole is None else whole + 0.5
    split = re.fullmatch(r"(.+?)[点度个块.](.+)", plain)
    if split:
        return _decimal(split.group(1), split.group(2))
    if len(plain) > 1 and plain[-1] in "来多几把":
        return _plain_number(plain[:-1])
    mixed = re.fullmatch(rf"({ARABIC_NUMBER})([十百千万亿])(.*)", plain, re.ASCII)
    if mixed:
        return _mixed(*mixed.groups())
    return _han(plain)


def _decimal(whole_text: str, fraction_text: str) -> float | None:
    whole = _plain_number(whole_text)
    fraction = [_DIGITS.get(c, int(c) if c in "0123456789" else -1) for c in fraction_text]
    if whole is None or isinstance(whole, float) or -1 in fraction or len(fraction) > 4:
        return None
    return float(f"{whole}.{''.join(map(str, fraction))}")


def _mixed(head: str, unit: str, tail: str) -> float | int | None:
    scale = (_UNITS | _LARGE)[unit]
    value = float(head.replace(",", "")) * scale
    if tail:
        rest = _plain_number(tail)
        if rest is None or rest >= scale:
            return None
        # 3万5 is 35,000 as 三万五 is; 3万零5 has its zero.
        value += rest * scale // 10 if len(tail) == 1 and scale >= 100 else rest
    return int(value) if value == int(value) else value


def _han(text: str) -> int | None:
    text = text.translate(_TENS)
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = 0
    digit: int | None = None
    last_unit, largest, zero = 0, 10**12, False
    for index, character in enumerate(text):
        if character in _UNITS:
            unit = _UNITS[character]
            if (last_unit and unit >= last_unit) or (digit is None and index and unit != 10):
                return None
            section += (1 if digit is None else digit) * unit
            digit, last_unit, zero = None, unit, False
        elif character in _LARGE:
            unit = _LARGE[character]
            if unit >= largest:
                return None
            total += ((section + (digit or 0)) or (1 if not index else 0)) * unit
            section, digit, last_unit, largest, zero = 0, None, unit, unit, False
        elif character in _DIGITS:
            if digit is not None:
                return None
            value = _DIGITS[character]
            if value == 0:
                zero = True
            else:
                digit = value
        else:
            return None
    if digit is not None:
        section += digit if zero or last_unit < 100 else digit * last_unit // 10
    return total + section


def find_numbers(text: str) -> list[Number]:
    """Return the numbers in a sentence, in order. Never raises.

    Words only written with numerals (一点, 四喜丸子, 礼拜三, 三高, 十分) are no numbers. A bare 半
    counts only before a measure word, 两 only where it is not itself the measure.
    """
    found: list[Number] = []
    for match in _FIND.finditer(text.translate(FULL_WIDTH)):
        number = _number(text, match)
        if number is not None:
            found.append(number)
    return found


def _number(text: str, match: re.Match[str]) -> Number | None:
    kind, start, end = match.lastgroup, *match.span()
    words = text[start:end]
    plain = match.group()
    upper: float | int | None = None
    if kind == "skip":
        return None
    if kind == "pair":
        scale = (_UNITS | _LARGE).get(plain[-1], 1)
        value: float | int | None = _DIGITS[plain[0]] * scale
        upper = _DIGITS[plain[1]] * scale
        return Number(value=value or 0, upper=upper, about=True, text=words, start=start, end=end)
    if plain == "两" and start and text[start - 1] in "一二三四五六七八九十半几0123456789":
        return None  # 三两 is a weight
    value = read_number(plain)
    if value is None:
        return None
    return Number(value=value, text=words, start=start, end=end, about=kind == "about")
