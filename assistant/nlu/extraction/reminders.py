"""What an elder wants to be reminded of: the words after 提醒我, without the time."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.nlu.extraction.people import relation_pattern
from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.vocabulary import Slot

_ASKED = re.compile(
    r"(?:提醒|题醒|题型|提行|提型|体醒|关照)(?:服务)?(?:一下|一声|下)?(?:我|阿拉|侬|伲|我们)?(?:一下|一声)?|(?<![儿子伴生夫士姨妇婿孙爸妈她他])(?:叫|喊)(?:醒)?我(?:一声|一下)?|别让我忘(?:了|记)|"
    r"(?:别|不要|勿要|弗要)(?:让我)?忘(?:了|记|记了)|记得(?:叫我|喊我|提醒我)?|怕(?:我)?忘(?:了|记|记了)|(?:帮我)?记(?:一下|着|住|牢|下来)|帮我记|"
    r"(?:定|设|上|开|弄)个?(?:闹钟|闹铃|提醒(?:服务)?)|提醒服务|提个醒|闹钟|闹铃"
)
_LEAD = re.compile(
    r"^(?:,|。|、|:|!|呢|啊|哦|嗯|呃|的|了|在|到|要|去(?=吃药|量)|该|得|一下|一声|的时候|时候|时|到时候|记得|别忘了|说|就是|准时|按时|好|吧|把|还有|我)+"
)
_TAIL = re.compile(
    r"(?:,|。|!|\?|、|吧|啊|呀|哦|噢|嘛|呢|好吗|好不好|好伐|行吗|可以吗|谢谢|了|的事情?|这件事|一声|一下|到时候|哈|伐|行不行|吗|么|是|的时候|的?时间到了?|(?:你|侬)(?:要|记得)?|的|,我(?:老是|老|总是|总|怕|会|容易)[^,]*忘[^,]*)+$"
)
_NAMED = re.compile(r"(?:定|设|上|开|弄)个?(?P<thing>[^,，。的个]{2,6}?)的?(?:闹钟|闹铃|提醒)")
_NOTHING = re.compile(
    r"^(?:我|要|帮我|给我|请|麻烦|你|每天|的|好|想|可以|能|能不能|就|这个?事情?|那个?事情?|个事|调到|换到|改到|调成|改成|设|定|一个|,)*$"
)


def find_reminders(sentence: Sentence) -> list[Entity]:
    """Return the thing to be reminded of, as one entity over its words; empty where it was not said."""
    if not sentence.speaks_of("reminder"):
        return []
    asked = [
        match
        for match in _ASKED.finditer(sentence.text)
        if match.group().startswith("提醒") or not re.match(relation_pattern(), sentence.text[match.end() :])
    ]
    if not asked:
        return _bare(sentence) if sentence.expects(Slot.REMINDER_TEXT) else []
    last = asked[-1]
    other = re.match(rf"(?:我的?)?{relation_pattern()}", sentence.text[last.end() :])
    start = last.end() + (other.end() if other and not last.group().endswith("我") else 0)
    found = _between(sentence, start, len(sentence.text))
    if found is None:
        for one, following in pairwise(asked):  # 怕忘记吃药，下午两点叫我
            found = _between(sentence, one.end(), following.start()) or found
    if found is None:
        named = _NAMED.search(sentence.text)
        if named and not sentence.in_time(*named.span("thing")):
            return [sentence.entity("reminder_text", named["thing"], *named.span("thing"), 0.85)]
        before = _before(sentence, asked[0].start())
        return [before] if before else []
    return [found]


def _bare(sentence: Sentence) -> list[Entity]:
    found = _between(sentence, 0, len(sentence.text))
    return [found] if found else []


def _before(sentence: Sentence, end: int) -> Entity | None:
    """Read 「吃药的事八点提醒我」 and 「我怕忘了吃药，到时候叫我一声」: the thing stands first."""
    head = sentence.text[:end]
    cuts = [0, *(match.end() for match in re.finditer(r"我|,|。", head)), end]
    # 明早要赶车，五点叫我: the last clause is only a time; the one before it says what.
    for start, stop in reversed(list(pairwise(cuts))):
        found = _between(sentence, start, stop)
        if found is not None:
            return found
    return None


def _between(sentence: Sentence, start: int, end: int) -> Entity | None:
    """Return the longest stretch between ``start`` and ``end`` that is no time, trimmed."""
    pieces = []
    position = start
    for first, last in sorted((*sentence.times, (end, end))):
        if last <= start or first > end:
            continue
        piece = _trimmed(sentence.text, position, max(position, min(first, end)))
        if piece:
            pieces.append(piece)
        position = max(position, last)
    if not pieces:
        return None
    first, last = max(pieces, key=lambda piece: piece[1] - piece[0])
    return sentence.entity("reminder_text", sentence.text[first:last], first, last, 0.9)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    words = text[start:end]
    lead = _LEAD.match(words)
    if lead:
        start += lead.end()
    tail = _TAIL.search(text[start:end])
    if tail:
        end = start + tail.start()
    return (start, end) if end - start >= 2 and not _NOTHING.match(text[start:end]) else None
