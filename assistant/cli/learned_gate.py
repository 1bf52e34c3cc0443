"""The gate: a candidate is used only where it understands held-out sentences as well as the present model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WORSE_BY = 0.005
"""How much less of a set is understood before it counts as worse: one sentence in two hundred is chance."""

MORE_TALK = 0.005
"""How much more idle talk may be acted on before it counts as worse."""

_LEARNED = "learned"
_NAMES = {
    "frozen2/clean": "没训练过的句子",
    "frozen2/misheard_10": "听错字的句子",
    "blind/clean": "别人写的句子",
    "learned/clean": "这次学的句子",
}


def side_by_side(rows: Iterable[Mapping[str, Any]], *, present: str, candidate: str) -> list[dict[str, Any]]:
    """Return the figures of both models, a row a set.

    Raises:
        ValueError: a set was not measured with both.
    """
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(f"{row['set']}/{row['variant']}", {})[str(row["model"])] = row
    if not found or any(set(pair) != {present, candidate} for pair in found.values()):
        raise ValueError("not every set was measured with both models")
    return [
        {
            "set": name,
            "label": _NAMES.get(name, name),
            "rows": pair[candidate]["rows"],
            "present": pair[present]["accuracy"],
            "candidate": pair[candidate]["accuracy"],
            "present_talk": pair[present]["acted_on"],
            "candidate_talk": pair[candidate]["acted_on"],
        }
        for name, pair in found.items()
    ]


def reasons_against(figures: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return why the candidate must not be used, in a sentence each; empty where it may."""
    found = []
    for row in figures:
        if row["candidate"] < row["present"] - (0.0 if row["set"].startswith(_LEARNED) else WORSE_BY):
            found.append(f"{row['label']}：现在听懂 {row['present']:.1%}，新的只听懂 {row['candidate']:.1%}")
        if row["candidate_talk"] > row["present_talk"] + MORE_TALK:
            found.append(
                f"{row['label']}：闲话当成办事的，现在 {row['present_talk']:.1%}，"
                f"新的 {row['candidate_talk']:.1%}"
            )
    return found
