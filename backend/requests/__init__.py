"""Requests: what elders asked for, its life, and the reservation behind each promise."""
