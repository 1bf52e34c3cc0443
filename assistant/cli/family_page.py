"""The family view's port, plugged into the backend: what is not shared is not read at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session

from assistant.cli.chat_page import BROWSER, BackendDevices
from assistant.gateway.channels.family_page.ports import Offer, Relative, Row, Section, View
from assistant.gateway.channels.family_page.routes import FamilyParts, family_routes
from assistant.vocabulary import SET_MEAL, Meal, RequestState, Role, ServiceKind
from backend.access import Parts
from backend.alarms import service as alarms
from backend.bindings import service as bindings
from backend.bindings.models import Binding, BindingKind, Share
from backend.catalogue.routes import read_menu
from backend.checkins import service as checkins
from backend.clock import in_town, town_day
from backend.elders import service as elders
from backend.errors import BackendError, NotFound
from backend.requests import service as requests
from backend.requests.models import Request
from backend.requests.schemas import CreateIn, Who, request_out
from backend.requests.service import Desk
from backend.rights import DEVICE_ROUTES
from backend.wording import Wording

ORDERED = "family:"
"""With what the turn keys of relatives' orders begin."""

SHOWN = 8
"""Rows of a section at most."""

MEALS_BACK = timedelta(days=7)
"""How far back meals are shown."""

DAYS_AHEAD = 3
"""Days for which meals are offered, today among them."""

DISHES = 8
"""Dishes of a meal that are offered beside the set meal."""


