"""From a mention to candidates: puts days and hours together, prefers what is still to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assistant.nlu.when.calendar import DayReading, fits, resolve_day
from assistant.nlu.when.candidate import Candidate
from assistant.nlu.when.hours import TimeReading, clock_times, part_times
from assistant.nlu.when.mentions import chunk
from assistant.nlu.when.pieces import Festival, Mention, Part, Repeat, Shift
from assistant.nlu.when.rrules import first_occurrence, frequent_first, in_order, rrule

Window = tuple[datetime, datetime, float, bool]  # start, end, confidence, past

_HABITUAL = {6 * 60: 8 * 60, 8 * 60: 9 * 60, 11 * 60: 12 * 60, 13 * 60: 14 * 60}
"""Beginning of a part of the day → the hour that stands for it among several times a day."""
_MANY = 4
"""Days of a longer stretch (周末, 过几天) that an hour is tried on."""


@dataclass(frozen=True)
class Source:
    """A sentence as it came, as tidied, and the way back from offsets of the second to those of the first."""

    text: str
    plain: str
    offsets: list[int] | None

    def original(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return a span of the tidied sentence in the sentence as it came."""
        if self.offsets is None:
            return span
        return self.offsets[span[0]], self.offsets[span[1] - 1] + 1


def midnight(day: date, now: datetime) -> datetime:
    """Return the beginning of a day in the zone of ``now``."""
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _times(mention: Mention, context: str | None, now: datetime) -> list[TimeReading]:
    if mention.clock is not None:
        return clock_times(mention.clock, mention.part, context)
    if mention.part is not None and mention.part.name == "now":
        at = now.hour * 60 + now.minute
        return [TimeReading(at, at, 0.9)]
    if mention.part is not None:
        return part_times(mention.part)
    return []


def windows(mention: Mention, now: datetime, context: str | None) -> list[Window]:
    """Return what a mention without a repeat may mean, best first."""
    found = _windows(mention, now, context)
    if mention.until is None or not found:
        return found
    start, _, confidence, past = found[0]
    ends = [end for _, end, _, _ in _windows(mention.until, now, context) if end > start]
    return [(start, ends[0], confidence * 0.95, past)] if ends else found


def _windows(mention: Mention, now: datetime, context: str | None) -> list[Window]:
    if mention.shift is not None:
        return _shifted(mention.shift, now)
    times = _times(mention, context, now)
    day = mention.day or mention.dayshift
    if day is None:
        return _bare(times, now)
    days = resolve_day(day, now.date())
    if mention.apposed:
        days = _agreeing(mention, days, now)
    if not times:
        return [_whole(each, now) for each in _ordered(days, now, None)]
    found: list[Window] = []
    for rank, time in enumerate(times):
        for each in _ordered(days, now, time):
            found += _on(each, time, now, 1 - 0.05 * rank)
    return _ranked(found, times, now)


def _shifted(shift: Shift, now: datetime) -> list[Window]:
    base = now.replace(second=0, microsecond=0)
    start, end = base + timedelta(minutes=shift.start), base + timedelta(minutes=shift.end)
    return [(start, end, shift.confidence, shift.end < 0)]


def _agreeing(mention: Mention, days: list[DayReading], now: datetime) -> list[DayReading]:
    today = now.date()
    agreeing = [each for each in days if all(fits(day, each, today) for day in mention.apposed)]
    if agreeing:
        return agreeing
    others = [each for day in mention.apposed for each in resolve_day(day, today)]
    lower = [DayReading(d.first, d.last, d.confidence * 0.6, past=d.past) for d in days]
    return lower + [DayReading(d.first, d.last, d.confidence * 0.5, past=d.past) for d in others]


def _ordered(days: list[DayReading], now: datetime, time: TimeReading | None) -> list[DayReading]:
    """Put today's own weekday behind the next one where the time of day is over."""
    if not any(each.if_to_come for each in days):
        return days
    ordered: list[DayReading] = []
    for each in days:
        over = midnight(each.first, now) + timedelta(minutes=time.end if time else 18 * 60) <= now
        if each.if_to_come and over:
            ordered.append(DayReading(each.first, each.last, 0.35, past=time is not None))
        else:
            ordered.append(each)
    return sorted(ordered, key=lambda each: -each.confidence)


