"""Several wishes in one sentence: 「明天中午订份红烧肉，再帮我约个心内科」 is a meal and an appointment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from assistant.actions.turn import Turn
from assistant.nlu import answers
from assistant.nlu.understanding import Understanding, understand
from assistant.vocabulary import ServiceKind

_BREAK = re.compile(r"[，,。；;！!？?]|(?:然后|还有|另外|顺便|再就是|再给我|再帮我|还要|还想|接着)")
_SHORTEST = 2
"""Characters that make no clause of their own at the head of a sentence."""
_LISTED = re.compile("一[个样件]是|一是|第一|头一件|两[件桩样]事")
_REQUEST = re.compile("[想要订定约找请叫帮给挂送来]|麻烦|[一两俩三四五六]份")


@dataclass(frozen=True)
class Wish:
    """A wish for one kind of service."""

    kind: str
    text: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    day: dict[str, Any] | None = None
    """The time of an earlier clause, whose day holds on: 「明天上午看病，中午订份套餐」."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {"kind": self.kind, "text": self.text, "slots": self.slots, "day": self.day}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Wish:
        """Read what :meth:`as_dict` wrote."""
        return cls(
            kind=value["kind"],
            text=value.get("text", ""),
            slots=dict(value.get("slots", {})),
            day=value.get("day"),
        )


@dataclass(frozen=True)
class Wishes:
    """A sentence taken apart."""

    own: str
    others: list[Wish]
    day: dict[str, Any] | None = None
    """The time of a clause before the own ones, whose day holds for them too."""


def kind_of(heard: Understanding) -> ServiceKind | None:
    """Return the kind of service that a clause plainly names, or None."""
    slots = heard.slots
    if "department" in slots and "book" in heard.tags:
        return ServiceKind.MEDICAL_APPOINTMENT  # 挂个全科配点药
    if "care_item" in slots:
        return ServiceKind.HOME_CARE
    if "department" in slots or "doctor" in slots or ("book" in heard.tags and "facility" in slots):
        return ServiceKind.MEDICAL_APPOINTMENT
    if "dish" in slots or ("meal" in slots and "book" in heard.tags):
        return ServiceKind.MEAL
    if "mode" in slots and "company" in heard.tags:
        return ServiceKind.COMPANIONSHIP
    return None


def clauses(text: str) -> list[str]:
    """Cut a sentence where a new wish may begin."""
    # 「我还要看骨科」: one word before the break is no clause.
    breaks = (match.start() for match in _BREAK.finditer(text))
    cuts = [0, *(at for at in breaks if at > _SHORTEST), len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    return [piece for piece in pieces if piece.strip("，,。；;！!？? ")]


def other_wishes(turn: Turn, kind: str, *, opening: bool = False) -> Wishes:
    """Return what of the sentence belongs to ``kind``, and the wishes of other kinds in it.

    Args:
        turn: the turn.
        kind: what the form arranges.
        opening: the sentence opens the form; then a second meal in it (中饭…，晚饭…) is a wish of its own.
    """
    pieces = clauses(turn.text)
    own: list[str] = []
    others: list[Wish] = []
    own_day: dict[str, Any] | None = None
    day: dict[str, Any] | None = None
    own_meal: tuple[str | None, str] | None = None
    own_dishes, own_person, listed, of_other = False, None, False, False
    for piece in pieces:
        heard = understand(piece, now=turn.now, catalogue=turn.catalogue)
        found = kind_of(heard)
        listed = listed or bool(_LISTED.search(piece))
        if found is None and listed and "meal" in heard.slots:
            found = ServiceKind.MEAL  # 「一个是中午的饭」
        if found is None and listed and "company" in heard.tags:
            found = ServiceKind.COMPANIONSHIP
        if (
            opening
            and found == kind == ServiceKind.MEAL
            and _is_another_meal(heard, own_meal, own_dishes=own_dishes, own_person=own_person)
        ):
            others.append(Wish(str(found), piece, day=day))
            of_other = True
        elif found is None or found == kind or not (listed or _REQUEST.search(piece)) or _asks(piece, heard):
            if others and found is None and (not own or of_other):
                # What is said after another wish is of that one: 「还要看骨科，礼拜二上午」.
                others[-1] = replace(others[-1], text=others[-1].text + piece)
            else:
                of_other = False
                own_day = own_day if own else day
                own_meal = own_meal or _meal_of(heard)
                own_dishes = own_dishes or "dish" in heard.slots
                own_person = own_person or heard.slots.get("person")
                own.append(piece)
        elif others and others[-1].kind == found:
            of_other = True
            others[-1] = replace(others[-1], text=others[-1].text + piece)
        else:
            others.append(Wish(str(found), piece, day=day))
            of_other = True
        if found is None and piece.strip("，,")[:1] == "都" and "when" in heard.slots and others:
            own.append(piece)  # 「…，都是明天中午的」: of each of them
        if "day" in heard.when_parts and "repeat" not in heard.slots.get("when", {"repeat": None}):
            day = heard.slots["when"]
    return Wishes("".join(own), others, own_day)


def _asks(piece: str, heard: Understanding) -> bool:
    """Whether a clause asks something; 「我还要看骨科呢」 does not."""
    return "question" in heard.tags and not answers.adds(piece)


def _meal_of(heard: Understanding) -> tuple[str | None, str] | None:
    """Return day and meal of a clause that says what is to be eaten; None where it does not."""
    slots = heard.slots
    if "meal" not in slots or not {"dish", "quantity"} & slots.keys():
        return None
    when = slots.get("when") or {}
    day = str(when.get("start", ""))[:10] if "day" in heard.when_parts else None
    return day, str(slots["meal"])


def _is_another_meal(
    heard: Understanding,
    own: tuple[str | None, str] | None,
    *,
    own_dishes: bool,
    own_person: str | None,
) -> bool:
    if own_dishes and {"person", "dish"} <= heard.slots.keys() and heard.slots["person"] != own_person:
        return True  # 「我要一份青菜豆腐，我老伴要一份红烧肉」
    mine = _meal_of(heard)
    if mine is None or own is None:
        return False
    other_day = mine[0] is not None and own[0] is not None and mine[0] != own[0]
    return mine[1] != own[1] or other_day
