"""Rules for what comes again: 每天早上, 每周一三五, 隔天, 每个月十五号, 初一十五, 每年八月初三."""

from __future__ import annotations

import re

from assistant.nlu.when import rules_year
from assistant.nlu.when.fragments import DAY, LUNAR_DAY, PARTS, WEEK, rule, small, weekday_number
from assistant.nlu.when.pieces import Block, Repeat, Value

EVERY = r"(?:每逢|每到|逢到|每一?个?|逢)"
_N = r"[一二两三四五六七八九十0-9]"
_ONCE = r"(?:(?P<times>[一二两三四五六123456])(?:次|趟|回|遍|顿|片|粒|颗|针))"
_ALL = (0, 1, 2, 3, 4)

_TIMES_A_DAY: dict[int, tuple[int, ...]] = {2: (8, 18), 3: (8, 12, 18), 4: (8, 12, 18, 21)}
"""Hours for "so many times a day" where none were said: with the meals, and at bedtime."""


def _weekdays(words: str) -> tuple[int, ...]:
    span = re.search(r"([一二三四五六日天1-7])(?:到|至|-|~)(?:礼拜|星期|周)?([一二三四五六日天1-7])", words)
    if span:
        first, last = weekday_number(span.group(1)), weekday_number(span.group(2))
        return tuple(range(first, last + 1)) if first <= last else (*range(first, 7), *range(last + 1))
    found = [
        weekday_number(c) for c in re.findall(r"[一二三四五六日天1-7]", re.sub(r"每一个|每一", "", words))
    ]
    return tuple(sorted(dict.fromkeys(found)))


def _daily(_: re.Match[str]) -> Value | None:
    return Repeat("DAILY")


def _daily_part(match: re.Match[str]) -> Value | None:
    words = match.group("part")
    if "早" in words and "晚" in words:
        if "中" in words:
            return Repeat("DAILY", clocks=(8, 12, 18))
        return Repeat("DAILY", clocks=(8, 18))
    return Repeat("DAILY", slots=(PARTS["早上" if words[0] in "早" else "晚上"],))


def _often(match: re.Match[str]) -> Value | None:
    times = small(match.group("times"))
    clocks = _TIMES_A_DAY.get(times, ())
    return Repeat("DAILY", clocks=clocks, confidence=0.9 if times == 1 or clocks else 0.5)


def _every_days(match: re.Match[str]) -> Value | None:
    groups = match.groupdict()
    count = small(groups["n"] or "一")
    if not 1 <= count <= 60:
        return Block()
    if groups.get("between"):
        # 隔一天 is every other day; 隔两天 is every third to most, every second to some.
        rule_ = Repeat("DAILY", count + 1, confidence=0.9 if count == 1 else 0.6)
        return (
            rule_
            if count == 1
            else Repeat("DAILY", count + 1, confidence=0.6, other=Repeat("DAILY", count, confidence=0.35))
        )
    return Repeat("DAILY", count)


def _every_weeks(match: re.Match[str]) -> Value | None:
    groups = match.groupdict()
    count = small(groups["n"]) if groups.get("n") else 1
    if groups.get("between"):
        count += 1
    times = small(groups["times"]) if groups.get("times") else 1
    return Repeat("WEEKLY", count or 1, confidence=0.9 if times == 1 else 0.5)


def _every_months(match: re.Match[str]) -> Value | None:
    groups = match.groupdict()
    count = small(groups["n"]) if groups.get("n") else 1
    times = small(groups["times"]) if groups.get("times") else 1
    return Repeat("MONTHLY", count or 1, confidence=0.9 if times == 1 else 0.5)


def _hourly(match: re.Match[str]) -> Value | None:
    words, unit = match.group("n") or "一", match.group("unit")
    if words == "半":
        return Repeat("MINUTELY", 30)
    count = small(words)
    if not 1 <= count <= 120:
        return Block()
    return Repeat("MINUTELY" if unit[0] in "分" else "HOURLY", count)


