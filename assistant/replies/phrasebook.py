"""The phrase book: every sentence we say, read once from the YAML files of `phrases/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

PHRASES_DIR = Path(__file__).parent / "phrases"


class MissingPhraseError(KeyError):
    """A phrase was asked for that no file of `phrases/` holds."""


class PhraseBook:
    """Phrases by dotted key; a key holds one wording or several that take turns."""

    def __init__(self, wordings: Mapping[str, tuple[str, ...]]) -> None:
        self._wordings = dict(wordings)

    def say(self, key: str, *, variant: int = 0, **values: Any) -> str:
        """Return the wording of ``key`` with ``values`` filled in.

        Args:
            key: dotted key, e.g. ``meal.ask_dish``.
            variant: which wording where there are several; counted round.
            values: what stands in braces in the wording.

        Raises:
            MissingPhraseError: there is no such key.
            KeyError: the wording needs a value that was not given.
        """
        try:
            wordings = self._wordings[key]
        except KeyError as error:
            raise MissingPhraseError(key) from error
        return wordings[variant % len(wordings)].format(**values)

    def variants(self, key: str) -> int:
        """Return how many wordings ``key`` has; 0 where it is unknown."""
        return len(self._wordings.get(key, ()))

    def keys(self) -> tuple[str, ...]:
        """Return all keys, sorted."""
        return tuple(sorted(self._wordings))

    def fields(self, key: str) -> frozenset[str]:
        """Return the names in braces over all wordings of ``key``."""
        return frozenset(
            name for wording in self._wordings[key] for _, name, _, _ in Formatter().parse(wording) if name
        )


def _flatten(prefix: str, node: Any, into: dict[str, tuple[str, ...]]) -> None:
    if isinstance(node, Mapping):
        for name, child in node.items():
            _flatten(f"{prefix}.{name}" if prefix else str(name), child, into)
    elif isinstance(node, list):
        into[prefix] = tuple(str(item) for item in node)
    else:
        into[prefix] = (str(node),)


def load_phrases(directory: Path = PHRASES_DIR) -> PhraseBook:
    """Read every ``*.yml`` of ``directory`` into one phrase book.

    Raises:
        ValueError: two files hold the same key.
    """
    merged: dict[str, tuple[str, ...]] = {}
    for path in sorted(directory.glob("*.yml")):
        page: dict[str, tuple[str, ...]] = {}
        _flatten("", yaml.safe_load(path.read_text(encoding="utf-8")) or {}, page)
        twice = merged.keys() & page.keys()
        if twice:
            raise ValueError(f"{path.name} repeats the phrase(s) {sorted(twice)}")
        merged.update(page)
    return PhraseBook(merged)


@lru_cache(maxsize=1)
def phrases() -> PhraseBook:
    """Return the phrase book of this installation, read on first use."""
    return load_phrases()
