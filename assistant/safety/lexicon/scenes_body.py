"""Scenes of the body: heart, breath, stroke, blood, people who do not wake."""

from __future__ import annotations

from assistant.safety.scenes import Scene
from assistant.vocabulary import Emergency

_OLD = "一边看|一边吃|一边聊|不灵活|年纪大|老毛病|颈椎|压着|压到|坐久|蹲|睡麻|有点|花椒|辣|针灸|按摩|麻药|麻将|理疗|康复|后遗症|好几年|糖尿病|走久|走不远|轮椅"
_FUN = "笑|开心|高兴|小品|戏"

SCENES = (
    Scene(
        Emergency.FALL, ("slips", "cannot_rise"), 10, 0.85, unless="水管|车位|头发|指甲|爬山|滑冰|碰到|碰上"
    ),
    Scene(Emergency.FALL, ("vehicle", "tipped"), 3, 0.8, unless="人家|别人|修|坏"),
    Scene(
        Emergency.CHEST_PAIN,
        ("chest", "!hurts"),
        9,
        0.9,
        state=True,
        unless="[头腿腰牙肚脚]疼|[头腿腰肚脚]痛",
    ),
    Scene(Emergency.CHEST_PAIN, ("chest", "!presses"), 5, 0.75, state=True, mild=True, unless=_FUN),
    Scene(Emergency.CHEST_PAIN, ("chest", "!presses", "severe"), 10, 0.9, state=True, unless=_FUN),
    Scene(
        Emergency.CHEST_PAIN,
        ("chest", "severe", "again"),
        10,
        0.75,
        state=True,
        mild=True,
        unless=_FUN + "|药|挂|查",
    ),
    Scene(Emergency.BREATHING, ("phlegm", "!stuck"), 6, 0.85, state=True, unless="水管|马桶|下水|糊"),
    Scene(Emergency.BREATHING, ("throat", "!stuck"), 8, 0.85, state=True),
    Scene(Emergency.STROKE, ("side", "limb", "!fails"), 7, 0.85, state=True, unless=_OLD),
    Scene(Emergency.STROKE, ("side", "limb", "!numb"), 7, 0.8, state=True, unless=_OLD),
    Scene(Emergency.STROKE, ("hands", "!fails"), 5, 0.8, state=True, unless=_OLD + "|冰|冷"),
    Scene(Emergency.STROKE, ("sudden", "limb", "!fails"), 8, 0.85, state=True, unless=_OLD),
    Scene(Emergency.STROKE, ("sudden", "limb", "!numb"), 8, 0.8, state=True, unless=_OLD),
    Scene(
        Emergency.STROKE,
        ("face", "!droops"),
        5,
        0.85,
        state=True,
        unless="镜框|花椒|孙|宝宝|菜|馋|香|奶|眼药|漏风|戏里",
    ),
    Scene(
        Emergency.STROKE, ("sudden", "speech", "garbled"), 8, 0.85, state=True, unless="嗓|喉|电话|话筒|感冒"
    ),
    Scene(Emergency.STROKE, ("hands", "speech", "garbled"), 12, 0.85, state=True),
    Scene(Emergency.STROKE, ("sudden", "sight"), 9, 0.85, state=True, unless="灯|停电|电视|手机|屏|跳闸"),
    Scene(Emergency.STROKE, ("sudden", "confused"), 8, 0.8, state=True),
    Scene(Emergency.STROKE, ("headache", "splitting"), 7, 0.75, state=True, unless="感冒|老毛病|吵|电视里"),
    Scene(Emergency.STROKE, ("sudden", "headache"), 4, 0.75, state=True, unless="感冒|睡"),
    Scene(
        Emergency.STROKE, ("dizzy", "topples"), 8, 0.75, state=True, unless="坐车|坐船|晕车|晕船|酒|高兴|忙"
    ),
    Scene(
        Emergency.BLEEDING,
        ("blood", "!flows"),
        3,
        0.85,
        unless="有点|一点|一丝|血丝|牙|疫苗|隐血|骨肉|点是什么|测|采",
    ),
    Scene(Emergency.BLEEDING, ("blood", "unstopped"), 7, 0.9),
    Scene(Emergency.BLEEDING, ("blood", "much"), 5, 0.85, unless="番茄|西瓜|颜料|电影|电视"),
    Scene(Emergency.BLEEDING, ("cuts", "flesh", "deep"), 9, 0.85, unless="菜|补|裤|衣|纸|肉丝|鱼|鸡|布|汤"),
    Scene(Emergency.BLEEDING, ("by_edge",), 0, 0.8, unless="裤|衣|鞋|电线|被子"),
    Scene(
        Emergency.UNCONSCIOUS,
        ("person", "calls", "no_answer"),
        9,
        0.85,
        state=True,
        unless="牙|车|菜|吃|门锁|电视|手机|电话|洗澡|弄不动他|弄不动她|药|赖床|出去|不在家|睡午觉|打鼾|打呼|睡得香",
    ),
    Scene(Emergency.UNCONSCIOUS, ("eyes", "rolled"), 4, 0.85, state=True, unless="冲我|给我看|对我|瞪"),
    Scene(
        Emergency.UNCONSCIOUS,
        ("fits", "whole_body"),
        5,
        0.85,
        state=True,
        unless="小腿|腿抽|脚抽|抽油|钙|冷得|冻得|抽屉|抽奖",
    ),
    Scene(
        Emergency.UNCONSCIOUS,
        ("vital", "gone"),
        4,
        0.85,
        state=True,
        unless="机|设备|仪|顺畅|平稳|正常|均匀|蛮好|很好|冻",
    ),
    Scene(Emergency.UNCONSCIOUS, ("door_shut", "silent", "thud"), 16, 0.8, state=True),
    Scene(
        Emergency.UNCONSCIOUS,
        ("door_shut", "silent", "worrying"),
        16,
        0.75,
        state=True,
        unless="遛弯|出去了|买菜|打牌|不在家|药店|关门",
    ),
)
