"""The emergency guard: it reads every utterance before the dialogue does; no emergency may pass.

Rules only: no model, no network, no file. What it reads is normalised (``heard``), idioms and names are
blanked (``masks``), the phrase patterns of each category are searched by character and by sound
(``lexicon``, ``sounds``, ``everyday``), and every match is dropped that is denied, over, told, imagined or
played (``suppress``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.safety.all_clear import in_distress, without_all_clear
from assistant.safety.everyday import everyday_pairs
from assistant.safety.finding import Finding, by_urgency
from assistant.safety.heard import hear
from assistant.safety.lexicon import all_rules
from assistant.safety.masks import mask, mask_heard_right
from assistant.safety.rules import Rule
from assistant.safety.sounds import SOUND_OF
from assistant.safety.suppress import suppressed
from assistant.vocabulary import Emergency

MAX_MATCHES = 40
"""Matches of one rule that are looked at; only hostile input has more."""

IMPOSSIBLE = 99
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
    heard = hear(text)
    if not heard.text:
        return []
    best: dict[Emergency, Finding] = {}
    masked = mask(heard.text)
    sounding = mask_heard_right(masked).translate(SOUND_OF)
    for rule in all_rules():
        for start, end, substituted in _matches(rule, masked, sounding):
            if heard.stopped_within(start, end) or suppressed(heard, rule, start, end):
                continue
            confidence = max(0.3, rule.confidence - SOUND_PENALTY * substituted)
            known = best.get(rule.category)
            if known is None or known.confidence < confidence:
                best[rule.category] = Finding(
                    category=rule.category, words=heard.words(start, end), confidence=round(confidence, 2)
                )
            break
    return sorted(best.values(), key=by_urgency)


def _matches(rule: Rule, masked: str, sounding: str) -> Iterator[tuple[int, int, int]]:
    hits = 0
    for hit in rule.exact.finditer(masked):
        yield hit.start(), hit.end(), 0
        hits += 1
        if hits >= MAX_MATCHES:
            return
    if not rule.sound or rule.wide:
        return
    for hit in rule.by_sound.finditer(sounding):
        substituted = _substituted(rule, masked, hit)
        if 0 < substituted <= _allowed(hit.end() - hit.start() - _gap(hit)):
            yield hit.start(), hit.end(), substituted
        hits += 1
        if hits >= MAX_MATCHES:
            return


_NEVER_MISHEARD = frozenset(
    "的一是十二三四五六七八九百千万年月我你他她这那个们有在也都和与要会可以好很看给对为之等及或但而已使所每次第"
)
"""So common that they are what they seem; any other character may be the homophone of a rule's character."""


def _substituted(rule: Rule, masked: str, hit: re.Match[str]) -> int:
    gaps = [span for span in hit.regs[1:] if span[0] >= 0]
    count = 0
    for at in range(hit.start(), hit.end()):
        if masked[at] not in rule.characters and not any(low <= at < high for low, high in gaps):
            if masked[at] in _NEVER_MISHEARD or _heard_right(masked, at):
                return IMPOSSIBLE
            count += 1
    return count


def _heard_right(masked: str, at: int) -> bool:
    """Whether the character at ``at`` makes an everyday pair with a neighbour, and so was no mishearing."""
    pairs = everyday_pairs()
    return masked[at : at + 2] in pairs or masked[max(0, at - 1) : at + 1] in pairs


def _gap(hit: re.Match[str]) -> int:
    return sum(high - low for low, high in hit.regs[1:] if low >= 0)


def _allowed(length: int) -> int:
    """How many characters of a match of ``length`` may be homophones; words of two are never guessed."""
    if length <= 2:
        return 0
    return 1 if length <= 4 else 2


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
