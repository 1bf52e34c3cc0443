"""What is everyday life although it has the words of an emergency: bookings, chores, children, things, chronic pains."""

from __future__ import annotations

import re

from assistant.safety.rules import Rule
from assistant.safety.scenes import Scene
from assistant.vocabulary import Emergency

BOOKING = re.compile(
    r"挂(?:个|一个|一下)?\S{0,6}(?:号|科)|预约|约(?:个|一下|一个)|想?(?:要)?看(?:个|一下|一看)?\S{0,4}(?:科|门诊|专家|医生|大夫)|"
    r"约(?:护士|\S{0,3}[科号喉])|换药约|拆石膏|复查|体检|(?:约|挂)\S{0,4}(?:科|医生|门诊)|开(?:点|些)药|配(?:点|些)?药|号吗|有号"
)
MILD = re.compile(r"有点儿?|有些|一点点|稍微|微微|偶尔|有时|轻微|一丝|不太|不大|爬楼|上楼|走快")
_TRIFLING_BLOOD = re.compile(
    r"牙龈|刷牙|牙缝|打针|抽|蚊子|擦破|一点点|一点|有点|痔疮|有时|偶尔|创可贴|拔牙|指甲"
)
_HOARSE = re.compile(r"喉咙|嗓子|感冒|哑|牙")
_DAILY_MEDICINE = re.compile(r"^\|$|血压|血糖|还是|饭后|降压|感冒")
_EMPTY = re.compile(r"(?:打火机?|煤气|液化气|轮胎|车胎|球|瓶|罐|可乐)(?:里|都|又|快)*$")
_PLAYFUL = frozenset({Emergency.FALL, Emergency.UNCONSCIOUS, Emergency.BREATHING})
_CHILD = re.compile(r"孙|宝宝|娃|小孩|小囡|狗|猫")
_HARMLESS_PLAY = re.compile(r"学走|学步|学溜|溜冰|好玩|笑|自己爬|赖床|作业|结实|小狗|跑得|冲我|话噎|儿科")
_SINGING = re.compile(r"笑得|唱得|唱歌|跑得|跑步|跳得|跳舞|干饭|饼干|馒头给我|的话噎|口水没|爬楼|爬\S楼")
_SERVANT = re.compile(r"送饭的|送餐|师傅|快递|外卖|店|导航|狗|猫|护理员|领取|手环|防")
_SEVERE = re.compile(
    r"止不|全是|都是|喘|汗|受不了|要命|不停|不止|很多|好多|一直|大量|直流|满|厉害|一盆|一大|停不"
)
_THINGS = re.compile(
    r"(?:碗|杯子?|盘子?|手机|眼镜|盆|花盆|瓶子?|壶|锅|碗碟|利率|汇率|树叶|东西|电视机?|玩具|球|鸡蛋|蛋|西瓜|书|包|相框|衣架|被子|枕头|遥控器|钥匙|"
    r"扫把|拖把|水|汤|油|饭|菜|茶|牛奶|药|灯|毛巾|帽子|鞋|票|卡|猫|狗|鸡|鸭|鸟|猪|羊|股票|股价|房价|价钱|价格|基金|大盘|金价)"
    r"(?:又|也|都|给|被|不小心|好像|刚才|刚|就|我|全|一下子|一只|了){0,4}$|把(?!我|他|她|人|老|奶|爷|妈|爸)\S{1,6}$"
)
_THINGS_AFTER = re.compile(
    r"^[倒得]?粉?碎|^(?:了)?(?:个|一个|只|两个|几个|断了?|坏了?)?(?:拐杖|碗|杯|盘|手机|眼镜|盆|瓶|壶|东西|门|鞋|碎|价|停)"
)
_LYING_IN = re.compile(
    r"太早|那么早|这么早|赖床|累得|懒得|困得|跳舞|天冷|冬天|困|懒|闹钟|被窝|点钟|想睡|多睡|睡懒觉|太晚|睡晚|早上$|早晨$|早$"
)
_WORN_OUT = re.compile(r"(?:累得|懒得|爬山|爬楼梯?|上楼|走路|干活|跳舞|力气活)\S{0,3}$")
_CALLED_FOR_FUN = re.compile(
    r"耳背|聋|耳朵|赖床|作业|干活|轮椅|扇子|把坏|不在家|儿子|冲我|表情|意识到|就到|话筒|玩|游戏|(?<!没)(?<!没有)吃饭|打电话|电话|小康|睡得香|睡得沉|睡懒觉|吵架|赌气|怄气|生气|叫你|喊你|懒|手机|电视"
)
_KIN_ASKS = re.compile(
    r"(?:儿子|女儿|孙子|孙女|媳妇|女婿|侄子|侄女|社区|村里|居委会|医生|护士|医院|食堂|老师|你|学校|小康|老伴)(?:们)?(?:刚才|今天|昨天|又|也|都|说)*$"
)
_KIN = re.compile(r"儿子|女儿|孙|媳妇|女婿|侄|你|老伴|小康")
_IMPOSTOR = re.compile(
    r"冒充|假|不像|骗|陌生|微信上|短信|安全账|验证码|不要告诉|别告诉|说是|被抓|出事|车祸|停用|链接"
)
_BILLS = re.compile(r"电费|水费|学费|话费|煤气费|医保|社保|党费|会费|物业|挂号费|医药费|体检")
_COULD_LOSE = re.compile(
    r"(?:猫|狗|鸡|鸭|鸟|羊|鞋|袜|钥匙|眼镜|手机|遥控器|东西|卡|证|药|拖鞋|工作|对象|路由器|帽子|手表|包)"
)

