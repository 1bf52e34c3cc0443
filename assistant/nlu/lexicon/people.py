"""How elders call the people around them, and the titles by which carers and doctors are addressed."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.nlu.lexicon.word_lists import words

PERSON_WORDS: Mapping[str, tuple[str, ...]] = {
    "self": words("我自己 我本人 自己 本人 我自家 自家 阿拉自家 我一个人 我个人"),
    "spouse": words(
        "老伴 老伴儿 老头子 老太婆 爱人 老公 老婆 我先生 我太太 老头 老太 我家老头 我家老太 当家的 "
        "屋里厢 孩子他爸 孩子他妈 丈夫 妻子 内人 老婆子 阿公 我家那口子 家主婆 男人 我家老头子 "
        "我家老太婆 老先生"
    ),
    "mother": words("我妈 妈妈 老妈 母亲 姆妈 阿妈 我娘 老娘 老母亲 妈 娘 阿娘 我妈妈 婆婆 丈母娘"),
    "father": words("我爸 爸爸 老爸 父亲 爹爹 阿爸 我爹 老爹 老父亲 爸 爹 阿爹 我爸爸 公公 丈人"),
    "son": words("儿子 我儿子 大儿子 小儿子 二儿子 阿囡儿子 我儿 仔 老大 老二 老三 大儿 倪子 伲子"),
    "daughter": words("女儿 闺女 囡囡 囡 大女儿 小女儿 二女儿 丫头 姑娘 囡儿 女"),
    "grandson": ("孙子", "外孙", "小孙子", "大孙子", "外孙子", "孙囝"),
    "granddaughter": ("孙女", "外孙女", "小孙女", "孙囡", "大孙女", "外孙囡"),
    "neighbour": words(
        "隔壁阿婆 隔壁阿姨 隔壁大妈 隔壁奶奶 隔壁爷爷 隔壁伯伯 楼上阿姨 楼下阿姨 对门阿姨 邻居"
        " 隔壁邻居 隔壁人家 隔壁 对门 楼上 楼下 乡邻 邻舍 街坊"
    ),
}
"""person → the words for them."""
PERSON_NOT_ALONE = frozenset(
    words(
        "老大 老二 老三 女 妈 娘 爸 爹 囡 仔 男人 老太 老头 阿公 公公 婆婆 隔壁 对门 楼上 楼下 屋里厢 "
        "姑娘 我一个人 自己 自家 老先生 我儿 我个人 大儿 丫头"
    )
)
"""words that are a person only where a word of for whom or by whom stands before them."""
OTHER_RELATIONS = words(
    "媳妇 儿媳妇 新妇 女婿 弟弟 妹妹 哥哥 姐姐 侄子 侄女 外甥 外甥女 亲家 大嫂 嫂子 姐夫 妹夫 小姨 舅舅"
)
"""relations without an identifier: kept in the words spoken."""

TITLES = words(
    "阿姨 师傅 护士 叔叔 大姐 阿婆 奶奶 爷爷 伯伯 大妈 大伯 大娘 老师 护工 书记 主任 社工 姐 哥 嫂 "
    "叔 婶 大爷 阿伯 妈妈 好婆 同志 护理员 阿公 外婆 公公 先生 女士 小姐 站长 组长"
)
"""what follows a surname that is not a doctor's."""
DOCTOR_TITLES = words("医生 大夫 主任 医师 专家 主任医师 副主任 副主任医师 院长 郎中 中医 教授")
"""what follows a doctor's surname."""
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
    "尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
)
"""the commonest surnames (the first two hundred or so of the 2020 register), by which a title is tested."""

FOR_WHOM = words("提醒 给 帮 替 为 和 跟 同 与 陪 照顾 想 订给 送给 是")
BY_WHOM = words("让 叫 请 喊 找 要 派 换 换成 改成 由 安排 通知 麻烦 催 指定 还是 就要")
"""words before a person that make them the one for whom, or by whom, something is done."""
