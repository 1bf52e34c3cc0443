"""Reads the training sentences once: Rasa asks its importers for them three times while it trains."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

_read: dict[tuple[tuple[str, int], ...], TrainingData] = {}


class ReadOnceImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's own importer that keeps what it has read, for as long as the files stay as they are.

    Callers do not change what they get: Rasa merges it, deeply copied, into data of its own.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the sentences, read now or before."""
        files = tuple((str(file), Path(file).stat().st_mtime_ns) for file in sorted(self._nlu_files))
        if files not in _read:
            _read.clear()
            _read[files] = super().get_nlu_data(language)
        return _read[files]
