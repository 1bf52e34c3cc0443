"""Complaints in elders' words, and the department that an information desk would name for each.

The table follows the guidance sheets (导诊单) that Chinese hospitals hang at their information
desks. It suggests where to book and is confirmed with the elder; it is no diagnosis. What may be an
emergency (chest pain, sudden weakness) is the guard's business before anything is booked.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.nlu.lexicon.word_lists import words

PAINS = words("疼得厉害 痛得厉害 隐隐作痛 疼痛 酸痛 酸疼 胀痛 刺痛 疼 痛 酸 胀 麻 肿")
TROUBLES = words(
    "不太舒服 不大舒服 不舒服 不舒坦 难受 难过 不适意 不得劲 不对劲 发麻 发胀 发酸 发肿 发炎 抽筋 "
    "没力气 没劲 无力 使不上劲 抬不起来 抬不起 弯不下去 弯不下 动不了 直不起来 走不动 僵硬 僵 扭了 "
    "扭伤了 扭伤 扭到了 崴了 闪了 肿了 破了 烂了 发炎了 浮肿 水肿 发抖 抖 冰凉 发凉 发冷 发热 毛病"
)
BODY_PARTS: Mapping[str, tuple[str, ...]] = {
    "orthopedics": words(
        "膝盖 膝馒头 脚馒头 关节 腰 腰椎 颈椎 脖子 头颈 肩膀 肩胛 后背 背 腿 小腿 大腿 脚 脚踝 脚后跟 "
        "胳膊 臂膀 手臂 手腕 骨头 胯 髋 屁股 尾巴骨 手指 手指头 脚趾 手 腿脚 腰背 老腰 筋"
    ),
    "ophthalmology": ("眼睛", "眼乌珠", "眼皮", "眼", "左眼", "右眼"),
    "dentistry": words("牙齿 牙 牙床 牙龈 牙肉 假牙 大牙 门牙 牙根"),
    "ent": ("耳朵", "鼻子", "喉咙", "嗓子", "咽喉", "胡咙", "耳"),
    "gastroenterology": words("胃 肚子 肚皮 小肚子 肠子 肠胃 胃里 肚里 腹部 胃口头"),
    "cardiology": ("心脏", "心口", "胸口", "胸", "心口头"),
    "neurology": ("头", "脑袋", "脑壳", "太阳穴", "后脑勺", "头皮", "半边身子"),
    "dermatology": ("皮肤", "身上皮肤"),
    "respiratory": ("肺", "气管"),
    "urology": ("小便", "下身", "膀胱", "前列腺", "腰子", "肾"),
    "general_practice": ("身上", "浑身", "全身", "身体", "身子", "人"),
}
"""department → parts of the body whose complaints go there."""

PART_SPECIAL: Mapping[str, Mapping[str, str]] = {
    "眼睛": dict.fromkeys(
        words(
            "看不清楚 看不清爽 看不清 看不见 看东西模糊 看东西模模糊糊 模模糊糊 模糊 花了 花 发花 糊 "
            "痒 干 涩 流眼泪 流泪 红 发红 怕光 有重影"
        ),
        "ophthalmology",
    ),
    "耳朵": dict.fromkeys(
        words("听不清楚 听不清爽 听不清 听不见 不好使 嗡嗡响 聋 背 响 痒 流脓 听勿清 嗡嗡叫"), "ent"
    ),
    "鼻子": dict.fromkeys(("塞", "不通", "流鼻涕", "堵", "不通气", "流血"), "ent"),
    "喉咙": dict.fromkeys(words("哑 痒 有痰 发干 干 卡住 卡了 咽不下 沙哑"), "ent"),
    "牙齿": dict.fromkeys(words("松 松动 掉了 坏了 蛀了 出血 咬不动 松了 断了 不好"), "dentistry"),
    "头": dict.fromkeys(words("晕 昏 发晕 重 发胀 晕乎乎 昏昏沉沉 涨"), "neurology"),
    "手": dict.fromkeys(("发麻", "麻", "抖", "发抖", "发颤"), "neurology"),
    "脚": dict.fromkeys(("发麻", "麻"), "neurology"),
    "腿": dict.fromkeys(("发麻", "麻", "发软", "软"), "neurology"),
    "心脏": dict.fromkeys(("跳得快", "跳得厉害", "乱跳", "跳得慌", "早搏", "不好", "慌"), "cardiology"),
    "心口": dict.fromkeys(("慌", "闷", "发闷"), "cardiology"),
    "胸口": dict.fromkeys(("闷", "发闷", "堵", "闷得慌"), "cardiology"),
    "皮肤": dict.fromkeys(words("痒 发痒 过敏 红 发红 起疹子 起泡 破 干 瘙痒 溃烂"), "dermatology"),
    "身上": dict.fromkeys(words("痒 发痒 起疹子 起红点 起疙瘩 起泡 长疹子 发疹子 起风疹块"), "dermatology"),
    "胃": dict.fromkeys(("泛酸", "反酸", "烧心", "不消化", "不好", "胀气"), "gastroenterology"),
    "肚子": dict.fromkeys(("拉", "泻", "咕咕叫", "不好", "胀气", "坏了", "拉稀"), "gastroenterology"),
    "小便": dict.fromkeys(
        words("多 频 解不出 解不出来 憋不住 出血 次数多 不畅 发红 急 不通 滴滴答答"), "urology"
    ),
    "关节": dict.fromkeys(("炎", "变形", "不灵活", "响"), "orthopedics"),
    "血压": dict.fromkeys(words("高 偏高 不稳 不稳定 太高 老高 控制不好 降不下来 高了"), "cardiology"),
    "血糖": dict.fromkeys(words("高 偏高 不稳 不稳定 太高 控制不好 降不下来 高了"), "endocrinology"),
    "人": dict.fromkeys(("没力气", "没劲", "发冷", "发热", "发抖", "瘦了", "乏力"), "general_practice"),
    "记性": dict.fromkeys(("不好", "差", "坏", "不行"), "geriatrics"),
    "大便": dict.fromkeys(
        ("不通", "解不出", "解不出来", "干", "干结", "拉不出", "不成形"), "gastroenterology"
    ),
}
"""part → complaint → department, where the complaint is special to that part."""

PART_ALIASES: Mapping[str, str] = {
    "眼": "眼睛", "左眼": "眼睛", "右眼": "眼睛", "眼乌珠": "眼睛", "耳": "耳朵",
    "嗓子": "喉咙", "咽喉": "喉咙", "胡咙": "喉咙", "膝馒头": "膝盖", "脚馒头": "膝盖",
    "牙": "牙齿", "脑袋": "头", "脑壳": "头", "肚皮": "肚子", "胃里": "胃", "肠胃": "胃",
    "浑身": "身上", "全身": "身上", "胸": "胸口", "手指": "手", "脚趾": "脚", "腿脚": "腿",
}  # fmt: skip
"""parts that share another part's special complaints."""

