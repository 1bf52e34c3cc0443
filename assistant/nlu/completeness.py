"""Whether more is likely to come after the words so far: how long a listener should wait. Pure and quick."""

from __future__ import annotations

import re
from typing import Literal

from assistant.nlu import answers
from assistant.nlu.normalise import normalise

Completeness = Literal["certain", "complete", "open", "unfinished"]

_END = r"[，。！？、,.!?~…\s]*$"
_FILLER = (
    "那个|这个|就是说|就是|嗯|呃|额|唔|哎|啊|哦|我说|我讲|怎么说呢|叫什么来着|等一下|等等|让我想想|我想想"
    "|还有|然后|另外|再就是"
)
_ONLY_FILLER = re.compile(rf"^(?:[，。！？、,.!?~…\s]|{_FILLER}|康伴|小康|你好|您好|喂)*{_END}")
_BROKEN_OFF = re.compile(
    rf"(?:{_FILLER}"
    r"|(?:我|你|您|她|他|帮我|给我|麻烦你?|请你?)?(?:想要|想|要|帮我|给我|要是|如果|因为|所以|但是|可是|不过|或者|和|跟|把|在|到|从|给|让|叫)"
    r"|(?:想|要|帮我|给我)(?:订|定|点|约|挂|预约|请|叫|找|买|改|换|取消|吃|喝|看|做|去|问|问问|查)一?[个份下碗]?"
    r"|[的那这每第半两几几]"
    r"|(?:早上|上午|中午|下午|晚上|明天|后天|今天|明朝|礼拜|星期|周)的?"
    rf"){_END}"
)
_DATE_IS_AN_ANSWER = re.compile(r"(?:早上|上午|中午|下午|晚上|明天|后天|今天|明朝)" + _END)
_CLOSED = re.compile(
    r"(?:吗|呢|吧|了|谢谢你?|谢谢您|多谢|再见|好伐|对伐|可以伐|行不行|好不好|可不可以|几点|几号|多少钱|不舒服"
    r"|疼|痛|饭|菜|套餐|一份|两份|三份)" + _END
)
_GOODBYE = re.compile(
    r"^(?:好的?|[嗯那你您啊，。,. ]|就这样|没事|谢谢|多谢)*(?:[谢多]谢|再见|再会|没有?了|不用了)[你您啦了啊]*"
    + _END
)


def completeness(text: str, *, asked: str | None = None) -> Completeness:
    """Return what the words say about whether they are all.

    Args:
        text: what has been heard so far.
        asked: the identifier of the slot that was just asked for, ``confirm`` where yes or no was asked for,
            or None.

    Returns:
        ``certain``: a bare yes, no or goodbye. ``complete``: a sentence that can stand. ``unfinished``: it
        breaks off. ``open``: nobody can say.
    """
    plain = normalise(text).strip()
    if not plain or _ONLY_FILLER.match(plain):
        return "unfinished" if plain else "open"
    if (asked is not None and answers.is_bare(plain) and len(plain) <= 6) or _GOODBYE.match(plain):
        return "certain"
    if asked in ("when", "meal") and _DATE_IS_AN_ANSWER.search(plain):
        return "open"
    if _CLOSED.search(plain):
        return "complete"
    return "unfinished" if _BROKEN_OFF.search(plain) else "open"


def says_nothing_yet(text: str) -> bool:
    """Return whether the words are nothing but a beginning: 「嗯，那个」, 「我想」."""
    plain = normalise(text).strip()
    return bool(_ONLY_FILLER.match(plain)) or bool(
        re.match(rf"^(?:{_FILLER}|[，,\s])*(?:我|那我)?(?:想|要|想要|帮我|给我)?{_END}", plain)
    )
