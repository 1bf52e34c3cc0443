"""The turns room: the inbox of what was said, which decides what is answered once, and the log of it."""
