"""Rules for the time of day: 下午三点一刻, 差五分八点, 三四点钟, 午饭后, 半个钟头以后, 马上."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.nlu.numerals import read_number
from assistant.nlu.when.fragments import (
    COUNT,
    HOUR,
    MINUTE,
    NOT_IN_DECIMAL,
    PART,
    PARTS,
    part_of,
    rule,
    small,
)
from assistant.nlu.when.pieces import Block, Clock, Coming, DayShift, Offset, Part, Shift, Value

_QUARTERS = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45, "两刻": 30, "二刻": 30}
_BOUND = (
    r"(?:(?P<bound>以前|之前|前(?![天日后年面])|以后|之后|过后|后(?![天日年面头])|朝后|往后)"
    r"|(?P<about>左右|前后|上下|光景|模样|的?样子|不到|敲过|出头|多一点|来钟))?"
)
_ONE = r"(?<![有快慢早晚迟少多好差大小轻重软淡咸甜清弄吃喝来这那高低热冷暖近远松胖瘦第说讲])"
_DIGITS_RUN = {"两三", "三四", "四五", "五六", "六七", "七八", "八九", "九十", "十一二", "一两"}
# What follows a bare 一点 when it is the hour and not "a little".
_HOUR_SIGN = r"(?:钟|整|半|[一三两]刻|多钟|零|[0-9]|以前|之前|以后|之后|左右|前后|敲过|到[一二两三四])"
_MIN = (
    rf"(?:(?P<{{0}}q>半|[一三两二13]刻)钟?|(?P<{{0}}m>{MINUTE})分?|(?P<{{0}}s>[一二三四五六七八九两1-9])分)"
)


def _minute(match: re.Match[str], prefix: str) -> int:
    quarter, minutes, single = (match.group(prefix + name) for name in "qms")
    if quarter:
        return _QUARTERS.get(quarter, 0)
    return small(minutes or single or "") if (minutes or single) else 0


def _bound(match: re.Match[str]) -> str | None:
    words = match.groupdict().get("bound")
    return None if not words else ("before" if "前" in words else "after")


def _clock(match: re.Match[str]) -> Value | None:
    hour_words, hour = match.group("hour"), small(match.group("hour"))
    minute = _minute(match, "a")
    short = match.group("short")
    if short:
        short = short.lstrip("差缺")
        away = _QUARTERS.get(short.removesuffix("钟")) or small(short.removesuffix("钟").removesuffix("分"))
        if match.group("past"):
            minute = away
        else:
            hour, minute = (hour - 1) % 24, 60 - away
    if hour > 24 or minute > 59:
        return Block()
    exact = hour > 12 or (hour_words[0] in "0零〇")
    to: tuple[int, int] | None = None
    to_part: Part | None = None
    if match.group("tohour"):
        to = (small(match.group("tohour")), _minute(match, "b"))
        to_part = part_of(match.group("topart")) if match.group("topart") else None
        if to[0] > 24:
            to = None
    elif match.group("more") == "多" and not minute:
        to = (hour + 1, 0)
    about = bool(match.group("about"))
    return Clock(hour, minute, exact, about or bool(match.group("more")), to, to_part, _bound(match))


def _short_before(match: re.Match[str]) -> Value | None:
    """差五分八点, 缺一刻三点."""
    away = match.group("away").removesuffix("钟")
    minutes = _QUARTERS.get(away) or small(away.removesuffix("分"))
    hour = small(match.group("hour"))
    if not 1 <= minutes < 60 or hour > 24:
        return Block()
    return Clock((hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minutes, hour > 12)


def _span_clock(match: re.Match[str]) -> Value | None:
    """三四点钟."""
    words = match.group("run")
    if words == "十一二":
        first, last = 11, 12
    else:
        first, last = small(words[0]), small(words[1])
    return Clock(first, 0, False, True, (last, 0))


def _digital(match: re.Match[str]) -> Value | None:
    hour, minute = int(match.group("h")), int(match.group("m"))
    to = match.group("h2") and (int(match.group("h2")), int(match.group("m2")))
    exact = hour > 12 or match.group("h").startswith("0") or bool(to and to[0] > 12)
    return Clock(hour, minute, exact, to=to or None, bound=_bound(match))


def _part(match: re.Match[str]) -> Value | None:
    words = match.group()
    return part_of(words) or Block()


_MEALS = {"早": "breakfast", "中": "lunch", "午": "lunch", "晌": "lunch", "晚": "dinner", "夜": "dinner"}


def _meal_name(words: str) -> str | None:
    return _MEALS.get(words[0]) if words else None


def _beside_meal(match: re.Match[str]) -> Value | None:
    groups = match.groupdict()
    before = groups.get("before") is not None
    meal = groups.get("meal")
    name = _meal_name(meal) if meal else None
    away = _away(groups)
    if name is None:
        return Part("before_meal" if before else "after_meal", away, away)
    beside = PARTS[f"{'before' if before else 'after'}_{name}"]
    if not away:
        return beside
    # 午饭后半小时: so long after the end of lunch, or before its beginning; a point.
    at = beside.end - away if before else beside.start + away
    return replace(beside, start=at, end=at)


def _away(groups: dict[str, str | None]) -> int:
    """Return the minutes of 饭后半小时, 0 where none were said."""
    words, unit = groups.get("away"), groups.get("awayunit") or ""
    if not words:
        return 0
    count = 0.5 if words == "半" else float(small(words)) + (0.5 if groups.get("awayhalf") else 0)
    return round(count * (1 if unit == "分钟" else 15 if unit == "刻钟" else 60))


def _meal_time(match: re.Match[str]) -> Value | None:
    part = PARTS[_meal_name(match["meal"]) or "lunch"]
    # 午饭 alone is a meal to order; 午饭时候 is a time.
    return replace(part, meal=None) if match["time"] else part


_AWAY = (
    f"(?:的?(?P<away>半|{COUNT})(?P<awayhalf>个半)?个?(?P<awayunit>分钟|刻钟"
    "|钟头|小时)(?:左右|以后|之后|以前|之前|后|前)?)?"
)
_MEAL = r"(?:大清早|早上|早|中午|午间|中昼|中|午|晌午|晚上|晚|夜里|夜)(?:饭|餐)|早茶"
_UNITS = {
    "分": 1,
    "刻": 15,
    "钟": 60,
    "小": 60,
    "天": 1440,
    "日": 1440,
    "礼": 10080,
    "星": 10080,
    "周": 10080,
}
_COUNTED = (
    rf"(?:(?P<n>{COUNT}|几)(?P<range>[一二两三四五六七八九十])?(?P<half1>个半)?(?P<about>来|个?多)?个?(?P<unit>分钟|刻钟|钟头|小时|礼拜|星期|周|天|月|年)"
    r"(?P<half2>半|多)?|(?P<gb>个把)(?P<unit2>钟头|小时|礼拜|星期|月))"
)


def _counted(match: re.Match[str]) -> tuple[float, float, str, float]:
    """Return (low, high, unit, confidence) of a counted span."""
    if match.group("gb"):
        return 1, 1, match.group("unit2"), 0.6
    words, unit = match.group("n"), match.group("unit")
    if words in ("几", "些"):
        return 3, 7, unit, 0.5
    low = 0.5 if words == "半" else float(read_number(words) or 0)
    high = low
    if match.group("range"):
        upper = float(small(match.group("range")))
        if upper > low:
            high = upper
    if match.group("half1") or match.group("half2") == "半":
        low, high = low + 0.5, high + 0.5
    confidence = 0.75 if match.group("about") or match.group("half2") == "多" else 0.95
    return low, high, unit, confidence


def _ahead(match: re.Match[str]) -> Value | None:
    return _shifted(match, 1)


def _ago(match: re.Match[str]) -> Value | None:
    return _shifted(match, -1)


def _shifted(match: re.Match[str], sign: int) -> Value | None:
    low, high, unit, confidence = _counted(match)
    if unit in ("月", "年"):
        if low == 0.5:
            return DayShift(days=sign * (15 if unit == "月" else 182))
        whole, half = int(low), low != int(low)
        days = (15 if unit == "月" else 182) if half else 0
        return DayShift(days=sign * days, months=sign * whole * (12 if unit == "年" else 1))
    minutes = _UNITS[unit[0]]
    if minutes >= 1440:
        days = round(low * minutes / 1440)
        if sign > 0 and high > low:
            return Coming(days, round(high * minutes / 1440))
        return DayShift(days=sign * days) if low == high or sign < 0 else Offset(days, vague=True)
    first, last = sorted((round(sign * low * minutes), round(sign * high * minutes)))
    return Shift(first, last, confidence)


def _bare_span(match: re.Match[str]) -> Value | None:
    count = 0.5 if match["n"] == "半" else float(small(match["n"] or "一"))
    if match["half1"] or match["half2"]:
        count += 0.5
    if not (match["n"] or match["about"]):
        return Block()
    return Shift(round(count * 60), round(count * 60), 0.5)


def _within(match: re.Match[str]) -> Value | None:
    low, _, unit, confidence = _counted(match)
    if unit in ("月", "年"):
        return Shift(0, round(low * (30 if unit == "月" else 365) * 1440), 0.6)
    return Shift(0, round(low * _UNITS[unit[0]]), confidence * 0.9)


_LATER = r"(?:以后|之后|过后|后(?![天日年面头])|往后)"

RULES = [
    rule(
        "digital",
        r"(?<![0-9:./])(?P<h>2[0-4]|[01]?[0-9]):(?P<m>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])"
        r"(?:(?:到|至|-|~|—)(?P<h2>2[0-4]|[01]?[0-9]):(?P<m2>[0-5][0-9]))?" + _BOUND,
        _digital,
    ),
    rule("within", rf"{NOT_IN_DECIMAL}{_COUNTED}(?:以内|之内|内(?!科))", _within),
    rule("ahead", rf"{NOT_IN_DECIMAL}(?:再过|过|再等|等|隔)?个?{_COUNTED}{_LATER}", _ahead),
    rule("ago", rf"{NOT_IN_DECIMAL}{_COUNTED}(?:以前|之前|前(?![天日面年]))", _ago),
    rule(
        "passing",
        rf"(?:再过|再等|(?<![打干做当住用看吃养教跑走活来去搞种])过|再隔|隔)(?:个(?!把))?{_COUNTED}(?!一次|一趟|一回|就?行)",
        _ahead,
    ),
    rule(
        # 半个钟头 as the whole answer: from now on. 走了半个钟头 is no time.
        "bare_span",
        r"^(?:大概|大约|差不多|再|就)*(?P<n>半|[一两二三])?(?P<half1>个半)?(?P<about>个把|把)?个?(?P<unit>钟头|小时)(?P<half2>半)?(?:左右|吧|好了|的样子)*$",
        _bare_span,
    ),
    rule(
        "short_before",
        rf"{NOT_IN_DECIMAL}(?:还?[差缺])(?P<away>{MINUTE}分?|[一二三四五六七八九两1-9]分|[一三]刻)钟?(?:到|就)?(?P<hour>{HOUR})点钟?",
        _short_before,
    ),
    rule(
        "hours_run",
        r"(?<![0-9零二三四五六七八九百千])(?P<run>十一二|一两|两三|三四|四五|五六|六七|七八|八九|九十)点(?:来|多)?钟?(?:左右|光景|的样子)?",
        _span_clock,
    ),
    rule(
        "clock",
        rf"{NOT_IN_DECIMAL}(?P<hour>{HOUR})(?:(?<=十)来)?(?:点|时(?=[0-5一二三四五十零整半])|(?:(?<![^十]一)(?<!^一))时(?![候间代节常不刻装髦尚光机期辰]))(?!心|水旁|水$|式|档|滴|击|歌|菜|名|头|子|火|燃|评|赞|儿|点)"
        rf"(?:(?P<past>过)?(?P<short>(?:(?<=过)|[差缺]|(?<=过一))(?:[一三]刻|{MINUTE}分?|[一二三四五六七八九]分)钟?)|"
        + _MIN.format("a")
        + r"|(?P<more>多|来(?=钟))?(?:钟(?!头)|整)?)?(?:钟(?!头))?"
        + rf"(?:(?:到|至|-|~|直到)(?P<topart>{PART})?(?P<tohour>{HOUR})点(?!儿)(?:"
        + _MIN.format("b")
        + r"|钟|整)?)?"
        + _BOUND,
        _clock,
    ),
    rule(
        "hours_span",
        rf"{NOT_IN_DECIMAL}(?P<hour>{HOUR})(?:到|至|-|~)(?P<tohour>{HOUR})点(?!儿)钟?半?",
        lambda m: Clock(
            small(m["hour"]),
            0,
            small(m["hour"]) > 12,
            to=(small(m["tohour"]), 30 if m.group().endswith("半") else 0),
        ),
    ),
    rule(
        "beside_meal",
        rf"(?:(?:吃[过好完了]|用过)(?P<meal>{_MEAL})(?:以后|之后|过后|后(?![天日])|了|再)?"
        rf"|(?P<done>吃[过好完]饭)(?:以后|之后|后(?![天日])|了|再)?){_AWAY}",
        _beside_meal,
    ),
    rule(
        "meal_eaten",
        rf"(?P<meal>{_MEAL})吃[过好完](?:以后|之后|过后|后(?![天日])|了|再)?",
        _beside_meal,
    ),
    rule("before_meal", rf"(?:吃)?(?P<meal>{_MEAL})(?P<before>以前|之前|前(?![天日])){_AWAY}", _beside_meal),
    rule("after_meal", rf"(?P<meal>{_MEAL})(?:以后|之后|过后|后(?![天日])){_AWAY}", _beside_meal),
    rule(
        "before_any_meal",
        rf"(?:每顿|每餐|三餐|吃)?饭(?P<before>前(?![天日])|以前|之前){_AWAY}",
        _beside_meal,
    ),
    rule("after_any_meal", rf"(?:每顿|每餐|三餐|吃)?饭(?:后(?![天日])|以后|之后){_AWAY}", _beside_meal),
    rule(
        "sleep",
        r"(?:临|要)?(?:睡觉|困觉|上床|睡|困)(?:以前|之前|前头?(?![天日]))(?:的?半个?(?:小时|钟头))?",
        lambda _: PARTS["before_sleep"],
    ),
    rule(
        "rise",
        r"(?:睡醒|起床|起来|醒来)(?:以后|之后|后(?![天日])|了(?:就|再|以后|之后))|一起床|一醒来",
        lambda _: PARTS["after_rising"],
    ),
    rule(
        "nap",
        r"(?:(?:睡|困)[过好完了](?:午觉|中觉|晌觉|午睡)(?:以后|之后|后(?![天日])|起来|了|再)?"
        r"|(?:午睡|午觉|中觉|晌觉)(?:睡醒|困醒|睡[好过完]|醒)?(?:来|起来)?(?:以后|之后|后(?![天日])|(?<=[醒来好过完])了?))",
        lambda _: PARTS["after_nap"],
    ),
    rule("now", r"(?:现在|马上|立刻|立马|立即|即刻|这就|此刻|眼下|现在就|当下)", lambda _: Shift(0, 0, 0.85)),
    rule(
        "soon",
        r"(?:(?:再?等|待|过|隔|晏)一?(?:会儿|会|歇|下子|忽儿)(?![议计])|歇一?会儿?(?=$|[,，]?(?:来|再|打|送|叫|喊))|[等过隔晏停]一?歇(?![歇脚力])|等下子|待会儿?|稍等(?:一?会儿?)?|晚一?点(?:儿)?(?=再)|稍后|晚些时候|晚点时候"
        r"|(?<![坐聊睡歇躺走站陪说看玩讲晒谈])一会儿?(?=[再来送去给帮提打叫我要你到]|就(?![好过没])))",
        lambda _: Shift(0, 60, 0.6),
    ),
    rule("asap", r"(?:尽快|尽早|尽量快|越快越好|越早越好|赶快|赶紧)", lambda _: Shift(0, 1440, 0.55)),
    rule(
        "anytime",
        r"(?:随时(?!随地)|随便(?:什么|啥)时候|(?:什么|啥)(?:时候|时间|辰光)都(?:行|可以|好|成)|哪天都(?:行|可以|好|成)|随便哪天)",
        lambda _: Shift(0, 10080, 0.5),
    ),
    rule(
        "meal_time",
        rf"吃?(?P<meal>{_MEAL})(?P<time>的?时候|时间|时分|辰光)?",
        _meal_time,
    ),
    rule(
        "same_hour",
        r"(?<=[天朝日号一二三四五六])(?:的|差不多|还是|也是|大概)*(?:这个?|这一|同样|同一)个?时[候间]",
        lambda _: Part("now", 0, 0),
    ),
    rule("part", PART, _part),
    rule("part_short", rf"[早晨](?={HOUR}(?:点|:))", lambda _: PARTS["早上"]),
    rule("part_short_night", rf"[晚夜](?={HOUR}(?:点|:))", lambda _: PARTS["晚上"]),
    rule(
        "tonight",
        r"(?<=[今明昨后前天朝日儿一二三四五六末])[晚夜](?![点饭餐些辈期会半])(?:上|里)?",
        lambda _: PARTS["晚上"],
    ),
    rule(
        "this_morning",
        r"(?<=[今明昨后天朝日儿一二三四五六末])(?:早(?![点饭餐些就晚已])(?:上|晨)?|晨(?=[0-9一二三四五六七八九十]))",
        lambda _: PARTS["早上"],
    ),
]
"""Tried in this order at each place of the sentence."""

RELATIVE_NIGHT = (
    rule(
        "day_part",
        r"(?P<d>今|明|后|昨|前)(?=[晚夜早晨])(?![早晚][点])",
        lambda m: Offset({"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}[m["d"]]),
    ),
)
"""今晚, 明早: a day in one character before its part."""
