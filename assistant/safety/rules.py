"""A rule: a phrase pattern of one emergency, and the notation in which the lexicon is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.safety.sounds import SOUND_OF
from assistant.vocabulary import Emergency

_GAP = "[^不没未无别勿]"
_BODY_GAP = "[^不没未无别勿腿腰头脚肚牙膝手眼]"

_SURNAMES = (
    "张王李赵刘陈杨黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴"
    "崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_WHO = (
    "(?:我|俺|他|她|人|老伴|老头|老太|老爷|老公|老婆|老娘|爱人|妈|爸|爹|娘|爷|奶|姥|外公|外婆|阿婆|阿公|阿姨|大爷|"
    "大妈|大伯|婆婆|公公|岳父|岳母|老人|老先生|老师傅|邻居|隔壁|孙子|孙女|儿子|女儿|哥|姐|弟|妹|叔|伯|舅|姑|嫂|婶|"
    f"[老小][{_SURNAMES}])"
)

NOTATION: dict[str, str] = {
    "<who>": _WHO,
    "<cant>": "[不布补勿]",
    "<sudden>": "(?:突然|忽然|一下子?|猛地|好好的?|走着走着|坐着坐着)",
    "<body~>": f"({_BODY_GAP}{{0,6}}?)",
    "~~~": "(.{0,14}?)",
    "~~": f"({_GAP}{{0,7}}?)",
    "~": f"({_GAP}{{0,3}}?)",
}
"""Shorthand of the lexicon. ``~`` is a gap of up to 3 characters and ``~~`` of up to 7; neither steps over a
negation (「胸口不疼」). ``<body~>`` does not step over another part of the body either; ``~~~`` (up to 14)
steps over anything. All gaps are bounded, so every pattern is matched in linear time. A gap is the only
capturing group of a pattern."""


@dataclass(frozen=True)
class Rule:
    """One phrase pattern.

    Attributes:
        category: the emergency.
        pattern: in the notation of the lexicon.
        confidence: 0..1, of an exact match.
        sound: whether homophones of its characters count too.
        state: a state that lasts (起不来, 喘不上气) rather than an event: 昨天 does not make it past.
        mild: names something that is often harmless (胸口有点闷): more contexts suppress it.
    """

    category: Emergency
    pattern: str
    confidence: float
    sound: bool
    state: bool
    mild: bool

    @property
    def wide(self) -> bool:
        """Whether the pattern has a gap over anything: too loose to be searched by sound."""
        return "~~~" in self.pattern

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """The pattern over normalised text."""
        return re.compile(expand(self.pattern))

    @cached_property
    def by_sound(self) -> re.Pattern[str]:
        """The same pattern over text in which each character is replaced by the first of its sound."""
        return re.compile(expand(self.pattern).translate(SOUND_OF))

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that the pattern itself names; any other one in a match was a homophone."""
        return frozenset(expand(self.pattern).replace(_BODY_GAP, "").replace(_GAP, ""))


def expand(pattern: str) -> str:
    """Return ``pattern`` with the notation of the lexicon written out."""
    for short, long in NOTATION.items():
        pattern = pattern.replace(short, long)
    return pattern


def rules(
    category: Emergency,
    confidence: float,
    *patterns: str,
    sound: bool = True,
    state: bool = False,
    mild: bool = False,
) -> tuple[Rule, ...]:
    """Make rules of one category that share their confidence and their traits."""
    return tuple(
        Rule(category=category, pattern=p, confidence=confidence, sound=sound, state=state, mild=mild)
        for p in patterns
    )