_URGENT_NOW = re.compile(
    r"救(?!护车上)|快来|快点来|快叫|赶紧|现在|刚|突然|起不来|来人|马上|正在|还在流|止不|昏|喘|血|了怎么办"
)
_CHORES = re.compile(
    r"(?:订|送)(?:份|个|一份|点)?\S{0,3}(?:饭|餐|汤)|准时送|助浴|理发|要人(?:帮|喂|扶|翻|照顾)|要\S{0,3}(?:翻身|护理|陪诊|轮椅|喂饭)|约(?:个|一下)?(?:推拿|按摩|针灸|理疗|康复|助浴|护理|师傅)|"
    r"(?:想|要|做|在)(?:扎|做)?(?:针灸|推拿|按摩|理疗|康复|拔罐|牵引)|(?:请|找)人\S{0,4}(?:修|拖|装|洗|换|搬)|修一修|修一下|换个硬|投诉|管管|没戴假牙|(?:立|写)(?:个)?遗嘱|帮我叫辆车"
)
_FUN_WITH_WORDS: dict[str, re.Pattern[str]] = {
    Emergency.BREATHING: re.compile(
        r"下水|水管|马桶|水槽|衣服|口罩|被子太|天太?热|房子太闷|工作|作业|练习|小心噎|领子|裤腰|辣得|赛跑|游泳|游完|唱高|开条缝|开窗|关窗|鼻子(?!嘴)|鼻塞|鼻炎|打呼噜|拔掉了|吓得|糊要换|围巾|馒头给我|口水没"
    ),
    Emergency.UNCONSCIOUS: re.compile(
        r"冻得|冻得没|柜子|家具|挪个|睡得太?香|让[他她]睡|迟到|闹钟|装睡|打你电话叫|微信|短信|消息|绕晕|看晕|转晕|起床叫|没人理我|演员|周末|睡得沉|数字|原来不在|不在家|写作业|按了铃"
    ),
    Emergency.FIRE_GAS: re.compile(
        r"一把火|近火|菜烧焦|已经加|打火没反应|灯泡炸|保险丝|水壶烧水|上香|菩萨|生不起来|生炉子|生火|发脾气|迟到|炒辣椒|着不了火|大蒜|其实是|秸秆|气球|鞭炮|演习|已经修|动画|自动断|换罐|烧烤|炒菜冒|烧香|烧柴|炒糊|囱|漏不漏|保护器|是邻居|是隔壁|想装|提醒我|着火时|怕着火|1?19我知道|热气|似的|保险"
    ),
    Emergency.SELF_HARM: re.compile(
        r"提醒|谁说我|还要跳舞|活着活着|那口|味道|老家|咸菜|开玩笑|怎么会不想|谁还想死|谁不想活|好好的|[一二三四五几]天没效果|遗书是|残留|打农药|一次几片|撞墙似|换新"
    ),
    Emergency.SCAM: re.compile(
        r"利息越来越|(?:村里有?人|人家|老[张李王陈刘赵])被骗|记着叫我|提醒我|都是骗|存折满|派出所叫我|(?:社区|医院|居委会|村里)打电话|登录|密码忘|广告说|骗不了|谁信|朋友圈都是|拦截|(?:银行|社保局?|医院|村里|社区|物业|食堂|学校|居委会?|儿子|女儿|快递)(?:里|的人)?(?:叫|让|要)我(?:去|交(?:水|电|物业|医保|学费|住院|党)|更新|换|充|领|报取件|把钱存)|"
        r"挂号要|登录养老|报名要|怎么弄|骂了一顿|没理他|挂了|讲怎么防|要钱买书|要钱买"
    ),
    Emergency.HELP: re.compile(
        r"[鸡鸭鱼鸟狗猫]\S{0,5}死|去医院查|体重|来人帮(?:晒|抬|搬|修|洗|弄|打扫|忙打)|吃西瓜|收衣服|求救键|按错|教急救|转院|紧急出口|救命粮|开锁|没带钥匙|演练|打牌|下棋|麻将|动画|这题|怎么这么|这也太|好吃|笑死|笑得|开饭|拿快递|抬一下|扛进去|搬一下|换灯泡|的花$|的手机$|打我电话|打我手机|不会了?$|骂人|广播里|饿$|太阳|^电梯关|卡丢"
    ),
    Emergency.FALL: re.compile(
        r"一排|没坐|没人坐|别跑|擦地|拖地|着擦|每天给我送|拖鞋|鞋太|的保险|滑滑梯|哈哈|演员|又去踢|踢球|溜冰|在家休息|请假|跳广场舞|小狗|别人摔|经不起|怎么得了|不让我出门|长个?教训|没人敢扶|椅子腿|磕头|碰头|老绊|坐下去|手术就|轮子"
    ),
    Emergency.LOST: re.compile(
        r"不急|马上回|问我女儿|^我?到家了|钓鱼|[狗猫鸡羊鸟]\S{0,2}丢|去\S{2,9}怎么走|带我去|陪我去|饭留着|问了人|想他|导航|发个通知|聋|加锁|领取|手环|定位手|吃饭$|饭不用送|晚点打|挂号|窗口|新医院|派人陪"
    ),
    Emergency.BLEEDING: re.compile(
        r"鱼血|杀鸡|杀鱼|杀猪|牛肉|猪肉|案板|献了|刮胡子|创可贴|番茄|演员|测血糖|扎了一下手|是结石|血流量|镜头|按一按|护士说正常|拆线吗|皮$"
    ),
    Emergency.CHEST_PAIN: re.compile(
        r"吃太饱|打个嗝|新闻|比赛看|吓得|扣子|纹了|天热|舒服多|笑得|哈哈|能不能吃|病人的饭|是不是要少"
    ),
    Emergency.STROKE: re.compile(
        r"麻药|酒|代写|烫得|辣得|冻得|收音机|语言训练|孙子说话|菜单|酒喝多|拐杖|偏瘫(?:了)?(?:多年|怎么|能不能|护理|的)|陪他$|就问问|是不是面瘫|假牙|牙套|信号|盲人|药瓶上|戴着"
    ),
}


