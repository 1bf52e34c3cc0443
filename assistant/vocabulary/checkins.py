"""Check-ins (关爱探访): by what channel, and what came of it. Stdlib only."""

from __future__ import annotations

from assistant.vocabulary.word import Word


class CheckInChannel(Word):
    """How a check-in was made."""

    VOICE = ("voice", "语音")
    TEXT = ("text", "文字")
    VISIT = ("visit", "上门")
    DEVICE = ("device", "设备")


class CheckInOutcome(Word):
    """What a check-in found."""

    WELL = ("well", "平安")
    NEEDS_ATTENTION = ("needs_attention", "需关注")
    NO_ANSWER = ("no_answer", "无应答")
    EMERGENCY = ("emergency", "紧急")
