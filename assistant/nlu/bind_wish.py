"""Does an elder ask for a bind code, for herself or for a relative? Stdlib only."""

from __future__ import annotations

import re

from assistant.nlu.normalise import normalise

_CODE = re.compile("绑定的?[码号]|绑[码号]|验证绑定")
_BIND = re.compile(
    "(?:绑定?|连上|连接|关联)(?:一下|我的|她的|他的|到|个|的|我|上)*(?:微信|手机|公众号|聊天|账号)"
    "|(?:微信|手机|公众号|账号).{0,4}(?:绑定|绑一下|绑上)"
)
_ASKS = re.compile("要|给|想|帮|说|报|念|告诉|来|拿|怎么|多少|什么|发")
_NOT = re.compile("不要|不用|别|解除|取消|解绑|收到|已经|坏|骗|密码|银行|支付|转账|钱")
_KIN = re.compile("女儿|囡囡|囡|儿子|孙|媳妇|女婿|老伴|老头|老太|家里人|家属|侄|外甥|弟|妹|哥|姐|小孩|孩子")


def wants_code(text: str) -> str | None:
    """Return ``elder`` or ``family``: for whose account a code is asked; None where none is.

    What speaks of money or of taking a binding back asks for none: somebody may be telling her what to say.
    """
    said = normalise(text)
    if len(said) > 40 or _NOT.search(said):
        return None
    if not (_CODE.search(said) and (_ASKS.search(said) or len(said) <= 5)) and not _BIND.search(said):
        return None
    return "family" if _KIN.search(said) else "elder"
