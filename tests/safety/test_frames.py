"""What a sentence is about makes its words harmless, and never where it is happening now."""

from __future__ import annotations

import pytest

from assistant.safety import check


@pytest.mark.parametrize(
    "text",
    [
        "低血糖会昏倒吗",
        "粥烫得舌头都麻了",
        "我要是中风了就拖累小孩了",
        "戏文里林黛玉吐血死了",
        "一直有点胸口疼想挂个心血管的号",
        "小辰光家里着过火",
        "汤圆怕噎着不要",
        "怎么叫他都不理我在生气呢",
    ],
)
def test_a_question_a_story_a_supposition_or_an_old_pain_at_a_booking_is_no_emergency(text: str) -> None:
    assert check(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "电视里在放戏，老伴突然叫不醒了",
        "要是你们再不来我就不行了，快来救我",
        "胸口疼得厉害，老毛病了，帮我挂个号",
        "她打了胰岛素没吃饭现在人叫不答应",
        "我不想再拖累你们了让我走吧",
        "没有我摔倒了",
        "婆婆喝了药水睡过去叫不醒了",
    ],
)
def test_no_frame_holds_against_what_is_happening(text: str) -> None:
    assert check(text) is not None
