"""One sentence under reading: its text, what was asked before it, and what it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.lexicon.company import ACCOMPANIED, COMPANY_CUES
from assistant.nlu.lexicon.meals import MEAL_CUES, NOT_MEAL_CUES
from assistant.nlu.phrases import Phrases
from assistant.vocabulary import ServiceKind, Slot


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One thing said, with where it stands.

    ``start`` and ``end`` are code-point offsets into the sentence as given. With ``alternatives``
    (two or more names or identifiers) the match is below the margin and the bot asks; then ``value``
    is the words as spoken for names, the likeliest identifier for closed lists. ``meant`` is the
    right wording where the words were misheard (心内科 for 新内课), else None.
    """

    entity: str
    value: Any
    text: str
    start: int
    end: int
    confidence: float
    alternatives: tuple[str, ...] = ()
    meant: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What the extractors look at. Offsets are those of the normalised text."""

    text: str
    catalogue: Catalogue
    context: str | None = None
    expecting: str | None = None
    topics: frozenset[str] = frozenset()
    """Service kinds (identifiers) of which the sentence or the running form speaks, and "reminder"."""
    times: tuple[tuple[int, int], ...] = ()
    """Spans of the times said."""
    entities: tuple[Entity, ...] = field(default=())
    """What has been found so far."""

    def speaks_of(self, kind: ServiceKind | str) -> bool:
        """Return whether the sentence or the running form is about this kind of service."""
        return str(kind) in self.topics

    def expects(self, slot: Slot) -> bool:
        """Return whether the bot has just asked for this slot."""
        return self.expecting == str(slot.value)

    def named(self, entity: str) -> list[Entity]:
        """Return the entities of one kind found so far."""
        return [found for found in self.entities if found.entity == entity]

    def in_time(self, start: int, end: int) -> bool:
        """Return whether a span touches a time that was said."""
        return any(start < last and first < end for first, last in self.times)

    def entity(
        self,
        kind: str,
        value: Any,
        start: int,
        end: int,
        confidence: float = 0.95,
        alternatives: tuple[str, ...] = (),
    ) -> Entity:
        """Return an entity of the words between ``start`` and ``end``."""
        return Entity(
            entity=kind,
            value=value,
            text=self.text[start:end],
            start=start,
            end=end,
            confidence=confidence,
            alternatives=alternatives,
        )


def overlaps(one: Entity, other: Entity) -> bool:
    """Return whether two entities share a character."""
    return one.start < other.end and other.start < one.end


_MEDICAL = re.compile(
    r"挂.{0,4}号|挂号|[科课颗可]挂|挂.{0,5}[科课颗]|(?:挂|约|看)(?:一?个)?.{1,5}(?:[科课颗棵刻磕瞌柯]|克(?!服|己)|可(?![以能不是惜]))|(?:帮我|给我|想|要)挂(?![断掉念着在起钟衣水点盐吊]).{1,5}$|约[^,，。]{1,8}(?:的号|个号)|看病|门诊|医生|大夫|科室|看.{0,5}科|号源|专家号|看毛病|复诊|复查|就诊|卫生院|医院|"
    r"哪个科|什么科|看医生|瞧病|约.{0,6}科|卫生站|体检|看看.{0,4}(?:眼|牙|耳|腰|腿|胃|心脏|皮肤)"
)
_CARE = re.compile(
    r"帮我|给我|上门|找人|派人|请人|派个|找个|请个|叫个|安排|阿姨|护工|钟点工|预约|服务|帮忙|想要|要人|师傅|护士|家政|护理员|来人|"
    r"帮侬|替我|来弄|约个|约人|想|我要|要了|代我|喊人|喊个|叫人|要人|没人|来人|给我|不动|要.?(?:洗|汏|汰|修|换|剪|剃|擦|拖|配|理)|来(?:帮|给|剪|洗|修|擦|做|换|量|打)"
)
_CALLED = re.compile(
    r"(?:跟|和|同|给).{1,5}(?:视频|打.{0,2}电话|通.{0,2}电话|通话)|(?:拨|打|挂)(?!针).{0,6}(?:的电话|电话给)"
)
_REMINDER = re.compile(
    r"提醒|题醒我|题型我|提行我|提型我|体醒我|闹钟|闹铃|让我忘|记牢|记下来|别忘|不要忘|勿要忘|怕忘|怕.{0,3}忘|别让我忘|提个醒|记一下|记着|记得|叫醒|(?<![儿子伴生夫士姨妇婿孙爸妈她他])叫我(?!.{0,2}(?:女儿|儿子|老伴|孙|妈|爸))|喊我|到时候叫"
)
_ORDER = re.compile(
    r"来(?:一|两|三|个|份|碗|条|盘|点|客|只|块|杯)|点(?:个|一|两|份)|要(?:一|两|三)(?:份|碗|个|盘|条)|订.{0,2}份|[鱼肉鸡鸭虾蛋粥面汤]换|换成?[鱼肉鸡鸭虾蛋粥面汤]"
)
_NOT_ORDER = re.compile(
    r"来个(?:人|电话|护士|阿姨|师傅|医生)|来一(?:趟|下|个人)|点一下|一(?:点|下)|来两个人|来点"
)


def topics_of(text: str, context: str | None, expecting: str | None) -> frozenset[str]:
    """Return what a sentence speaks of, by its own words and by the running form."""
    topics = {context} if context else set()
    if (
        any(said.value for said in _meal_cues().find(text))
        or expecting in (Slot.DISH.value, Slot.MEAL.value)
        or _ORDER.search(_NOT_ORDER.sub("", text))
    ):
        topics.add(ServiceKind.MEAL.value)
    if _MEDICAL.search(text) or expecting in (
        Slot.DEPARTMENT.value,
        Slot.DOCTOR.value,
        Slot.ACCOMPANIMENT.value,
    ):
        topics.add(ServiceKind.MEDICAL_APPOINTMENT.value)
    if _CARE.search(text) or expecting == Slot.CARE_ITEM.value:
        topics.add("asks_for_somebody")
    if (
        any(said.value for said in _company_cues().find(text))
        or _CALLED.search(text)
        or expecting == Slot.MODE.value
    ):
        topics.add(ServiceKind.COMPANIONSHIP.value)
    if _REMINDER.search(text) or expecting == Slot.REMINDER_TEXT.value:
        topics.add("reminder")
    return frozenset(topics)


@lru_cache(maxsize=1)
def _meal_cues() -> Phrases[bool]:
    return Phrases([*((cue, True) for cue in MEAL_CUES), *((cue, False) for cue in NOT_MEAL_CUES)])


@lru_cache(maxsize=1)
def _company_cues() -> Phrases[bool]:
    # 要人陪 and 陪我去 are about the way to the doctor, not about company.
    return Phrases([*((cue, False) for cue in ACCOMPANIED), *((cue, True) for cue in COMPANY_CUES)])
