"""The emergency guard: it reads every utterance before the dialogue does; no emergency may pass.

Rules first: no model, no network. What it reads is normalised (``heard``), idioms and names are
blanked (``masks``), the phrase patterns of each category are searched by character and by sound
(``lexicon``, ``sounds``, ``everyday``), and every match is dropped that is denied, over, told, imagined or
played (``suppress``, ``trifles``). Ideas that stand together count in any wording
(``scenes``, ``concepts``), and where no rule speaks
a second ear judges by a learned table (``likeness``); ADR 7 says why and what it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.safety import homophones
from assistant.safety.all_clear import in_distress, without_all_clear
from assistant.safety.finding import Finding, by_urgency
from assistant.safety.heard import Heard, hear, without_stammer
from assistant.safety.lexicon import all_rules, all_scenes, by_character, by_sound
from assistant.safety.likeness import known as likeness_known
from assistant.safety.likeness import likeness
from assistant.safety.masks import mask, mask_heard_right
from assistant.safety.rules import Rule
from assistant.safety.scenes import Scene
from assistant.safety.sounds import SOUND_OF
from assistant.safety.spotting import Spotter
from assistant.safety.suppress import about_something_else, suppressed
from assistant.vocabulary import Emergency

MAX_MATCHES = 40
"""Matches of one rule that are looked at; only hostile input has more."""

ALIKE = 0.65
"""From how much likeness on the second ear raises an alarm by itself; ADR 7 has what other values give."""

SURE = 0.8
"""The same where a rule was heard and made harmless by its surroundings."""

CERTAINLY_NOT = 0.0025
"""Below this likeness to any emergency, a short sentence is none although a rule matched."""

SHORT = 20
"""Characters up to which that is asked: in a long complaint the rest could drown the words that matter."""

_TURNS = re.compile(r"[没不别]|又|今|刚|现在|突然|快|还在|救")

SOUND_PENALTY = 0.12
"""What each character that only sounds right takes from the confidence."""


def check(text: str) -> Finding | None:
    """Return the most urgent emergency in ``text``, or None.

    Args:
        text: what was said or written, as it came; any length, any script.

    Never raises.
    """
    found = check_all(text)
    return found[0] if found else None


def check_all(text: str) -> list[Finding]:
    """Return one finding for each category that ``text`` speaks of, the most urgent first. Never raises."""
    found, denied = _heard_in(text)
    if not found and not denied:
        shorter = without_stammer(text)
        if shorter != text:
            found = [replace(finding, words=text.strip()) for finding in _heard_in(shorter)[0]]
    return sorted(found, key=by_urgency)


def _heard_in(text: str) -> tuple[list[Finding], bool]:
    """Return what ``text`` speaks of, and whether something was heard that its surroundings made harmless."""
    heard = hear(text)
    if not heard.text:
        return [], False
    best: dict[Emergency, Finding] = {}
    masked = mask(heard.text)
    sounding = mask_heard_right(masked).translate(SOUND_OF)
    spotter = Spotter(masked, sounding)
    denied = False
    rules = all_rules()
    said, sounds = by_character().worth_trying(masked), by_sound().worth_trying(sounding)
    for at in sorted(said | sounds):
        matches = _matches(rules[at], masked, sounding if at in sounds else "", exact=at in said)
        denied |= _first(heard, rules[at], matches, best)
    for scene in all_scenes():
        if scene.category in best or not spotter.possible(scene):
            continue
        if scene.everyday is None or not scene.everyday.search(heard.text):
            denied |= _first(heard, scene, spotter.meetings(scene), best)
    if not best:
        _second_ear(heard, masked, best, at_least=SURE if denied else ALIKE)
    elif _certainly_everyday(masked):
        return [], True
    return list(best.values()), denied


def _certainly_everyday(masked: str) -> bool:
    """Return whether a short sentence is unlike any emergency, and has no turn that only the rules follow."""
    if len(masked) > SHORT or _TURNS.search(masked) or not likeness_known():
        return False
    return likeness(masked)[0] < CERTAINLY_NOT


def _first(
    heard: Heard, rule: Rule | Scene, matches: Iterator[tuple[int, int, int]], best: dict[Emergency, Finding]
) -> bool:
    """Enter in ``best`` the first match that nothing makes harmless; return whether something did."""
    harmless = False
    for start, end, off in matches:
        if heard.stopped_within(start, end):
            continue
        if suppressed(heard, rule, start, end):
            harmless = True
            continue
        confidence = round(max(0.3, rule.confidence - SOUND_PENALTY * off), 2)
        known = best.get(rule.category)
        if known is None or known.confidence < confidence:
            best[rule.category] = Finding(
                category=rule.category, words=heard.words(start, end), confidence=confidence
            )
        return False
    return harmless


def _second_ear(heard: Heard, masked: str, best: dict[Emergency, Finding], *, at_least: float) -> None:
    """Where no rule raises an alarm, ask how alike this is to emergencies that were said before."""
    alike, category = likeness(masked)
    if alike >= at_least and not about_something_else(heard, category):
        words = heard.words(0, len(heard.text))
        best[category] = Finding(category=category, words=words, confidence=round(0.6 * alike, 2))


def _matches(rule: Rule, masked: str, sounding: str, *, exact: bool) -> Iterator[tuple[int, int, int]]:
    hits = 0
    for hit in rule.exact.finditer(masked) if exact else ():
        yield hit.start(), hit.end(), 0
        hits += 1
        if hits >= MAX_MATCHES:
            return
    for hit in rule.by_sound.finditer(sounding):
        substituted = homophones.substituted(rule.characters, masked, hit)
        if 0 < substituted <= homophones.allowed(hit.end() - hit.start() - homophones.gap_of(hit)):
            yield hit.start(), hit.end(), substituted
        hits += 1
        if hits >= MAX_MATCHES:
            return


SETTLED = 4
"""Characters that must follow a match in an unfinished utterance before it counts, see :func:`partial`."""


def partial(text: str) -> Finding | None:
    """Return the most urgent emergency in the words heard so far, for a recogniser's unfinished result.

    The same check, but words within the last four characters wait for what follows them, since that may
    still cancel them (救命 → 救命恩人, 摔倒 → 摔倒过, 着火 → 着火了怎么逃生). A cry repeated (救命救命)
    and two different emergencies in one breath do not wait. A resolution that comes later than that
    (胸口疼了两天…已经好了) cannot be foreseen: whoever acts on a partial result must let the final one, by
    :func:`check`, decide about closing what it opened. Never raises.
    """
    found = check_all(text)
    if not found:
        return None
    heard = hear(text).text
    if len(found) > 1 or any(heard.count(hear(finding.words).text) > 1 for finding in found):
        return found[0]
    earlier = check_all(heard[:-SETTLED])
    return earlier[0] if earlier else None


def is_all_clear(text: str) -> bool:
    """Return whether ``text`` is an explicit all-clear (没事了, 误报) that may cancel an alarm.

    Never raises.
    """
    words = hear(text).text
    rest = without_all_clear(words)
    return rest is not None and not (in_distress(rest) and check(rest) is not None)


def warm() -> None:
    """Compile every pattern now (about half a second), so that the first utterance does not wait for it."""
    check("准备好了")
