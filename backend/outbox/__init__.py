"""The outbox room: everything that goes out to people is a row here, from its cause to its last state."""
