"""The due room: every promise with a time is a row here, and a worker keeps it."""
