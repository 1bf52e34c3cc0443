"""What the scanner finds in a sentence: days, parts of the day, clock times, meals, spans, repeats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union


@dataclass(frozen=True)
class Offset:
    """今天 0, 明天 1, 昨天 -1; ``vague`` where the number is only a manner of speaking (过两天)."""

    days: int
    vague: bool = False


@dataclass(frozen=True)
class Weekday:
    """礼拜三; ``weeks`` None for the bare name, 0 for 这个, 1 for 下个, -1 for 上个. Monday is 0."""

    weekdays: tuple[int, ...]
    weeks: int | None = None


@dataclass(frozen=True)
class Week:
    """A whole week or weekend, ``weeks`` from this one; ``bare`` where none of 这/下/上 was said."""

    weeks: int
    weekend: bool = False
    bare: bool = False


@dataclass(frozen=True)
class MonthDay:
    """十二月五号, 五号, 下个月三号; ``months`` counts from this month, ``year`` is absolute."""

    day: int
    month: int | None = None
    months: int | None = None
    year: int | None = None
    years: int | None = None
    maybe_lunar: bool = False


@dataclass(frozen=True)
class MonthPart:
    """月底, 下个月初, 十二月份: ``part`` is start, middle, end, last_day or whole."""

    part: str
    month: int | None = None
    months: int | None = None
    years: int | None = None


@dataclass(frozen=True)
class NthWeekday:
    """下个月第一个礼拜三: the ``nth`` (-1 the last) ``weekday`` of a month."""

    nth: int
    weekday: int
    month: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class LunarDay:
    """腊月廿三, 初八; without a month, the next such day."""

    day: int
    month: int | None = None
    leap: bool = False
    years: int | None = None


@dataclass(frozen=True)
class LunarMonth:
    """正月里, 腊月: a whole month."""

    month: int


@dataclass(frozen=True)
class Festival:
    """A festival or solar term by its canonical name."""

    name: str
    years: int | None = None


@dataclass(frozen=True)
class Around:
    """国庆前一天 (-1), 春节后两天 (2): days from another day."""

    day: Day
    shift: int


@dataclass(frozen=True)
class Beside:
    """国庆前, 春节以后: the days before or after another day."""

    day: Day
    after: bool


@dataclass(frozen=True)
class DaySpan:
    """三号到五号."""

    first: Day
    last: Day


@dataclass(frozen=True)
class Coming:
    """过几天: a stretch from ``first`` to ``last`` days ahead."""

    first: int
    last: int


Day = Union[  # noqa: UP007 - a runtime alias of classes that refer to it
    Offset,
    Weekday,
    Week,
    MonthDay,
    MonthPart,
    NthWeekday,
    LunarDay,
    LunarMonth,
    Festival,
    Around,
    Beside,
    DaySpan,
    Coming,
]


@dataclass(frozen=True)
class Part:
    """A part of the day by its window, minutes from midnight; ``name`` decides how a clock time is read."""

    name: str
    start: int
    end: int
    meal: str | None = None


@dataclass(frozen=True)
class Clock:
    """A clock time as spoken; ``exact`` where the 24-hour clock was meant (15:30, 08:00).

    ``to`` is the end of a range (三四点, 两点到四点); ``bound`` is "before" or "after".
    """

    hour: int
    minute: int = 0
    exact: bool = False
    vague: bool = False
    to: tuple[int, int] | None = None
    to_part: Part | None = None
    bound: str | None = None


@dataclass(frozen=True)
class Shift:
    """A time counted from now, in minutes: [start, end]; equal for a point. Negative in the past."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class DayShift:
    """A day counted from now: days, or calendar months."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True)
class Repeat:
    """A rule of repetition before its time of day is known. Numbers as in RFC 5545; Monday is 0.

    ``term`` is a solar term, whose day differs from year to year: the rule takes that of its next coming.
    """

    freq: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    monthdays: tuple[int, ...] = ()
    month: int | None = None
    lunar: bool = False
    leap: bool = False
    slots: tuple[Part, ...] = ()
    clocks: tuple[int, ...] = ()
    confidence: float = 0.95
    other: Repeat | None = None
    term: str | None = None


@dataclass(frozen=True)
class Block:
    """Words that look like a time and are none (一点点, 三号楼)."""


@dataclass(frozen=True)
class Since:
    """从明天起: a day from which a repeat starts."""

    day: Day


Value = Union[  # noqa: UP007 - see Day
    Offset,
    Weekday,
    Week,
    MonthDay,
    MonthPart,
    NthWeekday,
    LunarDay,
    LunarMonth,
    Festival,
    Around,
    Beside,
    DaySpan,
    Coming,
    Part,
    Clock,
    Shift,
    DayShift,
    Repeat,
    Block,
    Since,
]


@dataclass(frozen=True)
class Piece:
    """A found piece and where it stands in the tidied sentence."""

    value: Value
    start: int
    end: int


@dataclass
class Mention:
    """Pieces that speak of one time."""

    day: Day | None = None
    apposed: list[Day] = field(default_factory=list)
    part: Part | None = None
    clock: Clock | None = None
    shift: Shift | None = None
    dayshift: DayShift | None = None
    repeat: Repeat | None = None
    since: Day | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    alternative: bool = False
    rejected: bool = False
    inherited: bool = False
    pointed: bool = False
    until: Mention | None = None
    """今天晚上十点到明天早上六点: the time at which a stretch over midnight ends."""

    @property
    def start(self) -> int:
        """Where the mention begins."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the mention ends."""
        return self.spans[-1][1]
