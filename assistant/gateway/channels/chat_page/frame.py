"""The frame of the page: whose browser it is, what it may call, its headers, its cookie, its templates.

A browser is known by a random token in an HttpOnly cookie; what is kept of it is a hash. A call that changes
something carries a mark that only a page of ours can know, and what is not in the table of rights is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

COOKIE = "kangban_device"
"""The cookie of a bound browser."""

LASTS_S = 400 * 24 * 3600
"""How long a browser keeps it, in seconds: the longest that browsers allow; revoking ends it at once."""

CSRF_HEADER = "x-csrf-token"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer: nothing from elsewhere, no script in a page, no other site around it."""


def token_of(request: Request) -> str:
    """Return the browser's token, "" where it has none."""
    return request.cookies.get(COOKIE, "")[:200]


def new_token() -> str:
    """Return a token for a browser that has none."""
    return secrets.token_urlsafe(32)


def remember(request: Request, response: Response, token: str) -> None:
    """Let the browser keep its token."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=LASTS_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )


def csrf_of(token: str) -> str:
    """Return the mark that a page of this browser sends along; the token cannot be told from it."""
    return hashlib.sha256(b"csrf:" + token.encode("utf-8", "replace")).hexdigest()


def is_ours(request: Request, token: str, field: str = "") -> bool:
    """Tell whether a call that changes something came from a page of ours, by its header or form field."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    sent = (request.headers.get(CSRF_HEADER) or field).encode("utf-8", "replace")
    return hmac.compare_digest(sent, csrf_of(token).encode())


def refused(status: int, code: str) -> JSONResponse:
    """Return a refusal as problem+json."""
    body = {"type": f"urn:kangban:{code}", "title": code.replace("_", " "), "status": status, "code": code}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=HEADERS)


def told(body: Mapping[str, Any]) -> JSONResponse:
    """Return an answer in JSON."""
    return JSONResponse(dict(body), headers=HEADERS)


def show(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(
        _environment().get_template(template).render(**values), status_code=status, headers=HEADERS
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("assistant.gateway.channels.chat_page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
