"""What is turned down or taken back: 「不要红烧肉，换清蒸鱼」, 「鱼换成肉」, 「不是内科，是外科」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.nlu.extraction.sentence import Entity
from assistant.vocabulary import Delivery

_REFUSED_BEFORE = re.compile(
    r"(?<!要)(?<!是)(?<!能)(?:不想要|不想吃|不想去|不要|不吃|不是|不用|不去|不看|不约|不挂|不订|不点|别要|别订|别去|勿要|弗要|勿是|勿吃|覅|甭|去掉|取消|退掉|除了|不喜欢|吃厌了|吃腻了)"
    r"(?:了|那个|这个|那份|这份|那只|的|订|点|约|挂|看|去|叫|来|找|上|什么|说|我说|讲|[一两二三]份|[一两二三]个)*$"
)
_REFUSED_AFTER = re.compile(
    r"^(?:那个|那份|这个|的号|那里|一份|医生|大夫|的)?(?:就|都|也|我|今天|今朝|实在)*"
    r"(?:不急|不忙|先不急|以后再说|不要了|不要(?=$|[,。!?、;换改要来吧])|不吃了|不吃(?=$|[,。!?、;换改要])|不想吃了?|不去了|不行|不好(?=$|[,。!?、;换改])|不喜欢|不用了|算了|没空|吃厌了|吃腻了|去掉|取消|退掉|勿要|弗要|不对|错了|太远|不来了|咬不动)"
)
_REPLACED_AFTER = re.compile(
    r"^(?:那个|那份|这个|的)?(?:给我|帮我|就|要|想|都)*(?:换成|改成|换|改为|改|变成|调成)(?!药|衣|灯|水|床|纱|尿|导)"
)
_JOINED = re.compile(r"^(?:和|跟|、|,|还有|也|同|或者|以及)+$")
_SECOND_THOUGHT = re.compile(
    r"(?:不对|不不|错了|说错|讲错|哦不|噢不|不是不是|改成|换成|改到|换到|还是|算了)[,、。!]?"
)
_OFF_BEFORE = re.compile(r"(?:取消|退掉|退了|退|撤掉|撤销)(?:掉|了|我|的|订|约|挂|那个|这个)*$")
_OFF_AFTER = re.compile(
    r"^(?:的?(?:号|预约|那个|那份|饭|服务|阿姨|师傅))?(?:就|都|也|我|先|给我|帮我)*"
    r"(?:取消|退|撤|不要了|不用了|不来了|不去了|不用来|不吃了|不看了|不做了|不洗了|算了|勿要了)"
)
_BOOKED = frozenset(("care_item", "department", "doctor", "meal", "mode"))
_NEGATABLE = frozenset(
    (
        "dish",
        "care_item",
        "department",
        "doctor",
        "facility",
        "meal",
        "person",
        "mode",
        "address",
        "quantity",
        "canteen",
        "delivery",
    )
)


def settle(text: str, entities: Sequence[Entity]) -> tuple[list[Entity], list[Entity]]:
    """Split entities into those that hold and those that were turned down or taken back.

    Limits on food are never turned down (「不要辣」 is one itself), nor are times: the time grammar
    does that for itself.
    """
    ordered = sorted(entities, key=lambda entity: entity.start)
    rejected = [
        entity
        for entity in ordered
        if entity.entity in _NEGATABLE
        and _is_refused(text, entity)
        and not _only_altered(text, entity, ordered)
    ]
    for entity in ordered:
        if entity in rejected or entity.entity not in _NEGATABLE:
            continue
        # 不要红烧肉和酱鸭: what is joined to the refused one is refused with it.
        joined = any(
            other.entity == entity.entity
            and other.end <= entity.start
            and _JOINED.match(text[other.end : entity.start])
            and _REFUSED_BEFORE.search(text[: other.start])
            and "," not in text[other.end : entity.start]
            for other in rejected
        )
        if joined:
            rejected.append(entity)
    held = [entity for entity in ordered if entity not in rejected]
    taken_back = _taken_back(text, held)
    return [entity for entity in held if entity not in taken_back], [*rejected, *taken_back]


def _is_refused(text: str, entity: Entity) -> bool:
    if entity.entity == "quantity":
        return bool(re.search(r"(?:不是|不要|不用|勿要|用不着)$", text[: entity.start])) or bool(
            re.match(r"(?:换成|改成|改)", text[entity.end :])
        )
    if entity.entity == "delivery":
        # 不用送 is itself the other way of having a meal.
        return entity.value == Delivery.DINE_IN.value and bool(
            re.search(r"(?:不|别|勿要|不想|懒得|不出|不高兴|不愿意?|不方便|走不动)$", text[: entity.start])
        )
    if entity.entity == "person":
        # 让女儿去，不用儿子: only the plain refusal right before.
        return bool(
            re.search(
                r"(?<!要)(?<!是)(?:不要|不是|不用|别让|别叫|不找|不叫|不让)(?:我|叫|让|找)*$",
                text[: entity.start],
            )
        )
    after = text[entity.end :]
    if _REFUSED_BEFORE.search(text[: entity.start]):
        return True
    if _REPLACED_AFTER.match(after):
        return not after.startswith(
            ("换药", "改天", "改期", "改时间", "改到", "改一下", "改个时间", "换个时间", "改日")
        )
    return bool(_REFUSED_AFTER.match(after))


def called_off(text: str, held: Sequence[Entity], refused: Sequence[Entity]) -> list[Entity]:
    """Return what names a booking that is to be cancelled: 取消礼拜三的理发 speaks of the haircut."""
    kept = {entity.entity for entity in held}
    return [
        entity
        for entity in refused
        if entity.entity in _BOOKED
        and entity.entity not in kept
        and (_OFF_BEFORE.search(text[: entity.start]) or _OFF_AFTER.match(text[entity.end :]))
    ]


def _only_altered(text: str, entity: Entity, ordered: Sequence[Entity]) -> bool:
    """中饭改成两份: the meal stays, what is changed is how many."""
    if not _REPLACED_AFTER.match(text[entity.end :]) or entity.entity in ("quantity", "delivery", "person"):
        return False
    following = next((other for other in ordered if other.start >= entity.end), None)
    return following is not None and following.entity in ("quantity", "diet", "delivery", "address")


def _taken_back(text: str, held: Sequence[Entity]) -> list[Entity]:
    """Return what a second thought replaces: 「要两份，哦不，三份」."""
    gone = []
    for earlier, later in _of_one_kind(held):
        if earlier.entity not in _NEGATABLE:
            continue
        if earlier.value != later.value and _SECOND_THOUGHT.search(text[earlier.end : later.start]):
            gone.append(earlier)
    return gone


def _of_one_kind(held: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Return each entity with the next of its kind; what stands between them may be anything."""
    for kind in dict.fromkeys(entity.entity for entity in held):
        yield from pairwise(entity for entity in held if entity.entity == kind)
