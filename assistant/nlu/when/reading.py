"""Reads the times of a sentence: the one that counts first, those taken back apart. Never raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from assistant.nlu.when.candidate import Candidate
from assistant.nlu.when.mentions import build_mentions
from assistant.nlu.when.pieces import Mention
from assistant.nlu.when.resolve import Source, candidates_of
from assistant.nlu.when.scan import scan
from assistant.nlu.when.settling import mark_rejected, settle
from assistant.nlu.when.tidy import tidy

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The town's zone; China keeps no summer time."""

_SECOND_BEST = 0.45
"""The most that a time beside the one that counts is trusted."""


def read_all(text: str, *, now: datetime, context: str | None = None) -> list[list[Candidate]]:
    """Return the candidates of each time mentioned, in the order of the sentence, best first within each.

    Times that were turned down or replaced are among them, marked ``rejected``.
    """
    return [candidates for _, candidates in _mentions(text, now, context)]


def read(text: str, *, now: datetime, context: str | None = None) -> list[Candidate]:
    """Return what the time of a sentence may be, best first; empty where none was said or all turned down.

    Args:
        text: a sentence of any length; only its first 500 characters are read.
        now: aware; the sentence is understood as said at that instant, in Asia/Shanghai.
        context: a service kind, a meal, "reminder" or None: decides between the halves of the day.

    Returns:
        The candidates of the time that counts, then (confidence at most 0.45) those of other times in the
        sentence. What counts is what is said most exactly; of equals, the last, but the first of a list
        (明天或者后天). What was said of the past counts least.
    """
    return read_with_rejections(text, now=now, context=context)[0]


def read_with_rejections(
    text: str, *, now: datetime, context: str | None = None
) -> tuple[list[Candidate], list[Candidate]]:
    """Return what ``read`` returns, and the candidates of what was turned down or replaced.

    不是后天，是大后天 · 不要明天要后天 · 明天不行后天吧 · 礼拜三改成礼拜五 · 从三点改到四点
    """
    mentions = _mentions(text, now, context)
    rejected = [c for mention, candidates in mentions if mention.rejected for c in candidates[:1]]
    rest = [(mention, candidates) for mention, candidates in mentions if not mention.rejected and candidates]
    ranked = sorted(range(len(rest)), key=lambda index: _weight(rest, index), reverse=True)
    found: list[Candidate] = []
    seen: set[tuple[object, ...]] = set()
    for rank, index in enumerate(ranked):
        for candidate in rest[index][1]:
            key = (candidate.start, candidate.end, candidate.repeat)
            if key in seen:
                continue
            seen.add(key)
            if rank:
                capped = round(min(candidate.confidence, _SECOND_BEST) * (1 - 0.05 * rank), 3)
                candidate = replace(candidate, confidence=max(capped, 0.05))
            found.append(candidate)
    return found, rejected


def _weight(mentions: list[tuple[Mention, list[Candidate]]], index: int) -> tuple[float, int]:
    mention, candidates = mentions[index]
    weight = 0.0
    if mention.day or mention.dayshift:
        weight += 2
    if mention.repeat:
        weight += 5
    if mention.clock:
        weight += 2
    elif mention.part:
        weight += 1
    if mention.shift:
        weight += 2 if mention.shift.confidence > 0.85 else 0.5
    if mention.pointed:
        weight += 3
    if candidates[0].past:
        weight -= 10
    listed = index
    while listed and mentions[listed][0].alternative:
        listed -= 1  # the members of a list stand where it begins, the first before the second
    return weight - (0.1 if mention.alternative and listed != index else 0), listed


def _mentions(text: str, now: datetime, context: str | None) -> list[tuple[Mention, list[Candidate]]]:
    if not isinstance(text, str) or not text:
        return []
    now = now.astimezone(SHANGHAI) if now.tzinfo else now.replace(tzinfo=SHANGHAI)
    plain, offsets = tidy(text)
    source = Source(text, plain, offsets)
    pieces = scan(plain)
    if not pieces:
        return []
    mentions = build_mentions(pieces, plain, now.date())
    mark_rejected(mentions, plain)
    mentions = settle(mentions, plain)
    found: list[tuple[Mention, list[Candidate]]] = []
    taken: set[int] = set()
    for index, mention in enumerate(mentions):
        if index in taken:
            continue
        more: list[Mention] = []
        if mention.repeat is not None and (mention.clock or mention.part):
            for later in range(index + 1, len(mentions)):
                if not (mentions[later].inherited and mentions[later].repeat is mention.repeat):
                    break
                if mentions[later].rejected:
                    continue
                more.append(mentions[later])
        candidates = candidates_of(mention, more, now, context, source)
        if more and candidates and "BYHOUR" in (candidates[0].repeat or ""):
            taken.update(mentions.index(each) for each in more)
        found.append((mention, candidates))
    return [(mention, candidates) for mention, candidates in found if candidates]
