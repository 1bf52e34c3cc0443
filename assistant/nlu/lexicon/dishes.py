"""Other words for what dishes are made of: a menu says one, an elder another, a recogniser a third."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.nlu.lexicon.word_lists import words

SAME_THING: tuple[tuple[str, ...], ...] = (
    words("番茄 西红柿 蕃茄"),
    words("土豆 洋山芋 马铃薯 洋芋"),
    words("馄饨 混沌 云吞"),
    words("花菜 菜花 花椰菜"),
    words("卷心菜 包心菜 圆白菜 包菜"),
    words("茄子 落苏"),
    words("山芋 红薯 番薯 地瓜"),
    words("玉米 珍珠米 苞米"),
    words("蒸蛋 炖蛋 水蒸蛋"),
    words("炒蛋 炒鸡蛋"),
    words("黄瓜 王瓜"),
    words("白米粥 白粥 稀饭 白稀饭"),
    words("米饭 白饭 白米饭"),
    words("蚕豆 寒豆"),
    words("猪蹄 猪脚 猪爪"),
    words("蹄膀 蹄髈 肘子"),
    words("年糕 水磨年糕"),
    words("鸡毛菜 小青菜"),
    words("豆腐干 豆干 香干"),
    words("百叶 千张"),
)
"""words for one thing; the first known on a menu stands for the others."""


def other_names(name: str) -> Iterator[str]:
    """Yield what else a dish of this name may be called: the same with another word for one ingredient."""
    for same in SAME_THING:
        for word in same:
            if word in name:
                yield from (name.replace(word, other) for other in same if other not in name)
                break
    if len(name) == 2 and name.endswith("包"):
        yield f"{name}子"
        yield f"{name[0]}馒头"
