"""Dates, hours, amounts and readings in everyday words: short, without brackets, for old ears and eyes."""

from __future__ import annotations

from datetime import datetime, timedelta

_DIGITS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
_DAY_MINUTES = 24 * 60
_NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天", 3: "大后天"}

_WINDOWS = {
    (360, 540): "早上",
    (480, 720): "上午",
    (660, 780): "中午",
    (780, 1080): "下午",
    (1020, 1140): "傍晚",
    (1080, 1320): "晚上",
    (1320, 1440): "半夜",
    (0, 360): "凌晨",
    (480, 1080): "白天",
}
"""Minutes from midnight → the part of the day that the time grammar reads as this window."""

_RRULE_DAYS = {"MO": "一", "TU": "二", "WE": "三", "TH": "四", "FR": "五", "SA": "六", "SU": "日"}
_LUNAR_MONTHS = (
    "",
    "正月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "冬月",
    "腊月",
)


# ---- numbers ----------------------------------------------------------------------------------------------


def say_number(n: float | int) -> str:
    """Return a number in characters: 105 → 一百零五, 2 → 二, 7.8 → 七点八, -3 → 零下三 is not said: 负三."""
    if n < 0:
        return "负" + say_number(-n)
    whole = int(n)
    if whole == n:
        return _whole(whole)
    fraction = f"{n:.4f}".rstrip("0").split(".")[1]
    return _whole(whole) + "点" + "".join(_DIGITS[int(digit)] for digit in fraction)


def _whole(n: int) -> str:
    if n >= 10**8:
        return _joined(n, 10**8, "亿")
    if n >= 10**4:
        return _joined(n, 10**4, "万")
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        elif text:
            zero = True
    if not text:
        return "零"
    return text[1:] if text.startswith("一十") else text


