"""Why a call is not taken for the platform's.

WechatRefused            the answer holds nothing but a status: whoever knocks learns no more
├── NotThePlatform  403  signature, time stamp, replay, padding, app id: not told apart
├── NotAMessage     400  signed, but not a message
└── TooLong         413  more than a message can be
"""

from __future__ import annotations

from assistant.gateway.errors import GatewayError


class WechatRefused(GatewayError):
    """A call that is not taken for the platform's."""

    code = "wechat_refused"
    status = 403


class NotThePlatform(WechatRefused):
    """It is not signed by the platform, not now, or not for the first time."""

    code = "not_the_platform"
    status = 403


class NotAMessage(WechatRefused):
    """It is signed, but it is not a message."""

    code = "not_a_message"
    status = 400


class TooLong(WechatRefused):
    """It is longer than any message."""

    code = "too_long"
    status = 413
