"""The words of company, of how it comes, and of being accompanied to the doctor."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.nlu.lexicon.word_lists import words

MODE_WORDS: Mapping[str, tuple[str, ...]] = {
    "visit": words(
        "上门 来看看我 来看我 来坐坐 来坐一坐 来坐一会 来家里 来家里陪 来陪我 来陪陪我 登门 到我家 "
        "来我家 来我这里 过来坐坐 过来看看 过来陪陪 过来看看我 当面 见面 过来 人来 来人 来一趟 来个人 "
        "来走走 到家里来 来屋里 坐坐 面对面 来串门 串串门 上我家 来看望 看望我 探望 来白相 来望望我 "
        "望望我 到屋里来 来看看 来陪陪 来一个人 来玩 过来一趟"
    ),
    "call": words(
        "打电话 打个电话 通电话 通个电话 来个电话 电话聊聊 电话里 打电话吧 视频 视频通话 打个视频 语音 "
        "电话 通通电话 来电话 打只电话 打打电话 电话里聊 挂个电话 拨个电话 打一个电话"
    ),
}
"""mode → the words for it."""
MODE_ONLY_IN_COMPANY = frozenset(
    words(
        "过来 人来 来人 坐坐 上门 当面 见面 来一趟 电话 语音 视频 来个人 到我家 来我家 来家里 来我这里 "
        "来看看 过来一趟 来一个人"
    )
)
"""those that decide nothing where another service is spoken of."""

COMPANY_CUES = words(
    "陪我 陪陪 聊天 聊聊 说说话 讲讲话 说话 解闷 闷得慌 孤单 孤独 寂寞 冷清 没人说话 没人陪 谈谈 "
    "唠唠 唠嗑 想有人 陪陪我 讲讲闲话 讲闲话 茄山河 嘎三胡 白相 来看我 来看看我 作伴 做伴 坐坐 下棋 "
    "打牌 志愿者 来坐坐 一个人在家 无聊 心里闷 没意思 探望 看望 说会儿话 聊会儿 聊会天 拉家常 念报纸 "
    "读报 来望望我 空落落 冷冷清清"
)
"""words that show that the talk is of company."""

ACCOMPANIED = words(
    "陪一陪 跟我一道去 跟我一起去 跟我同去 有个人陪 有人陪陪 找个人陪陪 "
    "要人陪 要有人陪 有人陪着 有人陪 陪我去 找个人陪 派个人陪 派人陪 带我去 陪诊 陪着去 陪着我 "
    "需要人陪 需要陪 陪同 要陪 来个人陪 陪我一起 陪一下 陪我看 陪陪我去 有人带 扶我去 叫个人陪 "
    "找人陪 想有人陪 陪我到 要人陪着 要人带 安排人陪 要个人陪 请人陪 陪去 最好有人陪 陪我上 "
    "一个人不敢去 一个人去不了 自己去不了 自己走不了 一个人走不动 自己去不动 推我去 要的人陪"
)
"""words that say: a companion is wanted on the way."""
UNACCOMPANIED = words(
    "不用陪 不要陪 不要人陪 不用人陪 不需要陪 不需要人陪 我自己去 自己能去 自己会去 自己去 一个人去 "
    "自己可以去 自己走得动 勿要陪 不用找人陪 不必陪 自家去 自家会得去 我自己能去 自己能走 我一个人去 "
    "自己去就行 自己走过去 弗要陪 不用有人陪 不用派人陪 不用麻烦人陪 自己认得路 自己去得了 "
    "一个人能去 一个人可以 自己可以 不用别人陪 勿用陪 自家可以 用不着陪 用不着人陪 自己去好了 "
    "自己过去"
)
"""words that say: none is wanted."""
FAMILY_COMES = words(
    "陪我去 陪我 带我去 送我去 陪着我 跟我去 跟我一起去 和我一起去 会陪 陪着 陪我一起去 开车送我 会陪我 陪"
)
"""words after a relative that say: a companion is there already."""
