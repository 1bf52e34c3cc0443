"""The platform's protocol: its published example, another implementation of AES, and the first call."""

from __future__ import annotations

import base64
import struct

import pytest
from Crypto.Cipher import AES
from hypothesis import given
from hypothesis import strategies as st

from assistant.gateway.channels.wechat import xml
from assistant.gateway.channels.wechat.account import WechatAccount, aes_key_from
from assistant.gateway.channels.wechat.envelope import Envelope
from assistant.gateway.channels.wechat.errors import NotThePlatform
from assistant.gateway.channels.wechat.signing import signature
from assistant.gateway.channels.wechat.words import code_in, number_in, within_limit
from tests.gateway.wechat.conftest import ENVIRONMENT, Wechat

# A message that the platform sealed, with its signature: the example that its libraries are tested with.
TOKEN, ENCODED_KEY, APP_ID = "123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a"
TIMESTAMP, NONCE, SIGNED = "1411525903", "461056294", "74d92dfeb87ba7c714f89d98870ae5eb62dff26d"
SEALED = (
    "RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283d"
    "Gymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwB"
    "iT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54S"
    "NdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91"
    "eBdCRxthuL0="
)


def test_the_platforms_own_example_opens() -> None:
    assert signature(TOKEN, TIMESTAMP, NONCE, SEALED) == SIGNED
    fields = xml.read(Envelope(aes_key_from(ENCODED_KEY), APP_ID).open(SEALED))
    assert (fields["Content"], fields["FromUserName"], fields["MsgType"]) == ("test", "messense", "text")


def test_what_is_sealed_is_what_the_platforms_example_was_sealed_to() -> None:
    envelope = Envelope(aes_key_from(ENCODED_KEY), APP_ID)
    plain = envelope.open(SEALED)
    vector = opened_by_hand(SEALED, aes_key_from(ENCODED_KEY))[:16]
    again = Envelope(aes_key_from(ENCODED_KEY), APP_ID, random_bytes=lambda _: vector)
    assert again.seal(plain) == SEALED


def opened_by_hand(sealed: str, key: bytes) -> bytes:
    """Decrypt as the platform's documentation says, by another implementation of AES than ours."""
    plain: bytes = AES.new(key, AES.MODE_CBC, key[:16]).decrypt(base64.b64decode(sealed))
    return plain[: -plain[-1]]


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32))
def test_the_cipher_agrees_with_another_implementation(message: bytes, key: bytes) -> None:
    envelope = Envelope(key, APP_ID)
    sealed = envelope.seal(message)
    body = opened_by_hand(sealed, key)
    (length,) = struct.unpack("!I", body[16:20])
    assert (body[20 : 20 + length], body[20 + length :]) == (message, APP_ID.encode())
    assert len(base64.b64decode(sealed)) % 32 == 0
    assert envelope.open(sealed) == message


@given(st.binary(max_size=200))
def test_noise_never_opens(noise: bytes) -> None:
    with pytest.raises(NotThePlatform):
        Envelope(bytes(32), APP_ID).open(base64.b64encode(noise).decode())


@given(st.text(max_size=200))
def test_whatever_is_said_comes_back_out_of_the_xml(text: str) -> None:
    kept = xml.read(xml.write(Content=text, CreateTime=5).encode("utf-8", "replace"))
    assert kept["CreateTime"] == "5"
    if text.isprintable():
        assert kept["Content"] == text


async def test_the_platform_verifies_the_address(either: Wechat) -> None:
    query, _ = either.platform.call(either.platform.text("o1", "x"))
    echoed = await either.api.get("/wechat", params=query | {"echostr": "5838479218127813673"})
    assert (echoed.status_code, echoed.text) == (200, "5838479218127813673")
    assert echoed.headers["content-type"].startswith("text/plain")
    for wrong in ({"signature": "0" * 40}, {"echostr": "<script>\n"}, {"timestamp": "1"}):
        refused = await either.api.get("/wechat", params=query | {"echostr": "1"} | wrong)
        assert refused.status_code in (400, 403)
        assert refused.content == b""


@pytest.mark.parametrize(
    "wrong",
    [{"token": "a b"}, {"token": ""}, {"app_id": "x"}, {"app_id": "../../x"}, {"aes_key": b"short"}],
)
def test_settings_that_cannot_be_right_are_not_taken(wrong: dict[str, object]) -> None:
    right = {
        "token": ENVIRONMENT["KANGBAN_WECHAT_TOKEN"],
        "app_id": ENVIRONMENT["KANGBAN_WECHAT_APP_ID"],
    }
    WechatAccount(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        WechatAccount(**(right | wrong))  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        aes_key_from("short")


def test_secrets_are_not_shown() -> None:
    account = WechatAccount(token="kangbantoken", app_id="wx01234", aes_key=b"k" * 32, secret="hidden")
    assert "kangbantoken" not in repr(account)
    assert "hidden" not in repr(account)
    assert "kkk" not in repr(account)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("２", 2), ("3。", 3), ("第二个", 2), ("选 3", 3), ("一", 1), ("12", None), ("1份", None),
     ("0", None), ("", None), ("对", None), ("两", None)],
)  # fmt: skip
def test_a_bare_number_is_read(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [("12345678", "12345678"), ("1234 5678", "1234 5678"), ("１２３４５６７８", "12345678"),
     ("1234567", None),
     ("13800000000", None), ("12345678号", None)],
)  # fmt: skip
def test_a_code_is_read(text: str, code: str | None) -> None:
    assert code_in(text) == code


def test_a_long_answer_ends_at_a_sentence() -> None:
    cut = within_limit("今天有红烧肉。" * 300)
    assert len(cut.encode()) <= 2048
    assert cut.endswith("。…")