def _monthly(match: re.Match[str]) -> Value | None:
    days = [small(day) for day in re.findall(DAY, match.group("days"))]
    days = [day for day in days if 1 <= day <= 31]
    return Repeat("MONTHLY", monthdays=tuple(dict.fromkeys(days))) if days else Block()


def _monthly_bare(match: re.Match[str]) -> Value | None:
    day = small(match.group("day"))
    return Repeat(
        "MONTHLY",
        monthdays=(day,),
        confidence=0.55,
        other=Repeat("MONTHLY", monthdays=(day,), lunar=True, confidence=0.45),
    )


def _monthly_lunar(match: re.Match[str]) -> Value | None:
    words = match.group("days").replace("月半", "十五")
    days = [small(day.removeprefix("初")) for day in re.findall(LUNAR_DAY, words)]
    return Repeat("MONTHLY", monthdays=tuple(dict.fromkeys(days)), lunar=True, confidence=0.9)


def _month_end(match: re.Match[str]) -> Value | None:
    return Repeat(
        "MONTHLY",
        monthdays=(1,) if match.group("part")[0] in "初第头" or "初" in match.group("part") else (-1,),
        confidence=0.85,
    )


def _nth_weekday(match: re.Match[str]) -> Value | None:
    words = match.group("nth")
    return Repeat(
        "MONTHLY",
        weekdays=(weekday_number(match.group("day")),),
        nth=-1 if words.startswith("最后") else 1 if words[0] == "头" else small(words[1]),
    )


_DAYS_LIST = (
    r"(?:[一二三四五六日天1-7](?:(?:到|至|-|~)(?:礼拜|星期|周)?[一二三四五六日天1-7]|"
    r"(?:[、和跟与及,，]?(?:还有)?(?:礼拜|星期|周)?(?!一(?:早(?!上)|大早|清早))[一二三四五六日天1-7](?![点次趟回遍样起:个0-9十刻]))*))(?![次趟回遍])"
)

