"""Who takes part: roles, and for whom or by whom something is asked. Stdlib only."""

from __future__ import annotations

from assistant.vocabulary.word import Word


class Role(Word):
    """Who somebody is to the system."""

    ELDER = ("elder", "长者")
    FAMILY = ("family", "家属")
    CAREGIVER = ("caregiver", "护理员")
    COORDINATOR = ("coordinator", "村居协调员")
    TOWN_ADMIN = ("town_admin", "镇级管理员")
    PROVIDER = ("provider", "服务机构")


class Person(Word):
    """For whom or by whom, where it is not a name: the values of the slot ``person``."""

    SELF = ("self", "本人")
    SPOUSE = ("spouse", "老伴")
    MOTHER = ("mother", "母亲")
    FATHER = ("father", "父亲")
    SON = ("son", "儿子")
    DAUGHTER = ("daughter", "女儿")
    GRANDSON = ("grandson", "孙子")
    GRANDDAUGHTER = ("granddaughter", "孙女")
    NEIGHBOUR = ("neighbour", "邻居")
