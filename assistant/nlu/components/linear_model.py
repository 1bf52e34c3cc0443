"""The intent model itself, without Rasa: features to TF-IDF rows, and one linear function an intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class FeatureSpace:
    """Which features there are (a column each), and how much each weighs."""

    columns: Mapping[str, int]
    weights: Array
    """Inverse document frequency by column."""

    @staticmethod
    def learn(documents: Sequence[Counter[str]], least: int) -> FeatureSpace:
        """Return the space of the features that occur in at least ``least`` of the documents."""
        counts = Counter(feature for document in documents for feature in document)
        kept = sorted(feature for feature, count in counts.items() if count >= least)
        found = np.fromiter((counts[feature] for feature in kept), dtype=np.float64, count=len(kept))
        return FeatureSpace(
            columns={feature: column for column, feature in enumerate(kept)},
            weights=np.log((1 + len(documents)) / (1 + found)) + 1.0,
        )

    def rows(self, documents: Sequence[Counter[str]]) -> scipy.sparse.csr_matrix:
        """Return one row of length 1 for each document: (1 + log count) times weight."""
        columns: list[int] = []
        counts: list[int] = []
        starts = [0]
        for document in documents:
            for feature, count in document.items():
                column = self.columns.get(feature)
                if column is not None:
                    columns.append(column)
                    counts.append(count)
            starts.append(len(columns))
        values = (1.0 + np.log(np.array(counts, dtype=np.float64))) * self.weights[columns]
        owners: Array = np.repeat(np.arange(len(documents)), np.diff(starts))
        lengths = np.sqrt(np.bincount(owners, weights=values * values, minlength=len(documents)))
        # Divided before the matrix is made: scipy's own operations cost a millisecond for one short row.
        values /= lengths[owners]
        return scipy.sparse.csr_matrix(
            (values, columns, starts), shape=(len(documents), max(1, len(self.columns)))
        )


@dataclass(frozen=True)
class LinearModel:
    """Logistic regression, one intent against the rest; numbers and names only."""

    intents: tuple[str, ...]
    weights: Array
    """Intents by features, float32."""
    bias: Array
    sharpness: float = 1.0
    """What the scores are multiplied by before they become probabilities (calibration)."""

    @staticmethod
    def fit(
        rows: scipy.sparse.csr_matrix,
        names: Sequence[str],
        *,
        C: float,
        most_iterations: int = 1000,
        sharpness: float = 1.0,
        importance: Sequence[float] | None = None,
    ) -> LinearModel:
        """Return the model of these rows.

        Args:
            rows: one a sentence.
            names: the intent of each row.
            C: inverse strength of the pull to zero.
            most_iterations: of the solver.
            sharpness: see the attribute.
            importance: weight of each row; None weighs all alike.
        """
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(
            C=C,
            max_iter=most_iterations,
            class_weight="balanced",
            solver="liblinear",
            dual=True,
            random_state=1,
        )
        model.fit(rows, names, sample_weight=importance)
        return LinearModel(
            intents=tuple(str(name) for name in model.classes_),
            weights=model.coef_.astype(np.float32),
            bias=model.intercept_.astype(np.float32),
            sharpness=sharpness,
        )

    def probabilities(self, rows: scipy.sparse.csr_matrix) -> Array:
        """Return rows by intents; each row sums to 1."""
        scores = (np.asarray(rows @ self.weights.T) + self.bias) * self.sharpness
        likelihoods: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
        likelihoods /= likelihoods.sum(axis=1, keepdims=True)
        return likelihoods