RULES = [
    *rules_year.RULES,
    rule(
        "nth_weekday",
        rf"每一?个?月的?(?P<nth>第[一二三四五1-5]个?|头一?个?|最后一个?){WEEK}(?P<day>[一二三四五六日天1-7])",
        _nth_weekday,
    ),
    rule(
        "month_end",
        r"每一?个?月的?(?P<part>最后一天|第一天|头一天|月?底|月?末|月初|初(?![一二三四五六七八九十]))",
        _month_end,
    ),
    rule(
        "monthly",
        rf"(?:每一?个?月|月月|逢)的?(?P<days>{DAY}[号日]?(?:[、和跟与,，]?(?:还有)?{DAY}[号日])*)(?<=[号日])",
        _monthly,
    ),
    rule(
        "monthly_lunar",
        rf"(?:每一?个?月|月月|每逢|每到|逢|农历|阴历|每一?个?)?(?:的|农历|阴历)*(?P<days>初[一二三四五六七八九十](?:[、和跟与,，]?(?:还有)?(?:月半|{LUNAR_DAY})(?![号日点个月年]))+)",
        _monthly_lunar,
    ),
    rule(
        "monthly_lunar_one",
        rf"(?:每一?个?月|月月|每逢|每到|逢)的?(?:农历|阴历)(?P<days>{LUNAR_DAY})(?![号日点个月])",
        _monthly_lunar,
    ),
    rule(
        "monthly_lunar_first",
        r"(?:每一?个?月|月月|每逢|每到|逢)的?(?P<days>初[一二三四五六七八九十])",
        _monthly_lunar,
    ),
    rule("monthly_every", rf"(?:每逢|每到|逢)(?P<day>{DAY})(?![号日点次个年节五一-九])", _monthly_bare),
    rule(
        "weekly_span",
        rf"(?P<days>{WEEK}[一二三四五六日天1-7](?:到|至|-|~){WEEK}?[一二三四五六日天1-7])的?,?(?:每天|天天)",
        lambda m: Repeat("WEEKLY", 1, _weekdays(m["days"]), confidence=0.9),
    ),
    rule("monthly_bare", rf"每一?个?月的?(?P<day>{DAY})(?![号日点次个回趟天遍岁])", _monthly_bare),
    rule(
        "weekly_every_n",
        rf"(?:每隔?|隔)(?P<interval>[一二两三四2-4])个?(?:礼拜|星期|周)的?(?:礼拜|星期|周)(?P<days>{_DAYS_LIST})",
        lambda m: Repeat(
            "WEEKLY", small(m["interval"]) + (1 if "隔" in m.group() else 0), _weekdays(m["days"])
        ),
    ),
    rule(
        "weekly",
        rf"(?P<every>(?P<alternate>隔|单|双)?{EVERY}|(?P<gap>隔))个?(?:{WEEK}的(?={WEEK}))?(?P<days>{WEEK}(?:[1-7]{{2,7}}(?![0-9点:])|{_DAYS_LIST}))",
        lambda m: Repeat("WEEKLY", 2 if m["gap"] else 1, _weekdays(m["days"])),
    ),
    rule(
        "weekend",
        r"(?:每一?个?|逢|每逢|每到)(?:周末|双休日|礼拜末)",
        lambda _: Repeat("WEEKLY", weekdays=(5, 6)),
    ),
    rule(
        "workdays",
        r"(?:每一?个?|逢)?工作日|平日里|平常日子",
        lambda _: Repeat("WEEKLY", weekdays=_ALL, confidence=0.85),
    ),
    rule(
        "weekly_alternate",
        rf"隔一?个?(?:礼拜|星期|周)的?(?P<days>{WEEK}{_DAYS_LIST})",
        lambda m: Repeat("WEEKLY", 2, _weekdays(m["days"])),
    ),
    rule(
        "weekly_pair",
        rf"(?P<days>{WEEK}[一二三四五六日天](?:[、,，和跟]?(?:礼拜|星期|周)?[一二三四五六日天](?![点个次半刻十:起样定0-9])))(?=每|固定|都要|都来)",
        lambda m: Repeat("WEEKLY", 1, _weekdays(m["days"]), confidence=0.75),
    ),
    rule(
        "weekly_figures",
        r"(?<![零一二三四五六七八九十百0-9周期拜初第])(?P<days>一三五|二四六|一二三四五)"
        r"(?=早上|上午|中午|下午|晚上|[早中午晚夜]饭|都|每|来|送)",
        lambda m: Repeat("WEEKLY", 1, _weekdays(m["days"]), confidence=0.7),
    ),
    rule(
        "weekly_bare",
        rf"(?<![上下这本])(?P<days>{WEEK}[一二三四五六日天](?:[、,，]?[一二三四五六日天](?![点个次半刻十:起样定0-9])){{2,6}})(?!或)",
        lambda m: Repeat("WEEKLY", 1, _weekdays(m["days"]), confidence=0.7),
    ),
    rule(
        "every_weeks",
        rf"(?:每(?P<between>隔)?|隔)?(?P<n>[一二两三四2-4])个?(?:礼拜|星期|周)(?:来|送|做|洗|打扫|要|换|吃|配|去)*{_ONCE}",
        _every_weeks,
    ),
    rule(
        "every_week_times",
        rf"每个?(?:礼拜|星期|周)(?:来|送|做|洗|打扫|要|给我)*{_ONCE}?",
        _every_weeks,
    ),
    rule(
        "other_week",
        rf"(?<!一)隔个?(?:礼拜|星期|周)(?![一二三四五六日天末1-7])(?:来|送|做|洗|打扫|要)*{_ONCE}?",
        lambda _: Repeat("WEEKLY", 2, confidence=0.85),
    ),
    rule(
        "every_n_weeks",
        r"每(?P<between>隔)?(?P<n>[一二两三四2-4])个?(?:礼拜|星期|周)",
        _every_weeks,
    ),
    rule(
        "fortnight",
        r"(?:每)?半个月(?:来|送|做|洗|打扫)*一[次趟回]|每半个月",
        lambda _: Repeat("DAILY", 15, confidence=0.7),
    ),
    rule(
        "every_months",
        rf"(?:每)?(?P<n>[一二两三四六2-6])个?月(?:来|送|做|洗|配|查|换|去)*{_ONCE}",
        _every_months,
    ),
    rule("every_month_once", rf"(?:每一?个?月|月月)(?:都|来|送|做|洗|配|查|换|去|要)*{_ONCE}", _every_months),
    rule("every_month_do", r"(?:每一?个?月|月月)(?:都|来|送|做|洗|配|查|换|去|要)+", _every_months),
    rule(
        "other_month",
        rf"(?:每隔|隔)一个?月(?:来|送|做|洗|配|查)*{_ONCE}?",
        lambda _: Repeat("MONTHLY", 2, confidence=0.85),
    ),
    rule("every_n_months", r"每隔?(?P<n>[二两三四六2-6])个月", _every_months),
    rule(
        "hourly",
        rf"(?:每隔?|隔)(?P<n>半|{_N}{{1,2}})?个?(?P<unit>钟头|小时|分钟)(?:一[次趟回遍])?",
        _hourly,
    ),
    rule(
        "n_hourly",
        rf"(?P<n>半|{_N}{{1,2}})个?(?P<unit>钟头|小时|分钟)(?:量|测|吃|喂|翻|换|来|喝|翻身)*一[次趟回遍]",
        _hourly,
    ),
    rule(
        "every_other_day",
        r"(?:每隔|隔)(?P<between>)?(?P<n>一)?[天日](?!以后|之后|后|子)(?:来|送|做)?(?:一[次趟回])?",
        lambda _: Repeat("DAILY", 2, confidence=0.85),
    ),
    rule("every_days_between", rf"(?P<between>每隔)(?P<n>{_N}{{1,2}})[天日](?:一[次趟回])?", _every_days),
    rule(
        "days_between_once",
        rf"(?P<between>隔)(?P<n>{_N}{{1,2}})[天日](?:来|送|做|打|换|吃|量)*一[次趟回]",
        _every_days,
    ),
    rule("every_days", rf"每(?P<n>{_N}{{1,2}})[天日](?:一[次趟回])?", _every_days),
    rule(
        "days_once",
        r"(?P<n>[二两三四五六七八九十2-9])天(?:来|送|做|洗|打|换|吃|量)*一[次趟回针片遍]",
        _every_days,
    ),
    rule("often", rf"(?:每一?[天日]|一[天日]|天天)(?:要|吃|量|测|服|打|送|来|都)*{_ONCE}", _often),
    rule(
        "beside_two_meals",
        r"(?:每[天日]|天天|一天)?早晚饭(?P<side>前|后)",
        lambda m: Repeat("DAILY", clocks=(9, 19) if m["side"] == "后" else (6, 17), confidence=0.85),
    ),
    rule(
        "daily_part",
        r"(?:每一?个?|每[天日]|天天|一)(?:的|都)?(?P<part>早中晚|早晚(?!会)|早(?=[上晨]?)(?:上|晨)?|晚(?:上|间)?|夜里?)(?![饭餐])(?<!一早)(?<!一晚)(?<!一晚上)(?<!一夜)",
        _daily_part,
    ),
    rule(
        "morning_evening",
        r"早[、,，]?中[、,，]?晚(?=各|都|三|吃|[一1]次|顿|量|服)",
        lambda _: Repeat("DAILY", clocks=(8, 12, 18), confidence=0.8),
    ),
    rule(
        "twice",
        r"早晚(?=各|都|两|量|吃|服|打|测|[一1]次)|一早一晚",
        lambda _: Repeat("DAILY", clocks=(8, 18), confidence=0.8),
    ),
    rule(
        "daily",
        r"每一?[天日]|(?<![名叫子女小家明今昨后])天天(?![气向])|日日|见天儿?|每日里|每朝",
        _daily,
    ),
    rule(
        "each_meal",
        r"(?:每顿|每餐|三餐|一日三餐)饭?(?P<side>前|后)",
        lambda m: Repeat("DAILY", clocks=(9, 13, 19) if m["side"] == "后" else (6, 11, 17)),
    ),
]
"""Tried in this order at each place of the sentence."""
