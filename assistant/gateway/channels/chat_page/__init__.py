"""The chat page for old eyes: a browser on a telephone or tablet, bound to one elder."""
