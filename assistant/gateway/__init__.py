"""The gateway: turns, inbox, channels."""
