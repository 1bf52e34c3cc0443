"""Traits of dishes: what is in them and how they are, from which clashes with diet limits are derived."""

from __future__ import annotations

from assistant.vocabulary import Word


class Trait(Word):
    """What is in a dish, or how it is. A dish has those that are true of it; silence means no."""

    SALTY = ("salty", "很咸")
    SWEET = ("sweet", "很甜")
    OILY = ("oily", "油重")
    SOFT = ("soft", "软烂")
    HARD = ("hard", "难嚼")
    SPICY = ("spicy", "辣")
    MEAT = ("meat", "有荤")
    PORK = ("pork", "猪肉")
    LARD = ("lard", "猪油")
    POULTRY = ("poultry", "禽")
    BEEF = ("beef", "牛肉")
    LAMB = ("lamb", "羊肉")
    FISH = ("fish", "鱼")
    SEAFOOD = ("seafood", "鱼虾")
    EGG = ("egg", "蛋")
    PEANUT = ("peanut", "花生")
    ALCOHOL = ("alcohol", "用酒")
    HALAL = ("halal", "清真")