def _whole(day: DayReading, now: datetime) -> Window:
    return midnight(day.first, now), midnight(day.last, now) + timedelta(days=1), day.confidence, day.past


def _on(day: DayReading, time: TimeReading, now: datetime, weight: float) -> list[Window]:
    """Return the windows of one time of day on one day or stretch of days."""
    found: list[Window] = []
    length = (day.last - day.first).days + 1
    for index in range(min(length, 31)):
        there = day.first + timedelta(days=index)
        start = midnight(there, now) + timedelta(minutes=time.start)
        end = midnight(there, now) + timedelta(minutes=time.end)
        over = end <= now and start < now
        confidence = day.confidence * time.confidence * weight * (1 - 0.1 * len(found))
        if over and not day.past and length > 1:
            continue
        if over and not day.past and day.named_today:
            # 今天 said, and that hour is over: still today, but hardly; perhaps tomorrow was meant.
            found.append((start, end, min(confidence, 0.4), False))
            one = timedelta(days=1)
            found.append((start + one, end + one, 0.3, False))
            continue
        found.append((start, end, confidence, day.past))
        if len(found) >= _MANY:
            break
    return found


def _bare(times: list[TimeReading], now: datetime) -> list[Window]:
    """A time of day with no day: its next coming."""
    found: list[Window] = []
    for rank, time in enumerate(times):
        for ahead in (-1, 0, 1, 2):
            base = midnight(now.date() + timedelta(days=ahead), now)
            start, end = base + timedelta(minutes=time.start), base + timedelta(minutes=time.end)
            if end > now or start >= now:
                found.append((start, end, time.confidence * (0.92 - 0.02 * rank), False))
                break
    return _ranked(found, times, now)


def _ranked(found: list[Window], times: list[TimeReading], now: datetime) -> list[Window]:
    if any(time.open_half for time in times):
        # Both halves of the day are open: what comes next, comes first; what is over today, last.
        to_come = [w for w in found if w[1] > now or w[0] >= now]
        late = [w for w in found if w not in to_come]
        solid = [w for w in to_come if w[2] > 0.3]
        # The order of one day is the order of the clock; a stretch of days keeps its own.
        solid.sort(key=lambda w: w[0])
        rest = [w for w in to_come if w not in solid]
        best = max((w[2] for w in solid), default=0.5)
        levelled = [(s, e, round(best - 0.06 * i, 3), p) for i, (s, e, _, p) in enumerate(solid)]
        return levelled + rest + late
    return sorted(found, key=lambda w: -w[2])


def repeats(
    mention: Mention, more: list[Mention], now: datetime, context: str | None
) -> list[tuple[str, tuple[datetime, datetime], float]]:
    """Return the RRULEs a mention may mean, with their first; ``more`` are further times of its day."""
    found: list[tuple[str, tuple[datetime, datetime], float]] = []
    repeat: Repeat | None = mention.repeat
    since = _since(mention, now)
    while repeat is not None:
        rule = in_order(_of_this_year(repeat, now))
        if rule.freq in ("HOURLY", "MINUTELY"):
            found.append((rrule(rule), frequent_first(rule, now), rule.confidence))
        else:
            for times, hours, minute, confidence in _daily_times(mention, more, rule, context, now):
                first = first_occurrence(rule, times, now, since)
                if first is not None:
                    found.append((rrule(rule, hours, minute), first, rule.confidence * confidence))
        repeat = repeat.other
    return sorted(found, key=lambda each: -each[2])


def _of_this_year(repeat: Repeat, now: datetime) -> Repeat:
    """每年清明: the day of the solar term at its next coming."""
    if repeat.term is None:
        return repeat
    days = resolve_day(Festival(repeat.term), now.date())
    if not days:
        return repeat
    return replace(repeat, month=days[0].first.month, monthdays=(days[0].first.day,))


def _since(mention: Mention, now: datetime) -> date | None:
    if mention.since is None:
        return None
    days = resolve_day(mention.since, now.date())
    return days[0].first if days else None


