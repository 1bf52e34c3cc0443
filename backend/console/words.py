"""How the console writes things: instants in the town's time, identifiers by their Chinese labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from assistant import vocabulary
from assistant.vocabulary import Word
from backend.auth.models import Stage
from backend.bindings.models import BindingKind
from backend.checkins.models import RoundState
from backend.clock import in_town, town_day
from backend.consents.models import ConsentKind
from backend.elders.words import Gender, Hearing, Living
from backend.learning.models import AliasKind, CorrectionState, TrainingState
from backend.notifications.models import HandoverState, ReminderState
from backend.plans.models import GoalState
from backend.surveys.models import ImportState
from backend.turns.models import TurnState

_WEEKDAYS = "一二三四五六日"

_LISTS: tuple[type[Word], ...] = (
    *(
        found
        for found in (getattr(vocabulary, name) for name in vocabulary.__all__)
        if isinstance(found, type) and issubclass(found, Word) and found is not Word
    ),
    Gender,
    Hearing,
    Living,
    HandoverState,
    ReminderState,
    TurnState,
    RoundState,
    Stage,
    AliasKind,
    CorrectionState,
    TrainingState,
    ImportState,
    ConsentKind,
    GoalState,
    BindingKind,
)


def label(value: Any, kind: str | None = None) -> str:
    """Return the Chinese label of a word or identifier; what is none is returned as it is.

    ``kind`` names the word list (``CareItem``) where an identifier alone is ambiguous (``rehabilitation``).
    """
    if isinstance(value, Word):
        return value.label
    for words in _LISTS:
        if kind is not None and words.__name__ != kind:
            continue
        for word in words:
            if word.value == value:
                return word.label
    return "" if value is None else str(value)


def day(instant: datetime | date) -> str:
    """Return 11月23日 周一."""
    at = in_town(instant) if isinstance(instant, datetime) else instant
    return f"{at.month}月{at.day}日 周{_WEEKDAYS[at.weekday()]}"


def clock(instant: datetime) -> str:
    """Return 09:05."""
    return in_town(instant).strftime("%H:%M")


def moment(instant: datetime | None) -> str:
    """Return 2026-11-23 09:05, or a dash."""
    return in_town(instant).strftime("%Y-%m-%d %H:%M") if instant else "—"


def window(start: datetime, end: datetime) -> str:
    """Return 11月23日 周一 09:00–10:00, with the day once where it is one day."""
    first, last = in_town(start), in_town(end)
    if first == last:
        return f"{day(first)} {clock(first)}"
    if first.date() == last.date():
        return f"{day(first)} {clock(first)}–{clock(last)}"
    return f"{day(first)} {clock(first)} – {day(last)} {clock(last)}"


def iso(instant: datetime) -> str:
    """Return ISO 8601 with the town's offset, for ``<time datetime>``."""
    return in_town(instant).isoformat(timespec="seconds")


def ago(instant: datetime | None, now: datetime) -> str:
    """Return how long ago: 3 分钟前, 2 小时前, 5 天前."""
    if instant is None:
        return "从未"
    passed = now - instant
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} 分钟前"
    if passed < timedelta(days=1):
        return f"{int(passed.total_seconds() // 3600)} 小时前"
    return f"{passed.days} 天前"


def shortday(instant: datetime) -> str:
    """Return 11/23."""
    local = in_town(instant)
    return f"{local.month}/{local.day}"


def percent(value: float | None) -> str:
    """Return 0.873 as 87%."""
    return "—" if value is None else f"{round(value * 100)}%"


_CHANNELS = {
    "voice": "家里的音箱",
    "speaker": "家里的音箱",
    "wechat": "微信",
    "web": "网页聊天",
    "chat": "聊天",
    "terminal": "终端",
    "device": "设备",
}

_DATES = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(-\d{2}:\d{2})?)? ?")


def channel(name: str) -> str:
    """Return by which way something was said: 家里的音箱, 微信, and so on."""
    return _CHANNELS.get(name, name)


def value_of(value: Any) -> str:
    """Return what was understood of a word: labels, times and lists as a person writes them."""
    if isinstance(value, dict):
        return " ".join(f"{value_of(item)}" for item in value.values() if item not in (None, ""))
    if isinstance(value, list | tuple):
        return "、".join(value_of(item) for item in value)
    if isinstance(value, str) and len(value) >= 16 and value[4:5] == "-" and value[10:11] == "T":
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    return label(value)


def short(summary: str, kind: Word) -> str:
    """Return a request's summary without its kind and its times, where those stand beside it already."""
    return _DATES.sub("", summary.removeprefix(kind.label).strip()).strip() or kind.label


FILTERS: Mapping[str, Callable[..., Any]] = {
    "label": label,
    "day": day,
    "clock": clock,
    "moment": moment,
    "window": window,
    "iso": iso,
    "ago": ago,
    "percent": percent,
    "channel": channel,
    "short": short,
    "value": value_of,
    "shortday": shortday,
    "town_day": town_day,
}
"""Filters of the templates."""