SYMPTOM_WORDS: Mapping[str, tuple[str, ...]] = {
    "respiratory": words(
        "咳嗽 干咳 咳得厉害 咳个不停 气喘 哮喘 喘不过气 透不过气 气急 咳痰 有痰 "
        "痰多 气管炎 老慢支 胸闷气短 "
        "气短 肺气肿 慢阻肺 咳血 嗽"
    ),
    "general_practice": words(
        "感冒 发烧 发高烧 发热 怕冷 没胃口 胃口不好 吃不下饭 吃不下 乏力 没精神 浑身酸痛 伤风 头疼脑热 "
        "没力气 瘦了 贫血 中暑 饭吃不下 吃不进"
    ),
    "neurology": words(
        "头晕 头昏 头痛 头疼 眩晕 失眠 睡不着觉 睡不着 睡不好觉 睡不好 困不着 睏不着 手抖 手麻 脚麻 腿麻 "
        "头晕眼花 天旋地转 偏头痛 脑梗 中风后遗症 帕金森 走路不稳 手脚发麻 头重脚轻 面瘫 睡勿着"
    ),
    "cardiology": words(
        "心慌 心悸 胸闷 心绞痛 早搏 心律不齐 高血压 血压高 心跳快 心跳得快 房颤 冠心病 心跳不齐 心里发慌 "
        "心里慌 心慌慌"
    ),
    "gastroenterology": words(
        "拉肚子 肚子痛 肚子疼 胃痛 胃疼 便秘 大便不通 反酸 泛酸 烧心 恶心 呕吐 想吐 吐了 腹泻 拉稀 打嗝 "
        "消化不良 不消化 胃胀 肚子胀 胀气 胃溃疡 胃炎 大便出血 肚皮痛 大便解不出 嗳气"
    ),
    "endocrinology": words("糖尿病 血糖高 甲亢 甲减 口干 口渴 老是口渴 尿糖 痛风 尿酸高 骨质疏松"),
    "urology": words(
        "尿频 小便带血 尿急 小便多 起夜多 夜尿多 尿不出 尿不出来 憋不住尿 小便憋不住 尿血 前列腺 漏尿 尿失禁 "
        "尿路感染 夜里起来好几趟 小便不畅 结石 尿痛 尿多 小便频"
    ),
    "dermatology": words(
        "湿疹 皮炎 起疹子 皮肤痒 皮肤过敏 荨麻疹 脚气 带状疱疹 缠腰龙 蛇缠腰 身上痒 过敏 香港脚 瘙痒"
    ),
    "ophthalmology": words(
        "白内障 青光眼 眼花 老花眼 看不清 看勿清 飞蚊症 流眼泪 迎风流泪 看东西模糊 看东西不清楚 看东西重影"
    ),
    "ent": words(
        "耳鸣 耳聋 鼻炎 鼻塞 流鼻涕 喉咙痛 喉咙疼 嗓子疼 嗓子痛 嗓子哑 听不见 听不清 流鼻血 鼻子不通"
    ),
    "dentistry": words("牙疼 牙痛 牙齿痛 牙齿疼 牙龈出血 牙松了 蛀牙 牙齿松 假牙松了 口腔溃疡 烂嘴巴"),
    "orthopedics": words(
        "腰疼 腰痛 腰酸 腰酸背痛 关节炎 关节痛 关节疼 腿疼 腿痛 肩周炎 颈椎病 腰椎间盘突出 腿抽筋 脚抽筋 "
        "抽筋 骨折 落枕 坐骨神经痛 闪了腰 腰闪了 崴脚 风湿 骨刺 老寒腿 膝盖疼 膝盖痛 腿肿 脚肿 腰突"
    ),
    "geriatrics": words("记性差 记性不好 忘性大 老忘事 健忘 老年痴呆 老糊涂 记不住事"),
    "general_surgery": words("疝气 痔疮 胆结石 胆囊炎 静脉曲张 伤口 长了个包 肿块 大便带血 阑尾炎 脂肪瘤"),
    "rehabilitation_medicine": ("偏瘫", "半身不遂", "手不灵", "脚不灵", "手脚不灵", "手脚不灵便", "中风恢复"),
    "tcm": words("体虚 气血不足 上火 虚汗 出虚汗 盗汗 手脚冰凉 湿气重"),
}
"""department → complaints that are one word."""

BETWEEN = words(
    "上面 里面 这里 这边 那里 上头 老是 总是 一直 经常 有点 有些 有一点 稍微 特别 非常 今天 昨天 "
    "最近 这两天 这几天 早上 晚上 夜里 突然 越来越 好像 又 也 都 很 好 太 蛮 老 总 里 上 真 还 侬 "
    "有眼 交关 邪气 老早 天天 成天 整天 有时候 是 就 得 这 现在 不知怎么 实在 挺 怪 开始 在"
)
"""words that may stand between the part and the complaint and say nothing for the department."""
