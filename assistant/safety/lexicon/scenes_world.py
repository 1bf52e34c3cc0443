"""Scenes around a person: fire and gas, wanting to die, getting lost, swindlers, break-ins, poison."""

from __future__ import annotations

from assistant.safety.scenes import Scene
from assistant.vocabulary import Emergency

_OURS = "社区|居委|村委|食堂|助餐|学校交|缴电费|电费|水费|话费|物业|压岁|生活费|挂号|儿子给我|女儿给我|给儿子|给女儿|给孙"
_THINGS = "猫|狗|鸡|鸭|鸟|钥匙|眼镜|手机|遥控器|卡|药|拖鞋|帽|手表|包|东西|店|工作|对象|路由"

SCENES = (
    Scene(
        Emergency.FIRE_GAS,
        ("fire", "burning"),
        3,
        0.85,
        unless="火烧云|火烧饼|火烧店|肉火烧|火旺|烧香|生意|很火|烧火做饭|心里|着急|冒火眼|急",
    ),
    Scene(
        Emergency.FIRE_GAS,
        ("thing", "!burnt"),
        4,
        0.85,
        unless="水烧|烧水|烧饭|烧菜|扔了|换了|急得|炸鱼|炸鸡|烟囱",
    ),
    Scene(Emergency.FIRE_GAS, ("smoke", "smoky"), 4, 0.8, unless="囱|冒过烟|抽|吸|戒|灶王|香烟|油烟|嗓|烧饭"),
    Scene(
        Emergency.FIRE_GAS,
        ("smell", "burnt_smell"),
        6,
        0.8,
        unless="没有?(?:什么|啥)?味|闻不[到出]|没闻|关好了",
    ),
    Scene(Emergency.FIRE_GAS, ("gas", "!leaks"), 5, 0.85, unless="怎么|检查|安检|电池|提醒"),
    Scene(Emergency.FIRE_GAS, ("stove", "poisoned"), 12, 0.8, unless="修|费"),
    Scene(
        Emergency.FIRE_GAS,
        ("electric", "!shocks"),
        4,
        0.85,
        unless="费|停电|腿|扔了|水烧|没电|烫斗|烫手不|电视里|电影",
    ),
    Scene(Emergency.FIRE_GAS, ("left_on",), 0, 0.8, unless="提醒|别忘"),
    Scene(
        Emergency.SELF_HARM,
        ("burden", "ends"),
        10,
        0.85,
        state=True,
        unless="怕拖|走路|养老院|想住|护工|衣服",
    ),
    Scene(Emergency.SELF_HARM, ("heaven", "takes_me"), 8, 0.85, state=True, unless="保佑"),
    Scene(
        Emergency.SELF_HARM, ("own_life", "finish"), 5, 0.85, state=True, unless="工作|合同|剪|头发|指甲|菜"
    ),
    Scene(
        Emergency.SELF_HARM,
        ("to_join", "leaving"),
        8,
        0.8,
        state=True,
        unless="打牌|钓|买菜|公园|散步|旅游|医院|下棋|戏|河里",
    ),
    Scene(Emergency.SELF_HARM, ("sleep_on", "never_wake"), 8, 0.85, state=True, unless="别叫|轻点|小声"),
    Scene(
        Emergency.SELF_HARM,
        ("means", "intends"),
        10,
        0.85,
        state=True,
        unless="煮|做饭|修|自己会|自己关|自己去|自己拿|自己来|自己吃|自己买|自己在|自己走",
    ),
    Scene(
        Emergency.SELF_HARM,
        ("pills", "overdose", "swallows"),
        8,
        0.85,
        unless="配|再开|补|今天的|一天|每天|每次|快吃完|喝水|饭后|买|吃饱|完了|降压药都吃",
    ),
    Scene(
        Emergency.SELF_HARM,
        ("life", "pointless"),
        7,
        0.85,
        state=True,
        unless="活动|活到|岁数|想参加|以前|好起来|一个人没意思|找人说说|聊|找点|找些",
    ),
    Scene(Emergency.LOST, ("elder", "vanished"), 14, 0.85, state=True, unless=_THINGS),
    Scene(Emergency.LOST, ("person", "vanished", "worry_time"), 12, 0.85, state=True, unless=_THINGS),
    Scene(
        Emergency.LOST,
        ("elder", "not_back", "worry_time"),
        22,
        0.8,
        state=True,
        unless="不急|一会儿|上班|放学|加班|过年|打工|出差|旅游|儿子|女儿|孙|找他聊|饭",
    ),
    Scene(
        Emergency.LOST,
        ("went_out", "not_back", "worry_time"),
        18,
        0.8,
        state=True,
        unless="不急|一会儿|上班|放学|加班|过年|打工|出差|旅游|儿子|女儿|孙|饭|快递|买菜了还没",
    ),
    Scene(Emergency.LOST, ("wrong_ride", "stranded"), 14, 0.85, state=True),
    Scene(Emergency.LOST, ("unknown_place",), 0, 0.75, state=True, unless="以前|旅游|想去|电视"),
    Scene(
        Emergency.LOST, ("forgot", "home"), 6, 0.85, state=True, unless="你们|快递|外卖|送饭|师傅|遥控|你知道"
    ),
    Scene(Emergency.SCAM, ("caller", "asks", "money"), 18, 0.8, unless=_OURS),
    Scene(Emergency.SCAM, ("caller", "asks", "secret"), 16, 0.8, unless=_OURS + "|办卡|认证|登记|报名"),
    Scene(Emergency.SCAM, ("caller", "trap", "money"), 24, 0.85, unless=_OURS),
    Scene(Emergency.SCAM, ("caller", "trap", "secret"), 20, 0.8, unless=_OURS + "|补办|登记"),
    Scene(Emergency.SCAM, ("trap", "asks", "money"), 16, 0.8, unless=_OURS + "|怎么领|什么时候|几号"),
    Scene(Emergency.SCAM, ("trap", "asks", "link"), 16, 0.8, unless=_OURS + "|登记|报名|补办"),
    Scene(Emergency.SCAM, ("bought", "big_sum", "quack"), 16, 0.8, unless=_OURS + "|自己赚"),
    Scene(Emergency.SCAM, ("big_sum", "bought", "cannot_get_back"), 16, 0.8),
    Scene(Emergency.SCAM, ("money", "cannot_get_back"), 10, 0.75, unless=_OURS + "|银行几点|退休金"),
    Scene(
        Emergency.HELP,
        ("confined", "stuck_in", "no_way_out"),
        14,
        0.85,
        state=True,
        unless="钥匙|狗|猫|鸟|球",
    ),
    Scene(Emergency.HELP, ("confined", "stuck_in"), 3, 0.8, state=True, unless="钥匙|狗|猫|鸟|球|堵|水"),
    Scene(
        Emergency.HELP, ("intruder", "breaks_in"), 10, 0.85, unless="戏|电视|电话|牌|针|不走了|抢号|抢鸡蛋"
    ),
    Scene(
        Emergency.HELP, ("ingests", "poison"), 5, 0.85, unless="能不能|会不会|怎么|多少|洗|打过|蚊|可以吃|炒"
    ),
    Scene(Emergency.HELP, ("belly", "!hurts", "!agony"), 8, 0.85, state=True, unless="笑"),
    Scene(
        Emergency.HELP,
        ("person", "in_trouble", "hurry"),
        8,
        0.85,
        state=True,
        unless="[手脚腿眼牙]<?不行|[手脚腿眼牙耳]不|要人帮",
    ),
    Scene(
        Emergency.HELP,
        ("elder", "in_trouble"),
        4,
        0.8,
        state=True,
        unless="手|脚|腿|眼|牙|记性|耳|胃口|脾气|视力|听力|菜|没出事",
    ),
    Scene(
        Emergency.HELP,
        ("burnt_skin", "blisters"),
        6,
        0.8,
        unless="泡脚|泡茶|头发|小心|当心|喝|菜|怕|膏|去年|饭",
    ),
)
