"""Misheard sentences: as long as what was said, of the same sounds, the same on every machine."""

from __future__ import annotations

from assistant.nlu.mishearing import misheard, misheard_copies
from assistant.nlu.pinyin import fuzzy_key, syllable

SAID = "我想明天上午去医院看心内科，要王医生的号，再订两份红烧肉送到家里来"


def test_the_same_sentence_is_misheard_in_the_same_way_on_every_machine() -> None:
    heard = "我想命天上午去忆院看心内科，遥忘医省得号，再订粱酚红烧柔送到家里赖"
    assert misheard(SAID, 0.3, seed=4) == heard


def test_what_is_misheard_sounds_confusable_and_keeps_its_place() -> None:
    for seed in range(20):
        heard = misheard(SAID, 0.5, seed=seed)
        assert len(heard) == len(SAID)
        for meant, written in zip(SAID, heard, strict=True):
            if meant != written:
                said, read = syllable(meant), syllable(written)
                assert said
                assert read
                assert fuzzy_key(said) == fuzzy_key(read)


def test_about_the_asked_share_is_misheard() -> None:
    slips = sum(
        meant != written
        for seed in range(100)
        for meant, written in zip(SAID, misheard(SAID, 0.2, seed=seed), strict=True)
    )
    assert 0.15 < slips / (100 * sum(syllable(sign) is not None for sign in SAID)) < 0.22


def test_nothing_is_misheard_at_a_share_of_zero_and_signs_never_are() -> None:
    assert misheard(SAID, 0.0) == SAID
    assert misheard("OK 120/80, 38.5", 1.0) == "OK 120/80, 38.5"


def test_copies_carry_what_belongs_to_their_sentence_and_are_new() -> None:
    copies = misheard_copies([("帮我订饭", "order_meal"), ("好", "affirm")], [0.0, 0.9, 0.9])
    assert ("帮我订饭", "order_meal") not in copies
    assert {kept for _, kept in copies} == {"order_meal", "affirm"}
    assert len({text for text, _ in copies}) == len(copies)
