"""Names with one character misheard are still the names, and ten thousand of them cost no more."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.lexicon.care import CARE_WORDS
from assistant.nlu.lexicon.departments import DEPARTMENT_WORDS
from assistant.nlu.pinyin import sound_key, syllable
from assistant.nlu.understanding import understand

COMMON = (
    "的一是了我不在人们有来他这上着个地到大里说就去子得也和那要下看天时过出小么起你都把好还多没为又可家学只以主会样年想生同老中十从自面前头道"
    "它后然走很像见两用她国动进成回什边作对开而己些现山民候经发工向事命给长水几义三声于高手知理眼志点心战二问但身方实吃做叫当住听革打呢真全才"
    "四已所敌之最光产情路分总条白话东席次亲如被花口放儿常气五第使写军吧文运再果怎定许快明行因别飞外树物活部门无往船望新带队先力完却站代员机更"
    "九您每风级跟笑啊孩万少直意夜比阶连车重便斗马哪化太指变社似士者干石满日决百原拿群究各六本思解立河村八难早论吗根共让相研今其书坐接应关信觉"
    "步反处记将千找争领或师结块跑谁草越字加脚紧爱等习阵怕月青半火法题建赶位唱海七女任件感准张团屋离色脸片科倒睛利世刚且由送切星导晚表够整认响"
    "雪流未场该并底深刻平伟忙提确近亮轻讲农古黑告界拉名呀土清阳照办史改历转画造嘴此治北必服雨穿内识验传业菜爬睡兴形量咱观苦体众通冲合破友度术"
    "饭公旁房极南枪读沙岁线野坚空收算至政城劳落钱特围弟胜教热展包歌类渐强数乡呼性音答哥际旧神座章帮啦受系令跳非何牛取入岸敢掉忽种装顶急林停息"
    "句区衣般报叶压慢叔背细课克磕刻棵颗法浴助于主住遇玉狱尾威卫为微味未宫公恭代购够狗够陪培赔赐次刺针真珍灸九久旧酒纳那拿鸭压押将江讲酱沟扣寇"
)
"""Characters a recogniser writes often, with those that sound like the names of this town."""


def misheard(word: str, *, confusable: bool) -> Iterator[str]:
    """Yield the word with one character replaced by one of the same (or of a confusable) sound."""
    key = sound_key if confusable else syllable
    for position, character in enumerate(word):
        same = [other for other in COMMON if other != character and key(other) == key(character)]
        for other in same[:1]:
            yield word[:position] + other + word[position + 1 :]


def cases(snapshot: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, value, word and the sentence it stands in."""
    for dish in snapshot["dishes"]:
        yield "dish", dish["name"], dish["name"], "来一份{}"
        yield "dish", dish["name"], dish["name"], "明天中饭要{}"
    for value, words in DEPARTMENT_WORDS.items():
        for word in words[:2]:
            yield "department", value, word, "帮我挂{}"
            yield "department", value, word, "约一个{}的号"
    for value, words in CARE_WORDS.items():
        for word in words[:5]:
            yield "care_item", value, word, "我想{}"
            yield "care_item", value, word, "明天叫人来{}"
    for facility in snapshot["facilities"]:
        yield "facility", facility["name"], facility["name"], "我想去{}看病"
    for doctor in snapshot["doctors"]:
        yield "doctor", doctor["name"], doctor["name"], "挂{}医生的号"


@pytest.mark.parametrize(("confusable", "least"), [(False, 0.97), (True, 0.92)])
def test_one_character_misheard_is_still_the_name(
    confusable: bool, least: float, snapshot: dict[str, Any], catalogue: Catalogue, now: datetime
) -> None:
    right: dict[str, list[bool]] = {}
    for kind, value, word, frame in cases(snapshot):
        for heard in misheard(word, confusable=confusable):
            slot = understand(frame.format(heard), now=now, catalogue=catalogue).slots.get(kind)
            right.setdefault(kind, []).append(value in (slot if isinstance(slot, list) else [slot]))
    assert set(right) == {"dish", "department", "care_item", "facility", "doctor"}
    shares = {kind: round(statistics.mean(each), 3) for kind, each in right.items()}
    assert all(share >= least for share in shares.values()), shares


def test_understanding_takes_no_longer_among_ten_thousand_names(
    snapshot: dict[str, Any], now: datetime
) -> None:
    parts = (
        ("红烧", "清蒸", "糖醋", "葱油", "油焖", "椒盐", "香煎", "白灼", "酱爆", "家常", "酸辣", "水煮"),
    )
    parts += (
        ("香菇", "木耳", "芹菜", "青椒", "洋葱", "韭菜", "荠菜", "笋干", "毛豆", "玉米", "山药", "梅菜"),
    )
    parts += (
        ("肉丝", "肉片", "鱼片", "鸡丁", "排骨", "牛肉", "虾仁", "鳝丝", "带鱼", "豆腐", "百叶", "茄子"),
    )
    names = ["".join(words) for words in itertools.product(*parts, ("", "煲", "羹", "盖饭", "面", "粥"))]
    sentences = (
        "明天中午送两份红烧肉和青菜豆腐",
        "下个礼拜三上午帮我挂个心内科的号",
        "请李阿姨后天来打扫卫生",
        "我要吃洪烧肉少放点盐",
        "每天早上八点提醒我吃降压药",
        "血压一百五九十",
    )

    def median(count: int) -> float:
        dishes = [{"id": 1000 + n, "name": name, "aliases": []} for n, name in enumerate(names[:count])]
        town = {**snapshot, "version": f"large-{count}", "dishes": [*snapshot["dishes"], *dishes]}
        large = Catalogue.from_snapshot(town)
        taken = []
        for _ in range(12):
            for sentence in sentences:
                began = time.process_time()
                understand(sentence, now=now, catalogue=large)
                taken.append(time.process_time() - began)
        return statistics.median(taken)

    assert len(set(names)) > 10_000
    few, many = median(100), median(10_000)
    assert many < 2 * few + 0.001
    assert many < 0.010
