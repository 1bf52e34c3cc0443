"""The gateway's way to the dialogue process: HTTP on loopback with the shared secret, bounded in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx2 as httpx

from assistant.gateway.errors import DialogueDown, DialogueFault, DialogueSlow
from assistant.gateway.ports import Incoming

TURN_TIMEOUT_S = 20.0
"""An elder who has heard nothing for twenty seconds has gone away; the same message can be run again."""

SECRET_HEADER = "X-Kangban-Secret"  # noqa: S105 - the name of a header


class DialogueClient:
    """Talks to whichever dialogue process is at the address of the moment."""

    def __init__(
        self, *, address: Callable[[], str | None], secret: str, timeout_s: float = TURN_TIMEOUT_S
    ) -> None:
        """Make a client.

        Args:
            address: gives the base URL now, None while there is no dialogue process; it changes on restart.
            secret: the per-start shared secret.
            timeout_s: how long one turn may take, in seconds.
        """
        self._address = address
        self._http = httpx.AsyncClient(
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(timeout_s, connect=min(2.0, timeout_s)),
            trust_env=False,  # loopback: a proxy from the environment must never see an elder's words
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def turn(self, incoming: Incoming, *, text: str, now: datetime) -> Mapping[str, Any]:
        """Run one turn; see the port."""
        return await self._post(
            "/turn",
            {
                "turn_key": incoming.turn_key,
                "elder_id": incoming.elder_id,
                "text": text,
                "now": now.isoformat(),
                "channel": incoming.channel,
            },
        )

    async def parse(
        self, texts: Sequence[str], *, now: datetime, repair: bool = True
    ) -> list[dict[str, Any]]:
        """Understand texts; see the port."""
        asked = {"texts": list(texts), "now": now.isoformat(), "repair": repair}
        body = await self._post("/parse", asked)
        results = body.get("results")
        if not isinstance(results, list) or len(results) != len(texts):
            raise DialogueFault("the dialogue parsed another number of texts than it was given")
        return [dict(result) for result in results]

    async def ready(self) -> bool:
        """Return whether the dialogue has its model loaded; never raises."""
        address = self._address()
        if address is None:
            return False
        try:
            answered = await self._http.get(f"{address}/health", timeout=2.0)
        except httpx.HTTPError:
            return False
        return answered.status_code == 200

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answered = await self._send(path, body)
        if answered.status_code == 503:
            raise DialogueDown("the dialogue process is still starting")
        if answered.status_code != 200:
            raise DialogueFault(f"the dialogue process answered with status {answered.status_code}")
        try:
            parsed = answered.json()
        except ValueError as error:
            raise DialogueFault("the dialogue process answered with something else than JSON") from error
        if not isinstance(parsed, dict):
            raise DialogueFault("the dialogue process answered with something else than an object")
        return parsed

    async def _send(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        for last in (False, True):
            address = self._address()
            if address is None:
                raise DialogueDown("no dialogue process is running")
            try:
                return await self._http.post(f"{address}{path}", json=body)
            except httpx.ConnectTimeout as error:
                raise DialogueDown("the dialogue process does not take calls") from error
            except httpx.TimeoutException as error:
                raise DialogueSlow("the dialogue process did not answer in time") from error
            except httpx.TransportError as error:
                # Once more: a kept connection may have died with the last process. A turn is safe to
                # repeat, its key makes sure of that.
                if last:
                    raise DialogueDown(
                        f"the dialogue process cannot be reached ({type(error).__name__})"
                    ) from error
        raise AssertionError("unreachable")
