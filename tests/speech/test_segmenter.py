"""How long we wait for an elder who pauses: a table, and what holds for any stream."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.models import FRAME_S
from speech.segmenter import FEWEST_PAUSES, Completeness, Decision, Patience, Segmenter, patience_for

C = Completeness

# what was said before the pause, how long the pause is, whether it ends the utterance
PAUSES = [
    (C.OPEN, 0.5, False),
    (C.OPEN, 0.8, False),
    (C.OPEN, 1.0, False),
    (C.OPEN, 1.3, True),
    (C.COMPLETE, 1.0, False),
    (C.COMPLETE, 1.2, True),
    (C.CERTAIN, 0.7, False),
    (C.CERTAIN, 0.9, True),
    (C.UNFINISHED, 1.3, False),
    (C.UNFINISHED, 2.0, False),
    (C.UNFINISHED, 2.5, True),
]


def run(
    segmenter: Segmenter, stretches: list[tuple[float, bool]], words: Completeness = C.OPEN
) -> list[Decision]:
    found = []
    for length, is_speech in stretches:
        for _ in range(round(length / FRAME_S)):
            found.append(segmenter.process(FRAME_S, is_speech, words))
    return [decision for decision in found if decision is not Decision.NOTHING]


@pytest.mark.parametrize(("words", "pause", "ends"), PAUSES)
def test_a_pause_ends_an_utterance_only_where_the_words_allow_it(
    words: Completeness, pause: float, ends: bool
) -> None:
    found = run(Segmenter(), [(1.0, True), (pause, False)], words)
    assert found == ([Decision.STARTED, Decision.ENDED] if ends else [Decision.STARTED])


def test_pauses_up_to_a_second_are_almost_never_cut_off() -> None:
    """Elders' speech as a detector sees it: pauses of up to 1.0 s, and one frame in fifty judged wrongly."""
    chance = random.Random(78)
    cut = pauses = 0
    for _ in range(400):
        segmenter = Segmenter()
        run(segmenter, [(chance.uniform(0.6, 2.0), True)])
        for _ in range(chance.randint(1, 4)):
            words = chance.choice([C.OPEN, C.OPEN, C.COMPLETE, C.UNFINISHED])
            pauses += 1
            frames = int(chance.uniform(0.3, 1.0) / FRAME_S)
            decisions = [segmenter.process(FRAME_S, chance.random() < 0.02, words) for _ in range(frames)]
            cut += Decision.ENDED in decisions
            run(segmenter, [(chance.uniform(0.4, 1.5), True)])
    assert pauses > 900
    assert cut / pauses <= 0.02


def test_a_knock_is_not_speech() -> None:
    assert run(Segmenter(), [(0.5, False), (0.064, True), (0.5, False), (0.064, True), (0.5, False)]) == []


def test_somebody_who_never_stops_is_heard_in_parts() -> None:
    found = run(Segmenter(Patience(longest_s=5.0)), [(11.0, True)])
    assert found == [Decision.STARTED, Decision.TOO_LONG] * 2 + [Decision.STARTED]


def test_nobody_begins_and_we_say_so_once() -> None:
    assert run(Segmenter(Patience(nobody_s=3.0)), [(3.1, False)]) == [Decision.NOBODY]


def test_an_elder_with_long_pauses_is_waited_for_longer() -> None:
    slow = patience_for([1.1, 1.3, 1.4] * 10)
    assert slow.silence_s > 1.5
    assert run(Segmenter(slow), [(1.0, True), (1.4, False), (1.0, True)]) == [Decision.STARTED]


def test_one_long_pause_is_not_a_habit() -> None:
    assert patience_for([1.9] * (FEWEST_PAUSES - 1)) == Patience()


def test_pauses_and_cut_offs_are_learned_from_the_stream() -> None:
    segmenter = Segmenter()
    run(segmenter, [(1.0, True), (0.96, False), (1.0, True)])
    segmenter.went_on_after(9.0)
    assert segmenter.pauses == [pytest.approx(0.96, abs=0.04), Patience().most_s]


@given(pauses=st.lists(st.floats(0.0, 60.0), max_size=300))
def test_what_is_learned_stays_within_its_limits(pauses: list[float]) -> None:
    learned = patience_for(pauses)
    assert learned.least_s <= learned.silence_s <= learned.most_s
    assert learned.certain_s <= learned.complete_s <= learned.silence_s <= learned.unfinished_s <= 2.8


streams = st.lists(
    st.tuples(st.floats(0.01, 3.0), st.booleans(), st.sampled_from(list(Completeness))), max_size=60
)


@given(stream=streams)
def test_every_beginning_has_one_end_and_no_utterance_is_longer_than_the_limit(
    stream: list[tuple[float, bool, Completeness]],
) -> None:
    segmenter = Segmenter(Patience(longest_s=8.0))
    speaking, length = False, 0.0
    for seconds, is_speech, words in stream:
        decision = segmenter.process(seconds, is_speech, words)
        if decision is Decision.STARTED:
            assert not speaking
            speaking, length = True, 0.0
        elif decision in (Decision.ENDED, Decision.TOO_LONG):
            assert speaking
            assert length <= 8.0
            speaking = False
        elif speaking:
            length += seconds
        assert segmenter.speaking == speaking


@given(stream=streams)
def test_an_utterance_ends_only_after_the_silence_that_its_words_need(
    stream: list[tuple[float, bool, Completeness]],
) -> None:
    segmenter, quiet = Segmenter(), 0.0
    for seconds, is_speech, words in stream:
        quiet = 0.0 if is_speech else quiet + seconds
        if segmenter.process(seconds, is_speech, words) is Decision.ENDED:
            assert quiet >= segmenter.patience.after(words) - 1e-5
