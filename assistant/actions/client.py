"""The backend as the actions see it: its HTTP API, and its refusals as one kind of error."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from urllib.parse import quote

import aiohttp

TIMEOUT_S = 8.0
"""Longest wait for one call; the gateway waits 20 s for a whole turn of a few calls."""


class BackendError(Exception):
    """The backend refused, or could not be reached.

    Attributes:
        code: the problem's code (`slot_taken`, `diet_clash`, …); `unreachable` where there was no answer.
        status: the HTTP status, 0 where there was no answer.
        details: the problem document.
    """

    def __init__(self, code: str, status: int = 0, details: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status
        self.details = details or {}

    @property
    def alternatives(self) -> list[Any]:
        """What the backend offers instead."""
        return list(self.details.get("alternatives") or [])


class Backend:
    """Calls of the backend's API (docs/contracts.md, 5). One session of kept-alive connections."""

    def __init__(self, *, base_url: str, token: str) -> None:
        self._base = f"{base_url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def elder(self, elder_id: str) -> dict[str, Any]:
        """Return the elder's profile."""
        return await self._call("GET", f"/elders/{quote(elder_id)}")

    async def menu(
        self, *, elder_id: str, day: str, meal: str, diet: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the menu of the elder's canteen; ``diet`` are limits beside those in her profile."""
        query = {"elder_id": elder_id, "day": day, "meal": meal, "diet": diet}
        return await self._call("GET", "/menus", query=query)

    async def slots(self, **query: Any) -> list[dict[str, Any]]:
        """Return open appointment slots, soonest first."""
        answer = await self._call("GET", "/appointments/slots", query=query)
        return list(answer["slots"])

    async def care_offers(self, **query: Any) -> list[dict[str, Any]]:
        """Return who could come when, soonest first."""
        answer = await self._call("GET", "/care/availability", query=query)
        return list(answer["offers"])

    async def submit(self, body: dict[str, Any]) -> dict[str, Any]:
        """Commit a request; the same key again returns the same row."""
        return await self._call("POST", "/requests", body=body)

    async def requests(self, **query: Any) -> list[dict[str, Any]]:
        """Return requests of an elder."""
        answer = await self._call("GET", "/requests", query=query)
        return list(answer["requests"])

    async def change(self, request_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change a request."""
        return await self._call("POST", f"/requests/{quote(request_id)}/change", body=body)

    async def cancel(self, request_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Cancel a request."""
        return await self._call("POST", f"/requests/{quote(request_id)}/cancel", body=body)

    async def record(self, path: str, body: dict[str, Any]) -> Any:
        """Post one of the small records: check-ins, readings, reminders, hand-overs."""
        return await self._call("POST", path, body=body)

    async def cancel_reminder(self, reminder_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take a reminder back."""
        return await self._call("POST", f"/reminders/{quote(reminder_id)}/cancel", body=body)

    async def reminders(self, elder_id: str) -> Any:
        """Return the elder's reminders that are still to be given."""
        return await self._call("GET", "/reminders", query={"elder_id": elder_id, "state": "active"})

    async def _call(
        self, method: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None
    ) -> dict[str, Any]:
        said = [
            (key, str(item))
            for key, value in (query or {}).items()
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        ]
        try:
            async with self._open().request(
                method, self._base + path, params=said, json=body, headers=self._headers
            ) as answer:
                content = await answer.json(content_type=None)
                if answer.status >= 400:
                    problem = content if isinstance(content, dict) else {}
                    raise BackendError(str(problem.get("code", "refused")), answer.status, problem)
                return cast("dict[str, Any]", content)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise BackendError("unreachable") from error

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
            self._loop = loop
        return self._session
