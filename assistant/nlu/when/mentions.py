"""Puts pieces together: which day, part of the day and hour are one time, and which was taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import cast

from assistant.nlu.when.calendar import DayReading, fits, resolve_day
from assistant.nlu.when.fragments import PARTS
from assistant.nlu.when.pieces import (
    Beside,
    Clock,
    Day,
    DayShift,
    DaySpan,
    Festival,
    LunarDay,
    Mention,
    MonthDay,
    MonthPart,
    Offset,
    Part,
    Piece,
    Repeat,
    Shift,
    Week,
    Weekday,
)
from assistant.nlu.when.rules_year import repeat_of_festival

_GAP = re.compile(
    r"(?:[的呀啊嘛呢哦噢嗯呃额哎唉么格个是在要吧就那也都里去来我约到从,，、。.…:;!!?？~]|那个|这个|就是|大概|大约|差不多|约莫|大致"
    r"|估计|最好|我想|我要|给我|里头|时候|整个|左右|开始|起|以后|之后|固定)*"
)
_WITHIN = re.compile(r"[\u4e00-\u9fff,，]*")
_TO = re.compile(r"(?:,|的)?(?:到|至|-|~|—|直到|一直到)")
_LIST = re.compile(
    r"[,，、]?(?:和|跟|与|及|以及|还有|或|或者|或是|要么|还是|、|也可以|都行|,|，)[,，]?(?:是|在)?"
)
_SINCE = re.compile(r"(?:开始|起|以后|之后|,|的)+")


def build_mentions(pieces: list[Piece], plain: str, today: date) -> list[Mention]:
    """Return the mentions of a sentence in order, each with what was said side by side."""
    mentions: list[Mention] = []
    current: Mention | None = None
    for index, piece in enumerate(pieces):
        gap = plain[current.end : piece.start] if current else ""
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        timed_next = (
            following is not None
            and isinstance(following.value, Part | Clock)
            and _joins(plain[piece.end : following.start])
        )
        if current is not None and _join(current, piece, gap, today, timed_next):
            current.spans.append((piece.start, piece.end))
            continue
        reached = current is not None and _reaches(current, piece, gap)
        before, current = (
            current,
            Mention(
                spans=[(piece.start, piece.end)],
                alternative=bool(mentions)
                and (bool(_LIST.fullmatch(gap)) or _side_by_side(current, piece, gap)),
            ),
        )
        _set(current, piece)
        if before is not None and reached:
            before.until = current
        else:
            mentions.append(current)
    for mention in mentions:
        if mention.until is not None:
            mention.spans += mention.until.spans
    return mentions


def _reaches(current: Mention, piece: Piece, gap: str) -> bool:
    """今天晚上十点到明天早上六点: the stretch has an end of its own."""
    return (
        _TO.fullmatch(gap) is not None
        and (current.clock is not None or current.part is not None)
        and current.repeat is None
        and not isinstance(piece.value, Repeat | Shift | DayShift | Clock | Part)
    )


def _side_by_side(current: Mention | None, piece: Piece, gap: str) -> bool:
    """明天后天都行, 上午下午都可以: two of a kind, with nothing between them, are a choice."""
    if current is None or gap or current.clock is not None or current.repeat is not None:
        return False
    if isinstance(piece.value, Part):
        return current.part is not None
    return (
        current.part is None
        and isinstance(current.day, Offset | Weekday)
        and isinstance(piece.value, Offset | Weekday)
    )


def _joins(gap: str) -> bool:
    return len(gap) <= 10 and _GAP.fullmatch(gap) is not None


def chunk(mention: Mention, plain: str) -> tuple[int, int]:
    """Return the first run of pieces between which nothing else was said."""
    start, end = mention.spans[0]
    for piece_start, piece_end in mention.spans[1:]:
        gap = plain[end:piece_start]
        if piece_start < end or not (_joins(gap) or _TO.fullmatch(gap)):
            break
        end = piece_end
    return start, end


def _set(mention: Mention, piece: Piece) -> None:
    value = piece.value
    if isinstance(value, Part):
        mention.part = value
    elif isinstance(value, Clock):
        mention.clock = value
    elif isinstance(value, Shift):
        mention.shift = value
    elif isinstance(value, DayShift):
        mention.dayshift = value
    elif isinstance(value, Repeat):
        mention.repeat = value
        mention.part = mention.part or (value.slots[0] if value.slots else None)
    else:
        mention.day = cast(Day, value)


def _join(current: Mention, piece: Piece, gap: str, today: date, timed_next: bool) -> bool:
    """Add a piece to a mention where the two speak of one time; say whether they do."""
    value = piece.value
    if current.shift is not None or isinstance(value, Shift):
        return False
    reaches = _TO.fullmatch(gap) is not None
    if current.repeat is not None and len(gap) <= 6 and _WITHIN.fullmatch(gap):
        completed = _completed(current.repeat, value)
        if completed is not None:
            current.repeat = completed
            return True
    if not _joins(gap) and not reaches:
        return False
    if isinstance(value, Part):
        return _join_part(current, value, gap, reaches)
    if isinstance(value, Clock):
        return _join_clock(current, value, reaches)
    if isinstance(value, Repeat):
        return _join_repeat(current, value, gap)
    if isinstance(value, DayShift):
        if current.day is None and current.dayshift is None and current.repeat is None and not timed_next:
            current.dayshift = value
            return True
        return False
    return _join_day(current, cast(Day, value), gap, today, reaches, timed_next)


def _join_part(current: Mention, value: Part, gap: str, reaches: bool) -> bool:
    if current.part is None and (current.clock is None or not gap):
        current.part = value
        return True
    if current.part is None or current.clock is not None:
        return False
    if reaches and value.start > current.part.start:
        current.part = Part(current.part.name, current.part.start, value.end)
        return True
    overlap = value.start < current.part.end and current.part.start < value.end
    if value.name == "after_meal" or value.name == "before_meal" or (overlap and len(gap) <= 1):
        narrow = value if value.end - value.start <= current.part.end - current.part.start else current.part
        current.part = narrow if overlap else _meal_beside(value, current.part)
        return True
    # 晚上睡觉前, 中午吃过饭: the first word says which, the second how near.
    if (
        not gap
        and value in _NARROW
        and value.meal is None
        and current.part.meal is None
        and abs(value.start - current.part.end) <= 60
    ):
        current.part = value
        return True
    return False


_NARROW = frozenset(PARTS[name] for name in ("before_sleep", "after_rising", "after_nap"))


def _meal_beside(value: Part, part: Part) -> Part:
    meal = "breakfast" if part.start < 600 else "lunch" if part.start < 16 * 60 else "dinner"
    beside = PARTS[value.name.replace("meal", meal)]
    if not value.start:
        return beside
    at = beside.end - value.start if value.name == "before_meal" else beside.start + value.start
    return Part(beside.name, at, at)


def _join_clock(current: Mention, value: Clock, reaches: bool) -> bool:
    if current.clock is None:
        current.clock = value
        return True
    if reaches and current.clock.to is None and value.to is None:
        first = current.clock
        current.clock = Clock(first.hour, first.minute, first.exact, first.vague, (value.hour, value.minute))
        return True
    return False


def _join_repeat(current: Mention, value: Repeat, gap: str) -> bool:
    if current.repeat is not None:
        if current.repeat.freq == value.freq == "DAILY" and value.clocks and not current.repeat.clocks:
            current.repeat = value
            return True
        return False
    if (
        isinstance(current.day, Beside)
        and current.day.after
        and current.part is None
        and current.clock is None
    ):
        current.since, current.day = current.day.day, None
        current.repeat = value
        return True
    if current.day is not None:
        if current.part is None and current.clock is None and re.search("起|开始|以后|之后", gap):
            current.since, current.day = current.day, None
            current.repeat = value
            return True
        return False
    current.repeat = value
    current.part = current.part or (value.slots[0] if value.slots else None)
    return True


def _completed(repeat: Repeat, value: object) -> Repeat | None:
    """每个礼拜来两次，礼拜二礼拜五; 每年我生日八月初六: the day that was still wanting, else None."""
    if repeat.freq == "WEEKLY" and not repeat.weekdays and isinstance(value, Weekday) and value.weeks is None:
        return replace(repeat, weekdays=value.weekdays, confidence=0.9)
    if repeat.freq != "YEARLY" or repeat.month is not None or repeat.term is not None:
        return None
    if isinstance(value, Festival) and value.years is None:
        return repeat_of_festival(value.name)
    if isinstance(value, LunarDay) and value.month is not None:
        return replace(
            repeat, month=value.month, monthdays=(value.day,), lunar=True, leap=value.leap, confidence=0.9
        )
    if isinstance(value, MonthDay) and value.month is not None:
        return replace(
            repeat, month=value.month, monthdays=(value.day,), lunar=value.maybe_lunar, confidence=0.9
        )
    return None


def _join_day(current: Mention, value: Day, gap: str, today: date, reaches: bool, timed_next: bool) -> bool:
    if current.repeat is not None or current.dayshift is not None:
        return False
    if current.day is None:
        # 下午三点，后天: but in 下午，明天上午 the day belongs to what follows it.
        if timed_next or (current.part is None and current.clock is None):
            return False
        current.day = value
        return True
    if current.part is not None or current.clock is not None:
        return False
    if reaches:
        current.day = DaySpan(current.day, value)
        current.apposed.clear()  # 五号星期六到……: it named the first day, and agreed with it
        return True
    if isinstance(current.day, DaySpan) and not gap and isinstance(value, Weekday) and value.weeks is None:
        # ……到十号星期四
        return any(
            fits(value, DayReading(r.last, r.last, 1.0), today) for r in resolve_day(current.day, today)
        )
    within = _narrowed(current.day, value)
    if within is not None:
        current.day = within
        return True
    if type(current.day) is type(value) and not isinstance(value, Offset):
        return False
    if isinstance(current.day, Offset) and isinstance(value, Offset):
        return False
    readings = resolve_day(current.day, today)
    agrees = any(fits(value, reading, today) for reading in readings)
    if agrees or (not gap and isinstance(value, Weekday) and isinstance(current.day, Offset)):
        current.apposed.append(value)
        return True
    return False


def _narrowed(wide: Day, value: Day) -> Day | None:
    """下个礼拜的礼拜三, 下个月初三: the second word names the day inside the first."""
    if isinstance(wide, Week) and not wide.weekend and isinstance(value, Weekday) and value.weeks is None:
        return Weekday(value.weekdays, wide.weeks)
    if (
        isinstance(wide, MonthPart)
        and wide.part == "whole"
        and isinstance(value, LunarDay)
        and value.month is None
    ):
        return value
    if (
        isinstance(wide, MonthPart)
        and wide.part == "whole"
        and isinstance(value, MonthDay)
        and value.month is None
    ):
        return MonthDay(value.day, wide.month, wide.months)
    return None