def _daily_times(
    mention: Mention, more: list[Mention], rule: Repeat, context: str | None, now: datetime
) -> list[tuple[list[TimeReading], tuple[int, ...], int, float]]:
    """Return the possible sets of times in a day: times, hours for BYHOUR, the minute, a weight."""
    part = mention.part
    if part is None and rule.slots:
        part = rule.slots[0]
    if part is not None and part.name in ("before_meal", "after_meal") and mention.clock is None:
        if part.start:  # 每天饭后半小时
            points = sorted(reading.start for reading in part_times(part))
            hours = tuple(point // 60 for point in points)
            return [([TimeReading(at, at, 1.0) for at in points], hours, points[0] % 60, 0.8)]
        hours = rule.clocks or ((9, 13, 19) if part.name == "after_meal" else (6, 11, 17))
        return [([TimeReading(h * 60, h * 60, 1.0) for h in hours], hours, 0, 0.8)]
    if mention.clock is None and part is None:
        if rule.clocks:
            return [([TimeReading(h * 60, h * 60, 1.0) for h in rule.clocks], rule.clocks, 0, 0.85)]
        return [([], (), 0, 0.95)]
    own = (
        _settled(clock_times(mention.clock, part, context))
        if mention.clock
        else part_times(part or Part("", 0, 1440))
    )
    if more:
        others = [_settled(_times(each, context, now))[0] for each in more]
        several = sorted([own[0], *others], key=lambda t: t.start)
        if any(time.start != time.end for time in several):
            several = [_habitual(time) for time in several]  # 每天早上和晚上: RRULE knows hours, not parts
        minutes = {time.start % 60 for time in several}
        if len(minutes) == 1:
            hours = tuple(dict.fromkeys(time.start // 60 % 24 for time in several))
            return [(several, tuple(sorted(hours)), minutes.pop(), 0.9)]
    if not rule.clocks or mention.clock is not None:
        return [([time], (), 0, time.confidence) for time in own]
    return [([TimeReading(h * 60, h * 60, 1.0) for h in rule.clocks], rule.clocks, 0, 0.85)]


def _habitual(time: TimeReading) -> TimeReading:
    at = _HABITUAL.get(time.start, time.start) if time.start != time.end else time.start
    return TimeReading(at, at, time.confidence)


def _settled(times: list[TimeReading]) -> list[TimeReading]:
    """Where both halves of the day are open, a habit is rather of the morning: 七点 to 十一点."""
    return sorted(times, key=lambda time: -time.confidence)


def candidates_of(
    mention: Mention, more: list[Mention], now: datetime, context: str | None, source: Source
) -> list[Candidate]:
    """Return the candidates of a mention, best first, each time once."""
    spans = tuple(source.original(span) for span in mention.spans)
    span = source.original(chunk(mention, source.plain))
    text = source.text[span[0] : span[1]]
    parts = _parts(mention)
    found: list[Candidate] = []
    seen: set[tuple[object, ...]] = set()

    def add(start: datetime, end: datetime, confidence: float, past: bool, rule: str | None) -> None:
        key = (start, end, rule)
        if key in seen:
            return
        seen.add(key)
        first = (start, end) if rule is not None else None
        found.append(
            Candidate(
                start=start,
                end=end,
                repeat=rule,
                first=first,
                confidence=round(max(0.05, min(confidence, 0.99)), 3),
                text=text,
                span=span,
                past=past,
                rejected=mention.rejected,
                spans=spans,
                parts=parts,
            )
        )

    if mention.repeat is not None:
        for rule, first, confidence in repeats(mention, more, now, context):
            add(*first, confidence, False, rule)
        return found
    for start, end, confidence, past in windows(mention, now, context):
        add(start, end, confidence, past, None)
    return found[:8]


def _parts(mention: Mention) -> frozenset[str]:
    parts = set()
    if mention.day is not None:
        parts.add("day")
    if mention.part is not None:
        parts.add("meal" if mention.part.meal else "part_of_day")
    if mention.clock is not None:
        parts.add("clock")
    if mention.repeat is not None:
        parts.add("repeat")
        if mention.repeat.slots:
            parts.add("part_of_day")
    if mention.shift is not None or mention.dayshift is not None:
        parts.add("duration")
        if mention.dayshift is not None:
            parts.add("day")
    return frozenset(parts)
