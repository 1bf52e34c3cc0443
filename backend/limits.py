"""The largest body that is read: a longer one is refused before it fills the memory."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import TooLarge, respond


class BodyLimit:
    """ASGI middleware that answers 413 to bodies of more than ``max_bytes`` bytes."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, path: str | None = None) -> None:
        """Wrap ``app``; with ``path``, only calls of that very path are limited."""
        self._app = app
        self._max_bytes = max_bytes
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then hand it on whole."""
        elsewhere = self._path is not None and scope.get("path") != self._path
        if elsewhere or scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self._max_bytes:
                await respond(TooLarge())(scope, receive, send)
                return
            if message["type"] != "http.request" or not message.get("more_body", False):
                break

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)
