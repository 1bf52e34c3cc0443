"""The book of record: one folder a room, the same file names in each."""
