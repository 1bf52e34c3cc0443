"""What can be said about a wish: the slots, and which of them each service kind needs. Stdlib only."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.vocabulary.services import ServiceKind
from assistant.vocabulary.word import Word


class Slot(Word):
    """The slots; their values are described in the docstring of each member's use in ``nlu``."""

    WHEN = ("when", "时间")
    MEAL = ("meal", "餐次")
    DISH = ("dish", "菜")
    QUANTITY = ("quantity", "份数")
    DIET = ("diet", "忌口")
    DELIVERY = ("delivery", "送餐或堂食")
    CARE_ITEM = ("care_item", "照护项目")
    DEPARTMENT = ("department", "科室")
    DOCTOR = ("doctor", "医生")
    FACILITY = ("facility", "医院")
    ADDRESS = ("address", "地址")
    SYMPTOM = ("symptom", "哪里不舒服")
    REMINDER_TEXT = ("reminder_text", "提醒内容")
    PERSON = ("person", "为谁")
    MODE = ("mode", "上门或电话")
    ACCOMPANIMENT = ("accompaniment", "要不要人陪")
    READING = ("reading", "测量数值")


class ReadingKind(Word):
    """What was measured."""

    BLOOD_PRESSURE = ("blood_pressure", "血压")
    BLOOD_SUGAR = ("blood_sugar", "血糖")
    TEMPERATURE = ("temperature", "体温")
    PULSE = ("pulse", "脉搏")
    WEIGHT = ("weight", "体重")
    OXYGEN = ("oxygen", "血氧")


REQUIRED_SLOTS: Mapping[ServiceKind, tuple[Slot, ...]] = {
    ServiceKind.MEAL: (Slot.WHEN, Slot.MEAL, Slot.DISH, Slot.QUANTITY, Slot.DELIVERY),
    ServiceKind.HOME_CARE: (Slot.CARE_ITEM, Slot.WHEN),
    ServiceKind.MEDICAL_APPOINTMENT: (Slot.DEPARTMENT, Slot.WHEN, Slot.ACCOMPANIMENT),
    ServiceKind.COMPANIONSHIP: (Slot.MODE, Slot.WHEN),
}
"""What must be known before the read-back, in the order in which it is asked for."""

OPTIONAL_SLOTS: Mapping[ServiceKind, tuple[Slot, ...]] = {
    ServiceKind.MEAL: (Slot.DIET, Slot.ADDRESS, Slot.PERSON),
    ServiceKind.HOME_CARE: (Slot.ADDRESS, Slot.PERSON),
    ServiceKind.MEDICAL_APPOINTMENT: (Slot.SYMPTOM, Slot.FACILITY, Slot.DOCTOR, Slot.PERSON),
    ServiceKind.COMPANIONSHIP: (Slot.PERSON,),
}
"""What is kept where it was said, and never asked for."""
