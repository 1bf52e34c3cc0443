"""The whole understanding: offsets, alternatives, refusals, tags, repair, and that nothing breaks it."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.components import live_catalogue
from assistant.nlu.concepts import tags
from assistant.nlu.lexicon.symptoms import SYMPTOM_WORDS
from assistant.nlu.understanding import Understanding, repair, suggest_department, understand
from assistant.vocabulary import (
    CareItem,
    Delivery,
    Department,
    Diet,
    Meal,
    Mode,
    ServiceKind,
    Slot,
    identifiers,
)

CLOSED = {
    Slot.MEAL: Meal,
    Slot.DELIVERY: Delivery,
    Slot.CARE_ITEM: CareItem,
    Slot.DEPARTMENT: Department,
    Slot.MODE: Mode,
}
CONTEXTS = (None, *identifiers(ServiceKind))
ASKED = (None, *identifiers(Slot))
FRAGMENTS = (
    "我要",
    "明天",
    "红烧肉",
    "不要",
    "换成",
    "老是",
    "痛",
    "腰",
    "提醒我",
    "三号",
    "两份",
    "送到",
    "的时候",
    "女儿",
    "家",
)


def entity_of(understood: Understanding, kind: str) -> Any:
    (found,) = (entity for entity in understood.entities if entity.entity == kind)
    return found


def test_offsets_count_the_sentence_as_it_was_given(now: datetime, catalogue: Catalogue) -> None:
    text = "  我 要 吃  红 烧\u200b 肉 ， ２ 份"
    understood = understand(text, now=now, catalogue=catalogue)
    assert understood.text == text
    dish = entity_of(understood, "dish")
    assert text[dish.start : dish.end] == dish.text == "红 烧\u200b 肉"
    assert dish.value == "红烧肉"
    assert understood.slots["quantity"] == 2


def test_the_bot_asks_where_a_word_names_several_dishes(now: datetime, catalogue: Catalogue) -> None:
    dish = entity_of(understand("来个红烧", now=now, catalogue=catalogue), "dish")
    assert dish.alternatives == ("红烧肉", "红烧带鱼")
    assert dish.value == "红烧"


def test_what_was_misheard_is_put_right_and_what_was_heard_is_kept(
    now: datetime, catalogue: Catalogue
) -> None:
    text = "帮我挂个新内课的号"
    understood = understand(text, now=now, catalogue=catalogue)
    assert repair(text, understood) == "帮我挂个心内科的号"
    assert entity_of(understood, "department").text == "新内课"


def test_what_is_in_doubt_is_not_put_right(now: datetime, catalogue: Catalogue) -> None:
    for text in ("来个红烧", "我要吃油爆虾", "今天天气真好"):
        assert repair(text, understand(text, now=now, catalogue=catalogue)) == text


def test_a_refused_time_is_told_apart_from_the_one_that_holds(now: datetime, catalogue: Catalogue) -> None:
    understood = understand("不是后天，是大后天", now=now, catalogue=catalogue)
    assert understood.slots["when"]["start"].startswith("2026-11-25")
    assert [refused["start"][:10] for refused in understood.rejected["when"]] == ["2026-11-24"]


def test_what_stands_in_a_reminder_books_nothing(now: datetime, catalogue: Catalogue) -> None:
    slots = understand("明天八点提醒我去看牙", now=now, catalogue=catalogue).slots
    assert set(slots) == {"when", "reminder_text"}


def test_tags_stand_in_the_order_of_the_words(now: datetime, catalogue: Catalogue) -> None:
    found = tags("明天中午帮我订两份红烧肉", catalogue=catalogue, now=now)
    wanted = [tag for tag in found if tag in ("time", "want", "book", "quantity", "dish")]
    assert wanted == ["time", "want", "book", "quantity", "dish"]


@pytest.mark.parametrize(
    ("symptom", "department"),
    [
        ("腰疼", "orthopedics"),
        ("膝盖痛", "orthopedics"),
        ("咳嗽", "respiratory"),
        ("头晕", "neurology"),
        ("眼睛看不清", "ophthalmology"),
        ("胃不舒服", "gastroenterology"),
        ("睡不着", "neurology"),
        ("尿频", "urology"),
        ("皮肤痒", "dermatology"),
        ("牙齿松了", "dentistry"),
        ("耳朵听不见", "ent"),
        ("血糖高", "endocrinology"),
        ("心慌", "cardiology"),
        ("哪里都不对头", "general_practice"),
    ],
)
def test_a_complaint_suggests_a_department(symptom: str, department: str) -> None:
    assert suggest_department(symptom) == Department[department.upper()]


def test_no_complaint_suggests_nothing() -> None:
    assert suggest_department("  ") is None


def test_every_listed_complaint_has_a_department_that_exists() -> None:
    assert set(SYMPTOM_WORDS) <= set(identifiers(Department))
    assert all(suggest_department(word) is not None for words in SYMPTOM_WORDS.values() for word in words)


def test_the_same_catalogue_is_indexed_once(snapshot: dict[str, Any]) -> None:
    first, second = Catalogue.from_snapshot(snapshot), Catalogue.from_snapshot(snapshot)
    assert first.index is second.index
    other = Catalogue.from_snapshot({**snapshot, "version": "another"})
    assert other.index is not first.index


def test_a_new_dish_is_understood_as_soon_as_the_catalogue_has_it(
    now: datetime, snapshot: dict[str, Any]
) -> None:
    dishes = [*snapshot["dishes"], {"id": 99, "name": "荠菜春卷", "aliases": []}]
    longer = Catalogue.from_snapshot({**snapshot, "version": "test-2", "dishes": dishes})
    assert understand("来一份荠菜春卷", now=now, catalogue=longer).slots["dish"] == ["荠菜春卷"]
    assert understand("来一份季菜春卷", now=now, catalogue=longer).slots["dish"] == ["荠菜春卷"]


def test_an_empty_catalogue_still_understands_the_built_in_words(now: datetime) -> None:
    assert understand("我要看心内科", now=now, catalogue=Catalogue.empty()).slots == {
        "department": "cardiology"
    }


def test_a_surname_meets_every_doctor_who_has_it(now: datetime, catalogue: Catalogue) -> None:
    assert entity_of(understand("挂王医生的号", now=now, catalogue=catalogue), "doctor").alternatives == (
        "王建国",
        "王秀兰",
    )
    assert [doctor.name for doctor in catalogue.doctors_called("王")] == ["王建国", "王秀兰"]
    assert catalogue.carers_called("小李") == ("李秀英", "李桂芳")


@settings(max_examples=80, deadline=None)
@given(
    text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(FRAGMENTS), max_size=20).map("".join)),
    context=st.sampled_from(CONTEXTS),
    asked=st.sampled_from(ASKED),
)
def test_no_text_breaks_it_and_closed_slots_hold_only_their_words(
    text: str, context: str | None, asked: str | None, now: datetime, catalogue: Catalogue
) -> None:
    understood = understand(text, now=now, catalogue=catalogue, context=context, expecting=asked)
    assert set(understood.slots) <= set(identifiers(Slot))
    for slot, words in CLOSED.items():
        assert understood.slots.get(slot.value, identifiers(words)[0]) in identifiers(words)
    assert set(understood.slots.get("diet", [])) <= set(identifiers(Diet))
    assert understood.slots.get("quantity", 1) >= 0
    for entity in understood.entities:
        assert text[entity.start : entity.end] == entity.text
        assert len(entity.alternatives) != 1
    assert isinstance(repair(text, understood), str)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_sentence_of_one_word_over_and_over_is_read_in_bounded_time(
    fragment: str, now: datetime, catalogue: Catalogue
) -> None:
    # Would run for years were one of the patterns to try every way of splitting the words.
    for asked in (None, "quantity"):
        understand(fragment * 120, now=now, catalogue=catalogue, expecting=asked)


def test_without_the_repair_a_name_counts_only_as_it_is_written(now: datetime, catalogue: Catalogue) -> None:
    literal = catalogue.without_repair()
    for text, slot, meant in (
        ("我要挂新内课", "department", "cardiology"),
        ("来一份红烧揉", "dish", ["红烧肉"]),
    ):
        assert understand(text, now=now, catalogue=catalogue).slots[slot] == meant
        assert understand(text, now=now, catalogue=literal).slots.get(slot) != meant
    assert understand("我要挂心内科", now=now, catalogue=literal).slots["department"] == "cardiology"


def test_the_repair_is_off_only_in_the_task_that_asked_for_it() -> None:
    async def both() -> tuple[bool, bool]:
        async def one(off: bool) -> bool:
            with live_catalogue.without_repair() if off else nullcontext():
                await asyncio.sleep(0.01)
                return live_catalogue.catalogue().as_written

        return await one(False), (await asyncio.gather(one(True), one(False)))[1]

    assert asyncio.run(both()) == (False, False)