def _joined(n: int, unit: int, name: str) -> str:
    head, rest = divmod(n, unit)
    if not rest:
        return _whole(head) + name
    tail = _whole(rest)
    if 10 <= rest < 20:
        tail = "一" + tail
    return _whole(head) + name + ("零" if rest < unit // 10 else "") + tail


def say_count(n: int, measure: str) -> str:
    """Return a count with its measure word: 2, 份 → 两份; 12, 份 → 十二份."""
    return ("两" if n == 2 else say_number(n)) + measure


def say_money(fen: int) -> str:
    """Return an amount of fen as said at the counter: 850 → 八块五, 1205 → 十二块零五分, 1200 → 十二块."""
    if fen < 0:
        return "欠" + say_money(-fen)
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    head = ("两块" if yuan == 2 else say_number(yuan) + "块") if yuan else ""
    if not rest:
        return head or "零块"
    if not head:
        return (f"{_two(jiao)}角" if jiao else "") + (f"{_DIGITS[cents]}分" if cents else "")
    if not cents:
        return head + _DIGITS[jiao]
    return head + (_DIGITS[jiao] + "角" if jiao else "零") + _DIGITS[cents] + "分"


def _two(n: int) -> str:
    return "两" if n == 2 else _DIGITS[n]


def say_phone(number: str) -> str:
    """Return a telephone number digit by digit, in groups one can write down: 幺三八，零零零零，一二三四."""
    digits = [character for character in number if character.isascii() and character.isdigit()]
    words = ["幺" if digit == "1" else _DIGITS[int(digit)] for digit in digits]
    if len(words) == 11:
        groups = [words[:3], words[3:7], words[7:]]
    elif len(words) > 5:
        groups = [words[:-4], words[-4:]]
    else:
        groups = [words]
    return "，".join("".join(group) for group in groups if group)


# ---- times ------------------------------------------------------------------------------------------------


def say_clock(at: datetime) -> str:
    """Return a clock time with its part of the day: 早上七点, 上午九点半, 中午十二点一刻, 凌晨零点."""
    return _part_of_hour(at.hour) + _bare_clock(at)


def _part_of_hour(hour: int) -> str:
    bounds = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"))
    return next((part for limit, part in bounds if hour < limit), "晚上")


def _bare_clock(at: datetime) -> str:
    hour = at.hour if at.hour <= 12 else at.hour - 12
    name = ("两" if hour == 2 else say_number(hour)) + "点"
    minutes = {0: "", 15: "一刻", 30: "半", 45: "三刻"}
    if at.minute in minutes:
        return name + minutes[at.minute]
    return name + ("零" if at.minute < 10 else "") + say_number(at.minute) + "分"


def say_day(day: datetime, *, now: datetime) -> str:
    """Return a day: 明天星期一, 后天星期二, 十二月五号星期六, 明年一月三号星期日; later with the year."""
    away = (day.date() - now.date()).days
    weekday = "星期" + _WEEKDAYS[day.weekday()]
    if away in _NEAR:
        return _NEAR[away] + weekday
    date_words = f"{say_number(day.month)}月{say_number(day.day)}号{weekday}"
    if away > 0 and (day.year == now.year or ((day.month, day.day) < (now.month, now.day) and away < 330)):
        # In November 一月三号 can only be the next one; a year makes it longer, not clearer.
        return date_words if day.year == now.year else "明年" + date_words
    years = {-1: "去年", 0: "今年", 1: "明年"}
    year = years.get(day.year - now.year) or "".join(_DIGITS[int(digit)] for digit in str(day.year)) + "年"
    return year + date_words


def say_when(start: datetime, end: datetime, *, now: datetime) -> str:
    """Return a time for the ear, which the time grammar reads back as the same time.

    Args:
        start: aware; said in the zone of ``now``.
        end: aware; equal to ``start`` for a point of the clock, exclusive otherwise.
        now: aware; what 今天 and 明天 count from.

    Returns:
        A day (明天星期一), with a part of the day (后天星期二上午), an hour (十二月五号星期六下午三点),
        or from one to another (上午九点到十一点). Seconds are not said.
    """
    start, end = start.astimezone(now.tzinfo), end.astimezone(now.tzinfo)
    day = say_day(start, now=now)
    if end <= start:
        return day + say_clock(start)
    base = start.replace(hour=0, minute=0, second=0, microsecond=0)
    window = (_minutes(start - base), _minutes(end - base))
    if window == (0, _DAY_MINUTES):
        return day
    if window in _WINDOWS:
        return day + _WINDOWS[window]
    if window[0] == 0 and window[1] % _DAY_MINUTES == 0:
        return f"{day}到{say_day(end - timedelta(days=1), now=now)}"
    if window[1] <= _DAY_MINUTES - 1:
        same_part = _part_of_hour(start.hour) == _part_of_hour(end.hour)
        return day + say_clock(start) + "到" + (_bare_clock(end) if same_part else say_clock(end))
    if window[1] == _DAY_MINUTES:
        return day + say_clock(start) + "到晚上十二点"
    return f"{day}{say_clock(start)}到{say_day(end, now=now)}{say_clock(end)}"


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def say_repeat(rrule: str, first: tuple[datetime, datetime], *, now: datetime) -> str:
    """Return a repeat for the ear: 每天早上八点, 每个星期一、星期三上午, 每个月农历初一、十五, 每年八月初三.

    Args:
        rrule: RRULE as the time grammar writes it; a rule it does not write is said as 定期.
        first: the first occurrence, whose time of day is said.
        now: aware; gives the zone.
    """
    rule = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    words = _rule_words(rule) + _rule_time(rule, first, now)
    away = (first[0].astimezone(now.tzinfo).date() - now.date()).days
    # 从下个礼拜一开始每天: only where the first is not simply the next one.
    later = {"DAILY": 1, "WEEKLY": 7}.get(rule.get("FREQ", ""), away)
    if away > later:
        return f"从{say_day(first[0].astimezone(now.tzinfo), now=now)}开始{words}"
    return words


def _rule_words(rule: dict[str, str]) -> str:
    freq, interval = rule.get("FREQ", ""), int(rule.get("INTERVAL", "1"))
    lunar = rule.get("RSCALE") == "CHINESE"
    count = say_number(interval) if interval != 2 else "两"
    if freq == "DAILY":
        return {1: "每天", 2: "每隔一天"}.get(interval, f"每{count}天")
    if freq == "WEEKLY":
        return _weekly_words(rule.get("BYDAY", ""), interval, count)
    if freq == "MONTHLY":
        return _monthly_words(rule, lunar, interval, count)
    if freq == "YEARLY":
        if "BYMONTH" not in rule:
            return "每年一次"
        month, day = rule["BYMONTH"], int(rule.get("BYMONTHDAY", "1"))
        if "BYDAY" in rule:
            return f"每年{say_number(int(month))}月{_nth_weekday(rule['BYDAY'])}"
        if lunar and (month, day) == ("12", -1):
            return "每年除夕"
        if lunar:
            leap = "闰" if month.endswith("L") else ""
            return f"每年农历{leap}{_LUNAR_MONTHS[int(month.rstrip('L'))]}{_lunar_day(day)}"
        return f"每年{say_number(int(month))}月{say_number(day)}号"
    if freq == "HOURLY":
        return "每个小时" if interval == 1 else f"每{count}个小时"
    if freq == "MINUTELY":
        return "每半个小时" if interval == 30 else f"每{count}分钟"
    return "定期"


def _weekly_words(days: str, interval: int, count: str) -> str:
    every = "每个" if interval == 1 else f"每{count}个星期的"
    names = [f"星期{_RRULE_DAYS[day]}" for day in days.split(",") if day in _RRULE_DAYS]
    if days == "MO,TU,WE,TH,FR" and interval == 1:
        return "每个工作日"
    if days == "SA,SU" and interval == 1:
        return "每个周末"
    if not names:
        return "每个星期" if interval == 1 else f"每{count}个星期"
    return every + "、".join(names)


def _monthly_words(rule: dict[str, str], lunar: bool, interval: int, count: str) -> str:
    every = "每个月" if interval == 1 else f"每{count}个月"
    if "BYDAY" in rule:
        return every + _nth_weekday(rule["BYDAY"])
    if "BYMONTHDAY" not in rule:
        return every + "一次"
    days = [int(day) for day in rule.get("BYMONTHDAY", "").split(",") if day.lstrip("-").isdigit()]
    if lunar:
        return every + "农历" + "、".join(_lunar_day(day) for day in days)
    return every + "、".join("最后一天" if day == -1 else f"{say_number(day)}号" for day in days)


def _nth_weekday(words: str) -> str:
    nth = "最后一个" if words.startswith("-1") else f"第{say_number(int(words[:-2] or '1'))}个"
    return f"{nth}星期{_RRULE_DAYS.get(words[-2:], '')}"


def _lunar_day(day: int) -> str:
    return "初" + say_number(day) if day <= 10 else say_number(day)


def _rule_time(rule: dict[str, str], first: tuple[datetime, datetime], now: datetime) -> str:
    if rule.get("FREQ") in ("HOURLY", "MINUTELY"):
        return ""
    start, end = first[0].astimezone(now.tzinfo), first[1].astimezone(now.tzinfo)
    hours = [int(hour) for hour in rule.get("BYHOUR", "").split(",") if hour.isdigit()]
    if hours:
        minute = int(rule.get("BYMINUTE", "0"))
        return "、".join(say_clock(start.replace(hour=hour, minute=minute)) for hour in hours)
    if end <= start:
        return say_clock(start)
    base = start.replace(hour=0, minute=0, second=0, microsecond=0)
    window = (_minutes(start - base), _minutes(end - base))
    if window == (0, _DAY_MINUTES):
        return ""
    if window in _WINDOWS:
        return _WINDOWS[window]
    same_part = _part_of_hour(start.hour) == _part_of_hour(end.hour)
    return say_clock(start) + "到" + (_bare_clock(end) if same_part else say_clock(end))


# ---- readings ---------------------------------------------------------------------------------------------


def say_reading(kind: str, value: float | int | None, value2: float | int | None, unit: str) -> str:
    """Return a health reading: 高压一百三十五，低压八十五; 体温三十八度二; 体重一百二十斤; 血氧百分之九十."""
    said = say_number(value) if value is not None else ""
    if kind == "blood_pressure":
        high = f"高压{said}" if said else ""
        low = f"低压{say_number(value2)}" if value2 is not None else ""
        return "，".join(part for part in (high, low) if part)
    if kind == "temperature":
        whole, _, tenth = said.partition("点")
        return f"体温{whole}度{tenth}"
    if kind == "blood_sugar":
        return f"血糖{said}"
    if kind == "pulse":
        return f"心跳每分钟{said}下"
    if kind == "weight":
        return f"体重{said}{'斤' if unit == '斤' else '公斤'}"
    if kind == "oxygen":
        return f"血氧百分之{said}"
    return said + unit
