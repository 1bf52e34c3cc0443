"""Names among many: what is found, what it costs, what is left alone."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.matching import BUCKET, Name, NameIndex, Support

AT_TABLE = Support(kinds=frozenset(("dish",)), expected="dish")
SENTENCES = (
    "明天中午送两份红烧肉和青菜豆腐",
    "我要吃洪烧肉",
    "来个红烧",
    "想喝冬瓜汤",
    "今天天气真好我们去公园走走",
    "来一份青椒鸡丁再来一碗虾米冬瓜",
    "要一份葱油鲈鱼煲",
)


def dish_names() -> Iterator[str]:
    """Yield thousands of different dishes, as a county's canteens have them."""
    yield from ("红烧肉", "清蒸鱼", "青菜豆腐", "冬瓜排骨汤", "糖醋排骨")
    ways = (
        *("红烧", "清蒸", "糖醋", "清炒", "葱油", "油焖", "椒盐"),
        *("凉拌", "香煎", "水煮", "白灼", "酱爆", "家常", "酸辣"),
    )
    sides = (
        *("香菇", "木耳", "芹菜", "青椒", "洋葱", "韭菜", "荠菜"),
        *("笋干", "毛豆", "玉米", "山药", "虾米", "梅菜"),
    )
    mains = (
        *("肉丝", "肉片", "鱼片", "鸡丁", "排骨", "牛肉", "虾仁", "鳝丝", "带鱼"),
        *("鲫鱼", "鲈鱼", "豆腐", "百叶", "茄子", "花菜", "冬瓜", "丝瓜", "藕片"),
    )
    endings = ("", "煲", "羹", "盖饭")
    for way, side, main, ending in itertools.product(ways, ("", *sides), mains, endings):
        yield f"{way}{side}{main}{ending}"


@functools.lru_cache(maxsize=2)
def index_of(count: int) -> NameIndex:
    names = itertools.islice(dict.fromkeys(dish_names()), count)
    return NameIndex(Name("dish", name, name, partial=True) for name in names)


def test_a_hundred_times_the_names_are_not_a_hundred_times_the_work() -> None:
    assert len(index_of(10_000).names) == 10_000
    for sentence in SENTENCES:
        few = index_of(100).search(sentence, AT_TABLE).examined
        many = index_of(10_000).search(sentence, AT_TABLE).examined
        # Bounded by the sentence, not by the catalogue: some buckets fill, none grows beyond its cap.
        assert many <= few + BUCKET * len(sentence)
        assert many < len(index_of(10_000).names) / 50


def test_the_longest_name_wins_over_the_one_inside_it() -> None:
    index = NameIndex(Name("dish", name, name, partial=True) for name in ("红烧肉", "红烧肉圆", "肉圆"))
    (hit,) = index.search("来一份红烧肉圆", AT_TABLE).hits
    assert [name.value for name in hit.names] == ["红烧肉圆"]


def test_several_names_in_one_sentence_are_all_found_in_order() -> None:
    hits = index_of(100).search("红烧肉青菜豆腐再来个糖醋排骨", AT_TABLE).hits
    assert [hit.names[0].value for hit in hits] == ["红烧肉", "青菜豆腐", "糖醋排骨"]


def test_two_names_equally_near_are_both_kept() -> None:
    index = NameIndex(Name("dish", name, name) for name in ("清炒虾仁", "清炒下人"))
    (hit,) = index.search("清炒侠仁", AT_TABLE).hits
    assert hit.names[0].value == "清炒虾仁"
    near = NameIndex(Name("dish", name, name) for name in ("油焖笋尖", "油焖损尖"))
    (hit,) = near.search("油焖孙尖", AT_TABLE).hits
    assert {name.value for name in hit.names} == {"油焖笋尖", "油焖损尖"}


def test_another_fish_is_not_the_fish_on_the_menu() -> None:
    index = NameIndex([Name("dish", "红烧带鱼", "红烧带鱼")])
    assert index.search("红烧鲫鱼", AT_TABLE).hits == ()


def test_two_characters_are_repaired_only_with_all_help() -> None:
    index = NameIndex([Name("dish", "酱鸭", "酱鸭")])
    assert index.search("我要吃降压药", Support(kinds=frozenset(("dish",)))).hits == ()
    assert index.search("降压", Support()).hits == ()
    assert index.search("降压", AT_TABLE).hits[0].names[0].value == "酱鸭"


def test_an_everyday_word_is_not_taken_for_a_name() -> None:
    index = NameIndex([Name("dish", "清蒸鱼", "清蒸鱼")])
    sentence = "他轻争雨了"
    assert index.search(sentence, Support(kinds=frozenset(("dish",)))).hits
    everyday = Support(kinds=frozenset(("dish",)), everyday=[(1, 3)])
    assert index.search(sentence, everyday).hits == ()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 9_999),
    st.sampled_from(("来一份", "我要吃", "", "帮我订")),
    st.sampled_from(("", "吧", "，谢谢")),
)
def test_every_name_said_plainly_is_found_where_it_stands(number: int, before: str, after: str) -> None:
    name = index_of(10_000).names[number]
    sentence = f"{before}{name.phrase}{after}"
    hits = index_of(10_000).search(sentence, AT_TABLE).hits
    assert (len(before), len(before) + len(name.phrase), name.value) in [
        (hit.start, hit.end, hit.names[0].value) for hit in hits
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="红烧肉清蒸鱼来一份我要吃的，。bA1洪骚轻争雨", max_size=40))
def test_hits_never_overlap_and_stay_within_the_sentence(text: str) -> None:
    hits = index_of(100).search(text, AT_TABLE).hits
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(one.end <= other.start for one, other in itertools.pairwise(hits))
    assert all(0 < hit.confidence <= 1 for hit in hits)
