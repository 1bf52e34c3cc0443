"""What holds of the grammar over any text: it never raises, it is quick, it keeps its promises about form."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.when import Candidate, read, read_all, read_with_rejections

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=timezone(timedelta(hours=8)))
BEGIN = datetime(2020, 1, 1, tzinfo=NOW.tzinfo)
CONTEXTS = (
    None,
    "meal",
    "lunch",
    "home_care",
    "medical_appointment",
    "companionship",
    "reminder",
    "unheard_of",
)
WORDS = (
    *(
        "今天",
        "明朝",
        "后天",
        "大后天",
        "下个",
        "这个",
        "上个",
        "礼拜",
        "星期",
        "周",
        "天",
        "日",
        "末",
        "每",
        "隔",
        "逢",
    ),
    *(
        "天天",
        "早上",
        "下午",
        "夜里厢",
        "半夜",
        "凌晨",
        "点",
        "半",
        "钟",
        "刻",
        "差",
        "分",
        "一",
        "二",
        "三",
        "五",
        "零",
    ),
    *(
        "十二",
        "廿三",
        "月",
        "号",
        "底",
        "初",
        "腊月",
        "正月",
        "农历",
        "闰",
        "中秋",
        "国庆",
        "除夕",
        "冬至",
        "前一天",
    ),
    *(
        "以前",
        "以后",
        "后",
        "前",
        "到",
        "和",
        "、",
        "，",
        "。",
        "不是",
        "是",
        "改成",
        "不行",
        "还是",
        "吧",
        "过",
        "几",
    ),
    *(
        "个把",
        "小时",
        "钟头",
        "个",
        "次",
        "饭",
        "午饭",
        "吃过",
        "睡觉前",
        "起",
        "开始",
        "从",
        "现在",
        "等会儿",
        "尽快",
    ),
    *(
        "随时",
        "的",
        "了",
        "嗯",
        "12",
        "3",
        ":",
        "15:30",
        "2026-12-05",
        "年",
        "每年",
        "每个月",
        "九百",
        "年以后",
        "去年",
    ),
)


@settings(deadline=None)
@given(st.text(max_size=120), st.sampled_from(CONTEXTS))
def test_no_text_raises(text: str, context: str | None) -> None:
    read(text, now=NOW, context=context)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=14).map("".join),
    st.integers(0, 41 * 365 * 1440).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.sampled_from(CONTEXTS),
)
def test_no_heap_of_time_words_raises_and_every_candidate_is_well_formed(
    text: str, now: datetime, context: str | None
) -> None:
    candidates, rejected = read_with_rejections(text, now=now, context=context)
    for candidate in candidates + rejected:
        well_formed(candidate, text, now)
    assert all(each.rejected for each in rejected)
    assert not any(each.rejected for each in candidates)


def well_formed(candidate: Candidate, text: str, now: datetime) -> None:
    start, end = candidate.start, candidate.end
    assert start is not None
    assert end is not None
    assert start <= end
    assert start.utcoffset() == timedelta(hours=8)
    assert start.second == end.second == 0
    assert 0 < candidate.confidence < 1
    assert text[candidate.span[0] : candidate.span[1]] == candidate.text
    assert candidate.parts
    if candidate.repeat is not None:
        assert candidate.first == (start, end)
        assert "FREQ=" in candidate.repeat
        assert end > now or start >= now
        assert set(candidate.as_slot()) == {"repeat", "first"}
    else:
        assert set(candidate.as_slot()) == {"start", "end"}
        assert datetime.fromisoformat(candidate.as_slot()["start"]) == start


def test_a_naive_or_foreign_clock_is_taken_in_the_towns_zone() -> None:
    utc = datetime(2026, 11, 18, 20, 0, tzinfo=timezone.utc)  # 19 November, 04:00 in Shanghai
    (candidate, *_) = read("明天", now=utc)
    assert candidate.start == datetime(2026, 11, 20, tzinfo=NOW.tzinfo)


def test_text_beyond_five_hundred_characters_is_not_read() -> None:
    assert read("的" * 501 + "明天", now=NOW) == []
    assert read("的" * 400 + "明天", now=NOW) != []


def test_all_mentions_come_in_the_order_of_the_sentence_and_say_which_were_rejected() -> None:
    mentions = read_all("不是后天，是大后天下午三点，或者礼拜天", now=NOW)
    assert [(each[0].text, each[0].rejected) for each in mentions] == [
        ("后天", True),
        ("大后天下午三点", False),
        ("礼拜天", False),
    ]


def test_an_hour_far_from_its_day_still_belongs_to_it() -> None:
    (candidate, *_) = read("我明天想叫个人来给我把窗户擦一擦，下午两点左右", now=NOW)
    assert candidate.start == datetime(2026, 11, 19, 14, tzinfo=NOW.tzinfo)
    assert candidate.text == "明天"
    assert len(candidate.spans) == 3


def test_spaces_of_a_recogniser_do_not_move_the_span() -> None:
    (candidate, *_) = read("我 想 明天 下午 三 点 去", now=NOW)
    assert candidate.text == "明天 下午 三 点"
    assert candidate.start == datetime(2026, 11, 19, 15, tzinfo=NOW.tzinfo)


def test_what_kind_of_time_was_said_is_told() -> None:
    assert read("明天下午三点", now=NOW)[0].parts == {"day", "part_of_day", "clock"}
    assert read("每天早上", now=NOW)[0].parts == {"repeat", "part_of_day"}
    assert read("半个钟头以后", now=NOW)[0].parts == {"duration"}
    assert read("明天午饭", now=NOW)[0].parts == {"day", "meal"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "一" * 500,
            "每" * 500,
            "二十" * 250,
            "三点到" * 166,
            "明天" * 250,
            "再过" * 250,
            "下个" * 250,
            "农历" * 250,
        ),
        *(
            "每个礼拜一和" * 83,
            "礼拜一、三" * 100,
            "初一、" * 166,
            "不是明天是" * 100,
            "今年" * 250,
            "1:" * 250,
        ),
        *(
            "的" * 500,
            "明天，" * 166,
            "三点，" * 166,
            "血糖高" * 166,
            "早" * 500,
            "、一" * 250,
            "一月一" * 166,
        ),
    ],
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    read("明天", now=NOW)
    began = time.process_time()
    read(text, now=NOW)
    assert time.process_time() - began < 1.0


def test_ordinary_sentences_take_well_under_a_millisecond() -> None:
    sentences = (
        "我明天想叫人来打扫卫生，下午两点左右",
        "下个礼拜三上午帮我挂个心内科的号",
        "每天早上八点提醒我吃降压药",
        "今天心里闷得慌，想找个人说说话",
    )
    for sentence in sentences:
        read(sentence, now=NOW)
    taken = []
    for _ in range(50):
        for sentence in sentences:
            began = time.process_time()
            read(sentence, now=NOW)
            taken.append(time.process_time() - began)
    assert statistics.median(taken) < 0.001
