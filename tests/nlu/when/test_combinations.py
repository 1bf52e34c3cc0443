"""Days, parts of the day and hours, put together at random, are read as arithmetic says they should be."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.when import read

ZONE = timezone(timedelta(hours=8))

OFFSETS = {
    0: ("今天", "今朝", "今儿", "今儿个", "今日"),
    1: ("明天", "明朝", "明儿", "明儿个", "明日", "赶明儿"),
    2: ("后天", "后日", "后儿", "后儿个", "后朝"),
    3: ("大后天", "大后日", "大后儿"),
}
WEEK = ("礼拜", "星期", "周")
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "天")
WINDOWS = {
    ("早上", "早晨", "清早", "一早", "早浪向"): (6, 9),
    ("上午", "上半天", "上昼"): (8, 12),
    ("中午", "晌午", "中浪向"): (11, 13),
    ("下午", "下半天", "午后", "下半日"): (13, 18),
    ("傍晚", "擦黑", "夜快头"): (17, 19),
    ("晚上", "夜里", "夜里厢", "夜头"): (18, 22),
    ("中饭时候", "午饭的时候"): (11, 13),
    ("晚饭时候", "夜饭辰光"): (17, 19),
}
HOURS = {
    ("早上", "早晨", "清早"): range(5, 9),
    ("上午",): range(8, 12),
    ("中午",): (11, 12, 13),
    ("下午", "下半天"): range(13, 18),
    ("晚上", "夜里厢"): range(18, 24),
}
HAN = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MINUTES = {
    0: ("点", "点钟", "点整"),
    15: ("点一刻", "点十五分", "点十五"),
    30: ("点半", "点三十分", "点三十"),
    45: ("点三刻", "点四十五"),
    5: ("点零五分", "点零五", "点〇五"),
    20: ("点二十", "点20分"),
}
BEFORE = ("", "嗯", "那个", "我想", "帮我约", "给我约个", "就", "最好是", "那就", "改到", "能不能", "阿姨")
AFTER = ("", "吧", "行不行", "好伐", "可以吗", "来", "有空吗", "好了", "过来一趟")
BETWEEN = ("", "的", "，", "嘛", " ")


@st.composite
def days(draw: st.DrawFn, now: datetime) -> tuple[str, datetime]:
    """Draw a day as said and its midnight."""
    midnight = now.replace(hour=0, minute=0)
    if draw(st.booleans()):
        away = draw(st.sampled_from(sorted(OFFSETS)))
        return draw(st.sampled_from(OFFSETS[away])), midnight + timedelta(days=away)
    weekday = draw(st.integers(0, 6))
    name = draw(st.sampled_from(WEEK)) + WEEKDAYS[weekday]
    monday = midnight - timedelta(days=midnight.weekday())
    weeks = draw(st.sampled_from((None, 1, 2)))
    if weeks is not None:
        prefix = draw(st.sampled_from(("下", "下个", "下一个") if weeks == 1 else ("下下", "下下个")))
        return prefix + name, monday + timedelta(days=weekday + 7 * weeks)
    there = monday + timedelta(days=weekday)
    if there.date() == now.date():
        return "今天", midnight  # the bare name of today's weekday is ambiguous
    return name, there if there > now else there + timedelta(days=7)


@st.composite
def said(draw: st.DrawFn) -> tuple[str, datetime, datetime, datetime]:
    """Draw a sentence, the time at which it is said, and the time that it means."""
    now = datetime(2026, 1, 1, 5, 30, tzinfo=ZONE) + timedelta(days=draw(st.integers(0, 1500)))
    words, midnight = draw(days(now))
    between = draw(st.sampled_from(BETWEEN))
    kind = draw(st.sampled_from(("window", "clock", "range")))
    if kind == "window":
        names = draw(st.sampled_from(sorted(WINDOWS)))
        first, last = WINDOWS[names]
        start, end = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
        time = draw(st.sampled_from(names))
    else:
        names = draw(st.sampled_from(sorted(HOURS)))
        hour, minute = draw(st.sampled_from(list(HOURS[names]))), draw(st.sampled_from(sorted(MINUTES)))
        spoken = hour if hour <= 12 else hour - 12
        figure = str(spoken) if draw(st.booleans()) else HAN[spoken]
        start = end = midnight + timedelta(hours=hour, minutes=minute)
        time = draw(st.sampled_from(names)) + figure + draw(st.sampled_from(MINUTES[minute]))
        if kind == "range":
            end = start + timedelta(hours=1)
            last = spoken + 1 if spoken < 12 else 1
            time += (
                draw(st.sampled_from(("到", "至", "-")))
                + HAN[last]
                + draw(st.sampled_from(MINUTES[minute][:1]))
            )
    sentence = draw(st.sampled_from(BEFORE)) + words + between + time + draw(st.sampled_from(AFTER))
    return sentence, now, start, end


@settings(max_examples=300, deadline=None)
@given(said())
def test_a_day_and_a_time_of_it_are_read_together(drawn: tuple[str, datetime, datetime, datetime]) -> None:
    sentence, now, start, end = drawn
    best = read(sentence, now=now)[0]
    assert (best.start, best.end, best.repeat) == (start, end, None)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 1500),
    st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True).map(sorted),
    st.sampled_from(WEEK),
    st.sampled_from(("", "、", "和", "跟")),
    st.sampled_from(("每", "每个", "逢", "每逢")),
    st.sampled_from((("上午九点", 9), ("下午三点", 15), ("晚上八点", 20))),
)
def test_weekdays_that_come_again_are_a_rule_with_its_first(
    day: int, weekdays: list[int], week: str, joined: str, every: str, time: tuple[str, int]
) -> None:
    now = datetime(2026, 1, 1, 10, 0, tzinfo=ZONE) + timedelta(days=day)
    best = read(every + week + joined.join(WEEKDAYS[n] for n in weekdays) + time[0], now=now)[0]
    names = ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[n] for n in weekdays)
    assert best.repeat == f"FREQ=WEEKLY;BYDAY={names}"
    ahead = (now.replace(hour=time[1]) + timedelta(days=n) for n in range(8))
    first = next(at for at in ahead if at.weekday() in weekdays and at >= now)
    assert best.first == (first, first)
