"""Explicit all-clears: 没事了, 误报, 刚才说错了. Whatever is unclear is none, since it cancels an alarm."""

from __future__ import annotations

import re

MAX_WORDS = 40
"""Whoever talks longer than this is telling something, not calling an alarm off."""

_CLEAR = re.compile(
    r"(?:我|这边|这里|人|家里|他|她|老伴|现在|已经|都|真的?|真|其实|确实|放心)*(?:没事|没啥事|没什么事|没有事|没得事|没大事|没关系|不要紧|好好的|挺好的|平安|安全)(?:了|儿|的)*"
    r"|(?:误报|错报|报错了?|误会了?|按错了?|说错了?|搞错了?|弄错了?|讲错了?|碰错了?|误触|碰到了按钮|不小心按到了?|不小心碰到了?|喊错了?|虚惊一场)"
    r"|(?:不用|不要|别|勿用|不必|甭)(?:再)?(?:来|派人|过来|叫人|救护车|叫救护车|报警|来人|通知|打120|打电话|喊人)(?:了)?"
    r"|(?:取消|解除|撤销|撤掉|停掉|关掉)(?:这个|刚才的|掉)?(?:报警|警报|求助|呼救)"
    r"|开(?:个|一个)?玩笑的?|说着玩的?|闹着玩的?|不是真的"
)
_NOT_CLEAR = re.compile(
    r"没事(?:做|干|找事|的话|的时候|情|闲|可|聊|吗|吧吗|就(?:出|去|来|看|打|想|聊|坐|听))|没事(?:我)?(?:想|要)|(?:不是|怎么|哪里|谁说|怎会|不像)没事|是不是没事|有没有事|(?:安全|平安)(?:账户|帽|带|吗|夜|桥|里)|挺好的(?:菜|人|天)"
)
_DISTRESS = re.compile(r"救|疼|痛|起不来|喘|血|动不了|晕|快来|难受|不行|怕|站不|爬不|不应|不醒")
_DENIED = re.compile(r"[不没](?:疼|痛|喘|晕|难受|怕|流血|出血)")


def without_all_clear(words: str) -> str | None:
    """Return what is left of normalised ``words`` without their all-clear; None where there is none."""
    if not words or len(words) > MAX_WORDS or _NOT_CLEAR.search(words):
        return None
    hit = _CLEAR.search(words)
    return None if hit is None else words[: hit.start()] + words[hit.end() :]


def in_distress(words: str) -> bool:
    """Return whether ``words`` still complain of something (没事没事，就是起不来)."""
    return bool(_DISTRESS.search(_DENIED.sub("", words)))
