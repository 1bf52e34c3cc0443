"""What an elder wishes about the voice itself: slower, faster, louder, softer. Whole sentences only; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.nlu.normalise import normalise

_POLITE = (
    r"(?:[，。！？、,.!?~…\s]|请|麻烦|你|您|能不能|可不可以|可以|给我|哎|唉|喂|嗯|康伴|小康|我|耳朵不好|声音"
    r"|听不大?清楚?|听不见|听不到|没听清楚?|没听见|没听到|太快了?|太轻了?|太响了?|太慢了?|太小声了?|太大声了?)*"
)
_TALK = r"(?:说|讲|话|得|声音|的|再|开|放|调)*"
_BIT = r"(?:一点点|一点儿|一点|点儿|点|一些|些|一眼|眼)?"
_TAIL = r"(?:[说讲]|声|话|吗|好吗|好不好|好伐|行吗|行不行|可以吗?|[吧啊呀呢嘛]|谢谢你?|[，。！？、,.!?~…\s])*"

_SLOWER = re.compile(rf"^{_POLITE}{_TALK}(?:慢){_BIT}{_TAIL}$|^{_POLITE}(?:说|讲)(?:得|的)?太快了?{_TAIL}$")
_FASTER = re.compile(rf"^{_POLITE}{_TALK}(?:快){_BIT}{_TAIL}$|^{_POLITE}(?:说|讲)(?:得|的)?太慢了?{_TAIL}$")
_LOUDER = re.compile(
    rf"^{_POLITE}{_TALK}(?:大声|响|响亮|大){_BIT}{_TAIL}$|^{_POLITE}(?:声音|说得|讲得)?(?:太轻|太小|太小声)了?{_TAIL}$"
)
_SOFTER = re.compile(
    rf"^{_POLITE}{_TALK}(?:轻|小声|小){_BIT}{_TAIL}$|^{_POLITE}(?:声音|说得|讲得)?(?:太响|太大声|太吵)了?{_TAIL}$"
)
_ABOUT_VOICE = re.compile("说|讲|声|响|听|话|慢一?[点些]|快一?[点些]说|轻一?[点些]")


@dataclass(frozen=True, kw_only=True)
class MannerWish:
    """A wish about the voice: steps of pace and loudness, −1, 0 or 1."""

    rate: int = 0
    volume: int = 0


def read_manner(text: str) -> MannerWish | None:
    """Return the wish about the voice that is all of ``text``, or None where it says anything else."""
    plain = normalise(text).strip()
    if not plain or len(plain) > 30 or not _ABOUT_VOICE.search(plain):
        return None
    if _SLOWER.match(plain):
        return MannerWish(rate=-1)
    if _LOUDER.match(plain):
        return MannerWish(volume=1)
    if _FASTER.match(plain):
        return MannerWish(rate=1)
    if _SOFTER.match(plain):
        return MannerWish(volume=-1)
    return None
