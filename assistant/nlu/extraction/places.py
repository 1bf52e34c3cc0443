"""Where: addresses in the words of a town, and homes of relatives."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.nlu.extraction.people import relation_pattern
from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.people import SURNAMES
from assistant.vocabulary import Slot

_NUMBER = r"[\d一二三四五六七八九十百零〇幺]{1,5}"
_HOUSE = rf"{_NUMBER}(?:号楼|号院|栋|幢|座|单元|室|组|队|弄|号(?={_NUMBER}(?:室|弄))|号(?!楼))"
_STREET = r"[\u4e00-\u9fff]{1,5}?(?:路|街|大道|弄堂|新村|小区|花园|公寓|家园|苑|村)"
_STRONG = re.compile(
    rf"(?:{_STREET})?(?:{_NUMBER}(?:号楼|栋|幢|单元|室|号院)(?:{_NUMBER}(?:单元|楼|层))?(?:\d{{3,4}}(?:室)?|{_NUMBER}室)?)+"
)
_WITH_STREET = re.compile(rf"{_STREET}(?:{_HOUSE}|{_NUMBER}楼)+(?:\d{{3,4}})?")
_VILLAGE_HOUSE = re.compile(rf"(?:的)?(?:{_HOUSE}|{_NUMBER}楼)+(?:\d{{3,4}})?")
_LEAD = re.compile(
    r"^(?:请|麻烦|帮我|给我|就|还是|我|要|地址|换|改|成|为|送|来|上门|过来|住|搬|家|到|在|去|是|呢|嗯|呃|那|你|你们|的|,|、)+(?=.{3,})"
)
_TO_VILLAGE = re.compile(r"(?:送到|送去|住在|地址是|地址|我在|来到|搬到|在|到|去)$")
_PUBLIC = re.compile(
    r"(?:送到|送去|放在|放到|放|来到|地址是|地址在)(?P<place>(?:村委会|居委会|村口|活动室|老年活动室|小店|门卫|门卫室|传达室|物业|棋牌室|祠堂|桥头|大门|楼下"
    r"|邻居家|隔壁)(?:门口|旁边|对面|里|那里|那边|那儿)?)"
)
"""Places of a village where things are left for one."""
_NEIGHBOURS = r"(?:隔壁|对门|楼上|楼下)"


def find_addresses(sentence: Sentence) -> list[Entity]:
    """Return addresses as spoken: with house numbers, of a relative's home, or a village one goes to.

    One's own home is no address: it is where things come to anyway.
    """
    found: list[Entity] = []
    for village in sentence.named("village"):
        house = _VILLAGE_HOUSE.match(sentence.text, village.end)
        to = _TO_VILLAGE.search(sentence.text[: village.start])
        if house or to or sentence.expects(Slot.ADDRESS):
            end = house.end() if house else village.end
            found.append(sentence.entity("address", sentence.text[village.start : end], village.start, end))
    for pattern in (_WITH_STREET, _STRONG, _relatives_home()):
        for match in pattern.finditer(sentence.text):
            start, end = match.span()
            lead = _LEAD.match(match.group())
            start += lead.end() if lead else 0
            free = not any(start < other.end and other.start < end for other in found)
            if free and not sentence.in_time(start, end):
                found.append(sentence.entity("address", sentence.text[start:end], start, end, 0.9))
    if not found:
        found.extend(
            sentence.entity("address", match["place"], *match.span("place"), 0.85)
            for match in _PUBLIC.finditer(sentence.text)
        )
    if not found and sentence.expects(Slot.ADDRESS):
        found.extend(_bare(sentence))
    return sorted(found, key=lambda entity: entity.start)


def _bare(sentence: Sentence) -> list[Entity]:
    if re.match(r"^(?:嗯|好|是|对|不|没|就?在?我?家|行|可以|老地方|取消|算了)", sentence.text):
        return []
    match = re.match(
        r"^(?:就|还是|送|到|在|去|来|我|住|地址|是|嗯|呃|,)*(?P<place>.{2,30}?)(?:吧|啊|呀|哦|好了|就行|,|。|!|的)*$",
        sentence.text,
    )
    return [sentence.entity("address", match["place"], *match.span("place"), 0.6)] if match else []


@lru_cache(maxsize=1)
def _relatives_home() -> re.Pattern[str]:
    surname = f"[{''.join(sorted(SURNAMES))}]"
    neighbour = rf"{_NEIGHBOURS}?(?:[老小]{surname}|{surname}(?:阿姨|奶奶|爷爷|伯伯|大妈|师傅))"
    who = rf"(?:我的?|我家)?(?:{relation_pattern()}|{neighbour}|隔壁)"
    home = r"的?家里|的?家(?!务|政|属|里人)|那里|那儿|那边|那头|屋里(?!厢)|住的地方|的房子"
    return re.compile(rf"{who}(?:他们|她们)?(?:{home})")