class BackendFamily:
    """The rooms of the backend as the view's book."""

    def __init__(self, parts: Parts, wording: Wording) -> None:
        self._parts, self._wording = parts, wording

    def view(self, token: str, of: str) -> View | None:
        """See the port."""
        parts, now = self._parts, self._parts.clock.now()
        with parts.database.session() as session:
            mine = self._mine(session, token)
            bound = next((one for one in mine if one.id == of), mine[0] if mine else None)
            if bound is None:
                return None
            elder = elders.briefly(session, bound.elder_id)
            shares = bindings.shared(bound)
            sections = [
                Section(
                    name=str(share),
                    title=_TITLES[share],
                    shared=share in shares,
                    rows=read(session, bound.elder_id) if share in shares else (),
                )
                for share, read in self._sections().items()
            ]
            view = View(
                binding_id=bound.id,
                called=elder.called,
                name=elder.name,
                consent=bound.consent,
                consent_at=_day(bound.consent_at),
                others={
                    one.id: elders.briefly(session, one.elder_id).called for one in mine if one is not bound
                },
                sections=sections,
                may_order=Share.ORDER in shares,
            )
            actor, target = f"family:{bound.id}", f"elder:{bound.elder_id}"
            elder_id = bound.elder_id
        parts.reads.note(actor=actor, action="family.read", target=target, detail="")
        parts.database.transact(lambda writing: bindings.seen(writing, view.binding_id, now=now))
        return View(**{**vars(view), "offers": self._offers(elder_id)}) if view.may_order else view

    def order(self, token: str, of: str, wish: Mapping[str, Any]) -> str:
        """See the port."""
        parts, now = self._parts, self._parts.clock.now()

        def work(session: Session) -> str:
            bound = next((one for one in self._mine(session, token) if one.id == of), None)
            if bound is None or Share.ORDER not in bindings.shared(bound):
                return "no_consent"
            day, meal, dish = [*str(wish.get("which", "")).split(" ", 2), "", "", ""][:3]
            sent = CreateIn(
                turn_key=f"{ORDERED}{str(wish.get('key', ''))[:64]}",
                elder_id=bound.elder_id,
                kind=ServiceKind.MEAL,
                details={
                    "day": day, "meal": meal, "dishes": [dish], "quantity": 1,
                    "delivery": str(wish.get("delivery", "delivery")),
                },
                said=f"{bound.relation}{bound.name}",
                by=Who(role=Role.FAMILY, id=bound.id),
            )  # fmt: skip
            requests.create(Desk(session=session, now=now, settings=parts.settings), sent)
            return ""

        try:
            return parts.database.transact(work)
        except BackendError as error:
            return error.reason
        except ValueError:  # what the page's own form does not send
            return "bad_input"

    def leave(self, token: str, of: str) -> None:
        """See the port."""
        now = self._parts.clock.now()

        def work(session: Session) -> None:
            if any(one.id == of for one in self._mine(session, token)):
                bindings.revoke(session, of, why="the relative left", now=now, actor=f"family:{of}")

        self._parts.database.transact(work)

    def relatives(self, elder_id: str) -> Sequence[Relative]:
        """See the port."""
        with self._parts.database.session() as session:
            rows = bindings.find(session, elder_id=elder_id, live=True)
            return [
                Relative(
                    binding_id=one.id,
                    who=f"{one.relation} {one.name}".strip() or BindingKind.FAMILY.label,
                    since=_day(one.created_at),
                    shares={str(share): (_TITLES[share], share in bindings.shared(one)) for share in Share},
                )
                for one in rows
                if one.kind is BindingKind.FAMILY
            ]

    def share(self, elder_id: str, binding_id: str, shares: Sequence[str]) -> bool:
        """See the port."""
        now, actor = self._parts.clock.now(), f"{Role.ELDER}:{elder_id}"
        known = [share for share in Share if str(share) in shares]

        def work(session: Session) -> bool:
            bound = bindings.get(session, binding_id)
            if bound.elder_id != elder_id or bound.kind is not BindingKind.FAMILY or bound.revoked_at:
                return False
            if known:
                bindings.share(session, binding_id, shares=known, consent=_OWN_WORDS, now=now, actor=actor)
            else:
                bindings.revoke(session, binding_id, why="the elder withdrew", now=now, actor=actor)
            return True

        try:
            return self._parts.database.transact(work)
        except NotFound:
            return False

    def _mine(self, session: Session, token: str) -> list[Binding]:
        found = bindings.of_account(session, channel=BROWSER, account=bindings.account_of(token))
        return [one for one in found if one.kind is BindingKind.FAMILY]

    def _sections(self) -> Mapping[Share, Callable[[Session, str], list[Row]]]:
        return {
            Share.CHECKINS: self._checkins,
            Share.ALARMS: self._alarms,
            Share.MEALS: self._meals,
            Share.PLANS: self._plans,
            Share.ASKED: self._asked,
        }

    def _checkins(self, session: Session, elder_id: str) -> list[Row]:
        return [
            Row(what=f"{self._when(one.at)} {one.channel.label}", state=one.outcome.label, mark=one.mood)
            for one in checkins.find(session, elder_id=elder_id, limit=3)
        ]

    def _alarms(self, session: Session, elder_id: str) -> list[Row]:
        return [
            Row(what=f"{self._when(one.raised_at)} {one.category.label}", state=one.state.label)
            for one in alarms.find(session, elder_id=elder_id, limit=5)
        ]

    def _meals(self, session: Session, elder_id: str) -> list[Row]:
        now = self._parts.clock.now()
        rows, _ = requests.find(
            session, elder_id=elder_id, kind=ServiceKind.MEAL, start=now - MEALS_BACK, limit=50
        )
        newest = sorted(rows, key=lambda one: one.start, reverse=True)[:SHOWN]
        return [self._request(session, one) for one in newest]

    def _plans(self, session: Session, elder_id: str) -> list[Row]:
        now = self._parts.clock.now()
        rows, _ = requests.find(session, elder_id=elder_id, only_open=True, start=now, limit=50)
        return [self._request(session, one) for one in sorted(rows, key=lambda one: one.start)[:SHOWN]]

    def _asked(self, session: Session, elder_id: str) -> list[Row]:
        rows, _ = requests.find(session, elder_id=elder_id, limit=200)
        hers = [one for one in rows if not one.turn_key.startswith(ORDERED)]
        newest = sorted(hers, key=lambda one: one.created_at, reverse=True)[:SHOWN]
        return [self._request(session, one) for one in newest]

    def _request(self, session: Session, request: Request) -> Row:
        now = self._parts.clock.now()
        row = request_out(request).model_dump(mode="json")
        mark = ""
        if request.state is RequestState.CANCELLED:
            last = requests.history(session, request.id)[-1]
            mark = _REFUSED if last.role is Role.ELDER and request.turn_key.startswith(ORDERED) else ""
        return Row(what=self._wording.request(row, now=now), state=request.state.label, mark=mark)

    def _when(self, at: Any) -> str:
        return self._wording.when(at, at, now=self._parts.clock.now())

    def _offers(self, elder_id: str) -> list[Offer]:
        parts, now = self._parts, self._parts.clock.now()
        today = town_day(now)
        return [
            offer
            for days in range(DAYS_AHEAD)
            for meal in (Meal.LUNCH, Meal.DINNER)
            if (offer := self._offer(parts, elder_id, today + timedelta(days=days), meal)) is not None
        ]

    def _offer(self, parts: Parts, elder_id: str, day: date, meal: Meal) -> Offer | None:
        try:
            menu = read_menu(here=parts, elder_id=elder_id, day=day, meal=meal)
        except NotFound:
            return None
        if menu.cut_off <= parts.clock.now():
            return None
        fitting = [one.name for one in menu.dishes if one.left > 0 and not one.clashes]
        of_set = menu.set_meal
        first = [SET_MEAL] if of_set is not None and of_set.left > 0 and not of_set.clashes else []
        title = f"{day.month}月{day.day}日{meal.label}"
        return Offer(day=day.isoformat(), meal=str(meal), title=title, dishes=[*first, *fitting[:DISHES]])


_TITLES: Mapping[Share, str] = {share: share.label for share in Share}
_REFUSED = "本人说不要"
_OWN_WORDS = "长者自己在聊天页上选的"


def _day(at: Any) -> str:
    local = in_town(at)
    return f"{local.year}年{local.month}月{local.day}日"


def add_family_page(app: FastAPI, wording: Wording) -> None:
    """Add the view to an app whose parts are there already."""
    parts: Parts = app.state.parts
    app.include_router(
        family_routes(
            FamilyParts(
                family=BackendFamily(parts, wording), devices=BackendDevices(parts), routes=DEVICE_ROUTES
            )
        )
    )
