"""Channels through which people reach the gateway."""
