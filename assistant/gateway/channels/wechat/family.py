"""What a relative is told: how the elder is, whom else she may ask about, and how the binding is ended."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.gateway.channels.wechat.ports import Bound, News
from assistant.gateway.channels.wechat.words import within_limit
from assistant.gateway.ports import Phrases

MOST_LINES = 6
"""Most meals and plans that are told in one message."""


def told(bound: Sequence[Bound], *, news: News, phrases: Phrases) -> str:
    """Return the message about the first of some elders."""
    now = bound[0]
    found = news.of(now.elder_id)
    lines = [phrases.say("wechat.family.about", called=now.called)]
    if found["alarms"]:
        lines.append(phrases.say("wechat.family.alarms", count=found["alarms"]))
    lines.append(
        phrases.say("wechat.family.checkin", line=found["checkin"])
        if found["checkin"]
        else phrases.say("wechat.family.no_checkin")
    )
    for key, name in (("meals", "meals"), ("planned", "planned")):
        lines.append(phrases.say(f"wechat.family.{name}" if found[key] else f"wechat.family.no_{name}"))
        lines += [f"· {line}" for line in found[key][:MOST_LINES]]
    if len(bound) > 1:
        lines.append(others(bound, phrases=phrases))
    return within_limit("\n".join(lines))


def others(bound: Sequence[Bound], *, phrases: Phrases) -> str:
    """Return whom an account stands for, by number, in an order that does not change with the choice."""
    listed = "\n".join(f"{number}. {one.called}" for number, one in enumerate(in_order(bound), start=1))
    return phrases.say("wechat.family.others") + "\n" + listed


def in_order(bound: Sequence[Bound]) -> list[Bound]:
    """Return bindings in the order of their numbers."""
    return sorted(bound, key=lambda one: one.elder_id)
