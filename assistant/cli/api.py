"""A small client of the running system for the commands; stdlib only, so that a command starts at once."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit


class ApiProblem(Exception):
    """The system answered with a problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}")
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.detail = str(problem.get("detail", ""))


class ApiUnreachable(Exception):
    """Nobody answers at that address."""


@dataclass(frozen=True, kw_only=True)
class Api:
    """The HTTP interface of one system.

    Attributes:
        url: its address, such as ``http://127.0.0.1:8000``.
        token: the service token.
        timeout_s: how long one call may take; longer than the longest turn, in seconds.
    """

    url: str
    token: str = field(repr=False)
    timeout_s: float = 90.0

    def get(self, path: str, *, timeout_s: float | None = None) -> dict[str, Any]:
        """Return the JSON object at a path below ``/api/v1``; see :meth:`call` for errors."""
        return self.call("GET", path, timeout_s=timeout_s)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post a JSON object below ``/api/v1`` and return the answer; see :meth:`call` for errors."""
        return self.call("POST", path, body)

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> dict[str, Any]:
        """Make one call.

        Raises:
            ApiProblem: the system answered with an error.
            ApiUnreachable: there was no answer.
        """
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port, timeout=timeout_s or self.timeout_s
        )
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            payload = None if body is None else json.dumps(body).encode("ascii")
            connection.request(method, f"/api/v1{path}", body=payload, headers=headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ApiUnreachable(f"{self.url} does not answer ({error})") from error
        finally:
            connection.close()
        try:
            answered = json.loads(content)
        except ValueError:
            answered = {}
        if response.status >= 400 or not isinstance(answered, dict):
            raise ApiProblem(response.status, answered if isinstance(answered, dict) else {})
        return answered


def quoted(part: str) -> str:
    """Return a path segment or query value, quoted."""
    return quote(part, safe="")


def dialogue_is_ready(url: str, secret: str, *, timeout_s: float = 2.0) -> bool:
    """Return whether the dialogue process at ``url`` has its model loaded; never raises."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout_s)
    try:
        connection.request("GET", "/health", headers={"X-Kangban-Secret": secret})
        response = connection.getresponse()
        response.read()
        return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
