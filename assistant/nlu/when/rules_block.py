"""Rules for words that look like a time and are none: 一点点, 三号楼, 七点八. They win over all others."""

from __future__ import annotations

from assistant.nlu.when.fragments import HOUR, rule
from assistant.nlu.when.pieces import Block

_NOTHING = Block()
_DIGIT = "[零〇一二三四五六七八九0-9]"

RULES = [
    rule("phone", r"[0-9]{7,}|[零〇一二三四五六七八九幺]{7,}", lambda _: _NOTHING),
    rule("pressure", r"[0-9]{2,3}/[0-9]{2,3}", lambda _: _NOTHING),
    rule(
        "a_little",
        r"(?:(?<!今)(?<!明)(?<!后)(?:早|晚(?!一?点儿?再))|有|快|慢|迟|少|多|好|差|大|小|轻|重|软|淡|咸|甜|清|弄|喝|低|高|热|冷|暖|近|远|松|胖|瘦|吃|来|给|加|放|拿|买|带|要)"
        r"(?:一点(?!钟|半|整|[一三]刻|零)|点(?=[儿吧嘛呀来去送吃睡做到好,，。 ]|$))点?儿?",
        lambda _: _NOTHING,
    ),
    rule(
        "a_little_else",
        r"一点点儿?|一点儿(?!钟)|一点(?=[也都不没毛小事饭菜肉汤水酒药油盐糖]|办法|力气|胃口|意思|东西)|(?:早|晚(?!一?点儿?再)|快|慢)点|差点儿?",
        lambda _: _NOTHING,
    ),
    rule(
        # 便宜一点, 大声一点: a little; the hour only after a word of time, a mark or nothing.
        "a_little_more",
        r"(?<=[\u4e00-\u9fff])(?<![午上晨晚夜里头昼晌天朝日号儿到至是在约概就从末的饭餐成改定换零〇一二三四五六七八九十百])一点"
        r"(?!钟|整|正|半|[一三两]刻|零|过|多|到|差|缺|敲|出头|来钟|左右|前后|以前|以后|之前|之后|[0-9二三四五]|十)",
        lambda _: _NOTHING,
    ),
    rule(
        "told",
        r"(?<!等)(?<!等我)(?<!等到)(?<!等你)吃[过好完](?:[早中午晚夜][饭餐]|饭)?了(?=$|[,，。!！?？吗么没伐])(?![,，]?(?:我|你|你们|他们)?(?:再|才|就|来))|[早中午晚夜][饭餐](?:都|已经|也)?吃[过好完]了?(?=[,，。!！?？吗么没伐]|了$)了?",
        lambda _: _NOTHING,
    ),
    rule(
        # 痛了一个晚上, 一夜没合眼: how long, not when.
        "how_long",
        r"(?<![每哪这那周期拜第下上前后十月号初])(?:一整?个|整个?|[两三四五几]个|好几个|大半个?)(?:晚上|夜里?|上午|下午|早上|白天|晌午)"
        r"|(?<![每哪这那周期拜第下上前后十月号初二])一(?:晚上|夜|上午|下午)|白天黑夜|整天整夜|日日夜夜|没日没夜",
        lambda _: _NOTHING,
    ),
    rule("flowers", r"[二三四五六七八九]月(?:红|黄|雪|菊|花|香|豆)", lambda _: _NOTHING),
    rule(
        "seasonal_food",
        r"(?:清明|冬至|立夏|端午|中秋|重阳|春节|元宵|立春|过年|冬至夜)(?:团子?|圆子?|粿|馃|蛋|糕|粽子?|粥|饼|面|酒|茶|糖)(?![的]?时候)",
        lambda _: _NOTHING,
    ),
    rule(
        "points",
        r"有[两三四五六]点(?=$|[,，。]|要|意见|建议|原因)|[零〇一二三四五六七八九十]+点钟方向",
        lambda _: _NOTHING,
    ),
    rule(
        "price",
        rf"{_DIGIT}+点{_DIGIT}+(?=[块元斤度米倍%]|公斤|毫升|毫摩|厘米)",
        lambda _: _NOTHING,
    ),
    rule(
        "lives_at",
        r"住(?:在)?[0-9零一二两三四五六七八九十百]+号(?![来去到送上下早晚中那,，]|要)",
        lambda _: _NOTHING,
    ),
    rule(
        "nth_point",
        rf"第{HOUR}点|[这那]{HOUR}点(?!钟|半|多)|{HOUR}点(?=要说|意见|要求|建议|问题|想法|希望|原因)",
        lambda _: _NOTHING,
    ),
    rule(
        "decimal",
        rf"(?:(?:血糖|体温|空腹|餐后|糖化|尿酸)(?:高|低|是|有|到|了|还是|量了|测了|又|都|才|已经|大概|今天)*{_DIGIT}+点(?:{_DIGIT}|多)*)"
        rf"|(?:三十[四五六七八九]|四十[一二]?|[3][4-9]|4[0-2])点{_DIGIT}+"
        rf"|[一二三四五六七八九十百]+点[一二三四五六七八九](?=[了吧呢左正偏度毫,，。高算]|$)(?<![十])|[0-9]+\.[0-9]+(?![-.0-9]|个?(?:小时|钟头|天))",
        lambda _: _NOTHING,
    ),
    rule(
        "number_of",
        r"[路弄街巷道村坊区苑里]{1}[0-9零一二两三四五六七八九十百]+号(?!上午|下午|早|晚|中午|晌午)"
        r"|[0-9零一二两三四五六七八九十百]+号(?=[楼桌门线床房院窗诊车码套店弄座幢栋厅员馆室食机餐球选家公便院阿大病]|[0-9一二三四五六七八九十]+(?:室|单元|楼|栋|幢))"
        r"|[0-9零一二两三四五六七八九十]+(?:楼|单元|室|幢|栋)",
        lambda _: _NOTHING,
    ),
    rule(
        "lately",
        r"(?:这|前|头|近)(?:几|些|两|一阵|一段|阵)(?:天|日|子)?子?|上(?:回|次|趟)|最近|近来|近日|好几天|刚才|刚刚|方才|从前|先前|往年|(?<![三六])早先",
        lambda _: _NOTHING,
    ),
    rule(
        "unknown",
        r"(?:礼拜|星期|周)几|几月(?:几[号日])?|几[号点](?:钟|半)?|哪[一]?天(?!都)|几时",
        lambda _: _NOTHING,
    ),
    rule("dynasty", r"明朝(?=的?(?:皇帝|历史|故事)|那些事|人写|末年|初年)", lambda _: _NOTHING),
    rule(
        "greeting",
        r"(?<![天朝日号末儿个一二三四五六今明后])(?:早上|早晨|上午|中午|下午|晚上)好(?=$|[,，。.!！啊呀哇哦])",
        lambda _: _NOTHING,
    ),
    rule(
        "weather",
        r"后天性|后天气|先天|聊天|谈天|半天(?!以?后)|白天鹅|每天见|今天气",
        lambda m: _NOTHING if m.group() not in ("今天气", "后天气") else None,
    ),
    rule("school", r"(?:上|读|念)初[一二三]|初[一二三](?=学生|年级|的?孩子)", lambda _: _NOTHING),
    rule(
        "names",
        r"(?:叫|名|孙子|外孙|孙女|小)天天|周[一二三四五六](?=医生|大夫|师傅|阿姨|老师)",
        lambda _: _NOTHING,
    ),
    rule(
        "one_go",
        r"一周[一二两三四五六](?![次趟回遍])|一早已|(?<![天朝日号一二三四五六的])(?:这|那|哪)个?时候",
        lambda _: _NOTHING,
    ),
    rule(
        "festival_food",
        r"[吃碗个份买煮点只]元宵|腊八[粥饭蒜豆面]|重阳糕|端午粽|中秋月饼|春节联欢",
        lambda m: _NOTHING if "中秋" not in m.group() else None,
    ),
    rule("meal_food", r"早点[心铺摊]|年夜饭菜", lambda _: _NOTHING),
]
"""Tried first at each place of the sentence."""
