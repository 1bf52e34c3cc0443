"""What an elder asks for: service kinds and the closed lists of each. Stdlib only."""

from __future__ import annotations

from assistant.vocabulary.word import Word


class ServiceKind(Word):
    """The four kinds of service."""

    MEAL = ("meal", "助餐")
    HOME_CARE = ("home_care", "居家照护")
    MEDICAL_APPOINTMENT = ("medical_appointment", "就医预约")
    COMPANIONSHIP = ("companionship", "关爱陪伴")


class Meal(Word):
    """Which meal of the day."""

    BREAKFAST = ("breakfast", "早饭")
    LUNCH = ("lunch", "中饭")
    DINNER = ("dinner", "晚饭")


class Delivery(Word):
    """How a meal reaches the elder."""

    DELIVERY = ("delivery", "送上门")
    DINE_IN = ("dine_in", "堂食")


class Diet(Word):
    """A limit on what an elder may eat."""

    LOW_SALT = ("low_salt", "少盐")
    LOW_SUGAR = ("low_sugar", "低糖")
    LOW_OIL = ("low_oil", "少油")
    SOFT = ("soft", "软烂")
    VEGETARIAN = ("vegetarian", "素")
    HALAL = ("halal", "清真")
    NO_SPICY = ("no_spicy", "不辣")
    NO_PORK = ("no_pork", "不吃猪肉")
    NO_SEAFOOD = ("no_seafood", "不吃海鲜")
    NO_BEEF_LAMB = ("no_beef_lamb", "不吃牛羊肉")
    NO_EGG = ("no_egg", "不吃鸡蛋")
    NO_PEANUT = ("no_peanut", "不吃花生")


class CareItem(Word):
    """What a carer does in the home, or for the elder outside it."""

    BATHING = ("bathing", "助浴")
    CLEANING = ("cleaning", "打扫卫生")
    LAUNDRY = ("laundry", "洗衣")
    COOKING = ("cooking", "上门做饭")
    HAIRCUT = ("haircut", "理发")
    NAIL_CARE = ("nail_care", "修脚剪指甲")
    NURSING = ("nursing", "上门护理")
    REHABILITATION = ("rehabilitation", "康复理疗")
    ACCOMPANIMENT = ("accompaniment", "陪同外出")
    ERRAND = ("errand", "代购跑腿")
    REPAIR = ("repair", "上门维修")
    MEDICATION_PICKUP = ("medication_pickup", "代配药")


class Department(Word):
    """A department of a clinic or hospital."""

    GENERAL_PRACTICE = ("general_practice", "全科")
    CARDIOLOGY = ("cardiology", "心内科")
    RESPIRATORY = ("respiratory", "呼吸科")
    GASTROENTEROLOGY = ("gastroenterology", "消化内科")
    ENDOCRINOLOGY = ("endocrinology", "内分泌科")
    NEUROLOGY = ("neurology", "神经内科")
    ORTHOPEDICS = ("orthopedics", "骨科")
    OPHTHALMOLOGY = ("ophthalmology", "眼科")
    DENTISTRY = ("dentistry", "口腔科")
    ENT = ("ent", "耳鼻喉科")
    UROLOGY = ("urology", "泌尿外科")
    DERMATOLOGY = ("dermatology", "皮肤科")
    TCM = ("tcm", "中医科")
    REHABILITATION_MEDICINE = ("rehabilitation_medicine", "康复科")
    GERIATRICS = ("geriatrics", "老年病科")
    GENERAL_SURGERY = ("general_surgery", "普外科")


class Mode(Word):
    """How company comes: the values of the slot ``mode``."""

    VISIT = ("visit", "上门")
    CALL = ("call", "打电话")


SET_MEAL = "套餐"
"""The dish that means "whatever the canteen's set meal of that day is"."""
