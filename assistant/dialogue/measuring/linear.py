"""The linear model trained without Rasa, in seconds: the same features, classifier, fallback and arbiter.

For experiments, and for comparing families of features. What runs is measured by `pipeline`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from assistant.dialogue.measuring.sets import read_yaml, training_sentences
from assistant.dialogue.settings import PROJECT
from assistant.nlu.arbiter import decide
from assistant.nlu.components.linear_model import FeatureSpace, LinearModel
from assistant.nlu.components.live_catalogue import training_catalogue
from assistant.nlu.features import ANY_MOMENT, FeatureFamilies, features_of, tag_features
from assistant.nlu.mishearing import misheard_copies
from assistant.nlu.understanding import Understanding, understand
from assistant.vocabulary import FALLBACK_INTENT, Intent

_RANKED = 10


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one candidate is made of; the defaults of a candidate are those of config.yml."""

    families: FeatureFamilies
    shares: tuple[float, ...]
    least: int
    C: float
    talk_weight: float
    misheard_weight: float
    sharpness: float
    threshold: float
    words: Callable[[str], list[str]] | None = None
    """Cuts a sentence into words, whose n-grams then stand in the place of the characters'."""


def settings() -> Settings:
    """Return what assistant/dialogue/config.yml says."""
    parts: Mapping[str, Mapping[str, Any]] = {
        str(part["name"]).rsplit(".", 1)[-1]: part for part in read_yaml(PROJECT / "config.yml")["pipeline"]
    }
    features, classifier = parts["SpokenFeaturizer"], parts["LinearIntentClassifier"]
    return Settings(
        families=FeatureFamilies(
            **{family: features.get(family, True) for family in ("characters", "pinyin", "concepts")}
        ),
        shares=tuple(parts["MisheardCopies"]["shares"]),
        least=features["min_df"],
        C=classifier["C"],
        talk_weight=classifier.get("talk_weight", 1.0),
        misheard_weight=classifier.get("misheard_weight", 0.5),
        sharpness=classifier["sharpness"],
        threshold=parts["FallbackClassifier"]["threshold"],
    )


class Linear:
    """One trained candidate."""

    def __init__(self, chosen: Settings) -> None:
        self._settings = chosen
        self._catalogue = training_catalogue()
        said = training_sentences()
        taught = [*said, *misheard_copies(said, chosen.shares)]
        documents = [self._features(text) for text, _ in taught]
        self._space = FeatureSpace.learn(documents, least=chosen.least)
        self.features = len(self._space.columns)
        self._model = LinearModel.fit(
            self._space.rows(documents),
            [intent for _, intent in taught],
            C=chosen.C,
            sharpness=chosen.sharpness,
            importance=[
                (1.0 if number < len(said) else chosen.misheard_weight)
                * (chosen.talk_weight if intent == Intent.CHITCHAT.value else 1.0)
                for number, (_, intent) in enumerate(taught)
            ],
        )

    def intents(self, sentences: Sequence[str]) -> list[str]:
        """Return the intent of each sentence, as the pipeline would decide it."""
        found = []
        likelihoods = self._model.probabilities(
            self._space.rows([self._features(text) for text in sentences])
        )
        for text, row in zip(sentences, likelihoods):  # noqa: B905 - Python 3.10
            order = np.argsort(-row)[:_RANKED]
            ranking = [(self._model.intents[i], float(row[i])) for i in order]
            if ranking[0][1] < self._settings.threshold:
                ranking.insert(0, (FALLBACK_INTENT, ranking[0][1]))
            found.append(decide(ranking, _heard(text))[0])
        return found

    def _features(self, text: str) -> Counter[str]:
        families = self._settings.families
        if families.concepts:  # the understanding is what costs: once a sentence for all candidates
            tagged = tag_features(_heard(text).tags)
            families = replace(families, concepts=False)
        else:
            tagged = Counter()
        if self._settings.words is None:
            return features_of(text, self._catalogue, families) + tagged
        cut = self._settings.words(text)
        grams = Counter("/".join(cut[at : at + n]) for n in (1, 2) for at in range(len(cut) - n + 1))
        rest = features_of(text, self._catalogue, replace(families, characters=False))
        return rest + tagged + Counter({f"w:{gram}": count for gram, count in grams.items()})


@lru_cache(maxsize=100_000)
def _heard(text: str) -> Understanding:
    return understand(text, now=ANY_MOMENT, catalogue=_catalogue())


@lru_cache(maxsize=1)
def _catalogue() -> Any:
    return training_catalogue()
