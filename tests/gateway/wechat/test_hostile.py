"""A hostile internet: refused with a bare status, without a connection, a file or a 500."""

from __future__ import annotations

import base64
import struct
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import yaml
from Crypto.Cipher import AES

from assistant.cli.played_wechat import US
from assistant.gateway.channels.wechat.signing import signature
from tests.gateway.conftest import StandIn
from tests.gateway.wechat.conftest import AES_KEY, ENVIRONMENT, SOMEBODY, Wechat, running

ROWS = yaml.safe_load(
    (Path(__file__).parents[2] / "corpora" / "wechat" / "hostile.yml").read_text(encoding="utf-8")
)["rows"]
MODES: dict[str, dict[str, str]] = {"plain": {}, "encrypted": {"KANGBAN_WECHAT_AES_KEY": AES_KEY}}
TOKEN, APP_ID = ENVIRONMENT["KANGBAN_WECHAT_TOKEN"], ENVIRONMENT["KANGBAN_WECHAT_APP_ID"]
KEY = base64.b64decode(AES_KEY + "=")

LOOKED_AT: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        LOOKED_AT.append(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[0], str) and not arguments[0].endswith((".py", ".pyc")):
        LOOKED_AT.append(f"open {arguments[0]}")


sys.addaudithook(_watch)


def enciphered(body: bytes, key: bytes = KEY) -> str:
    """Encrypt whole blocks as the platform does; another implementation of AES than ours."""
    return base64.b64encode(AES.new(key, AES.MODE_CBC, key[:16]).encrypt(body)).decode()


def padded(body: bytes) -> bytes:
    pad = 32 - len(body) % 32
    return body + bytes([pad]) * pad


def packed(document: bytes, *, app_id: str = APP_ID, length: int | None = None) -> bytes:
    size = len(document) if length is None else length
    return b"0123456789abcdef" + struct.pack("!I", size) + document + app_id.encode()


def inside(what: str, document: bytes) -> str:
    """Make an envelope that is wrong in one way."""
    right = padded(packed(document))
    body = packed(document)
    body += b"x" * (-len(body) % 32)
    made = {
        "not_base64": lambda: "这不是", "not_whole": lambda: enciphered(right)[:-8], "empty": lambda: "",
        "noise": lambda: enciphered(b"n" * 32), "cut": lambda: enciphered(right[:-32]),
        "changed": lambda: enciphered(right[:40] + b"?" + right[41:-1] + b"\x07"),
        "padding_0": lambda: enciphered(body[:-1] + b"\x00"),
        "padding_33": lambda: enciphered(body + bytes([33]) * 64),
        "padding_255": lambda: enciphered(body[:-1] + b"\xff"),
        "padding_unequal": lambda: enciphered(body[:-2] + b"\x01\x02"),
        "only_padding": lambda: enciphered(bytes([32]) * 32),
        "length_beyond": lambda: enciphered(padded(packed(document, length=len(document) + 999))),
        "length_huge": lambda: enciphered(padded(packed(document, length=0xFFFFFFFF))),
        "length_short": lambda: enciphered(padded(packed(document, length=3))),
        "other_app": lambda: enciphered(padded(packed(document, app_id="wx_another_app"))),
        "no_app": lambda: enciphered(padded(packed(document, app_id=""))),
        "other_key": lambda: enciphered(right, key=b"k" * 32),
        "sealed": lambda: enciphered(right),
    }  # fmt: skip
    return made[what]()


def written(row: dict[str, Any], who: str) -> bytes:
    text = row.get("document")
    if text is None:
        text = (
            "<xml><ToUserName>{us}</ToUserName><FromUserName>{who}</FromUserName><CreateTime>1</CreateTime>"
            "<MsgType>text</MsgType><Content>你好</Content><MsgId>"
            + str(abs(hash(row["name"])))[:15]
            + "</MsgId></xml>"
        )
    made = {
        "DEEP": "<xml>" + "<a>" * 4500 + "</a>" * 4500 + "</xml>",
        "WIDE": "<xml>" + "".join(f"<a{number}/>" for number in range(4000)) + "</xml>",
        "ATTRIBUTES": "<xml " + " ".join(f'a{number}=""' for number in range(5000)) + "/>",
    }
    return (made.get(text) or text.format(us=US, who=who)).encode()


