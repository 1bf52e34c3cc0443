"""Signing in and out, the first change of the password, the second factor."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.access import COOKIE, Parts, Whole, visitor_of
from backend.auth import attempts, sign_in
from backend.auth.models import Stage
from backend.auth.passwords import provisioning_uri
from backend.auth.sign_in import TooManyTries, Visitor, WrongSignIn
from backend.console.frame import ConsoleRoute, Posted, check_csrf, same_site, show
from backend.errors import BadInput, NotSignedIn

router = APIRouter(route_class=ConsoleRoute)

_PLACES = {
    Stage.SECOND_FACTOR: "/console/code",
    Stage.CHANGE_PASSWORD: "/console/password",
    Stage.ENROL: "/console/second-factor",
    Stage.IN: "/console",
}


def signing_in(request: Request, here: Whole) -> Visitor:
    """Return whose session it is, at whatever stage (a FastAPI dependency).

    Raises:
        NotSignedIn: there is none.
    """
    found = visitor_of(request, here)
    if found is None:
        raise NotSignedIn
    return found


Someone = Annotated[Visitor, Depends(signing_in)]


@router.get("/console/login")
def ask(request: Request, onward: Annotated[str, Query(alias="next")] = "") -> Response:
    """Show the sign-in page."""
    return show(request, "login.html", page=None, onward=_own(onward), problem="", username="")


@router.post("/console/login")
def enter(request: Request, here: Whole, form: Posted) -> Response:
    """Take name and password."""
    same_site(request)
    username, onward = form.get("username")[:64], _own(form.get("next"))
    now, address = here.clock.now(), request.client.host if request.client else ""
    needed = _needed(here)
    token, problem = None, "wrong_sign_in"
    try:
        with here.database.session() as session:
            sign_in.may_try(session, username=username, address=address, now=now)
        token = here.database.transact(
            lambda session: sign_in.enter(
                session,
                username=username,
                password=form.get("password"),
                second_factor_needed=needed,
                now=now,
            )
        )
        if token is None:
            here.database.transact(
                lambda session: attempts.failed(session, username=username, address=address, now=now)
            )
    except TooManyTries as error:
        problem = error.reason
    if token is None:
        status = 429 if problem == "too_many_tries" else 401
        return show(
            request,
            "login.html",
            status=status,
            page=None,
            onward=onward,
            problem=problem,
            username=username,
        )
    with here.database.session() as session:
        found = sign_in.visitor(session, token, now=now)
    stage = found.stage if found else Stage.IN
    answer = RedirectResponse(_place(stage, onward), status_code=303)
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return answer


@router.get("/console/code")
def ask_code(
    request: Request, visitor: Someone, onward: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Ask for the second factor's code."""
    return show(request, "code.html", page=None, visitor=visitor, problem="", onward=_own(onward))


@router.post("/console/code")
def take_code(request: Request, here: Whole, visitor: Someone, form: Posted) -> Response:
    """Take the second factor's code."""
    check_csrf(request, form, visitor)
    now, token = here.clock.now(), request.cookies[COOKIE]
    address = request.client.host if request.client else ""
    onward, needed = _own(form.get("next")), _needed(here)
    with here.database.session() as session:
        sign_in.may_try(session, username=visitor.username, address=address, now=now)
    stage = here.database.transact(
        lambda session: sign_in.give_code(
            session, token, code=form.get("code"), second_factor_needed=needed, now=now
        )
    )
    if stage is not None:
        return RedirectResponse(_place(stage, onward), status_code=303)
    here.database.transact(
        lambda session: attempts.failed(session, username=visitor.username, address=address, now=now)
    )
    return show(
        request, "code.html", status=401, page=None, visitor=visitor, problem="wrong_code", onward=onward
    )


@router.get("/console/password")
def ask_password(request: Request, visitor: Someone) -> Response:
    """Ask for a new password."""
    return show(request, "password.html", page=None, visitor=visitor, problem="")


@router.post("/console/password")
def take_password(request: Request, here: Whole, visitor: Someone, form: Posted) -> Response:
    """Change the password."""
    check_csrf(request, form, visitor)
    now, token, needed = here.clock.now(), request.cookies[COOKIE], _needed(here)
    problem = "not_the_same" if form.get("new") != form.get("again") else ""
    if not problem:
        try:
            stage = here.database.transact(
                lambda session: sign_in.change_password(
                    session,
                    token,
                    old=form.get("old"),
                    new=form.get("new"),
                    second_factor_needed=needed,
                    now=now,
                )
            )
            return RedirectResponse(_place(stage, ""), status_code=303)
        except (BadInput, WrongSignIn) as error:
            problem = error.reason
            address = request.client.host if request.client else ""
            if isinstance(error, WrongSignIn):
                here.database.transact(
                    lambda session: attempts.failed(
                        session, username=visitor.username, address=address, now=now
                    )
                )
    return show(request, "password.html", status=422, page=None, visitor=visitor, problem=problem)


@router.get("/console/second-factor")
def ask_second_factor(request: Request, here: Whole, visitor: Someone) -> Response:
    """Show the secret of the second factor, to be put into an authenticator app."""
    return _second_factor(request, here, visitor, problem="")


@router.post("/console/second-factor")
def take_second_factor(request: Request, here: Whole, visitor: Someone, form: Posted) -> Response:
    """Bind the second factor with its first code."""
    check_csrf(request, form, visitor)
    now, token = here.clock.now(), request.cookies[COOKIE]
    stage = here.database.transact(
        lambda session: sign_in.confirm_second_factor(session, token, code=form.get("code"), now=now)
    )
    if stage is None:
        return _second_factor(request, here, visitor, problem="wrong_code", status=422)
    return RedirectResponse(_place(stage, ""), status_code=303)


@router.post("/console/logout")
def leave(request: Request, here: Whole, visitor: Someone, form: Posted) -> Response:
    """Sign out."""
    check_csrf(request, form, visitor)
    here.database.transact(lambda session: sign_in.leave(session, request.cookies[COOKIE]))
    answer = RedirectResponse("/console/login?said=signed_out", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _second_factor(
    request: Request, here: Parts, visitor: Visitor, *, problem: str, status: int = 200
) -> Response:
    token = request.cookies[COOKIE]
    secret = here.database.transact(lambda session: sign_in.begin_second_factor(session, token))
    uri = provisioning_uri(secret, username=visitor.username, town="")
    return show(
        request,
        "second_factor.html",
        status=status,
        page=None,
        visitor=visitor,
        problem=problem,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        uri=uri,
    )


def _needed(here: Parts) -> bool:
    """Whether administrators must have a second factor: wherever the data is real."""
    return not here.is_demo()


def _place(stage: Stage, onward: str) -> str:
    return onward if stage is Stage.IN and onward else _PLACES[stage]


def _own(path: str) -> str:
    """Return a path of the console to go on to, or nothing: never another site."""
    return path if path.startswith("/console") and "\\" not in path and "//" not in path else ""
