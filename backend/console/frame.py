"""The frame of every page: who is looked at, what she may see, how a page is rendered, and its headers.

A page's route must stand in ``backend.rights``; who is not signed in is sent to the sign-in page, and every
error becomes a page in plain Chinese.
"""

from __future__ import annotations

import hmac
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode

import yaml
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from backend.access import Identity, Parts, Whole, identity_of, seen_by
from backend.auth.sign_in import Visitor
from backend.console import words
from backend.errors import BackendError, Forbidden, NotSignedIn
from backend.rights import ROUTES, Action, Scope
from backend.wire import By, storable

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
"""Headers of every page: nothing from elsewhere, no script in a page, nothing kept on a shared machine."""

LONGEST_FIELD = 4000


class Form:
    """What a form sent: fields by name, whitespace at the ends taken off, storable in every database."""

    def __init__(
        self, fields: Mapping[str, list[str]], files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> None:
        """Take the fields as parsed; ``files`` are name and content by field."""
        self._fields = fields
        self._files = files or {}

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Return the name and content of a file that was sent, None where none was."""
        return self._files.get(name)

    def get(self, name: str, default: str = "") -> str:
        """Return a field's last value."""
        values = self._fields.get(name) or [default]
        try:
            return storable(values[-1][:LONGEST_FIELD].strip())
        except ValueError:
            return default

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value.strip() for value in self._fields.get(name, [])]


async def posted(request: Request) -> Form:
    """Return what a form sent (a FastAPI dependency)."""
    if request.method in ("GET", "HEAD"):
        return Form({})
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _with_files(request)
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return Form(parse_qs(body, keep_blank_values=True, max_num_fields=500))
    except ValueError:
        return Form({})


async def _with_files(request: Request) -> Form:
    try:
        async with request.form(max_files=1, max_fields=20) as sent:
            fields: dict[str, list[str]] = {}
            files: dict[str, tuple[str, bytes]] = {}
            for name, value in sent.multi_items():
                if isinstance(value, str):
                    fields.setdefault(name, []).append(value)
                else:
                    files[name] = ((value.filename or "")[:200], await value.read())
    except HTTPException:  # no valid multipart
        return Form({})
    return Form(fields, files)


Posted = Annotated[Form, Depends(posted)]
"""Route parameter: the form."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One call of a page by somebody who is signed in.

    Attributes:
        request: the call.
        here: the parts, with the database as she may see it.
        me: who she is.
        visitor: her session.
        form: what the form sent, on a POST.
    """

    request: Request
    here: Parts
    me: Identity
    visitor: Visitor
    form: Form

    @property
    def now(self) -> datetime:
        """The present."""
        return self.here.clock.now()

    @property
    def by(self) -> By:
        """Her, as the one who does something."""
        return By(role=self.visitor.role, id=self.visitor.account_id)

    @property
    def turn_key(self) -> str:
        """The key of what the form does: sent twice, it is done once."""
        key = self.form.get("key")
        return f"console:{key}" if key else f"console:{uuid.uuid4().hex}"

    def may(self, action: Action) -> bool:
        """Tell whether she may do something."""
        return self.me.may(action)

    def show(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a rendered page."""
        return show(self.request, template, status=status, page=self, **values)

    def read(self, what: str, target: str, detail: str = "") -> None:
        """Hand to the audit that she read personal data."""
        self.here.reads.note(actor=self.me.actor, action=f"{what}.read", target=target, detail=detail)

    def back(self, path: str, said: str = "") -> Response:
        """Send her on after a form; ``said`` is the key of a sentence that is shown there."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}{urlencode({'said': said})}" if said else path, status_code=303)


async def page_of(
    request: Request,
    whole: Whole,
    me: Annotated[Identity | None, Depends(identity_of)],
    form: Posted,
) -> Page:
    """Return the page's call (a FastAPI dependency).

    Raises:
        NotSignedIn: there is no session.
        Forbidden: the table does not allow it, or the form came from elsewhere.
    """
    if me is None or me.visitor is None:
        raise NotSignedIn
    action = console_action(request)
    if action is None or not me.may(action):
        raise Forbidden
    if request.method == "POST":
        check_csrf(request, form, me.visitor)
    here = seen_by(whole, me, me.scope(action))
    return Page(request=request, here=here, me=me, visitor=me.visitor, form=form)


At = Annotated[Page, Depends(page_of)]
"""Route parameter: the page's call."""


def console_action(request: Request) -> Action | None:
    """Return the action of the page that is called."""
    path = getattr(request.scope.get("route"), "path", "")
    return ROUTES.get((request.method.replace("HEAD", "GET"), path))


def check_csrf(request: Request, form: Form, visitor: Visitor) -> None:
    """Check that one of our own pages sent a form.

    Raises:
        Forbidden: it did not.
    """
    same_site(request)
    sent = form.get("csrf") or request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), visitor.csrf.encode()):
        raise Forbidden("The form does not come from a page of the console.", code="csrf")


def same_site(request: Request) -> None:
    """Refuse a form that another site sent, as far as the browser says so.

    Raises:
        Forbidden: the browser says so.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("The form does not come from a page of the console.", code="csrf")


class ConsoleRoute(APIRoute):
    """A page's route: errors become pages, and every page has its headers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await inner(request)
            except NotSignedIn:
                response = _to_sign_in(request)
            except BackendError as error:
                response = error_page(request, error.status, error.reason)
            except RequestValidationError:
                response = error_page(request, 422, "bad_input")
            except Exception:
                # She gets a page, not a stack trace; the log has it. A wait for the database ends here, too.
                log.exception("a page of the console failed: %s", request.url.path)
                response = error_page(request, 500, "backend_error")
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return handle


def error_page(request: Request, status: int, code: str) -> HTMLResponse:
    """Return the page of an error."""
    return show(request, "error.html", status=status, page=None, code=code)


def _to_sign_in(request: Request) -> Response:
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/console/login"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(wanted, safe='')}" if request.method == "GET" and wanted != "/console" else ""
    return RedirectResponse(f"/console/login{onward}", status_code=303)


def show(
    request: Request, template: str, *, status: int = 200, page: Page | None, **values: Any
) -> HTMLResponse:
    """Render a template; ``page`` is None where nobody is signed in."""
    said = wording().get(request.query_params.get("said", ""), "")
    html = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            page=page,
            Action=Action,
            Scope=Scope,
            said=said,
            fresh_key=lambda: uuid.uuid4().hex,
            **values,
        )
    )
    return HTMLResponse(html, status_code=status)


@lru_cache(maxsize=1)
def wording() -> Mapping[str, str]:
    """Return the console's own sentences: code or key → Chinese."""
    text = (Path(__file__).parent / "wording.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # StrictUndefined: a page that asks for what is not there fails in the tests, not silently at the desk.
    environment = Environment(
        loader=PackageLoader("backend.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.FILTERS)
    environment.globals["word"] = lambda code: wording().get(code, wording()["unknown"])
    return environment
