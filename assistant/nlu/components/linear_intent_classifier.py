"""A linear intent classifier whose model on disk is numbers and names only."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.components.linear_model import LinearModel
from assistant.nlu.components.misheard_copies import MISHEARD
from assistant.vocabulary import Intent

_RANKED = 10
"""How many intents the ranking names, as Rasa's own classifiers do."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Logistic regression, one intent against the rest, over the sparse sentence features.

    Rasa's own LogisticRegressionClassifier fixes C at 1, too strong a pull to zero for normalised
    TF-IDF rows, solves for all intents at once (minutes here, where the dual solver takes seconds), and
    stores a pickle. This one takes C from the configuration and stores arrays.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Need a featuriser before it."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings.

        C is the inverse strength of the pull to zero; max_iter the most iterations of the solver;
        sharpness what scores are multiplied by before they become probabilities; misheard_weight what
        a misheard copy of a training sentence counts beside the sentence; talk_weight what chitchat
        counts beside other intents, all of which weigh alike however many sentences they have.
        """
        return {"C": 12.0, "max_iter": 1000, "sharpness": 1.0, "misheard_weight": 0.5, "talk_weight": 1.0}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model: LinearModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the weights on all sentences that carry an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if not examples:
            return self._resource
        self._model = LinearModel.fit(
            scipy.sparse.vstack([_row(example) for example in examples]).tocsr(),
            [str(example.get(INTENT)) for example in examples],
            C=self._config["C"],
            most_iterations=self._config["max_iter"],
            importance=[self._importance(example) for example in examples],
        )
        with self._model_storage.write_to(self._resource) as directory:
            np.savez_compressed(directory / "weights.npz", weights=self._model.weights, bias=self._model.bias)
            (directory / "intents.json").write_text(json.dumps(self._model.intents), encoding="utf-8")
        return self._resource

    def _importance(self, example: Message) -> float:
        share: float = self._config["misheard_weight"] if example.get(MISHEARD) else 1.0
        return share * (self._config["talk_weight"] if example.get(INTENT) == Intent.CHITCHAT.value else 1.0)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        for message in messages:
            ranking = self._ranking(message)
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(best), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.features:
            return []
        likelihoods = self._model.probabilities(_row(message))[0]
        order = np.argsort(-likelihoods)[:_RANKED]
        return [{"name": self._model.intents[i], "confidence": float(likelihoods[i])} for i in order]

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load a trained classifier; one that was never trained predicts nothing."""
        classifier = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as directory:
                arrays = np.load(directory / "weights.npz", allow_pickle=False)
                classifier._model = LinearModel(
                    intents=tuple(json.loads((directory / "intents.json").read_text(encoding="utf-8"))),
                    weights=arrays["weights"],
                    bias=arrays["bias"],
                    sharpness=config["sharpness"],
                )
        except ValueError:
            return classifier
        return classifier


def _row(message: Message) -> scipy.sparse.csr_matrix:
    parts = [
        feature.features
        for feature in message.features
        if feature.type == FEATURE_TYPE_SENTENCE and feature.attribute == TEXT and feature.is_sparse()
    ]
    return scipy.sparse.hstack(parts).tocsr()