def raw(name: str) -> bytes:
    made = {
        "UTF16": lambda: "<xml><Content>你好</Content></xml>".encode("utf-16"),
        "GBK": lambda: '<?xml version="1.0" encoding="GBK"?><xml><Content>你好</Content></xml>'.encode("gbk"),
        "ZEROS": lambda: bytes(1000),
        "HUGE": lambda: b"<xml>" + b" " * 65532,
        "TEN_MEGABYTES": lambda: b"<" * 10_000_000,
    }
    return made[name]() if name in made else name.encode("latin-1")


def call(row: dict[str, Any], mode: str, now: float) -> tuple[list[tuple[str, str]], bytes]:
    """Make a row's call: right in everything but what the row says."""
    document = written(row, SOMEBODY)
    timestamp, nonce = str(int(now)), str(abs(hash(row["name"] + mode)))[:10]
    changed = dict(row.get("query", {}))
    if isinstance(changed.get("timestamp"), int):
        changed["timestamp"] = str(int(now) + changed["timestamp"])
    if changed.get("nonce") == "LONG":
        changed["nonce"] = "9" * 5000
    signed = {"timestamp": timestamp, "nonce": nonce}
    if not row.get("unsigned"):
        signed |= {name: changed[name] for name in signed if isinstance(changed.get(name), str)}
    right = signature(TOKEN, signed["timestamp"], signed["nonce"])
    query: dict[str, Any] = {"signature": right, "timestamp": timestamp, "nonce": nonce}
    what = row.get("inside")
    if (mode == "encrypted" and what != "plain") or what == "sealed":
        sealed = inside(what, document) if what else enciphered(padded(packed(document)))
        query["msg_signature"] = signature(TOKEN, signed["timestamp"], signed["nonce"], sealed)
        body = f"<xml><ToUserName>{US}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    else:
        body = document
    if "raw" in row:
        body = raw(row["raw"])
    query |= {name: right.upper() if value == "UPPER" else value for name, value in changed.items()}
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                pairs.append((name, right if one == "RIGHT" else one))
    return pairs, body


async def statuses(row: dict[str, Any], mode: str, door: Wechat, dialogue: StandIn) -> httpx.Response:
    """Make a row's call, after the one that it repeats, and return the answer."""
    global _watching
    pairs, body = call(row, mode, door.clock.now().timestamp())
    again = row.get("again")
    if again is not None:
        assert (await door.api.post("/wechat", params=pairs, content=body)).status_code == 200
        other = row | {"document": written(row, SOMEBODY).decode().replace("你好", "我摔倒了")}
        if again == "other_words":
            pairs, body = call(other, mode, door.clock.now().timestamp())
        elif again in ("late", "restarted"):
            door.later(seconds=60)
        if again == "restarted":
            # Another process of the town: it knows nothing but what is in the database.
            async with running(door.home, dialogue, clock=door.clock, **MODES[mode]) as second:
                return await second.api.post("/wechat", params=pairs, content=body)
    _watching = again is None
    try:
        return await door.api.post("/wechat", params=pairs, content=body)
    finally:
        _watching = False


@pytest.mark.parametrize("mode", MODES)
async def test_what_is_not_the_platforms_is_refused(mode: str, home: Path, dialogue: StandIn) -> None:
    wrong = []
    async with running(home, dialogue, **MODES[mode]) as door:
        before = len(dialogue.calls())
        for row in (row for row in ROWS if row["mode"] in (mode, "both")):
            LOOKED_AT.clear()
            answered = await statuses(row, mode, door, dialogue)
            if answered.status_code != row["status"]:
                wrong.append(f"{row['name']}: {answered.status_code}, not {row['status']}")
            if row["status"] != 200 and (len(answered.content) > 300 or b"root:" in answered.content):
                wrong.append(f"{row['name']}: {answered.content[:100]!r}")
            wrong += [f"{row['name']}: {what}" for what in LOOKED_AT]
        assert len(dialogue.calls()) == before
        assert (await door.get("/alarms"))["alarms"] == []
    assert wrong == []