def everyday(category: Emergency, sentence: str) -> bool:
    """Return whether ``sentence`` has everyday words with which those of ``category`` are no emergency."""
    return category in _FUN_WITH_WORDS and bool(_FUN_WITH_WORDS[category].search(sentence))


def trifling(rule: Rule | Scene, before: str, words: str, after: str) -> bool:
    """Return whether ``words``, with what stands before and after them in the sentence, is no emergency."""
    if _URGENT_NOW.search(before + words + after) is None and _CHORES.search(before + words + after):
        return True
    if everyday(rule.category, before + words + after) and not (
        rule.category is Emergency.BLEEDING and _SEVERE.search(before + words + after)
    ):
        return True
    around = before[-10:] + words
    sentence = before + words + after
    booking = bool(BOOKING.search(sentence)) and not _SEVERE.search(sentence)
    if rule.mild and (booking or (MILD.search(around) and rule.category is Emergency.BREATHING)):
        return True
    if rule.category is Emergency.HELP and booking and words.endswith(("住了", "住", "下去")):
        return True
    if rule.category is Emergency.STROKE and re.search(r"[说讲]", words) and _HOARSE.search(before):
        return True
    if rule.category is Emergency.BLEEDING:
        trifling = booking and re.search(r"[便尿咳痰丝拉]", words)
        return bool(trifling or _TRIFLING_BLOOD.search(sentence)) and not _SEVERE.search(sentence)
    if rule.category is Emergency.SELF_HARM and words.startswith(("药", "把药")):
        poison = before[-1:] in tuple("农毒鼠眠")
        return not poison and bool(_DAILY_MEDICINE.search(before[-4:] + "|" + after))
    if rule.category is Emergency.BREATHING and words.endswith("没气了"):
        return bool(_EMPTY.search(before))
    if rule.category in _PLAYFUL and _CHILD.search(before + words) and _HARMLESS_PLAY.search(sentence):
        return True
    if rule.category is Emergency.BREATHING and _SINGING.search(before + words):
        return True
    if rule.category is Emergency.LOST and _SERVANT.search(before):
        return True
    if rule.category is Emergency.FALL:
        if (_THINGS.search(before) and words[0] not in "滑绊踩崴跪闪") or _THINGS_AFTER.search(after):
            return True
        if words[0] == "跌" and re.search(r"股|价|基金|大盘|行情|涨", sentence):
            return True
        if words.startswith("起") and _LYING_IN.search(before + after[:8]):
            return True
        return "动" in words and bool(_WORN_OUT.search(before))
    if rule.category is Emergency.UNCONSCIOUS:
        if (
            "抽" in words
            and re.search(r"[腿脚]|小腿", sentence)
            and not re.search(r"全身|浑身|眼|沫|叫", sentence)
        ):
            return True
        return bool(_CALLED_FOR_FUN.search(around + after[:4])) and not re.search(r"^.{0,2}手机|突然", before)
    if rule.category is Emergency.SCAM:
        if _BILLS.search(words + after[:4]) and not _IMPOSTOR.search(sentence):
            return True
        asks = _KIN_ASKS.search(before)
        if asks is None or _IMPOSTOR.search(sentence):
            return False
        return bool(_KIN.match(asks.group())) or not re.search(r"[万千]", words + after[:6])
    if rule.category is Emergency.LOST:
        return bool(
            _COULD_LOSE.search(before[-2:] + words[:2])
            or _COULD_LOSE.match(after.lstrip("了一几两好只个把副条"))
        )
    return False
