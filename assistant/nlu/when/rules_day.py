"""Rules for days: 明朝, 下个礼拜三, 十二月五号, 腊月廿三, 中秋, 月底, 国庆前一天."""

from __future__ import annotations

import re

from assistant.nlu.when.festivals import FESTIVAL_NAMES, festival_of
from assistant.nlu.when.fragments import (
    DAY,
    LAST,
    LUNAR_DAY,
    MONTH,
    NEXT,
    NOT_IN_DECIMAL,
    NOT_IN_NUMBER,
    THIS,
    WEEK,
    rule,
    small,
    weekday_number,
)
from assistant.nlu.when.pieces import (
    Around,
    Beside,
    Block,
    Coming,
    Day,
    DayShift,
    DaySpan,
    Festival,
    LunarDay,
    LunarMonth,
    MonthDay,
    MonthPart,
    NthWeekday,
    Offset,
    Value,
    Week,
    Weekday,
)

_RELATIVE = {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2, "当": 0}
_RELATIVE_DAY = (
    r"(?:大大后[天日]|大后[天日朝]|外后[天日]|大后儿个?|大前[天日]|(?<![以最今然之落往向背午先])后[天日](?!气)"
    r"|后朝|后儿个?|明[天日](?!报)|明朝|明儿个?|今[天日]|今朝|今儿个?|今个|明个|昨[天日]|昨儿个?|昨朝|前[天日]|前儿个)"
)
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "来年": 1, "开年": 1}
_YEAR = (
    r"(?:(?P<years>今年|明年|后年|去年|来年|开年)的?|"
    r"(?P<year>20[0-9]{2}|二[零〇][一二三]?[零〇一二三四五六七八九])年)"
)
_LUNAR_MARK = r"(?:农历|阴历|旧历|夏历|老历)"
_LUNAR_MONTH = r"(?:正|冬|腊|十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])"
_SHIFT = (
    r"(?:的?(?P<shift>前一天|前一日|头一天|头天|前两天|前三天|后一天|后一日|第二天|后两天|后三天|隔天|(?:的)?当天|那天|那一天|这天|当日|那日)"
    r"|(?P<beside>以前|之前|前夕|前头|前(?![天日年面后])|以后|之后|过后|过了|后头|后(?![天日年面悔])))?"
)
_SHIFTS = {
    "前一天": -1,
    "前一日": -1,
    "头一天": -1,
    "头天": -1,
    "前两天": -2,
    "前三天": -3,
    "后一天": 1,
    "后一日": 1,
    "第二天": 1,
    "隔天": 1,
    "后两天": 2,
    "后三天": 3,
}


def _moved(day: Day, match: re.Match[str]) -> Day:
    groups = match.groupdict()
    if groups.get("shift"):
        days = _SHIFTS.get(groups["shift"].removeprefix("的"), 0)
        return Around(day, days) if days else day
    if groups.get("beside"):
        return Beside(day, after="前" not in groups["beside"])
    return day


def _relative(match: re.Match[str]) -> Value | None:
    words = match.group("name")
    if words.startswith("大大后"):
        day = Offset(4)
    elif words.startswith("外"):
        day = Offset(3)
    elif words.startswith("大"):
        day = Offset(3 if "后" in words else -3)
    else:
        day = Offset(_RELATIVE[words[0]])
    return _moved(day, match)


def _weeks(match: re.Match[str]) -> int | None:
    prefix = match.group("prefix")
    if not prefix:
        return None
    if prefix[0] in "这本今":
        return 0
    return prefix.count("下") + prefix.count("再") - prefix.count("上")


def _weekday(match: re.Match[str]) -> Value | None:
    value = _named_weekday(match)
    if isinstance(value, Weekday) and len(value.weekdays) == 1:
        return Beside(value, after=True) if match.group("passed") else _moved(value, match)
    return value


def _named_weekday(match: re.Match[str]) -> Value | None:
    weeks, first = _weeks(match), match.group("day")
    if first == "末":
        return Week(weeks or 0, weekend=True, bare=weeks is None)
    days = [weekday_number(first)]
    more = match.group("more")
    last = match.group("last")
    if more:
        days += [weekday_number(character) for character in re.findall("[一二三四五六日天1-7]", more)]
    if last:
        return DaySpan(Weekday((days[0],), weeks), Weekday((weekday_number(last),), weeks))
    return Weekday(tuple(dict.fromkeys(days)), weeks)


