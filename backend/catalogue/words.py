"""Traits of dishes: what is in them, from which clashes with diet limits are derived."""

from __future__ import annotations

from assistant.vocabulary import Word


class Trait(Word):
    """What is in a dish, or how it is made. A dish has those that are true of it; silence means no."""

    SALTY = ("salty", "偏咸")
    SWEET = ("sweet", "含糖")
    OILY = ("oily", "偏油")
    HARD = ("hard", "偏硬")
    SPICY = ("spicy", "辣")
    PORK = ("pork", "猪肉")
    BEEF = ("beef", "牛肉")
    LAMB = ("lamb", "羊肉")
    POULTRY = ("poultry", "禽肉")
    FISH = ("fish", "鱼")
    SHELLFISH = ("shellfish", "虾蟹贝")
    EGG = ("egg", "鸡蛋")
    PEANUT = ("peanut", "花生")
    ALCOHOL = ("alcohol", "酒")
    LARD = ("lard", "猪油")
    LOW_SALT = ("low_salt", "少盐")
    LOW_SUGAR = ("low_sugar", "低糖")
    LOW_OIL = ("low_oil", "少油")
    SOFT = ("soft", "软烂")
    VEGETARIAN = ("vegetarian", "素")
    HALAL = ("halal", "清真")
    SOUP = ("soup", "汤")
    STAPLE = ("staple", "主食")
