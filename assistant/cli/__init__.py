"""The `kangban` command; the composition root."""
