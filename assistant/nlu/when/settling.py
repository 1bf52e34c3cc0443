"""Which times of a sentence were taken back, and which hour belongs to which day; after `mentions`."""

from __future__ import annotations

import re

from assistant.nlu.when.pieces import Mention, Offset

_REACH = 40
"""Characters over which an hour still belongs to a day said before (明天我想请个人来打扫卫生……下午两点)."""

# What turns a time down, and what puts another in its place.
_NOT_BEFORE = re.compile(
    r"(?<![是要能去想约订])(?:不是|勿是|弗是|不要|勿要|不想|不在|不约|不订|不用|不等|不选|别|甭|不能|不去)(?:要|是|约|订|定|在|到|说|放|放在|安排在|等|改到|改成)?$"
)
_UNFIT_AFTER = re.compile(
    r"^(?:的?(?:上午|下午)?)?(?:那天|我|就|都|也|可能|恐怕|好像|又|怕是|嘛|呢|么|是|实在|,|，)*"
    r"(?:不行|勿行|不成|不方便|不便|没空|没有空|没时间|没工夫|有事|有点事|来不及|不合适|来不了|去不了|不可以|不得空|不在家|要出门"
    r"|起不来|爬不起来|太早|太晚|太迟|太急|太赶|吃不消|不好(?![受意吃过看])|勿来三|不灵|轮不到|抽不开)"
)
_DROPPED_AFTER = re.compile(r"^(?:那天|我|就|都|也|,|，)*(?:不去|不来|不要|算了|不用|不订|不约|勿去|勿要)")
_CORRECTED = re.compile(
    r"不对|错了|说错|讲错|记错|搞错|弄错|[哦噢喔啊呃嗯]不|不不|不是不是|口误|(?:^|[,，。….]+)不(?:是)?[,，]|算了|不,|改主意"
)
_CHANGED = re.compile(
    r"(?:改|换|挪|推迟?|延后?|延迟|提前|提早|调整?|移|变|拖)(?:成|到|为|在|至)|(?:改|换)(?:个|一下)?[,，]?(?:是|要)?$|(?:不如|要么还是|还是)(?:改|换)?$"
)
_POINTED_BEFORE = re.compile(r"(?:取消|退掉|退了|停掉|停了)(?:掉|我|的)*$")
_QUESTION = re.compile(r"^(?:的)?[吗么嘛?？]")


def mark_rejected(mentions: list[Mention], plain: str) -> None:
    """Mark the mentions that the speaker turned down or replaced, and those named as what to cancel."""
    for index, mention in enumerate(mentions):
        before = plain[mentions[index - 1].end if index else 0 : mention.start][-10:]
        last = index + 1 == len(mentions)
        after = plain[mention.end : len(plain) if last else mentions[index + 1].start]
        rest = plain[mention.end : mention.end + 12]
        mention.pointed = _POINTED_BEFORE.search(before) is not None
        if (
            (_NOT_BEFORE.search(before) and not _QUESTION.match(rest))
            or _UNFIT_AFTER.match(after)
            or (not last and _DROPPED_AFTER.match(after))
            or (
                not last
                and len(after) <= 24
                and (_CORRECTED.search(after) or _changes(after, mentions[index + 1], plain))
            )
        ):
            mention.rejected = True


def _changes(gap: str, following: Mention, plain: str) -> bool:
    found = _CHANGED.search(gap)
    if found is None:
        return False
    if found.group().startswith("还是") or found.group().startswith("不如"):
        # 明天还是后天？ asks; 明天……还是后天吧 has decided.
        return plain[following.end : following.end + 1] in ("吧", "好") or gap[:1] in ",，。…"
    return True


def settle(mentions: list[Mention], plain: str) -> list[Mention]:
    """Give every hour its day from the same sentence, before or after it; drop meals without a day."""
    kept: list[Mention] = []
    for index, mention in enumerate(mentions):
        if mention.day or mention.repeat or mention.shift or mention.dayshift:
            _inherit_time(mention, kept, plain)
            kept.append(mention)
            continue
        donor = next((m for m in reversed(kept) if m.day or m.repeat or m.dayshift), None)
        near = kept[-1] if kept else None
        if near and near.part and mention.clock and not mention.part and mention.start - near.end <= 12:
            mention.part = near.part if near.part.meal is None else mention.part
        if donor is not None and not _past(donor) and mention.start - donor.end <= _REACH:
            if donor.part is None and donor.clock is None and not donor.rejected:
                donor.part, donor.clock = mention.part, mention.clock
                donor.spans += mention.spans
                continue
            mention.day, mention.apposed = donor.day, donor.apposed
            mention.repeat, mention.dayshift = donor.repeat, donor.dayshift
            mention.inherited = True
        elif donor is None:
            following = mentions[index + 1] if index + 1 < len(mentions) else None
            if (
                following is not None
                and following.day
                and not following.part
                and not following.clock
                and not (mention.rejected or following.rejected or following.alternative)
                and following.start - mention.end <= 16
                and not _past(following)
            ):
                following.part, following.clock = mention.part, mention.clock
                following.spans = mention.spans + following.spans
                continue
        if (
            mention.day
            or mention.dayshift
            or mention.repeat
            or mention.clock
            or not (mention.part and mention.part.meal)
        ):
            kept.append(mention)
    return kept


def _inherit_time(mention: Mention, kept: list[Mention], plain: str) -> None:
    """不是明天下午三点，是后天: the hour of what was taken back is still meant."""
    if mention.repeat or mention.shift or not kept:
        return
    near = kept[-1]
    if mention.part or mention.clock:
        # 礼拜五或者礼拜六下午三点: what follows a choice of days is said of each.
        if mention.alternative and near.day and not (near.part or near.clock or near.rejected or _past(near)):
            near.part, near.clock = mention.part, mention.clock
        return
    gap = plain[near.end : mention.start]
    if (
        near.rejected
        and near.day
        and (near.clock or near.part)
        and not _CHANGED.search(gap)
        and len(gap) <= 12
    ):
        mention.part, mention.clock = near.part, near.clock
        mention.inherited = True


def _past(mention: Mention) -> bool:
    return isinstance(mention.day, Offset) and mention.day.days < 0
