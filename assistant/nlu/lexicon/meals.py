"""The words of eating: meals of the day, set meals, limits, delivery, measure words."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.nlu.lexicon.word_lists import words

MEAL_WORDS: Mapping[str, tuple[str, ...]] = {
    "breakfast": words("早饭 早点 早餐 早茶 早饭点心 早上饭 早中饭 早晨饭"),
    "lunch": words("中饭 午饭 午餐 中餐 晌午饭 晌饭 中午饭 中觉饭 点心饭 中午的饭 午饭饭"),
    "dinner": words("晚饭 晚餐 夜饭 夜里饭 晚上饭 晚上的饭 夜饭菜 夜餐"),
}
"""meal → the words that name it whatever the talk is of."""

DAYPART_MEALS: Mapping[str, tuple[str, ...]] = {
    "breakfast": words("早上 早晨 清早 一早 早浪 早浪向 大清早 清晨 早起 今早 明早"),
    "lunch": words("中午 晌午 中浪 中浪向 日中 正午 中上 午间 中朝"),
    "dinner": words("晚上 傍晚 夜里 夜里厢 夜到 今晚 明晚 夜头 晚间 黄昏 夜快 下半天晚"),
}
"""meal → the parts of the day that mean it where the talk is of meals."""

SET_MEAL_WORDS = words(
    "套餐 老年套餐 今天的套餐 营养餐 例餐 份饭 标准餐 套饭 随便配 随便配配 有啥吃啥 有什么吃什么 "
    "随便来点 随便吃点 随便来一份 你们看着办 看着办 你看着配 看着配 你帮我配 帮我配 搭配好的 配好的 "
    "老样子 都可以 都行 随便什么都行 随便 什么都行 啥都行 什么都可以 随便弄点 你定吧 你们配 你配 "
    "一荤两素 两荤一素 一荤一素 两菜一汤 盒饭 快餐 有啥来啥 随便来 随便啥 侬看着办 一样来一点 "
    "有什么来什么 便饭 大锅饭 长者套餐 爱心餐 有啥吃点啥 你看着来"
)
"""words that leave the choice to the kitchen."""
SET_MEAL_ANYWHERE = frozenset(
    words(
        "套餐 老年套餐 今天的套餐 营养餐 例餐 份饭 标准餐 套饭 一荤两素 两荤一素 一荤一素 两菜一汤 盒饭 "
        "快餐 长者套餐 爱心餐 有啥吃啥 有什么吃什么 大锅饭"
    )
)
"""those of them that mean it without being asked which dish."""

DIET_WORDS: Mapping[str, tuple[str, ...]] = {
    "low_salt": words(
        "少盐 低盐 淡一点 淡点 淡些 清淡 清淡点 清淡一点 少放盐 少放点盐 盐少放点 盐少一点 盐少点 "
        "盐放少点 不要太咸 别太咸 不要咸 勿要太咸 不能太咸 别放太多盐 咸了不行 口味淡 口味淡点 不能吃咸 "
        "吃得淡 要淡 别太重口 弗要忒咸 不要那么咸 勿要忒咸 少搁盐 少油少盐 无盐 淡一些 别咸 别弄咸了 "
        "不咸 少摆盐 盐摆少点 咸的不能吃 清爽点"
    ),
    "low_sugar": words(
        "少糖 低糖 无糖 不要糖 不要放糖 勿放糖 不放糖 别放糖 少放糖 少放点糖 糖尿病吃的 糖尿病人吃的 "
        "不要太甜 别太甜 不能吃甜 不吃甜 不要甜 忌糖 糖尿病餐 糖少放点 没有糖 控糖 不加糖 勿要放糖 "
        "勿要太甜 不能吃糖 糖尿病 无糖的 不甜的 不吃糖 别加糖 血糖高吃的 甜的不能吃 甜的不行"
    ),
    "low_oil": words(
        "少油 低油 少放油 少放点油 油少点 油少一点 不要太油 别太油 不油 油少放点 不要油腻 太油腻 低脂 "
        "不要太油腻 勿要太油 别放太多油 少油少盐 不能太油 不要油 不油腻 别太油腻 油水少点 油腻的不能吃 "
        "不要那么油"
    ),
    "soft": words(
        "软烂 软一点 软点 软和点 软和 烂一点 烂点 烧烂 烧烂点 煮烂 煮烂点 嚼不动 咬不动 炖烂 软乎 软乎点 "
        "烂糊 烧得烂 烧软点 煮软点 酥一点 酥点 烧酥 烧酥点 牙口不好 牙不好 没牙 不要太硬 别太硬 糊一点 "
        "烂糊点 软的 容易嚼 软食 流食 半流 好嚼 好咬 软饭 烂饭 烂烂的 烂一些 软一些 软些 做得软"
        " 烧得软 炖烂点 牙齿不好 "
        "硬的吃不动 硬的咬不动 勿要太硬"
    ),
    "vegetarian": words(
        "吃素 素的 全素 素食 素餐 素菜 不吃荤 吃斋 不要荤 不吃肉 信佛 素一点 不要肉 素斋 不沾荤 不放肉"
    ),
    "halal": ("清真", "清真的", "回民", "回族", "清真餐"),
    "no_spicy": words(
        "不辣 不要辣 不放辣 勿要辣 弗要辣 别放辣 不吃辣 免辣 不要辣椒 不放辣椒 别放辣椒 不能吃辣 别辣 "
        "不要太辣 怕辣 不加辣 别加辣 吃不了辣 勿吃辣 不好吃辣 辣的不要 辣的不吃 辣的不行 不来辣 覅辣 "
        "不要放辣 不要放辣椒 少放辣 不能辣 辣的不能吃 勿放辣 勿要放辣 别太辣 辣椒不要放 辣椒别放 不带辣"
    ),
    "no_pork": words(
        "不吃猪肉 不要猪肉 别放猪肉 猪肉不吃 不能吃猪肉 忌猪肉 不吃猪 不放猪肉 猪肉不要 猪肉不能吃 "
        "大肉不吃 不吃大肉"
    ),
    "no_seafood": words(
        "不吃海鲜 不要海鲜 海鲜不吃 海鲜过敏 不能吃海鲜 忌海鲜 鱼虾不吃 不吃鱼虾 不吃虾 虾过敏 别放虾 "
        "不放虾 不要虾 不放海鲜 不能吃鱼虾 不吃鱼腥 对海鲜过敏 对虾过敏 不能吃虾 别放海鲜 发物不能吃 "
        "不吃海货 不碰海鲜"
    ),
    "no_beef_lamb": words(
        "不吃牛羊肉 不要牛羊肉 不吃牛肉 不吃羊肉 不要羊肉 羊肉不吃 牛肉不吃 牛羊肉不吃 不能吃羊肉 "
        "不能吃牛肉 忌牛羊肉 不能吃牛羊肉 不放羊肉 不放牛肉"
    ),
    "no_egg": words(
        "不吃鸡蛋 不吃蛋 不要鸡蛋 鸡蛋过敏 鸡蛋不吃 不放鸡蛋 别放鸡蛋 不能吃鸡蛋 蛋不吃 对鸡蛋过敏 "
        "不放蛋 不能吃蛋 不要放鸡蛋"
    ),
    "no_peanut": words(
        "不吃花生 不要花生 花生过敏 不放花生 别放花生 花生不吃 不能吃花生 对花生过敏 不要放花生 花生不能吃"
    ),
}
"""limit → the words for it. 「不要辣」 is a wish, not the refusal of something named before."""

LIMITED: Mapping[str, str] = {
    "no_pork": "猪肉|大肉|猪油",
    "no_beef_lamb": "牛羊肉|牛肉|羊肉",
    "no_seafood": "海鲜|海货|鱼虾|虾蟹|虾仁|虾子|虾|蟹|螃蟹|鱼腥",
    "no_egg": "鸡蛋|鸭蛋|蛋",
    "no_peanut": "花生米|花生",
    "no_spicy": "辣椒|辣子|辣的|辣酱|辣",
    "low_sugar": "甜的东西|甜的|甜食|甜|糖精|糖",
    "low_salt": "咸的东西|咸的|咸|盐",
    "low_oil": "油腻的|油腻|油炸的|肥肉|油",
    "vegetarian": "荤菜|荤腥|荤的|荤",
}
"""limit → what is not to be eaten, or only sparingly (a pattern); see `extraction.meals`."""
ALLERGIES = frozenset(("no_seafood", "no_egg", "no_peanut", "no_beef_lamb"))
"""those people are allergic to."""
SPARING = frozenset(("low_salt", "low_sugar", "low_oil", "no_spicy"))
"""those that are put in while cooking."""

DIET_AT_MEALS = frozenset(
    words("糖尿病 牙口不好 牙不好 没牙 信佛 牙齿不好 清爽点 素菜 不吃肉 不要肉 咬不动 嚼不动 软的 不甜的")
)
"""those that are a limit only where the talk is of food; elsewhere 糖尿病 is an illness."""

DELIVERY_WORDS: Mapping[str, tuple[str, ...]] = {
    "delivery": words(
        "送上门 送到家 送来 送过来 送家里 送到家里 送到屋里 给我送 帮我送 外送 外卖 送饭 送餐 送一下 "
        "送吧 送到门口 送上来 送到我家 送到楼上 要送 派人送 送给我 配送 拿上来 端上来 送一份 送两份 "
        "送到我这里 送到屋企 送进来 还是送 送到屋里厢 麻烦送 叫人送 送到 送个 送份 带过来 送去 送几 送点"
    ),
    "dine_in": words(
        "堂食 食堂吃 去食堂 到食堂 来食堂 过去吃 自己来拿 自己去拿 我来拿 自取 自己拿 自己去吃 过来吃 "
        "到店吃 上食堂 在那里吃 那边吃 在那儿吃 在食堂 去那边吃 自己过去 自己去 我过来拿 过去拿 去拿 "
        "不用送 不要送 勿要送 弗要送 别送 自己打饭 去打饭 到助餐点 去助餐点 我去吃 来吃 走过去吃 "
        "自家来拿 自家去吃 我自己来 自家去 自己来吃 去吃 不送 餐厅吃 去餐厅 到餐厅 到那里吃 到那边吃 "
        "下来吃 下楼吃 不用送了 勿用送 甭送 过来拿 来拿"
    ),
}
"""how a meal is had → the words for it; where both are said, see `corrections`."""
DELIVERY_NOT_BEFORE = words("医院 卫生院 药 我去 走 礼 急诊 卫生站 快递 我妈去")
"""what, coming right after 送…, makes it another errand: 送到医院."""

MEAL_CUES = words(
    "吃 饭 菜 订餐 点餐 点菜 订饭 餐 喝 食堂 助餐 胃口 饿 伙食 荤 素 汤 一份 两份 三份 几份 小菜 "
    "套餐 送饭 送上来 送到楼上 送上门 助餐点 肚皮饿 早点 点心"
)
"""words that show that the talk is of meals."""
NOT_MEAL_CUES = words(
    "吃药 吃不下 吃不消 吃力 喝水 饭后 饭前 吃过 吃完 吃了 吃饭前 吃饭后 买菜 药 做饭 烧饭 烧菜 煮饭 "
    "做菜 菜场 菜市场 吃坏 吃亏 好吃懒做 买点菜 小菜场 吃惊 烧夜饭 烧晚饭 烧中饭 做晚饭 做中饭 "
    "做午饭 做早饭 做顿饭 烧顿饭 吃没吃 没吃 烧点小菜 烧小菜 吃中药 上门做饭 吃降压药 素质 平素 "
    "买小菜 胰岛素 烧点菜 做饭阿姨 带点菜 烧早饭"
)
"""words in which those cues do not count."""

PORTION_WORDS = ("份", "客", "套", "盒", "人份")
"""measure words that always count portions."""
DISH_MEASURES = words("碗 盘 个 只 条 笼 杯 块 盆 瓶 根 串 两 屉 碟")
"""measure words that count portions beside a dish, or as an answer."""

UNKNOWN_DISH_ENDINGS = frozenset(
    "鱼鸡鸭鹅虾蟹肉蛋粥面汤饭饼糕羹粽藕笋菜丝片丁块丸煲锅饺包卷豆腐瓜茄菇菌排骨蹄膀肚肝肠酪茶奶浆圆团串糊酱"
)
DISH_VERBS = frozenset("炒烧蒸煮炖煎炸焖卤拌烤爆煨烩熘腌酱醉")
"""characters by which a name that no menu knows still sounds like a dish."""
NEVER_DISHES = frozenset(
    words(
        "药 饭 东西 什么 啥 点 菜 早饭 中饭 午饭 晚饭 夜饭 好 苦 亏 力 完 过 了 不下 不消 水 一点 点心 "
        "好的 热的 软的 素的 荤的 小菜 餐 一顿 顿饭 早餐 午餐 晚餐 早点 顿好的 中药 西药 降压药 啥子 "
        "点啥 点什么 这个 那个 别的 其他的 饱 不完 不了 啥菜 什么菜 同样的 一样的 药片 药丸 安眠药 热饭 "
        "现成的 换的 下 他 她 人 几个菜 两个菜 三个菜 别的菜 新鲜的 清淡的 饭菜 好吃的 烟 酒 饭吧 饭了 "
        "茶"
    )
)
"""what follows 吃 or 来份 without being the name of a dish."""
