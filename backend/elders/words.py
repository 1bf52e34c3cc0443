"""Words that only the book of elders needs: gender, living situation, hearing."""

from __future__ import annotations

from assistant.vocabulary import Word


class Gender(Word):
    """An elder's gender."""

    FEMALE = ("female", "女")
    MALE = ("male", "男")


class Living(Word):
    """With whom an elder lives."""

    ALONE = ("alone", "独居")
    WITH_SPOUSE = ("with_spouse", "与老伴同住")
    WITH_CHILDREN = ("with_children", "与子女同住")
    WITH_CARER = ("with_carer", "与住家保姆同住")
    INSTITUTION = ("institution", "住养老机构")


class Hearing(Word):
    """How well an elder hears."""

    GOOD = ("good", "正常")
    WEAK = ("weak", "听力差")
    AIDED = ("aided", "戴助听器")
    DEAF = ("deaf", "听不见")
