"""How elders name departments, and which department their complaints belong to."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.nlu.lexicon.word_lists import words

DEPARTMENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "general_practice": words(
        "全科 全科门诊 全科医生 普通门诊 普通内科 大内科 家庭医生 普内科 综合内科 家庭医生门诊 内科"
    ),
    "cardiology": words(
        "心内科 心脏科 心血管科 心血管内科 心脏内科 心内 心血管 心脏病科 高血压科 高血压门诊 看心脏 "
        "心脏门诊 查心脏 查查心脏 看看心脏 看高血压 看血压 看心脏病 心脏专科"
    ),
    "respiratory": words("呼吸科 呼吸内科 肺科 看肺 看咳嗽 看气管炎 气管科 呼吸门诊 胸科 肺病科"),
    "gastroenterology": words(
        "消化内科 消化科 查胃 看看胃 胃肠科 肠胃科 消化 胃病科 看胃 看肠胃 看胃病 肠胃内科 消化"
        "道门诊 看胃肠 脾胃病科"
    ),
    "endocrinology": words(
        "内分泌科 内分泌 糖尿病科 糖尿病门诊 看糖尿病 甲状腺科 看甲状腺 看血糖 内分泌代谢科 代谢科"
    ),
    "neurology": words("神经内科 神经科 神内 脑科 脑内科 看中风 看脑子 头痛门诊 神经门诊 看神经 脑病科"),
    "orthopedics": words(
        "骨科 骨伤科 伤科 看骨头 看腰 看腿 看膝盖 看关节 关节科 骨关节科 伤骨科 看颈椎 看腰椎 骨头科 "
        "脊柱科 看关节炎 看肩膀 看脚 中医骨伤科"
    ),
    "ophthalmology": words(
        "眼科 查眼睛 看看眼睛 看眼睛 眼睛科 看白内障 白内障门诊 眼科门诊 看眼 查眼睛 验光 眼底"
    ),
    "dentistry": words(
        "口腔科 牙科 口腔 看看牙 看牙 看牙齿 牙医 补牙 拔牙 镶牙 装假牙 配假牙 看牙科 种牙 洗牙 牙齿科"
    ),
    "ent": words(
        "耳鼻喉科 五官科 耳鼻喉 耳鼻咽喉科 看耳朵 看鼻子 看喉咙 耳科 看嗓子 配助听器 喉科 耳朵科 鼻科"
    ),
    "urology": words("泌尿外科 泌尿科 泌尿 看前列腺 前列腺科 看小便 男科 泌尿门诊 肾科"),
    "dermatology": ("皮肤科", "皮肤", "看皮肤", "看湿疹", "皮肤病科", "皮肤门诊", "看皮炎"),
    "tcm": words(
        "中医科 中医 看中医 老中医 中医内科 吃中药 把脉 搭脉 中医门诊 名中医 开中药 中医馆 调理身体"
    ),
    "rehabilitation_medicine": words("康复科 康复医学科 理疗科 针灸科 推拿科 康复门诊 针灸推拿科 康复中心"),
    "geriatrics": ("老年病科", "老年科", "老年医学科", "老年内科", "老人科", "老年门诊", "老年病"),
    "general_surgery": words("普外科 外科 普外 普通外科 外科门诊 胃肠外科 肝胆外科 乳腺科 肛肠科 疝气门诊"),
}
"""department → the words for it."""

AMBIGUOUS_DEPARTMENTS: Mapping[str, tuple[str, ...]] = {
    "内科": (
        *("general_practice", "cardiology", "respiratory", "gastroenterology", "endocrinology", "neurology"),
    ),
    "外科": ("general_surgery", "orthopedics", "urology"),
}
"""words that small clinics use for one room and hospitals for several: the bot asks."""

_MEANS_ONLY_WITH_CARE = words("皮肤 口腔 消化 心内 中医 泌尿 心血管 老年病 内分泌 神内 普外 眼底 康复中心")
NEEDS_MEDICAL_CONTEXT = frozenset(_MEANS_ONLY_WITH_CARE)
"""short words that are a department only where the talk is of seeing a doctor: 皮肤 is also just skin."""

NOT_FOLLOWED_BY: Mapping[str, tuple[str, ...]] = {
    "中医": ("院", "馆"),
    "口腔": ("医院", "溃疡"),
    "皮肤": ("痒", "红", "破", "过敏", "发"),
}
"""words that, where followed by these, name something else (中医院 is a hospital)."""
