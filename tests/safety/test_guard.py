"""The guard: what must always raise an alarm, and what may never."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety import Finding, check, check_all, likeness, partial
from assistant.safety.heard import hear
from assistant.safety.lexicon import all_rules, by_character
from assistant.safety.masks import mask
from assistant.safety.measure import EMERGENCIES, read_rows
from assistant.vocabulary import Emergency, identifiers

CORPORA = Path(__file__).parent.parent / "corpora" / "safety"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("摔了", Emergency.FALL),
        ("帅倒了", Emergency.FALL),
        ("我甩倒在地上了", Emergency.FALL),
        ("起不来了", Emergency.FALL),
        ("雄口腾", Emergency.CHEST_PAIN),
        ("胸口闷得慌喘不上气", Emergency.BREATHING),
        ("喘布上气", Emergency.BREATHING),
        ("气也透勿过来", Emergency.BREATHING),
        ("头晕得天旋地转站不住，嘴也歪了", Emergency.STROKE),
        ("血留不止", Emergency.BLEEDING),
        ("他叫不醒", Emergency.UNCONSCIOUS),
        ("煤汽漏了", Emergency.FIRE_GAS),
        ("想一了百了", Emergency.SELF_HARM),
        ("安眠药都吃了", Emergency.SELF_HARM),
        ("老头子走丢了", Emergency.LOST),
        ("中奖要交税", Emergency.SCAM),
        ("旧命", Emergency.HELP),
        ("打一二零", Emergency.HELP),
    ],
)
def test_the_words_of_an_emergency_are_heard_as_elders_and_recognisers_say_them(
    text: str, category: Emergency
) -> None:
    found = check(text)
    assert found is not None
    assert found.category is category


@pytest.mark.parametrize(
    "text",
    [
        "我没摔倒",
        "没有胸口疼",
        "上个月摔过一跤",
        "前几天胸口疼过现在好了",
        "电视里说有人摔倒了",
        "隔壁老张摔了一跤住院了",
        "要是摔倒了怎么办",
        "煤气泄漏怎么办？",
        "会不会中风",
        "笑死我了",
        "想挂胸外科",
        "测试一下报警",
        "你是我的救命恩人",
        "把碗摔了",
    ],
)
def test_what_is_denied_over_told_imagined_or_an_idiom_raises_no_alarm(text: str) -> None:
    assert check_all(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "上次摔过，现在又摔了起不来",
        "昨天摔了一跤，到现在都起不来",
        "没有，我摔倒了",
        "不小心摔倒了",
        "没站稳摔倒了",
        "看电视的时候胸口突然疼起来了",
        "我摔倒了怎么办",
        "去年中风过，今天嘴又歪了",
        "去年的事了。我现在喘不上气",
        "我不是开玩笑我真的摔倒了",
    ],
)
def test_a_suppressor_reaches_no_further_than_its_scope(text: str) -> None:
    assert check(text) is not None


def test_the_most_urgent_emergency_comes_first_and_all_are_told() -> None:
    found = check_all("救命啊，我摔倒了，流了好多血，喘不上气")
    categories = [finding.category for finding in found]
    assert categories == [Emergency.BREATHING, Emergency.BLEEDING, Emergency.FALL, Emergency.HELP]
    assert check("救命啊，我摔倒了，流了好多血，喘不上气") == found[0]


def test_a_finding_quotes_the_words_as_they_were_said() -> None:
    found = check("嗯，那个，我 摔 倒 了")
    assert isinstance(found, Finding)
    assert found.words.startswith("摔 倒")


def test_a_homophone_is_less_certain_than_the_word_itself() -> None:
    exact, heard = check("口吐白沫"), check("口吐百沫")
    assert exact is not None
    assert heard is not None
    assert heard.confidence < exact.confidence


@pytest.mark.parametrize(
    "text", ["我摔倒了", "我摔倒瞭", "我摔倒啦", "我\u200b摔倒了", "我　摔倒了！！！", "啊啊啊我摔倒了啊"]
)
def test_script_width_spaces_and_cries_make_no_difference(text: str) -> None:
    found = check(text)
    assert found is not None
    assert found.category is Emergency.FALL


@pytest.mark.parametrize("text", ["我胸口疼得喘不上氣", "著火了", "我媽暈倒了", "他沒有反應了"])
def test_traditional_characters_are_read(text: str) -> None:
    assert check(text) is not None


@pytest.mark.parametrize("text", ["", " ", "。。。", "🙂🙂", "嗯嗯啊啊", "\x00", "/restart", "hello"])
def test_nothing_said_is_nothing_found(text: str) -> None:
    assert check_all(text) == []


def test_an_unfinished_result_waits_for_what_may_still_cancel_it() -> None:
    assert partial("你是我的救命") is None
    assert partial("去年摔倒") is None
    assert partial("我摔倒") is None
    assert partial("我摔倒了快来扶我") is not None
    assert partial("救命救命") is not None


@pytest.mark.parametrize(
    "text",
    [
        "疼，这里，胸口，疼",
        "血，手上，止也止不住",
        "那个就是说我我我那个摔摔倒了",
        "没反应了，怎么叫，他",
    ],
)
def test_broken_word_order_and_stammering_are_heard(text: str) -> None:
    assert check(text) is not None


def test_without_the_learned_table_the_rules_stand_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(likeness, "TABLE", tmp_path / "gone.tsv")
    likeness.table.cache_clear()
    try:
        assert not likeness.known()
        assert check("我摔倒了") is not None
        assert check("今天天气真好") is None
    finally:
        likeness.table.cache_clear()


def test_the_learned_table_is_there_and_knows_every_category() -> None:
    weights = likeness.table()[1]
    assert {category for _, category, _ in weights.values()} >= set(identifiers(Emergency))


def test_a_rule_is_tried_wherever_it_could_match() -> None:
    # The index by first characters must not lose a match that the patterns themselves would make.
    texts = [row.text for name in EMERGENCIES for row in read_rows(CORPORA / f"{name}.yml")][::7]
    for text in texts:
        masked = mask(hear(text).text)
        worth = by_character().worth_trying(masked)
        assert all(at in worth for at, rule in enumerate(all_rules()) if rule.exact.search(masked)), text