def _week(match: re.Match[str]) -> Value | None:
    weeks = _weeks(match)
    if match.group("weekend"):
        return Week(weeks or 0, weekend=True, bare=weeks is None)
    return Week(weeks or 0) if weeks is not None else None


def _years(match: re.Match[str]) -> tuple[int | None, int | None]:
    groups = match.groupdict()
    year = small(groups["year"]) if groups.get("year") else None
    return year, _YEARS[groups["years"]] if groups.get("years") else None


def _months(words: str | None) -> int | None:
    if not words:
        return None
    return 0 if words[0] in "这本当" else words.count("下") - words.count("上")


def _month_day(match: re.Match[str]) -> Value | None:
    month, day = match.groupdict().get("month"), small(match.group("day"))
    year, years = _years(match)
    months = _months(match.groupdict().get("months"))
    if not 1 <= day <= 31:
        return Block()
    return _moved(MonthDay(day, small(month) if month else None, months, year, years), match)


def _two_days(match: re.Match[str]) -> Value | None:
    """二十五六号: the twenty-fifth to the twenty-sixth."""
    tens = {"二十": 20, "廿": 20, "十": 10}.get(match.group("tens") or "", 0)
    month = small(match.group("month")) if match.group("month") else None
    first, last = (MonthDay(tens + small(digit), month) for digit in match.group("pair"))
    return DaySpan(first, last)


def _iso(match: re.Match[str]) -> Value | None:
    return MonthDay(int(match.group("d")), int(match.group("m")), None, int(match.group("y")))


def _month_part(match: re.Match[str]) -> Value | None:
    part = {"初": "start", "头": "start", "中": "middle", "底": "end", "末": "end", "尾": "end"}
    words = match.group("part") or ""
    month = match.group("month")
    months = _months(match.group("months"))
    if words.endswith("天"):
        name = "last_day" if words[0] == "最" else "first_day"
    elif words:
        name = next((value for key, value in part.items() if key in words), "whole")
    else:
        name = "whole"
    if month is None and months is None and name == "whole":
        return None
    _, years = _years(match)
    return MonthPart(name, small(month) if month else None, months, years)


def _year_part(match: re.Match[str]) -> Value | None:
    words = match.group("part")
    years = _YEARS.get(match.group("years") or "")
    if words.endswith("天"):
        return MonthDay(31 if words[0] == "最" else 1, 12 if words[0] == "最" else 1, None, None, years or 0)
    if words[0] in "底末":
        return MonthPart("end", 12, None, years)
    return MonthPart("start", 1, None, years)


def _nth_weekday(match: re.Match[str]) -> Value | None:
    words, month = match.group("nth"), match.group("month")
    nth = -1 if words.startswith("最后") else 1 if words.startswith("头") else small(words[1])
    months = _months(match.group("months"))
    return NthWeekday(nth, weekday_number(match.group("day")), small(month) if month else None, months)


def _lunar_month_number(words: str) -> int:
    return {"正": 1, "冬": 11, "腊": 12}.get(words) or small(words)


def _lunar(match: re.Match[str]) -> Value | None:
    groups = match.groupdict()
    words, month, leap = groups["day"], groups.get("month"), bool(groups.get("leap"))
    number = _lunar_month_number(month) if month else None
    day = 15 if words == "半" else small(words.removeprefix("初"))
    _, years = _years(match)
    sure = bool(match.group("mark")) or words.startswith("初") or words == "半" or leap
    if not sure and month in ("十一", "十二", "11", "12", "1") and words[0] not in "廿卅":
        # The lunar ones are called 冬月, 腊月, 正月.
        return _moved(MonthDay(day, number, years=years), match)
    if not sure and month not in ("正", "冬", "腊"):
        # 八月十五 without 号 is lunar on most old people's tongues, but not on all.
        return _moved(MonthDay(day, number, years=years, maybe_lunar=True), match)
    return _moved(LunarDay(day, number, leap, years), match)


