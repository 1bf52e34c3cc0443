"""The WeChat channel on the real backend, a stand-in dialogue process, and the platform played over HTTP."""

from __future__ import annotations

import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from assistant.cli.played_wechat import Delivered, PlayedPlatform
from assistant.cli.settings import settings_from
from assistant.cli.wechat_wiring import account_of
from assistant.cli.wiring import System, build_system
from backend.clock import FrozenClock
from tests.gateway.conftest import NOON, SECRET, StandIn

ENVIRONMENT = {
    "KANGBAN_WECHAT_TOKEN": "kangbantoken",
    "KANGBAN_WECHAT_APP_ID": "wx0123456789abcdef",
}
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SOMEBODY = "oAbc-123_someopenid000000001"


@dataclass
class Wechat:
    """The system, the platform, and what a test looks at behind them."""

    platform: PlayedPlatform
    api: httpx.AsyncClient
    system: System
    clock: FrozenClock
    home: Path
    seen: list[Delivered] = field(default_factory=list)

    async def say(self, text: str, account: str = SOMEBODY) -> str:
        return await self.heard(self.platform.text(account, text))

    async def heard(self, fields: dict[str, Any]) -> str:
        delivered = await self.platform.send(fields)
        self.seen.append(delivered)
        assert delivered.text is not None, delivered
        return delivered.text

    async def post(self, query: dict[str, str], body: bytes) -> httpx.Response:
        """Make a call that is not the platform's."""
        return await self.api.post("/wechat", params=query, content=body)

    async def code(self, elder: str = "E1", **more: str) -> str:
        made = await self.api.post(
            "/api/v1/bind-codes", json={"elder_id": elder, "consent": "当面说好", **more}
        )
        assert made.status_code == 201, made.text
        code: str = made.json()["code"]
        return code

    async def bind(self, elder: str = "E1", account: str = SOMEBODY, **more: str) -> str:
        return await self.say(await self.code(elder, **more), account)

    async def get(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.get(f"/api/v1{path}")).json()
        return found

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))


@asynccontextmanager
async def running(
    home: Path, dialogue: StandIn, *, clock: FrozenClock | None = None, **environment: str
) -> AsyncIterator[Wechat]:
    clock = clock or FrozenClock(NOON)
    settings = settings_from({"KANGBAN_HOME": str(home), **ENVIRONMENT, **environment})
    system = build_system(
        settings, clock=clock, secret=SECRET, dialogue_address=lambda: dialogue.url, dialogue_timeout_s=15.0
    )
    account = account_of(settings)
    assert account is not None
    transport = httpx.ASGITransport(app=system.app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {SECRET}"}
    platform = PlayedPlatform(
        account=account, url="http://test", now=lambda: clock.now().timestamp(), transport=transport
    )
    async with (
        system.app.router.lifespan_context(system.app),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as api,
    ):
        yield Wechat(platform=platform, api=api, system=system, clock=clock, home=home)
        await platform.close()


@pytest.fixture
def home(tmp_path: Path, town_file: Path) -> Path:
    shutil.copy(town_file, tmp_path / "kangban.db")
    return tmp_path


@pytest.fixture
async def wechat(home: Path, dialogue: StandIn) -> AsyncIterator[Wechat]:
    """The channel with encrypted messages, as it should be set up."""
    async with running(home, dialogue, KANGBAN_WECHAT_AES_KEY=AES_KEY) as up:
        yield up


@pytest.fixture(params=["plain", "encrypted"])
async def either(request: pytest.FixtureRequest, home: Path, dialogue: StandIn) -> AsyncIterator[Wechat]:
    """The channel, once with plain messages and once with encrypted ones."""
    more = {"KANGBAN_WECHAT_AES_KEY": AES_KEY} if request.param == "encrypted" else {}
    async with running(home, dialogue, **more) as up:
        yield up
