"""The room of bindings: which account of a channel stands for which elder, or for a relative of hers."""