def _festival(match: re.Match[str]) -> Value | None:
    name = festival_of(match.group("name"))
    _, years = _years(match)
    return _moved(Festival(name, years), match) if name else None


def _coming(match: re.Match[str]) -> Value | None:
    words = match.group("count")
    if words in ("几", "些"):
        return Coming(3, 7)
    if len(words) == 2 and words[0] in "一两二三四五六七八" and words[1] in "两二三四五六七八九":
        return Coming(small(words[0]), small(words[1]))
    return Offset(small(words), vague=words == "两")


RULES = [
    rule(
        "iso",
        r"(?P<y>20[0-9]{2})[-/.年](?P<m>1[0-2]|0?[1-9])[-/.月](?P<d>3[01]|[12][0-9]|0?[1-9])[日号]?(?![0-9])",
        _iso,
    ),
    rule(
        "slash",
        r"(?<![0-9/.])(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9/.])",
        _month_day,
    ),
    rule(
        "month_day",
        rf"{_YEAR}?{NOT_IN_NUMBER}(?P<month>{MONTH})月份?的?(?P<day>{DAY})(?:[号日]|(?<=[0-9])(?![0-9点:个份块岁度]))(?![楼桌门])"
        + _SHIFT,
        _month_day,
    ),
    rule(
        "two_days",
        rf"(?:(?P<month>{MONTH})月)?{NOT_IN_NUMBER}(?P<tens>二十|廿|十)?(?P<pair>一二|二三|三四|四五|五六|六七|七八|八九)[号日]",
        _two_days,
    ),
    rule(
        "months_day",
        rf"(?P<months>{THIS}月|当月|下下个?月|{NEXT}月|上上个?月|{LAST}月)的?(?P<day>{DAY})(?:[号日]|(?<=[0-9])(?![0-9])|(?<=十)(?![一二三四五六七八九十个点块份天岁分])|"
        r"(?<=[十廿][一二三四五六七八九])(?![个点块份天岁分人斤样次]))" + _SHIFT,
        _month_day,
    ),
    rule(
        "lunar",
        rf"{_YEAR}?(?P<mark>{_LUNAR_MARK}的?)?{NOT_IN_NUMBER}(?P<leap>闰)?(?P<month>{_LUNAR_MONTH})月"
        rf"(?P<day>{LUNAR_DAY}|半)(?![号日点个月天份块岁时分])" + _SHIFT,
        _lunar,
    ),
    rule(
        "lunar_short",
        rf"{_YEAR}?(?P<mark>{_LUNAR_MARK}的?)?{NOT_IN_NUMBER}(?P<leap>闰)?(?P<month>{_LUNAR_MONTH})月"
        r"(?P<day>[一二三四五六七八九])(?![号日点个月天份块岁时分十百一二三四五六七八九])" + _SHIFT,
        _lunar,
    ),
    rule(
        "lunar_bare",
        rf"(?<![上读念])(?P<mark>{_LUNAR_MARK}的?)?"
        r"(?P<day>初(?:十|[一二三四五六七八九]))(?![学年的]?[生级孩])" + _SHIFT,
        _lunar,
    ),
    rule(
        "after_new_year",
        r"过[完了好]年(?:以后|之后|后)?|(?<![0-9一二两三四五六七八九十几多半前今去往])年后",
        lambda _: Beside(Festival("春节"), after=True),
    ),
    rule(
        "before_new_year",
        r"(?<![0-9一二两三四五六七八九十几多半前今去往过])年前",
        lambda _: Beside(Festival("春节"), after=False),
    ),
    rule("festival", rf"{_YEAR}?(?:过|{_LUNAR_MARK})?(?P<name>{FESTIVAL_NAMES})" + _SHIFT, _festival),
    rule(
        "lunar_month",
        r"(?P<month>正|腊|冬)月(?:里头|里厢|里|间)?",
        lambda m: LunarMonth(_lunar_month_number(m["month"])),
    ),
    rule(
        "same_day",
        r"(?P<months>下个?月|上个?月)的?今[天朝日]|(?P<week>下)个?(?:礼拜|星期|周)的?今[天朝日]",
        lambda m: DayShift(days=7) if m["week"] else DayShift(months=1 if m["months"][0] == "下" else -1),
    ),
    rule(
        "nth_weekday",
        rf"(?:(?P<months>{THIS}月|当月|下下个?月|{NEXT}月)|{NOT_IN_NUMBER}(?P<month>{MONTH})月份?)的?"
        rf"(?P<nth>第[一二三四五1-5]个?|头一?个|最后一?个){WEEK}(?P<day>[一二三四五六日天1-7])",
        _nth_weekday,
    ),
    rule(
        "year_part",
        r"(?:(?P<years>今年|明年|后年|去年|来年)的?年?|(?<![今明后去来前每半一两三四五六七八九十0-9])年)"
        r"(?P<part>底|末|初(?![一二三四五六七八九十])|(?<=[年的])最后一天|(?<=[年的])第一天)",
        _year_part,
    ),
    rule(
        "month_part",
        rf"(?:(?P<months>{THIS}月|当月|下下个?月|{NEXT}月|上上个?月|{LAST}月)|{_YEAR}?{NOT_IN_NUMBER}(?P<month>{MONTH})月份?(?![半饼])|(?<![正腊冬二一三四五六七八九十0-9个岁满])(?=月[底末初]|月中(?![学间秋])))"
        r"(?:份|里头|里厢|里)?(?:的?月?(?P<part>最后一天|第一天|头一天|底下?|末尾?|尾|初头?(?![一二三四五六七八九十])|头上|中旬?|上旬|下旬))?",
        _month_part,
    ),
    rule(
        "number_day",
        rf"{NOT_IN_DECIMAL}(?P<day>{DAY})(?:号|(?<=[0-9一二三四五六七八九十廿]{{2}})日(?![报子元游语常用历后前内以])|(?<=[二三]十)日(?![报子元游语常用历后前内以])|(?<=[^0-9][0-9])日(?![报子元游语常用历后前内以]))(?![楼桌门线床房院窗诊车码套店弄座幢栋厅员馆室食机餐球球院选])"
        + _SHIFT,
        _month_day,
    ),
    rule(
        "weekday",
        r"(?P<passed>过[了完])?(?P<prefix>这一?个?|本|今|再下一?个?|(?:下一?个?){1,3}|(?:上一?个?){1,2})?的?(?:礼拜|星期|(?<![小老姓一两]{1})周)"
        r"(?P<day>[一二三四五六日末1-7]|天(?![气热冷]))(?!鸣|名|[医大老师阿]{1}[生夫师傅姨])"
        r"(?:(?:到|至|-|~)(?:礼拜|星期|周)?(?P<last>[一二三四五六日天1-7])(?![点0-9十月号])"
        r"|(?P<more>(?:[、和跟,，]?(?:礼拜|星期|周)?(?!一(?:早(?!上)|大早|清早))[一二三四五六日天1-7](?![点个次份0-9样起定下共半刻十:月]))+))?"
        r"(?:(?P<beside>以前|之前|以后|之后|过后|前(?![天日年面后头])))?",
        _weekday,
    ),
    rule(
        "week",
        rf"(?P<prefix>{THIS}|(?:下一?个?){{1,3}}|(?:上一?个?){{1,2}})?(?:{WEEK}(?![几一二三四五六日末0-9]|天(?![气热冷]))|(?P<weekend>双休日|周末))",
        _week,
    ),
    rule(
        "both_days",
        r"(?P<a>今明|明后)(?:两天|天)",
        lambda m: DaySpan(Offset(_RELATIVE[m["a"][0]]), Offset(_RELATIVE[m["a"][1]])),
    ),
    rule("relative", rf"(?P<name>{_RELATIVE_DAY})(?P<beside>以前|之前|以后|之后)?", _relative),
    rule("ten_days", r"(?:再?过|隔|等)?十天半个?月(?:以后|之后|后|再)?", lambda _: Coming(10, 15)),
    rule(
        "coming",
        r"(?:再过|隔|过|等)个?(?P<count>[一二两三四五六七八九十几些0-9]{1,2})[天日](?!一次)(?:以后|之后|后(?!天)|再)?",
        _coming,
    ),
]
"""Tried in this order at each place of the sentence."""
