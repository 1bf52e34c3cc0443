"""What somebody may mean by a sentence: the intents, and which of them start a booking. Stdlib only."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.vocabulary.services import ServiceKind
from assistant.vocabulary.word import Word


class Intent(Word):
    """The intents of the understanding model."""

    ORDER_MEAL = ("order_meal", "订餐")
    REQUEST_HOME_CARE = ("request_home_care", "请人上门照护")
    BOOK_APPOINTMENT = ("book_appointment", "预约看病")
    SEEK_COMPANY = ("seek_company", "想有人陪")
    REPORT_WELLBEING = ("report_wellbeing", "说身体心情")
    REPORT_VITALS = ("report_vitals", "报测量数值")
    REPORT_EMERGENCY = ("report_emergency", "紧急求助")
    SET_REMINDER = ("set_reminder", "设提醒")
    QUERY_REQUEST = ("query_request", "查已订的")
    CHANGE_REQUEST = ("change_request", "改已订的")
    CANCEL_REQUEST = ("cancel_request", "取消已订的")
    AFFIRM = ("affirm", "答应")
    DENY = ("deny", "不要")
    ASK_REPEAT = ("ask_repeat", "再说一遍")
    ASK_HELP = ("ask_help", "问能做什么")
    ASK_HUMAN = ("ask_human", "找人工")
    ASK_DATETIME = ("ask_datetime", "问日期时间")
    ASK_MENU = ("ask_menu", "问有什么菜")
    GREET = ("greet", "问好")
    GOODBYE = ("goodbye", "再见")
    THANK = ("thank", "道谢")
    CHITCHAT = ("chitchat", "闲聊")
    OUT_OF_SCOPE = ("out_of_scope", "办不到的事")


FALLBACK_INTENT = "nlu_fallback"
"""What Rasa calls a sentence that no intent fits well enough; not one of ours, never stored as meant."""

BOOKING_INTENTS: Mapping[Intent, ServiceKind] = {
    Intent.ORDER_MEAL: ServiceKind.MEAL,
    Intent.REQUEST_HOME_CARE: ServiceKind.HOME_CARE,
    Intent.BOOK_APPOINTMENT: ServiceKind.MEDICAL_APPOINTMENT,
    Intent.SEEK_COMPANY: ServiceKind.COMPANIONSHIP,
}
"""Intents that start a booking, and the kind of service that they book."""

ACTING_INTENTS: frozenset[Intent] = frozenset(
    (*BOOKING_INTENTS, Intent.SET_REMINDER, Intent.CHANGE_REQUEST, Intent.CANCEL_REQUEST)
)
"""Intents on which something is done in the elder's name: talk must not be taken for one of them."""
