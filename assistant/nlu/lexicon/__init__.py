"""The words by which elders say what the vocabulary means: word lists only, no reading of sentences."""
