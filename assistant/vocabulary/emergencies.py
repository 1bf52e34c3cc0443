"""The emergency guard's categories. Stdlib only."""

from __future__ import annotations

from assistant.vocabulary.word import Word


class Emergency(Word):
    """What kind of emergency was heard."""

    FALL = ("fall", "摔倒")
    CHEST_PAIN = ("chest_pain", "胸痛")
    BREATHING = ("breathing", "呼吸困难")
    STROKE = ("stroke", "疑似中风")
    BLEEDING = ("bleeding", "出血")
    UNCONSCIOUS = ("unconscious", "叫不醒")
    FIRE_GAS = ("fire_gas", "火灾/煤气")
    SELF_HARM = ("self_harm", "轻生")
    LOST = ("lost", "走失")
    SCAM = ("scam", "疑似诈骗")
    HELP = ("help", "呼救")


class AlarmState(Word):
    """Where an alarm stands; only a person or an explicit 没事 said twice ends it."""

    RAISED = ("raised", "已报警")
    ACKNOWLEDGED = ("acknowledged", "已接警")
    CLOSED = ("closed", "已处理")
    CANCELLED = ("cancelled", "长者撤销")
