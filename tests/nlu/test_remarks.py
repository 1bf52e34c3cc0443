"""What is said to the machine itself, and of what was done: told apart from wishes."""

from __future__ import annotations

import pytest

from assistant.nlu import promised, remarks

WHO = [
    "你叫啥名字",
    "你是谁",
    "你是机器还是人",
    "你是不是真人",
    "怎么称呼你",
    "你到底是个啥",
    "你姓什么",
    "跟我说话的是机器还是真人",
]
NOT_WHO = [
    "你是不是忘了我的饭",
    "我要找个真人",
    "叫个人来",
    "来的人叫什么名字",
    "你什么时候来",
    "这个机器坏了",
]
REMINDERS = [
    "我设了哪些提醒",
    "我有几个提醒",
    "你有没有提醒我吃药的",
    "我叫你记的提醒有哪些",
    "提醒都有什么",
    "闹钟还在吗",
]
NOT_REMINDERS = ["明天早上提醒我吃药", "每天八点提醒我", "到时候提醒一声", "提醒我几号去复查来着"]
COMPLAINTS = [
    "昨天送来的菜太咸了",
    "今天的饭是冷的",
    "那个阿姨态度不好",
    "地扫得马马虎虎",
    "饭送得太晚了",
    "菜咬不动啊",
    "你们送错了",
    "卫生没打扫干净",
]
NO_COMPLAINTS = [
    "菜不要太咸",
    "我想吃不太硬的饭",
    "今天太冷了",
    "太晚了睡觉了",
    "订个不辣的菜",
    "饭会不会太硬",
    "我咬不动，帮我订碗粥",
    "水太烫了",
]


@pytest.mark.parametrize("text", WHO)
def test_she_asks_who_we_are(text: str) -> None:
    assert remarks.asks_who(text)


@pytest.mark.parametrize("text", NOT_WHO)
def test_she_does_not_ask_who_we_are(text: str) -> None:
    assert not remarks.asks_who(text)


@pytest.mark.parametrize("text", REMINDERS)
def test_she_asks_for_her_reminders(text: str) -> None:
    assert remarks.asks_reminders(text)


@pytest.mark.parametrize("text", NOT_REMINDERS)
def test_she_does_not_ask_for_her_reminders(text: str) -> None:
    assert not remarks.asks_reminders(text)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_she_complains(text: str) -> None:
    assert remarks.complains(text)


@pytest.mark.parametrize("text", NO_COMPLAINTS)
def test_she_does_not_complain(text: str) -> None:
    assert not remarks.complains(text)


def test_days_until_a_day_are_asked_for() -> None:
    assert remarks.asks_days_left("离过年还有多少天")
    assert remarks.asks_days_left("还有几天到重阳")
    assert not remarks.asks_days_left("今天几号")


@pytest.mark.parametrize(
    ("text", "poorly"),
    [
        ("没啥胃口", True),
        ("昨天夜里一夜没睡好", True),
        ("浑身没劲", True),
        ("今天不想动", True),
        ("蛮好的", False),
        ("今天挺高兴", False),
        ("睡得香", False),
        ("没啥不舒服", False),
    ],
)
def test_nobody_who_feels_poorly_is_written_down_as_well(text: str, poorly: bool) -> None:
    assert promised.sounds_poorly(text) is poorly
