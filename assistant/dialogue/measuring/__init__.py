"""Measures understanding: sets of sentences, what noise does to them, and the models that are compared."""
